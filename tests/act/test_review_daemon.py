"""What the daemon remembers from a process before it, and what changes under its feet."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from router import daemon, serving
from router.act.desk import PassReport
from router.store import mailboxes
from router.store.database import Store
from tests.act.builders import NOW, a_mailbox


def a_daemon(store: Store, tmp_path: Path, good: object = None) -> Any:
    return daemon.Daemon(
        cast("Any", SimpleNamespace(state=tmp_path)), cast("Any", good), store, cast("Any", None), clock=lambda: NOW
    )


def test_an_alert_of_an_earlier_process_ends_with_the_first_good_pass(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server was down, the daemon was restarted, the server is back."""
    monkeypatch.setattr(serving, "run_pass", lambda *_a, **_k: PassReport())
    running = a_daemon(store, tmp_path)
    running._bench = SimpleNamespace(library=SimpleNamespace(warm_up=lambda: None))
    with store.begin() as tx:
        mailboxes.raise_alert(tx, "support", serving.CONNECTION, "it is down", NOW)
    shift = serving.Shift(house=running._house, configured=a_mailbox(), mailbox=a_mailbox(), record_id=1, fence=1)
    shift.up_to_date(cast("Any", None), full=True)
    with store.begin() as tx:
        assert mailboxes.open_alerts(tx) == []


def test_a_model_that_was_fitted_for_an_older_file_does_not_bring_it_back(store: Store, tmp_path: Path) -> None:
    """Fitting takes seconds, and the admin edits the file meanwhile."""
    now = {"file": "old"}

    class Slow:
        def needs_fitting(self, configuration: str) -> bool:
            return True

        def workbench(self, configuration: str, *, fit: bool) -> str:
            now["file"] = "new"
            running._bench = now["file"]  # the reload swaps while the model is fitted
            return configuration

    running = a_daemon(store, tmp_path, SimpleNamespace(current=lambda: now["file"]))
    running._assembly = Slow()
    asyncio.run(running._fit_if_needed())
    assert running._bench == "new"
