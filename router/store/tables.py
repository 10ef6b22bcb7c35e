"""The tables. Only `router.store` sees these classes; everybody else gets values.

Types are chosen so that SQLite and PostgreSQL behave alike: plain strings instead of enums (a native enum cannot
grow in a migration), BIGINT for UIDs and UIDVALIDITY (both reach 2**32-1), one UTC type for times (SQLite would hand
back naive ones).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on both databases; refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


def _big(*, nullable: bool = False, index: bool = False, default: int | None = None) -> Any:
    return Field(default=default, sa_column=Column(BigInteger, nullable=nullable, index=index))


def _key() -> Any:
    return Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


def _when(*, nullable: bool = True, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime, nullable=nullable, index=index))


def _text(default: str = "") -> Any:
    return Field(default=default, sa_column=Column(Text, nullable=False))


class MailboxRow(SQLModel, table=True):
    """One configured mailbox. `fence` grows with every process that serves it."""

    __tablename__ = "mailbox"
    id: int = _key()
    name: str = Field(unique=True)
    mode: str = ""
    first_run_at: datetime = _when(nullable=False)
    first_uidvalidity: int = _big(default=0)
    first_uid: int = _big(default=0)  # INBOX's UIDNEXT when we came: what lies below was there before us
    last_pass_at: datetime | None = _when()
    fence: int = _big(default=0)
    imap_found: str = _text()  # discovered servers as JSON, '' when configured


class FolderRow(SQLModel, table=True):
    """How far a folder has been read: every UID below `next_uid` has been looked at."""

    __tablename__ = "folder"
    __table_args__ = (UniqueConstraint("mailbox_id", "name"),)
    id: int = _key()
    mailbox_id: int = _big(index=True)
    name: str
    uidvalidity: int = _big()
    next_uid: int = _big()
    messages: int = 0
    highestmodseq: int = _big(default=0)  # 0: the server keeps none


class MessageRow(SQLModel, table=True):
    """One message in one place. No body is kept; `trace` says what was decided and why.

    `uid` is null once the message is in no folder that we know. `state`: planned · filed · left · watched (would have
    been moved, the mode forbids it) · held (its folder is missing) · quarantined · retried (the message has another
    row now) · answer · notice · missing · gone.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("mailbox_id", "folder", "uidvalidity", "uid"),
        Index("ix_message_fingerprint", "mailbox_id", "fingerprint"),
        Index("ix_message_message_id", "mailbox_id", "message_id"),
        Index("ix_message_state", "mailbox_id", "state"),
    )
    id: int = _key()
    mailbox_id: int = _big()
    thread_id: int | None = _big(nullable=True, index=True)
    folder: str
    uidvalidity: int = _big()
    uid: int | None = _big(nullable=True)
    fingerprint: str
    size: int = _big()
    internaldate: datetime = _when(nullable=False)
    seen_at: datetime = _when(nullable=False, index=True)
    message_id: str = _text()
    sender: str = Field(default="", index=True)
    subject: str = _text()
    language: str = ""
    automatic: bool = False
    category: str | None = None
    confidence: float = 0.0
    decided_by: str = ""
    decided_folder: str | None = None
    state: str = "planned"
    hands_off: bool = False  # a person put it where it is: never moved by us again
    source_folder: str = "INBOX"
    trace: str = _text()


class ThreadRow(SQLModel, table=True):
    """A conversation with one customer, and its reply clock.

    The clock runs while `waiting_since` is set and `closed_at` is not. `target` names the promise that holds
    ("reply_within", "categories.refund"); `fired` counts what each step has sent (JSON); `next_due` is when the
    sweep must look again.
    """

    __tablename__ = "thread"
    __table_args__ = (Index("ix_thread_next_due", "mailbox_id", "next_due"),)
    id: int = _key()
    mailbox_id: int = _big()
    customer: str = Field(index=True)
    customer_name: str = _text()
    subject: str = _text()
    category: str | None = None
    waiting_since: datetime | None = _when()
    answered_at: datetime | None = _when()
    answer_proof: str = ""
    closed_at: datetime | None = _when()
    closed_because: str = ""
    claimed_by: str | None = None
    messages: int = 0
    target: str = ""
    fired: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    clock: int = 0  # how many clocks this thread has had: part of every reminder's key
    next_due: datetime | None = _when()


class ReferenceRow(SQLModel, table=True):
    """A Message-ID that belongs to a thread."""

    __tablename__ = "reference"
    __table_args__ = (Index("ix_reference_message_id", "mailbox_id", "message_id"),)
    id: int = _key()
    mailbox_id: int = _big()
    thread_id: int = _big(index=True)
    message_id: str = _text()


