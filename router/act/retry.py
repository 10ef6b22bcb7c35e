"""Gives mail in quarantine another chance: it goes back to INBOX, where the next pass sees it as new.

Its old row keeps its trace and lets go of the message, so that the message that comes back is nobody's and the whole
way is walked again: parsed, classified, decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from router.act.desk import INBOX, Desk
from router.store import intents, mailboxes, messages
from router.store.database import Transaction
from router.store.records import Intent, MessageRecord, intent_on

RETRY = "retry:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrying:
    """What will happen: moves that are still to be carried out, and mails that the next pass simply reads again."""

    moves: tuple[Intent, ...] = ()
    reread: tuple[MessageRecord, ...] = ()


def quarantined(tx: Transaction, mailbox_id: int, quarantine: str) -> list[MessageRecord]:
    """Mail that lies in quarantine because we put it there, or would have; what a person took out is theirs."""
    rows = messages.in_state(tx, mailbox_id, "quarantined")
    return [r for r in rows if r.uid is not None and not r.hands_off and r.folder in (quarantine, INBOX)]


def plan(tx: Transaction, desk: Desk, rows: Sequence[MessageRecord]) -> Retrying:
    """Promise it. Mail that never left INBOX needs no move: reading begins with it again."""
    moves = [_move(tx, desk, row) for row in rows if row.folder != INBOX]
    reread = [row for row in rows if row.folder == INBOX]
    intents.plan(tx, moves)
    for row in reread:
        messages.let_go(tx, row.id)
    start = desk.known.get(INBOX)
    if reread and start is not None:
        first = min(row.uid or start.next_uid for row in reread)
        mailboxes.advance(tx, replace(start, next_uid=min(start.next_uid, first)))
    return Retrying(moves=tuple(moves), reread=tuple(reread))


def _move(tx: Transaction, desk: Desk, row: MessageRecord) -> Intent:
    times = intents.attempts(tx, desk.record.id, f"{RETRY}{row.id}:") + 1
    return intent_on(
        row,
        "move",
        f"{RETRY}{row.id}:{times}",
        fence=desk.fence,
        now=desk.now,
        destination=INBOX,
        destination_uidnext=desk.places.uidnext.get(INBOX, 0),
        destination_uidvalidity=desk.places.uidvalidity.get(INBOX, 0),
    )
