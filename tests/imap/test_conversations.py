"""Every stage of a conversation with every fault: no hang, no crash, and nothing done on a forged word."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from router.errors import MailboxError
from router.imap import drafts, fetch, folders, move
from router.imap.session import Session
from router.imap.watch import Idle
from router.imap.wire import PATIENCE
from router.values import FetchedMessage
from tests.imap.conversations import FAULTS, MAILS, STAGES, Conversation

TIMEOUT = 0.4  # seconds for each wait
MARGIN = 4.0  # for a machine that is busy; a hang lasts for ever
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SCRIPTS = [(stage, fault) for stage in STAGES for fault in FAULTS]


def watch(session: Session) -> object:
    """One IDLE from its start to its end."""
    fetch.select(session, "INBOX", readonly=False)
    idle = Idle(session)
    idle.start()
    idle.read(0.05)
    return idle.done()


# What a pass does, in its order; each step goes on after a refusal of the one before, as a pass would.
STEPS: tuple[Callable[[Session], object], ...] = (
    folders.survey,
    lambda s: folders.ensure(s, ["Refunds"]),
    lambda s: fetch.uids(s, "INBOX"),
    lambda s: fetch.new_messages(s, "support", "INBOX", [1, 2, 3]),
    lambda s: drafts.store(s, "INBOX", [1], add=["router-unsure"]),
    lambda s: move.move(s, "INBOX", [1, 2], "Refunds"),
    lambda s: drafts.append(s, "Drafts", b"Subject: x\r\n\r\nx\r\n", flags=["\\Draft"], when=NOW),
    watch,
)


def play(stage: str, fault: str) -> tuple[list[object], list[bytes]]:
    """Go through all the steps; what each gave or raised, and what the server was told."""
    came: list[object] = []
    with Conversation(stage, FAULTS[fault]) as server:
        try:
            session = Session.open(server.server(), "anna", "secret", timeout=TIMEOUT)
        except MailboxError as error:
            return [error], server.commands
        for step in STEPS:
            try:
                came.append(step(session))
            except MailboxError as error:  # any other kind of error fails the test
                came.append(error)
        session.close()
    return came, server.commands


@pytest.mark.parametrize(("stage", "fault"), SCRIPTS)
def test_no_fault_hangs_crashes_or_is_believed(stage: str, fault: str) -> None:
    """It ends in time, in an error that the mailbox's loop knows; and only what was asked about is acted on."""
    started = time.monotonic()
    came, commands = play(stage, fault)
    # A session dies with the first wait that is in vain; the few that do not wait are quick.
    assert time.monotonic() - started < len(STEPS) * TIMEOUT + TIMEOUT * PATIENCE + MARGIN
    for command in commands:
        assert not re.search(rb"EXPUNGE|\b7[78]\b|99", command.upper()), command
        if command.upper().startswith((b"UID STORE", b"UID MOVE", b"UID COPY")):
            assert re.match(rb"UID (STORE 1(:2)? |MOVE 1:2 |COPY 1:2 )", command.upper()), command
    for found in came:
        if isinstance(found, list):
            for message in found:
                if isinstance(message, FetchedMessage):
                    assert message.raw in (MAILS[message.ref.uid], b"")
        if isinstance(found, move.Moved):
            assert set(found.uids) <= {1, 2}


def test_the_scripts_are_many_and_a_good_server_passes() -> None:
    """Without a fault everything works: what fails above, fails for its fault."""
    assert len(SCRIPTS) >= 200
    came, commands = play("no such stage", "cut")
    assert not [found for found in came if isinstance(found, Exception)], came
    assert b'UID MOVE 1:2 "Refunds"' in commands