class AnswerRow(SQLModel, table=True):
    """A mail of ours that answers `message_id`, kept because an answer can be seen before the question."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_message_id", "mailbox_id", "message_id"),)
    id: int = _key()
    mailbox_id: int = _big()
    message_id: str = _text()
    customer: str
    answered_at: datetime = _when(nullable=False)


class IntentRow(SQLModel, table=True):
    """What we are about to do to the mailbox, committed before it is done.

    `state`: planned → done, cancelled (not needed any more), unknown (cannot be told; a person looks), deferred (there
    was no room; planned again later).
    """

    __tablename__ = "intent"
    __table_args__ = (
        UniqueConstraint("mailbox_id", "key"),
        Index("ix_intent_state", "mailbox_id", "state"),
    )
    id: int = _key()
    mailbox_id: int = _big()
    message_row: int | None = _big(nullable=True, index=True)
    thread_id: int | None = _big(nullable=True)
    draft_row: int | None = _big(nullable=True)
    kind: str  # move · draft · withdraw · flags · notice
    key: str
    folder: str
    uidvalidity: int = _big(default=0)
    uid: int = _big(default=0)
    destination: str = ""
    destination_uidnext: int = _big(default=0)
    destination_uidvalidity: int = _big(default=0)
    add_flags: str = _text()  # space separated
    remove_flags: str = _text()
    payload: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    fence: int = _big(default=0)
    state: str = "planned"
    because: str = _text()
    created_at: datetime = _when(nullable=False)
    finished_at: datetime | None = _when(index=True)
    result_uidvalidity: int = _big(default=0)
    result_uid: int = _big(default=0)
    undone_at: datetime | None = _when()


class DraftRow(SQLModel, table=True):
    """A draft of ours. `state`: planned · waiting · edited · sent · deleted · withdrawn · unknown."""

    __tablename__ = "draft"
    __table_args__ = (
        # At most one draft per thread, whatever the code above does. The migration says the same to PostgreSQL; saying
        # it here would load that dialect (50 ms, 4 MB) into every process that uses SQLite.
        Index(
            "ux_draft_open",
            "thread_id",
            unique=True,
            sqlite_where=text("state IN ('planned', 'waiting', 'edited', 'unknown')"),
        ),
    )
    id: int = _key()
    mailbox_id: int = _big(index=True)
    thread_id: int = _big()
    message_row: int = _big()
    reply_id: str
    language: str = ""
    body: str = _text()  # our text, to recognise it when it is sent; emptied when the draft has ended
    message_id: str = Field(default="", index=True)
    key: str = Field(index=True)
    folder: str = ""
    uidvalidity: int = _big(default=0)
    uid: int = _big(default=0)
    state: str = "planned"
    placed_at: datetime = _when(nullable=False)
    ended_at: datetime | None = _when()


class OutboxMailRow(SQLModel, table=True):
    """A mail to the team. `state`: queued · sending · sent · unknown · failed."""

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_state", "state"),)
    id: int = _key()
    mailbox_id: int = _big()
    person: str
    recipients: str = _text()  # comma separated
    subject: str = _text()
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    key: str = Field(unique=True)
    state: str = "queued"
    attempts: int = 0
    created_at: datetime = _when(nullable=False)
    not_before: datetime = _when(nullable=False)
    finished_at: datetime | None = _when()
    last_error: str = _text()


class OutboxLineRow(SQLModel, table=True):
    """One reminder inside a mail. `key` is unique: at most one per thread, clock, step and repetition."""

    __tablename__ = "outbox_line"
    id: int = _key()
    mail_id: int = _big(index=True)
    thread_id: int | None = _big(nullable=True, index=True)
    kind: str
    step: str
    key: str = Field(unique=True)


class GestureRow(SQLModel, table=True):
    """A move by a person that waits ten quiet minutes before it teaches. One per message: the last counts."""

    __tablename__ = "gesture"
    id: int = _key()
    mailbox_id: int = _big(index=True)
    message_row: int = Field(sa_column=Column(BigInteger, unique=True, nullable=False))
    category: str | None = None  # None: sent back to the inbox, "do not file this"
    from_folder: str
    to_folder: str
    seen_at: datetime = _when(nullable=False)
    sender: str = ""
    language: str = ""
    features: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # hashed: no text is kept


class ExampleRow(SQLModel, table=True):
    """What a gesture taught. `category` null is a reject example. Only hashed features are kept, no text."""

    __tablename__ = "example"
    id: int = _key()
    mailbox_id: int = _big(index=True)
    message_row: int | None = Field(default=None, sa_column=Column(BigInteger, unique=True, nullable=True))
    category: str | None = None
    language: str = ""
    features: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    source: str = "moved"
    sender: str = ""
    taught_at: datetime = _when(nullable=False)


class AlertRow(SQLModel, table=True):
    """Something a person should know. One open row per key; it closes when the cause is gone."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_open", "mailbox", "key"),)
    id: int = _key()
    mailbox: str = ""
    key: str
    text: str = _text()
    raised_at: datetime = _when(nullable=False)
    cleared_at: datetime | None = _when()
