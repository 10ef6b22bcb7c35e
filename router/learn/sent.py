"""Reads what the team sent: it stops clocks, and tells what became of our drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from router.act.clocks import after_customer_mail, target_of, targets_by_name
from router.act.desk import Desk
from router.act.endings import end_clock
from router.act.planning import message_row
from router.decide.answers import is_answer
from router.mail.threads import may_answer, references_of
from router.replies.similarity import similarity
from router.store import intents, messages, threads
from router.store.conversations import Conversations
from router.store.database import Transaction
from router.store.records import Intent, MessageRecord, ThreadRecord
from router.values import FetchedMessage, Message, TraceLine, from_json

AS_IS = 0.98
EDITED = 0.7


def read_sent(tx: Transaction, desk: Desk, sent: Sequence[tuple[FetchedMessage, Message]]) -> list[Intent]:
    """Stop the clocks that these mails answer; returns the planned withdrawals of drafts nobody needs any more."""
    since = min((f.internaldate for f, _ in sent), default=None)
    conversations = Conversations.load(tx, desk.record.id, [m for _, m in sent], since, seek=may_answer)
    planned: list[Intent] = []
    rows = []
    for fetched, message in sent:
        row = message_row(fetched, message, desk.record.id, desk.now, state="answer")
        for thread in conversations.of_recipients(message, fetched.internaldate):
            row = replace(row, thread_id=thread.id)
            conversations.take_in(thread.id, message)
            if is_answer(message, thread.customer, desk.own):
                planned += _answered(tx, desk, conversations, thread, message, fetched.internaldate)
        _remember(tx, desk, message, fetched.internaldate)
        rows.append(row)
    messages.add(tx, rows)
    conversations.save(tx)
    return planned


def _answered(
    tx: Transaction, desk: Desk, conversations: Conversations, thread: ThreadRecord, message: Message, at: datetime
) -> list[Intent]:
    _what_became_of_drafts(tx, thread.id, message, desk.now)
    thread = replace(thread, messages=thread.messages + 1)
    if thread.waiting_since is not None and thread.waiting_since > at:
        conversations.put(thread)  # the question is newer than this answer
        return []
    planned = end_clock(tx, desk, thread)
    conversations.put(_with_later_mail(tx, desk, threads.answered(thread, at, threads.SENT), at))
    return planned


def _with_later_mail(tx: Transaction, desk: Desk, thread: ThreadRecord, at: datetime) -> ThreadRecord:
    """A quick pass may have read the customer's reply to an answer before we saw the answer: that mail still waits."""
    rows = [r for r in messages.of_thread(tx, thread.id) if r.internaldate > at and starts_a_clock(r)]
    if not rows:
        return thread
    target = target_of(thread, targets_by_name(desk.rules), desk.rules)
    again = after_customer_mail(thread, rows[0].internaldate, target, None)
    return replace(again, messages=thread.messages)


def starts_a_clock(row: MessageRecord) -> bool:
    """Whether a person wrote this mail and waits for an answer; its trace remembers pure thanks and lists."""
    if row.automatic or row.state in ("answer", "notice", "retried", "gone"):
        return False
    trace = from_json(row.trace.encode(), list[TraceLine]) if row.trace else []
    return not any((line.where, line.outcome) == ("reply_within", "skipped") for line in trace)


def _what_became_of_drafts(tx: Transaction, thread_id: int, message: Message, now: datetime) -> None:
    """A sent text that is (nearly) our draft was our draft: clients drop the key header, so the text decides."""
    for draft in intents.drafts_of(tx, thread_id):
        if draft.state not in ("waiting", "edited", "taken") or not draft.body:
            continue
        alike = similarity(draft.body, message.text)
        if alike >= EDITED:
            became = "sent" if alike >= AS_IS else "sent-edited"
            intents.set_draft(tx, draft.id, state=became, ended_at=now, body="")
        elif draft.state == "edited":
            intents.set_draft(tx, draft.id, state="unused", ended_at=now, body="")


def _remember(tx: Transaction, desk: Desk, message: Message, at: datetime) -> None:
    """An answer can be seen before its question: keep what it answers, and for whom."""
    customers = [a.address for a in (*message.to, *message.cc) if is_answer(message, a.address, desk.own)]
    threads.remember_answer(tx, desk.record.id, references_of(message)[-3:], customers[:10], at)
