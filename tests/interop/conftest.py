"""One server for each set-up, one mailbox and one recorder for each test; the log must be clean in the end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from router.mail.worker import ParseWorker
from tests.acceptance.forked import Forks
from tests.conftest import without_server
from tests.interop.office import RULES, Office
from tests.interop.setups import SETUPS, RealServer, Setup
from tests.servers import dovecot
from tests.servers.dovecot import Dovecot
from tests.servers.wirelog import Wire, recording

_numbers = itertools.count(1)


class Offices(Protocol):
    """Makes mailboxes."""

    def __call__(self, *, rules: str = RULES, mailbox: str = "") -> Office: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test of a set-up carries the mark of its program."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        setup = SETUPS.get(str(callspec.params.get("setup"))) if callspec else None
        if setup is not None:
            item.add_marker(setup.program)


@pytest.fixture(scope="session", params=list(SETUPS))
def setup(request: pytest.FixtureRequest) -> Setup:
    """One of the five set-ups."""
    return SETUPS[request.param]


@pytest.fixture(scope="session")
def real_server(setup: Setup, request: pytest.FixtureRequest) -> Iterator[RealServer]:
    """The server of a set-up; those that other tests use too are shared with them."""
    if not setup.dovecot:
        yield request.getfixturevalue(setup.program)
        return
    if lacking := dovecot.missing():
        without_server(f"not installed: {lacking}")
    with Dovecot(**setup.dovecot) as server:  # type: ignore[arg-type]
        yield server


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The inflected forms of our phrases, found once."""
    from router.classify.forms import ensure

    found = tmp_path_factory.mktemp("forms") / "forms.json"
    ensure({"en": {"refund", "money", "back", "parcel", "delivery"}}, found)
    return found


@pytest.fixture
def refusals() -> list[str]:
    """Patterns of commands whose NO a test is about: it adds them."""
    return []


@pytest.fixture(scope="session")
def parser() -> Iterator[ParseWorker]:
    """A warm process that parses."""
    worker = ParseWorker()
    yield worker
    worker.close()


@pytest.fixture
def offices(
    real_server: RealServer,
    forms: Path,
    parser: ParseWorker,
    tmp_path: Path,
    refusals: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Offices]:
    """Makes mailboxes with rules and keys of their own. Afterwards the log of each must be clean."""
    monkeypatch.setenv("STAGE_PASSWORD", real_server.password)
    open_offices: list[Office] = []
    with ExitStack() as stack:

        def made(*, rules: str = RULES, mailbox: str = "") -> Office:
            wire = stack.enter_context(recording(real_server.imap_port))
            open_offices.append(an_office(real_server, wire, parser, forms, tmp_path, rules=rules, mailbox=mailbox))
            return open_offices[-1]

        yield made
        for office in open_offices:
            office.close()
    for office in open_offices:
        office.wire.assert_clean(refusals)


def an_office(server: RealServer, wire: Wire, parser: ParseWorker, forms: Path, directory: Path, **more: str) -> Office:
    """A mailbox that nobody has used."""
    user = f"office{next(_numbers)}"
    return Office(server=server, user=user, root=directory / user, wire=wire, parser=parser, forms=forms, **more)  # type: ignore[arg-type]


@pytest.fixture
def office(offices: Offices) -> Office:
    """A mailbox with two categories."""
    return offices()


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """A warm process, for passes that are killed."""
    with Forks(tmp_path_factory.mktemp("forks")) as running:
        yield running
