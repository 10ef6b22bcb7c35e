"""Sixteen servers that lack some of MOVE, UIDPLUS, IDLE and SPECIAL-USE: nothing that was not announced is used.

A Dovecot that hides a capability still carries its commands out, so that only the log can tell. What it would go on to
say, COPYUID and APPENDUID, is taken out of its answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from router.errors import Unreachable
from router.mail.worker import ParseWorker
from tests.conftest import without_server
from tests.interop.conftest import an_office
from tests.interop.office import Office
from tests.interop.test_agents import ANSWER
from tests.interop.test_filing import BOB, JANE
from tests.servers import dovecot
from tests.servers.dovecot import Dovecot
from tests.servers.wirelog import recording

pytestmark = pytest.mark.dovecot
CAPABILITIES = ("MOVE", "UIDPLUS", "IDLE", "SPECIAL-USE")
COMBINATIONS = [frozenset(chosen) for size in range(5) for chosen in combinations(CAPABILITIES, size)]


@pytest.fixture(scope="module", params=COMBINATIONS, ids=lambda hidden: "-".join(sorted(hidden)) or "nothing")
def hidden(request: pytest.FixtureRequest) -> frozenset[str]:
    """What the server does not announce."""
    return frozenset(request.param)


@pytest.fixture(scope="module")
def lacking_server(hidden: frozenset[str]) -> Iterator[Dovecot]:
    if lacking := dovecot.missing():
        without_server(f"not installed: {lacking}")
    with Dovecot(hidden=hidden or {"X-NOTHING"}, special_use="SPECIAL-USE" not in hidden) as server:
        yield server


@pytest.fixture
def office(
    hidden: frozenset[str],
    lacking_server: Dovecot,
    parser: ParseWorker,
    forms: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Office]:
    """A mailbox there. Afterwards the log must be clean, and nothing hidden was announced."""
    monkeypatch.setenv("STAGE_PASSWORD", lacking_server.password)
    with recording(lacking_server.imap_port, mute="UIDPLUS" in hidden) as wire:
        made = an_office(lacking_server, wire, parser, forms, tmp_path)
        yield made
        made.close()
    wire.assert_clean(without=hidden)


def test_core_behaviours_with_hidden_capabilities(office: Office, hidden: frozenset[str]) -> None:
    """Filed once, drafted once, answered, corrected, claimed back by nobody: whatever the server lacks."""
    office.append("INBOX", [JANE, BOB, BOB])
    first = office.once()
    assert (first["seen"], first["moved"], first["drafts"]) == (3, {"Support/Money": 1, "Support/Parcels": 2}, 2)
    assert office.whereabouts() == {JANE: {"Support/Money": 1}, BOB: {"Support/Parcels": 2}}
    for _ in range(2):
        again = office.once()
        assert (again["seen"], again["moved"], again["drafts"]) == (0, {}, 0)
    left = {uid for uid, flags in office.flags("INBOX").items() if "\\Deleted" in flags}
    assert bool(left) == ({"MOVE", "UIDPLUS"} <= hidden), "only there originals stay, marked, until a client expunges"

    office.append("Sent", [ANSWER], "(\\Seen)")
    office.move(next(iter(office.messages("Support/Parcels"))), "Support/Parcels", "Support/Money")
    office.once()
    assert office.ask("SELECT count(*) FROM thread WHERE waiting_since IS NULL") == [(1,)]
    assert office.ask("SELECT category, to_folder FROM gesture") == [("money", "Support/Money")]
    assert (len(office.messages("Drafts")), len(office.messages("Trash"))) == (1, 1)
    for uid in left:
        office.delete("INBOX", uid)
    again = office.once()
    assert (again["seen"], again["moved"], again["drafts"]) == (0, {}, 0)
    assert office.ask("SELECT count(*) FROM message WHERE state IN ('gone', 'missing')") == [(0,)]
    assert office.whereabouts(without=("Drafts", "Trash", "Sent")) == {
        JANE: {"Support/Money": 1},
        BOB: {"Support/Money": 1, "Support/Parcels": 1},
    }


def test_daemon_with_hidden_capabilities(office: Office, hidden: frozenset[str]) -> None:
    """With IDLE it is woken; without, the tick finds the mail, and IDLE is never said."""
    idle = "IDLE" not in hidden
    office.once()
    with office.serving(poll_seconds=3600 if idle else 0.5):
        if idle:
            office.until(lambda: office.wire.used("IDLE"), "the daemon does not wait by IDLE")
        office.append("INBOX", [JANE])
        office.until(lambda: office.messages("Drafts"), "the mail was not drafted")
    assert office.wire.used("IDLE") == idle
    assert office.whereabouts() == {JANE: {"Support/Money": 1}}


@pytest.mark.parametrize(
    ("hidden", "command"),
    [
        (frozenset({"MOVE"}), "UID COPY"),
        (frozenset({"MOVE"}), "UID STORE 1 .*Deleted"),
        (frozenset({"MOVE"}), "UID EXPUNGE"),
        (frozenset({"MOVE", "UIDPLUS"}), "UID COPY"),
        (frozenset({"MOVE", "UIDPLUS"}), "UID STORE 1 .*Deleted"),
    ],
    indirect=["hidden"],
    ids=["MOVE-copy", "MOVE-mark", "MOVE-expunge", "MOVE-UIDPLUS-copy", "MOVE-UIDPLUS-mark"],
)
def test_connection_that_ends_between_copy_and_expunge(office: Office, command: str) -> None:
    """The next pass looks what was copied, and finishes: nothing is lost, nothing lies in two folders."""
    office.append("INBOX", [JANE])
    office.wire.cut_before = command
    with pytest.raises(Unreachable):
        office.once()
    assert office.wire.cut_before == "", "the command was not reached"
    for _ in range(2):
        office.once()
        assert office.whereabouts() == {JANE: {"Support/Money": 1}}
        assert len(office.messages("Drafts")) == 1
