"""What agents' moves mean for threads and for learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from router.act.desk import Desk
from router.act.endings import end_clock
from router.classify.features import features, text_of
from router.decide.answers import Claimed, Closed, Correction, Elsewhere, SenderFolder, SentBack, claimer, gesture_of
from router.learn.moves import Move
from router.store import lessons, messages, threads
from router.store.database import Transaction
from router.store.ids import next_id
from router.store.records import GestureRecord, Intent, ThreadRecord
from router.values import Message

SETTLING = timedelta(minutes=10)
BURST = 10  # moves in one look: somebody is tidying up, not teaching


def interpret(tx: Transaction, desk: Desk, moves: Sequence[Move], read: Mapping[int, Message]) -> list[Intent]:
    """Apply every move to its thread. `read` holds the parsed mail of arrivals, by row; returns planned intents."""
    teaching = len(moves) < BURST and desk.rules.learn_from_moves
    planned: list[Intent] = []
    for move in moves:
        planned += _apply(tx, desk, move, read.get(move.row.id), teaching=teaching)
    return planned


def _apply(tx: Transaction, desk: Desk, move: Move, message: Message | None, *, teaching: bool) -> list[Intent]:
    to_folder = move.arrival.ref.folder if move.arrival else None
    thread = threads.get(tx, move.row.thread_id) if move.row.thread_id else None
    gesture = gesture_of(move.from_folder, to_folder, desk.rules, desk.special)
    if to_folder is not None:
        messages.set_values(tx, move.row.id, hands_off=True)
    if thread and claimer(move.from_folder, desk.rules) and not isinstance(gesture, Claimed):
        thread = _keep(tx, replace(thread, claimed_by=None))
    match gesture:
        case Correction(category=category):
            messages.set_values(tx, move.row.id, category=category, decided_by="agent")
            if thread:
                _keep(tx, replace(thread, category=category))
            _learn(tx, desk, move, message, category, teaching=teaching)
        case SentBack():
            messages.set_values(tx, move.row.id, category=None, decided_by="agent")
            _learn(tx, desk, move, message, None, teaching=teaching)
        case Closed(reason=reason):
            lessons.drop(tx, [move.row.id])
            # Where everything stays in All Mail, a mail without a folder was archived.
            archived = move.arrival is None and "all" in desk.special
            return _close(tx, desk, move, thread, "archive" if archived else reason)
        case Claimed(by=by):
            if thread:
                _keep(tx, replace(thread, claimed_by=by))
        case SenderFolder() | Elsewhere():
            pass
        case _:
            assert_never(gesture)
    return []


def _keep(tx: Transaction, thread: ThreadRecord) -> ThreadRecord:
    threads.save(tx, [thread])
    return thread


def _close(tx: Transaction, desk: Desk, move: Move, thread: ThreadRecord | None, reason: str) -> list[Intent]:
    """Done or out of sight. Only the fate of the conversation's newest mail ends its clock."""
    if thread is None or not thread.waiting or move.row.state == "answer":
        return []
    incoming = [r for r in messages.of_thread(tx, thread.id) if r.state != "answer" and not r.automatic]
    if incoming and incoming[-1].id != move.row.id:
        return []
    planned = end_clock(tx, desk, thread)
    _keep(tx, threads.closed(thread, desk.now, reason))
    return planned


def _learn(
    tx: Transaction, desk: Desk, move: Move, message: Message | None, category: str | None, *, teaching: bool
) -> None:
    if not teaching or message is None:
        lessons.drop(tx, [move.row.id])
        return
    lessons.notice(
        tx,
        GestureRecord(
            id=next_id(),
            mailbox_id=desk.record.id,
            message_row=move.row.id,
            category=category,
            from_folder=move.from_folder,
            to_folder=move.arrival.ref.folder if move.arrival else "",
            seen_at=desk.now,
            sender=move.row.sender,
            language=message.language,
            features=features(text_of(message.subject, message.text)).to_bytes(),
        ),
    )
