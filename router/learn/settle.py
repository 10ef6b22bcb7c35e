"""Turns moves that nobody took back for ten minutes into examples."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from router.learn.gestures import SETTLING
from router.store import lessons
from router.store.database import Transaction
from router.store.ids import next_id
from router.store.records import ExampleRecord, GestureRecord

MOST_PER_SENDER = 5  # a day: one stranger's mail must not teach everybody's sorting


def settle(tx: Transaction, mailbox_id: int, now: datetime) -> int:
    """Learn what has settled by `now`; returns how many examples are new."""
    gestures = lessons.settled(tx, mailbox_id, now - SETTLING)
    if not gestures:
        return 0
    per_sender = Counter(lessons.taught_by_senders(tx, mailbox_id, now - timedelta(days=1)))
    kept: list[GestureRecord] = []
    for gesture in gestures:
        per_sender[gesture.sender] += 1
        if per_sender[gesture.sender] <= MOST_PER_SENDER:
            kept.append(gesture)
    lessons.learn(tx, gestures, [_example(g, now) for g in kept])
    return len(kept)


def _example(gesture: GestureRecord, now: datetime) -> ExampleRecord:
    return ExampleRecord(
        id=next_id(),
        mailbox_id=gesture.mailbox_id,
        message_row=gesture.message_row,
        category=gesture.category,
        language=gesture.language,
        features=gesture.features,
        sender=gesture.sender,
        taught_at=now,
    )
