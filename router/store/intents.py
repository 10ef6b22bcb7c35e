"""Intents and drafts: what we are about to do, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from router.store.database import Transaction
from router.store.queries import change, chunks, find, find_one, insert_all, table_of
from router.store.records import DraftRecord, Intent
from router.store.tables import DraftRow, IntentRow

_I, _D = table_of(IntentRow), table_of(DraftRow)
OPEN_DRAFT = ("planned", "waiting", "edited", "unknown")  # as in the index of `DraftRow`


def plan(tx: Transaction, intents: Sequence[Intent]) -> None:
    """Commit to side effects. They must not be done before this transaction has ended."""
    insert_all(tx, IntentRow, intents)


def unfinished(tx: Transaction, mailbox_id: int) -> list[Intent]:
    """Planned intents, in the order in which they were planned."""
    return find(tx, IntentRow, Intent, _I.c.mailbox_id == mailbox_id, _I.c.state == "planned", order=_I.c.id)


def finish(tx: Transaction, outcomes: Sequence[Intent]) -> None:
    """Record what became of intents; the payload is not needed any more."""
    if not outcomes:
        return
    statement = (
        update(_I)
        .where(_I.c.id == bindparam("row_id"))
        .values(
            state=bindparam("new_state"),
            because=bindparam("new_because"),
            finished_at=bindparam("at"),
            result_uidvalidity=bindparam("validity"),
            result_uid=bindparam("result"),
            payload=None,
        )
    )
    rows = [
        {
            "row_id": o.id,
            "new_state": o.state,
            "new_because": o.because,
            "at": o.finished_at,
            "validity": o.result_uidvalidity,
            "result": o.result_uid,
        }
        for o in outcomes
    ]
    tx.execute(statement, rows)


def defer(tx: Transaction, outcomes: Sequence[Intent]) -> None:
    """These were not done, as there was no room; they keep their payload for another time."""
    for outcome in outcomes:
        change(tx, IntentRow, outcome.id, state="deferred", because=outcome.because)


def deferred(tx: Transaction, mailbox_id: int) -> list[Intent]:
    """What waits for room, oldest first."""
    return find(tx, IntentRow, Intent, _I.c.mailbox_id == mailbox_id, _I.c.state == "deferred", order=_I.c.id)


def promise_again(tx: Transaction, intents: Sequence[Intent]) -> None:
    """Deferred intents become planned, with the present state of their destination: recovery looks from there on."""
    for intent in intents:
        seen = {"destination_uidnext": intent.destination_uidnext}
        seen["destination_uidvalidity"] = intent.destination_uidvalidity
        change(tx, IntentRow, intent.id, state="planned", because="", **seen)


def drop_deferred(tx: Transaction, draft_id: int, now: datetime) -> bool:
    """A draft that waits for room is not needed any more; True when there was one."""
    where = (_I.c.draft_row == draft_id) & (_I.c.state == "deferred")
    values = {"state": "cancelled", "because": "not needed any more", "finished_at": now, "payload": None}
    return bool(tx.execute(update(_I).where(where).values(**values)).rowcount)


def has_key(tx: Transaction, mailbox_id: int, key: str) -> bool:
    """Whether an intent with this action key was ever planned."""
    statement = select(func.count()).select_from(_I).where(_I.c.mailbox_id == mailbox_id, _I.c.key == key)
    return bool(tx.execute(statement).scalar())


def notice_keys(tx: Transaction, mailbox_id: int) -> frozenset[str]:
    """Keys of the reminders that we appended to a mailbox ourselves."""
    statement = select(_I.c.key).where(_I.c.mailbox_id == mailbox_id, _I.c.kind == "notice")
    return frozenset(str(row[0]) for row in tx.execute(statement))


def done_since(tx: Transaction, mailbox_id: int, since: datetime) -> list[Intent]:
    """Finished side effects, newest first, that have not been undone."""
    where = (
        _I.c.mailbox_id == mailbox_id,
        _I.c.state == "done",
        _I.c.finished_at >= since,
        _I.c.undone_at.is_(None),
    )
    return find(tx, IntentRow, Intent, *where, order=_I.c.id.desc())


def mark_undone(tx: Transaction, intent_ids: Iterable[int], now: datetime) -> None:
    for chunk in chunks(intent_ids):
        tx.execute(update(_I).where(_I.c.id.in_(chunk)).values(undone_at=now))


def get_many(tx: Transaction, intent_ids: Iterable[int]) -> list[Intent]:
    """These intents as they are now."""
    return [i for chunk in chunks(intent_ids) for i in find(tx, IntentRow, Intent, _I.c.id.in_(chunk), order=_I.c.id)]


def unmark_undone(tx: Transaction, intent_ids: Iterable[int]) -> None:
    """These could not be taken back after all."""
    for chunk in chunks(intent_ids):
        tx.execute(update(_I).where(_I.c.id.in_(chunk)).values(undone_at=None))


def attempts(tx: Transaction, mailbox_id: int, prefix: str) -> int:
    """How many intents were planned under keys that begin so."""
    where = (_I.c.mailbox_id == mailbox_id, _I.c.key.startswith(prefix, autoescape=True))
    return int(tx.execute(select(func.count()).select_from(_I).where(*where)).scalar_one())


def moved_by_us(tx: Transaction, mailbox_id: int, message_row: int) -> bool:
    """Whether a message has ever been moved by us."""
    where = (_I.c.mailbox_id == mailbox_id, _I.c.message_row == message_row, _I.c.kind == "move", _I.c.state == "done")
    return find_one(tx, IntentRow, Intent, *where) is not None


def add_drafts(tx: Transaction, drafts: Sequence[DraftRecord]) -> None:
    insert_all(tx, DraftRow, drafts)


def get_draft(tx: Transaction, draft_id: int) -> DraftRecord | None:
    return find_one(tx, DraftRow, DraftRecord, _D.c.id == draft_id)


def set_draft(tx: Transaction, draft_id: int, **values: Any) -> None:
    change(tx, DraftRow, draft_id, **values)


def open_drafts(tx: Transaction, mailbox_id: int) -> list[DraftRecord]:
    """Drafts that lie in Drafts, as far as we know, and those that may."""
    return find(tx, DraftRow, DraftRecord, _D.c.mailbox_id == mailbox_id, _D.c.state.in_(OPEN_DRAFT))


def drafts_of(tx: Transaction, thread_id: int) -> list[DraftRecord]:
    return find(tx, DraftRow, DraftRecord, _D.c.thread_id == thread_id, order=_D.c.id)
