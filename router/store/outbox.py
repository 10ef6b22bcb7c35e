"""Mails to the team: written in the transaction that decides them, sent later, never sent twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from router.store.database import Transaction
from router.store.queries import change, chunks, find, insert_all, table_of
from router.store.records import OutboxLine, OutboxMail
from router.store.tables import OutboxLineRow, OutboxMailRow

_M, _L = table_of(OutboxMailRow), table_of(OutboxLineRow)


def queue(tx: Transaction, mail: OutboxMail, lines: Sequence[OutboxLine]) -> None:
    """Put a mail with its reminders into the outbox."""
    insert_all(tx, OutboxMailRow, [mail])
    insert_all(tx, OutboxLineRow, lines)


def known_lines(tx: Transaction, keys: Iterable[str]) -> set[str]:
    """Which of these reminders were already written."""
    found: set[str] = set()
    for chunk in chunks(keys):
        found |= {str(row[0]) for row in tx.execute(select(_L.c.key).where(_L.c.key.in_(chunk)))}
    return found


def ready(tx: Transaction, now: datetime) -> list[OutboxMail]:
    """Queued mails whose time has come."""
    return find(tx, OutboxMailRow, OutboxMail, _M.c.state == "queued", _M.c.not_before <= now, order=_M.c.id)


def sent_since(tx: Transaction, mailbox_id: int, since: datetime) -> list[OutboxMail]:
    """Mails of a mailbox that left, or may have left, at or after a moment."""
    where = (_M.c.mailbox_id == mailbox_id, _M.c.state.in_(("sent", "unknown")), _M.c.finished_at >= since)
    return find(tx, OutboxMailRow, OutboxMail, *where, order=_M.c.id)


def unsent(tx: Transaction) -> int:
    """How many mails wait to be sent."""
    return len(find(tx, OutboxMailRow, OutboxMail, _M.c.state == "queued"))


def set_mail(tx: Transaction, mail_id: int, **values: Any) -> None:
    change(tx, OutboxMailRow, mail_id, **values)


def settle(tx: Transaction, key: str, state: str, at: datetime | None, error: str = "") -> None:
    """What became of a mail, by its key."""
    tx.execute(update(_M).where(_M.c.key == key).values(state=state, finished_at=at, last_error=error))


def interrupted(tx: Transaction, now: datetime) -> list[OutboxMail]:
    """Mails that were being sent when a process died: nobody can tell whether they left. They become `unknown`."""
    found = find(tx, OutboxMailRow, OutboxMail, _M.c.state == "sending")
    tx.execute(update(_M).where(_M.c.state == "sending").values(state="unknown", finished_at=now))
    return found


def unknown_for(tx: Transaction, person: str) -> list[OutboxMail]:
    """Mails to a person that may or may not have arrived, not yet mentioned to her."""
    where = (_M.c.state == "unknown", _M.c.person == person)
    return find(tx, OutboxMailRow, OutboxMail, *where, order=_M.c.id)


def in_state(tx: Transaction, *states: str) -> list[OutboxMail]:
    return find(tx, OutboxMailRow, OutboxMail, _M.c.state.in_(states), order=_M.c.id)


def lines_of(tx: Transaction, mail_id: int) -> list[OutboxLine]:
    return find(tx, OutboxLineRow, OutboxLine, _L.c.mail_id == mail_id, order=_L.c.id)
