"""The daemon on every server: woken by IDLE, and by the tick where IDLE says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from router.mail.worker import ParseWorker
from tests.interop.conftest import an_office
from tests.interop.office import Office
from tests.interop.setups import RealServer, Setup
from tests.interop.test_agents import ANSWER
from tests.interop.test_filing import BOB, JANE
from tests.servers.courier import Courier
from tests.servers.wirelog import recording

NEVER = 3600  # seconds until a tick: within a test there is none


@pytest.fixture
def brisk_office(
    setup: Setup,
    real_server: RealServer,
    parser: ParseWorker,
    forms: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Office]:
    """A mailbox on a server that announces new mail soon: Courier looks once a minute, here every second."""
    monkeypatch.setenv("STAGE_PASSWORD", real_server.password)
    if setup.name == "courier":
        with Courier(IMAP_IDLE_TIMEOUT="1") as server, recording(server.imap_port) as wire:
            yield from _closed(an_office(server, wire, parser, forms, tmp_path))
    else:
        with recording(real_server.imap_port) as wire:
            yield from _closed(an_office(real_server, wire, parser, forms, tmp_path))
    wire.assert_clean()


def _closed(office: Office) -> Iterator[Office]:
    yield office
    office.close()


def test_new_mail_wakes_the_daemon(brisk_office: Office) -> None:
    """Without any tick: the server announces it during IDLE, and it is filed and drafted; so is the next one."""
    office = brisk_office
    with office.serving(poll_seconds=NEVER):
        office.until(lambda: office.wire.used("IDLE"), "the daemon does not wait by IDLE")
        for number, raw in enumerate((JANE, BOB), start=1):
            office.append("INBOX", [raw])
            office.until(lambda number=number: len(office.messages("Drafts")) == number, "it was not drafted")
    assert office.whereabouts() == {JANE: {"Support/Money": 1}, BOB: {"Support/Parcels": 1}}


def test_tick_finds_mail_and_answers(office: Office) -> None:
    """What IDLE does not tell, or not yet, is found at the next tick: new mail, and an answer in another folder."""
    with office.serving(poll_seconds=0.5):
        office.append("INBOX", [JANE])
        office.until(lambda: office.messages("Drafts"), "the mail was not drafted")
        office.append("Sent", [ANSWER], "(\\Seen)")
        office.until(lambda: office.messages("Trash") and not office.messages("Drafts"), "the draft was not withdrawn")
    assert office.thread()["waiting_since"] is None
    assert office.whereabouts(without=("Trash",)) == {JANE: {"Support/Money": 1}, ANSWER: {"Sent": 1}}
