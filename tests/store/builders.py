"""Rows with sensible values; a test names what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from router.store.ids import next_id
from router.store.records import (
    DraftRecord,
    ExampleRecord,
    GestureRecord,
    Intent,
    MessageRecord,
    OutboxLine,
    OutboxMail,
    ThreadRecord,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LARGEST = 2**32 - 1  # of UIDs and UIDVALIDITYs (RFC 9051 section 2.3.1.1)
MAILBOX = 7


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def a_message(**more: Any) -> MessageRecord:
    row_id = next_id()
    plain = {"mailbox_id": MAILBOX, "folder": "INBOX", "uidvalidity": 1, "uid": row_id % LARGEST, "size": 100}
    kept = {"fingerprint": f"f{row_id}", "internaldate": NOW, "seen_at": NOW}
    return MessageRecord(**{"id": row_id, **plain, **kept, **more})


def a_thread(**more: Any) -> ThreadRecord:
    return ThreadRecord(**{"id": next_id(), "mailbox_id": MAILBOX, "customer": "jane@client.example", **more})


def an_intent(**more: Any) -> Intent:
    row_id = next_id()
    plain = {"mailbox_id": MAILBOX, "kind": "move", "key": f"move:{row_id}", "folder": "INBOX", "created_at": NOW}
    return Intent(**{"id": row_id, **plain, **more})


def a_draft(**more: Any) -> DraftRecord:
    plain = {"mailbox_id": MAILBOX, "thread_id": next_id(), "message_row": 1, "reply_id": "refund/first"}
    return DraftRecord(**{"id": next_id(), **plain, "placed_at": NOW, **more})


def a_mail(**more: Any) -> OutboxMail:
    row_id = next_id()
    plain = {"mailbox_id": MAILBOX, "person": "team", "recipients": "olha@acme.example", "subject": "1 customer"}
    sent = {"raw": b"Subject: 1 customer\r\n\r\n", "key": f"reminder-{row_id}", "created_at": NOW, "not_before": NOW}
    return OutboxMail(**{"id": row_id, **plain, **sent, **more})


def a_line(mail: OutboxMail, key: str, **more: Any) -> OutboxLine:
    plain = {"mail_id": mail.id, "thread_id": 1, "kind": "remind", "step": "75%"}
    return OutboxLine(**{"id": next_id(), **plain, "key": key, **more})


def a_gesture(**more: Any) -> GestureRecord:
    plain = {"mailbox_id": MAILBOX, "message_row": next_id(), "category": "refund", "from_folder": "INBOX"}
    return GestureRecord(**{"id": next_id(), **plain, "to_folder": "Support/Refunds", "seen_at": NOW, **more})


def an_example(**more: Any) -> ExampleRecord:
    plain = {"mailbox_id": MAILBOX, "message_row": next_id(), "category": "refund", "features": b"\x00\xff"}
    return ExampleRecord(**{"id": next_id(), **plain, "taught_at": NOW, **more})
