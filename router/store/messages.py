"""Messages: one row per message and place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal, select, update

from router.store.database import Transaction
from router.store.queries import change, chunks, find, find_one, insert_all, table_of
from router.store.records import MessageRecord
from router.store.tables import MessageRow

_T = table_of(MessageRow)


def add(tx: Transaction, records: Sequence[MessageRecord]) -> None:
    insert_all(tx, MessageRow, records)


def get(tx: Transaction, row_id: int) -> MessageRecord | None:
    return find_one(tx, MessageRow, MessageRecord, _T.c.id == row_id)


def get_many(tx: Transaction, row_ids: Iterable[int]) -> dict[int, MessageRecord]:
    found = (find(tx, MessageRow, MessageRecord, _T.c.id.in_(chunk)) for chunk in chunks(row_ids))
    return {r.id: r for part in found for r in part}


def known_uids(tx: Transaction, mailbox_id: int, folder: str, uidvalidity: int) -> dict[int, int]:
    """UID → row id of every message that we know to lie in a folder."""
    statement = select(_T.c.uid, _T.c.id).where(
        _T.c.mailbox_id == mailbox_id, _T.c.folder == folder, _T.c.uidvalidity == uidvalidity, _T.c.uid.is_not(None)
    )
    return {int(uid): int(row_id) for uid, row_id in tx.execute(statement)}


def in_folder(tx: Transaction, mailbox_id: int, folder: str) -> list[MessageRecord]:
    """Rows in a folder, whatever UIDVALIDITY they were seen under."""
    where = (_T.c.mailbox_id == mailbox_id, _T.c.folder == folder, _T.c.uid.is_not(None))
    return find(tx, MessageRow, MessageRecord, *where, order=_T.c.id)


def by_fingerprint(tx: Transaction, mailbox_id: int, fingerprints: Iterable[str]) -> dict[str, list[MessageRecord]]:
    """Rows by what they are; identical mails share a fingerprint, so each has a list."""
    found: dict[str, list[MessageRecord]] = {}
    for chunk in chunks(set(fingerprints)):
        where = (_T.c.mailbox_id == mailbox_id, _T.c.fingerprint.in_(chunk))
        for row in find(tx, MessageRow, MessageRecord, *where, order=_T.c.id):
            found.setdefault(row.fingerprint, []).append(row)
    return found


def by_message_ids(tx: Transaction, mailbox_id: int, message_ids: Iterable[str]) -> list[MessageRecord]:
    """Rows of one mailbox whose sender has used one of these ids."""
    parts = (
        find(tx, MessageRow, MessageRecord, _T.c.mailbox_id == mailbox_id, _T.c.message_id.in_(chunk), order=_T.c.id)
        for chunk in chunks(set(message_ids))
    )
    return [row for part in parts for row in part]


def by_message_id(tx: Transaction, message_id: str) -> list[MessageRecord]:
    return find(tx, MessageRow, MessageRecord, _T.c.message_id == message_id, order=_T.c.id)


def of_thread(tx: Transaction, thread_id: int) -> list[MessageRecord]:
    return find(tx, MessageRow, MessageRecord, _T.c.thread_id == thread_id, order=_T.c.internaldate)


def in_state(tx: Transaction, mailbox_id: int, *states: str) -> list[MessageRecord]:
    where = (_T.c.mailbox_id == mailbox_id, _T.c.state.in_(states))
    return find(tx, MessageRow, MessageRecord, *where, order=_T.c.id)


def let_go(tx: Transaction, row_id: int) -> None:
    """The row keeps its trace but is no message's row any more: whoever sees the message again sees a new one."""
    gone = {"uid": None, "state": "retried", "fingerprint": literal("retried:") + _T.c.fingerprint}
    tx.execute(update(_T).where(_T.c.id == row_id).values(**gone))


def set_values(tx: Transaction, row_id: int, **values: Any) -> None:
    change(tx, MessageRow, row_id, **values)


def place(tx: Transaction, places: Sequence[tuple[int, str, int, int | None, str]]) -> None:
    """Where messages lie now: (row id, folder, uidvalidity, uid, state)."""
    if not places:
        return
    statement = (
        update(_T)
        .where(_T.c.id == bindparam("row_id"))
        .values(
            folder=bindparam("new_folder"),
            uidvalidity=bindparam("new_validity"),
            uid=bindparam("new_uid"),
            state=bindparam("new_state"),
        )
    )
    keys = ("row_id", "new_folder", "new_validity", "new_uid", "new_state")
    tx.execute(statement, [dict(zip(keys, p, strict=True)) for p in places])


def count_by_state(tx: Transaction, mailbox_id: int, since: datetime | None = None) -> dict[str, int]:
    """How many messages are in which state."""
    statement = select(_T.c.state, func.count()).where(_T.c.mailbox_id == mailbox_id).group_by(_T.c.state)
    if since is not None:
        statement = statement.where(_T.c.seen_at >= since)
    return {str(state): int(count) for state, count in tx.execute(statement)}


def of_sender(tx: Transaction, address: str) -> list[MessageRecord]:
    return find(tx, MessageRow, MessageRecord, _T.c.sender == address, order=_T.c.id)
