"""Offices at scripted providers; the parse worker is shared, the store is each test's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from router.mail.worker import ParseWorker
from router.store.database import Store
from tests.providers.office import MakeOffice, Office
from tests.servers.shapes.dialect import Dialect
from tests.servers.shapes.imapd import Imapd


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "router.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def parser() -> Iterator[ParseWorker]:
    worker = ParseWorker()
    yield worker
    worker.close()


@pytest.fixture
def office(tmp_path: Path, migrated: Path, parser: ParseWorker) -> Iterator[MakeOffice]:
    """Makes an office at a provider: `office(Gmail())`."""
    with ExitStack() as stack:

        def make(dialect: Dialect, **more: object) -> Office:
            shutil.copy(migrated, tmp_path / "router.db")
            store = Store.open(f"sqlite:///{tmp_path / 'router.db'}")
            stack.callback(store.close)
            imapd = stack.enter_context(Imapd(dialect))
            return Office(imapd, store, parser, tmp_path / "office", **more)  # type: ignore[arg-type]

        yield make
