"""Threads, the Message-IDs that lead to them, and the clock each one carries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from router.store.database import Transaction
from router.store.ids import next_id
from router.store.queries import change, chunks, find, find_one, insert_all, table_of
from router.store.records import ThreadRecord, columns
from router.store.tables import AnswerRow, MessageRow, ReferenceRow, ThreadRow

_MOST_ACTIVE = 4000  # threads of 400 customers
SENT = "a mail in Sent"  # the strongest proof of an answer

_T, _R, _A, _M = (table_of(row) for row in (ThreadRow, ReferenceRow, AnswerRow, MessageRow))


def get(tx: Transaction, thread_id: int) -> ThreadRecord | None:
    return find_one(tx, ThreadRow, ThreadRecord, _T.c.id == thread_id)


def get_many(tx: Transaction, ids: Iterable[int]) -> dict[int, ThreadRecord]:
    found = (find(tx, ThreadRow, ThreadRecord, _T.c.id.in_(chunk)) for chunk in chunks(ids))
    return {t.id: t for part in found for t in part}


def referred(tx: Transaction, mailbox_id: int, message_ids: Iterable[str]) -> dict[str, list[ThreadRecord]]:
    """The threads that each Message-ID belongs to: one per customer, so that strangers are never merged."""
    pairs: list[tuple[str, int]] = []
    for chunk in chunks(set(message_ids)):
        statement = select(_R.c.message_id, _R.c.thread_id).where(
            _R.c.mailbox_id == mailbox_id, _R.c.message_id.in_(chunk)
        )
        pairs += [(str(mid), int(tid)) for mid, tid in tx.execute(statement)]
    threads = get_many(tx, {tid for _, tid in pairs})
    found: dict[str, list[ThreadRecord]] = {}
    for mid, tid in pairs:
        if tid in threads:
            found.setdefault(mid, []).append(threads[tid])
    return found


def add(tx: Transaction, records: Sequence[ThreadRecord]) -> None:
    insert_all(tx, ThreadRow, records)


def save(tx: Transaction, records: Sequence[ThreadRecord]) -> None:
    """Overwrite existing threads with these values."""
    if not records:
        return
    names = [name for name in columns(records[0]) if name != "id"]
    statement = update(_T).where(_T.c.id == bindparam("row_id")).values({n: bindparam(f"new_{n}") for n in names})
    rows = [{"row_id": r.id, **{f"new_{n}": v for n, v in columns(r).items() if n != "id"}} for r in records]
    tx.execute(statement, rows)


def set_values(tx: Transaction, thread_id: int, **values: Any) -> None:
    change(tx, ThreadRow, thread_id, **values)


def refer(tx: Transaction, mailbox_id: int, pairs: Iterable[tuple[str, int]]) -> None:
    """Remember that these Message-IDs belong to these threads."""
    rows = [
        {"id": next_id(), "mailbox_id": mailbox_id, "thread_id": tid, "message_id": mid}
        for mid, tid in dict.fromkeys(pairs)
    ]
    if rows:
        tx.execute(_R.insert(), rows)


def due(tx: Transaction, mailbox_id: int, now: datetime) -> list[ThreadRecord]:
    """Threads whose clock runs and has a step to look at."""
    where = (
        _T.c.mailbox_id == mailbox_id,
        _T.c.next_due <= now,
        _T.c.waiting_since.is_not(None),
        _T.c.closed_at.is_(None),
    )
    return find(tx, ThreadRow, ThreadRecord, *where, order=_T.c.waiting_since)


def waiting(tx: Transaction, mailbox_id: int) -> list[ThreadRecord]:
    """Threads that nobody has answered, longest waiting first."""
    where = (_T.c.mailbox_id == mailbox_id, _T.c.waiting_since.is_not(None), _T.c.closed_at.is_(None))
    return find(tx, ThreadRow, ThreadRecord, *where, order=_T.c.waiting_since)


def of_customer(tx: Transaction, address: str) -> list[ThreadRecord]:
    return find(tx, ThreadRow, ThreadRecord, _T.c.customer == address, order=_T.c.id)


def active_of(
    tx: Transaction, mailbox_id: int, customers: Iterable[str], since: datetime
) -> list[tuple[int, str, str]]:
    """(id, customer, subject) of the threads of these customers in which something was asked, answered or closed since.

    Not of those that a person has thrown out as junk; of an address with very many, such as a web form's, the newest.
    """
    active = or_(_T.c.waiting_since >= since, _T.c.answered_at >= since, _T.c.closed_at >= since)
    found: list[tuple[int, str, str]] = []
    for chunk in chunks(set(customers)):
        where = (_T.c.mailbox_id == mailbox_id, _T.c.customer.in_(chunk), active, _T.c.closed_because != "junk")
        newest = select(_T.c.id, _T.c.customer, _T.c.subject).where(*where).order_by(_T.c.id.desc()).limit(_MOST_ACTIVE)
        rows = tx.execute(newest)
        found += [(int(i), str(c), str(s)) for i, c, s in rows]
    return found


def subjects_in(tx: Transaction, thread_ids: Iterable[int]) -> dict[int, set[str]]:
    """The subjects of the mails in each of these threads, the customer's and ours."""
    found: dict[int, set[str]] = {}
    for chunk in chunks(thread_ids):
        for thread_id, subject in tx.execute(
            select(_M.c.thread_id, _M.c.subject).where(_M.c.thread_id.in_(chunk)).distinct()
        ):
            found.setdefault(int(thread_id), set()).add(str(subject))
    return found


def answered(thread: ThreadRecord, at: datetime, proof: str) -> ThreadRecord:
    """The thread after an answer: its clock has stopped."""
    return replace(thread, waiting_since=None, answered_at=at, answer_proof=proof, fired="{}", next_due=None)


def closed(thread: ThreadRecord, at: datetime, because: str) -> ThreadRecord:
    """The thread after a closing: its clock has ended."""
    return replace(thread, waiting_since=None, closed_at=at, closed_because=because, fired="{}", next_due=None)


def remember_answer(
    tx: Transaction, mailbox_id: int, message_ids: Iterable[str], customers: Iterable[str], at: datetime
) -> None:
    """Keep an answer for questions that we may see only later."""
    customers = list(customers)
    rows = [
        {"id": next_id(), "mailbox_id": mailbox_id, "message_id": mid.lower(), "customer": customer, "answered_at": at}
        for mid in message_ids
        for customer in customers
    ]
    if rows:
        tx.execute(_A.insert(), rows)


def answers_to(tx: Transaction, mailbox_id: int, message_ids: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """(Message-ID in lower case, customer) → when it was answered, for those that were."""
    found: dict[tuple[str, str], datetime] = {}
    for chunk in chunks({m for m in message_ids if m}):
        statement = select(_A.c.message_id, _A.c.customer, _A.c.answered_at).where(
            _A.c.mailbox_id == mailbox_id, _A.c.message_id.in_(chunk)
        )
        for mid, customer, at in tx.execute(statement):
            found[str(mid), str(customer)] = at
    return found
