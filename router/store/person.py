"""Everything that is kept about one person: found, shown, erased."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select, update

from router.mail.subjects import base_subject
from router.store.database import Transaction
from router.store.queries import chunks, find, table_of
from router.store.records import DraftRecord, MessageRecord, OutboxMail, ThreadRecord
from router.store.tables import (
    AlertRow,
    AnswerRow,
    DraftRow,
    ExampleRow,
    GestureRow,
    IntentRow,
    MessageRow,
    OutboxLineRow,
    OutboxMailRow,
    ReferenceRow,
    ThreadRow,
)

_M, _T, _R, _A = table_of(MessageRow), table_of(ThreadRow), table_of(ReferenceRow), table_of(AnswerRow)
_D, _I, _G, _E = table_of(DraftRow), table_of(IntentRow), table_of(GestureRow), table_of(ExampleRow)
_O, _L, _W = table_of(OutboxMailRow), table_of(OutboxLineRow), table_of(AlertRow)
NOT_ENDED = ("queued", "sending")  # mails to the team that may still leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of an address: its conversations, and every message in them or from it."""

    address: str
    threads: tuple[ThreadRecord, ...] = ()
    messages: tuple[MessageRecord, ...] = ()
    drafts: tuple[DraftRecord, ...] = ()
    reminders: tuple[OutboxMail, ...] = ()  # mails to the team that speak of these conversations

    @property
    def thread_ids(self) -> list[int]:
        return [t.id for t in self.threads]

    @property
    def message_ids(self) -> list[int]:
        return [m.id for m in self.messages]

    @property
    def traces(self) -> tuple[str, ...]:
        """Texts by which the person could be found in what is told to the team."""
        texts = [self.address, *(t.customer_name for t in self.threads), *(t.subject for t in self.threads)]
        texts += [m.subject for m in self.messages] + [m.message_id.strip("<>") for m in self.messages]
        return tuple(sorted({t for t in texts if len(t) > 2}, key=len, reverse=True))


def find_person(tx: Transaction, address: str) -> Person:
    """Everything about an address (lower case)."""
    threads = find(tx, ThreadRow, ThreadRecord, func.lower(_T.c.customer) == address, order=_T.c.id)
    ids = [t.id for t in threads]
    rows = {m.id: m for m in find(tx, MessageRow, MessageRecord, func.lower(_M.c.sender) == address)}
    for chunk in chunks(ids):
        rows |= {m.id: m for m in find(tx, MessageRow, MessageRecord, _M.c.thread_id.in_(chunk))}
    rows |= {m.id: m for m in _stray_answers(tx, threads)}
    drafts = [d for chunk in chunks(ids) for d in find(tx, DraftRow, DraftRecord, _D.c.thread_id.in_(chunk))]
    mails = [
        m
        for chunk in chunks(_ids(tx, _L.c.mail_id, _L.c.thread_id, ids))
        for m in find(tx, OutboxMailRow, OutboxMail, _O.c.id.in_(chunk))
    ]
    return Person(
        address=address,
        threads=tuple(threads),
        messages=tuple(rows[i] for i in sorted(rows)),
        drafts=tuple(drafts),
        reminders=tuple(mails),
    )


def _stray_answers(tx: Transaction, threads: Sequence[ThreadRecord]) -> list[MessageRecord]:
    """Answers that were seen before their question, and so hang on no thread: by mailbox and subject."""
    subjects = {(t.mailbox_id, t.subject.casefold()) for t in threads if t.subject}
    if not subjects:
        return []
    stray = find(tx, MessageRow, MessageRecord, _M.c.state == "answer", _M.c.thread_id.is_(None))
    return [m for m in stray if (m.mailbox_id, base_subject(m.subject).casefold()) in subjects]


def _ids(tx: Transaction, wanted: Any, column: Any, ids: Iterable[int]) -> list[int]:
    found: set[int] = set()
    for chunk in chunks(ids):
        found |= {int(row[0]) for row in tx.execute(select(wanted).where(column.in_(chunk)).distinct())}
    return sorted(found)


def lessons_about(tx: Transaction, person: Person) -> int:
    """How many examples and moves were learned from this person's mail."""
    total = 0
    for table in (_G, _E):
        for condition in _lessons(table, person):
            total += int(tx.execute(select(func.count()).select_from(table).where(condition)).scalar_one())
    return total


def erase(tx: Transaction, person: Person, rewritten: Sequence[tuple[int, bytes]] = ()) -> dict[str, int]:
    """Delete every row about a person; returns how many, by table.

    `rewritten` are mails to the team that still wait and speak of others too: (row, bytes without this person). Ended
    ones lose their text.
    """
    by_thread: list[tuple[str, Table, Any]] = [
        ("reference", _R, _R.c.thread_id),
        ("draft", _D, _D.c.thread_id),
        ("outbox_line", _L, _L.c.thread_id),
    ]
    counts: dict[str, int] = {}
    for name, table, column in by_thread:
        counts[name] = _delete_all(tx, table, column, person.thread_ids)
    counts["intent"] = _delete_all(tx, _I, _I.c.thread_id, person.thread_ids)
    counts["intent"] += _delete_all(tx, _I, _I.c.message_row, person.message_ids)
    counts["answer"] = _delete(tx, _A, func.lower(_A.c.customer) == person.address)
    for name, table in (("gesture", _G), ("example", _E)):
        counts[name] = sum(_delete(tx, table, condition) for condition in _lessons(table, person))
    counts["outbox_mail"] = _erase_mails(tx, person, dict(rewritten))
    counts["message"] = _delete_all(tx, _M, _M.c.id, person.message_ids)
    counts["thread"] = _delete_all(tx, _T, _T.c.id, person.thread_ids)
    counts["alert"] = _erase_alerts(tx, person)
    return counts


def _lessons(table: Table, person: Person) -> list[ColumnElement[bool]]:
    """Rows by sender, and those by message that have another sender."""
    own: ColumnElement[bool] = func.lower(table.c.sender) == person.address
    others = [
        table.c.message_row.in_(chunk) & (func.lower(table.c.sender) != person.address)
        for chunk in chunks(person.message_ids)
    ]
    return [own, *others]


def _erase_mails(tx: Transaction, person: Person, rewritten: dict[int, bytes]) -> int:
    for mail in person.reminders:
        if mail.id in rewritten:
            tx.execute(update(_O).where(_O.c.id == mail.id).values(raw=rewritten[mail.id]))
        elif mail.state in NOT_ENDED:
            tx.execute(delete(_O).where(_O.c.id == mail.id))
        else:
            tx.execute(update(_O).where(_O.c.id == mail.id).values(raw=b"", subject=""))
    return len(person.reminders)


def _erase_alerts(tx: Transaction, person: Person) -> int:
    holds = func.lower(_W.c.text).contains(person.address, autoescape=True)
    return int(tx.execute(update(_W).where(holds).values(text="(erased)")).rowcount)


def _delete_all(tx: Transaction, table: Table, column: Any, ids: Iterable[int]) -> int:
    return sum(_delete(tx, table, column.in_(chunk)) for chunk in chunks(ids))


def _delete(tx: Transaction, table: Table, condition: ColumnElement[bool]) -> int:
    return int(tx.execute(delete(table).where(condition)).rowcount)


def others_in(tx: Transaction, mail_id: int, person: Person) -> bool:
    """Whether a mail to the team speaks of other conversations too."""
    rows = tx.execute(select(_L.c.thread_id).where(_L.c.mail_id == mail_id))
    return any(row[0] not in person.thread_ids for row in rows)
