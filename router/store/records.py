"""Rows as frozen values: what the store hands out and takes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar, cast

from router.store.ids import next_id
from router.values import MessageRef, ThreadState

T = TypeVar("T")


def record(kind: type[T], row: Mapping[str, Any]) -> T:
    """One row as a value of `kind`; columns that the value does not name are left out."""
    return kind(**{f.name: row[f.name] for f in fields(cast("Any", kind))})


def columns(value: object) -> dict[str, Any]:
    """A record as column values."""
    return {f.name: getattr(value, f.name) for f in fields(cast("Any", value))}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxRecord:
    id: int
    name: str
    mode: str
    first_run_at: datetime
    first_uidvalidity: int = 0
    first_uid: int = 0
    last_pass_at: datetime | None = None
    fence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderRecord:
    mailbox_id: int
    name: str
    uidvalidity: int
    next_uid: int
    messages: int = 0
    highestmodseq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """See `tables.MessageRow`."""

    id: int
    mailbox_id: int
    thread_id: int | None = None
    folder: str
    uidvalidity: int
    uid: int | None
    fingerprint: str
    size: int
    internaldate: datetime
    seen_at: datetime
    message_id: str = ""
    sender: str = ""
    subject: str = ""
    language: str = ""
    automatic: bool = False
    category: str | None = None
    confidence: float = 0.0
    decided_by: str = ""
    decided_folder: str | None = None
    state: str = "planned"
    hands_off: bool = False
    source_folder: str = "INBOX"
    trace: str = ""

    def ref(self, mailbox: str) -> MessageRef | None:
        """Where it lies, None when it lies nowhere that we know."""
        if self.uid is None:
            return None
        return MessageRef(mailbox=mailbox, folder=self.folder, uidvalidity=self.uidvalidity, uid=self.uid)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRecord:
    """See `tables.ThreadRow`."""

    id: int
    mailbox_id: int
    customer: str
    customer_name: str = ""
    subject: str = ""
    category: str | None = None
    waiting_since: datetime | None = None
    answered_at: datetime | None = None
    answer_proof: str = ""
    closed_at: datetime | None = None
    closed_because: str = ""
    claimed_by: str | None = None
    messages: int = 0
    target: str = ""
    fired: str = "{}"
    clock: int = 0
    next_due: datetime | None = None

    @property
    def waiting(self) -> bool:
        """Whether the reply clock runs."""
        return self.waiting_since is not None and self.closed_at is None

    def state(self, mailbox: str) -> ThreadState:
        """What the pure stages may know of it."""
        return ThreadState(
            id=self.id,
            mailbox=mailbox,
            customer=self.customer,
            subject=self.subject,
            category=self.category,
            waiting_since=self.waiting_since,
            answered_at=self.answered_at,
            closed_at=self.closed_at,
            claimed_by=self.claimed_by,
            messages=self.messages,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """See `tables.IntentRow`: one side effect, committed before it is done."""

    id: int
    mailbox_id: int
    message_row: int | None = None
    thread_id: int | None = None
    draft_row: int | None = None
    kind: str
    key: str
    folder: str
    uidvalidity: int = 0
    uid: int = 0
    destination: str = ""
    destination_uidnext: int = 0
    destination_uidvalidity: int = 0
    add_flags: str = ""
    remove_flags: str = ""
    payload: bytes | None = None
    fence: int = 0
    state: str = "planned"
    because: str = ""
    created_at: datetime
    finished_at: datetime | None = None
    result_uidvalidity: int = 0
    result_uid: int = 0
    undone_at: datetime | None = None


def intent_on(row: MessageRecord, kind: str, key: str, *, fence: int, now: datetime, **more: Any) -> Intent:
    """An intent about a message where it lies now; `more` are further columns."""
    return Intent(
        id=next_id(),
        mailbox_id=row.mailbox_id,
        message_row=row.id,
        thread_id=row.thread_id,
        kind=kind,
        key=key,
        folder=row.folder,
        uidvalidity=row.uidvalidity,
        uid=row.uid or 0,
        fence=fence,
        created_at=now,
        **more,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRecord:
    """See `tables.DraftRow`."""

    id: int
    mailbox_id: int
    thread_id: int
    message_row: int
    reply_id: str
    language: str = ""
    body: str = ""
    message_id: str = ""
    key: str = ""
    folder: str = ""
    uidvalidity: int = 0
    uid: int = 0
    state: str = "planned"
    placed_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMail:
    """See `tables.OutboxMailRow`."""

    id: int
    mailbox_id: int
    person: str
    recipients: str
    subject: str
    raw: bytes
    key: str
    state: str = "queued"
    attempts: int = 0
    created_at: datetime
    not_before: datetime
    finished_at: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxLine:
    """See `tables.OutboxLineRow`."""

    id: int
    mail_id: int
    thread_id: int | None
    kind: str
    step: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GestureRecord:
    """See `tables.GestureRow`."""

    id: int
    mailbox_id: int
    message_row: int
    category: str | None
    from_folder: str
    to_folder: str
    seen_at: datetime
    sender: str = ""
    language: str = ""
    features: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRecord:
    """See `tables.ExampleRow`."""

    id: int
    mailbox_id: int
    message_row: int | None
    category: str | None
    language: str = ""
    features: bytes
    source: str = "moved"
    sender: str = ""
    taught_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something a person should know."""

    mailbox: str
    key: str
    text: str
    raised_at: datetime
    cleared_at: datetime | None = None
