"""What agents' moves taught: gestures that settle, and the examples they become."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select

from router.store.database import Transaction
from router.store.queries import chunks, find, insert_all, table_of
from router.store.records import ExampleRecord, GestureRecord
from router.store.tables import ExampleRow, GestureRow

_G, _E = table_of(GestureRow), table_of(ExampleRow)


def notice(tx: Transaction, gesture: GestureRecord) -> None:
    """A person moved a message. A newer move of the same message replaces the older one, and what it taught."""
    tx.execute(delete(_G).where(_G.c.message_row == gesture.message_row))
    tx.execute(delete(_E).where(_E.c.message_row == gesture.message_row))
    insert_all(tx, GestureRow, [gesture])


def drop(tx: Transaction, message_rows: Iterable[int]) -> None:
    """These moves teach nothing: they were undone, or were part of a burst."""
    for chunk in chunks(message_rows):
        tx.execute(delete(_G).where(_G.c.message_row.in_(chunk)))
        tx.execute(delete(_E).where(_E.c.message_row.in_(chunk)))


def settled(tx: Transaction, mailbox_id: int, quiet_since: datetime) -> list[GestureRecord]:
    """Moves that nobody has taken back since."""
    where = (_G.c.mailbox_id == mailbox_id, _G.c.seen_at <= quiet_since)
    return find(tx, GestureRow, GestureRecord, *where, order=_G.c.seen_at)


def pending(tx: Transaction, mailbox_id: int) -> list[GestureRecord]:
    return find(tx, GestureRow, GestureRecord, _G.c.mailbox_id == mailbox_id, order=_G.c.seen_at)


def learn(tx: Transaction, gestures: Iterable[GestureRecord], examples: Iterable[ExampleRecord]) -> None:
    """Turn settled gestures into examples."""
    rows = [g.id for g in gestures]
    for chunk in chunks(rows):
        tx.execute(delete(_G).where(_G.c.id.in_(chunk)))
    insert_all(tx, ExampleRow, list(examples))


def taught_by_senders(tx: Transaction, mailbox_id: int, since: datetime) -> dict[str, int]:
    """How many examples each sender's mail has given since a moment."""
    statement = (
        select(_E.c.sender, func.count())
        .where(_E.c.mailbox_id == mailbox_id, _E.c.taught_at >= since)
        .group_by(_E.c.sender)
    )
    return {str(sender): int(count) for sender, count in tx.execute(statement)}


def examples(tx: Transaction) -> list[ExampleRecord]:
    """Everything that was ever taught and not taken back."""
    return find(tx, ExampleRow, ExampleRecord, order=_E.c.id)
