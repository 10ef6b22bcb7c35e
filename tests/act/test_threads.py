"""Mail that finds its conversation without ids: what becomes of its clock, its draft and its trace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from router.act.desk import Desk
from router.act.inbox import Batch
from router.act.planning import Plan
from router.learn.sent import read_sent
from router.store import intents, messages, threads
from router.store.conversations import Conversations
from router.store.database import Store
from router.store.records import ThreadRecord
from router.values import Address, TraceLine, from_json
from tests.act.builders import JANE, NOW, Oracle, a_desk, a_fetched, a_mailbox, a_message, minutes
from tests.act.test_inbox import ABOUT, shipped

AUTHSERV = "mx.acme.example"


def desk_of(store: Store, **more: Any) -> Desk:
    return a_desk(store, **{"library": shipped(), "oracle": ABOUT, **more})


def take_in(desk: Desk, uid: int, later: float = 0, **more: Any) -> Plan:
    """One mail, read as a pass reads it."""
    fetched = a_fetched(uid, at=NOW + minutes(later))
    pairs = [(fetched, a_message(**more))]
    with desk.store.begin() as tx:
        batch = Batch(
            desk=desk,
            conversations=Conversations.load(tx, desk.record.id, [m for _, m in pairs], fetched.internaldate),
            with_draft={d.thread_id for d in intents.open_drafts(tx, desk.record.id)},
            notices=frozenset(),
            drafts_left=10,
        )
    batch.decide_all(pairs)
    with desk.store.begin() as tx:
        batch.conversations.save(tx)
        messages.add(tx, [p.row for p in batch.plans])
        intents.add_drafts(tx, [p.draft for p in batch.plans if p.draft])
    return batch.plans[0]


def waiting(desk: Desk) -> list[ThreadRecord]:
    with desk.store.begin() as tx:
        return threads.waiting(tx, desk.record.id)


def why(plan: Plan) -> list[str]:
    return [line.because for line in from_json(plan.row.trace.encode(), list[TraceLine]) if line.where == "thread"]


def test_an_answer_that_lost_its_ids_waits_in_its_thread(store: Store) -> None:
    """The clock of the first mail runs on, no second draft is written, and the trace says what led there."""
    desk = desk_of(store)
    first = take_in(desk, 1, message_id="<1@client.example>")
    reply = take_in(desk, 2, 9, message_id="<2@client.example>", subject="Re: Refund please")
    assert reply.row.thread_id == first.row.thread_id
    assert (first.draft is None, reply.draft) == (False, None)
    (thread,) = waiting(desk)
    assert (thread.waiting_since, thread.messages) == (NOW, 2)
    assert why(first) == []
    assert why(reply) == ["an answer without helpful ids: the same subject and customer, less than two hours apart"]
    later = take_in(desk, 3, 10, message_id="<3@client.example>", references=("<2@client.example>",))
    assert why(later) == ["its ids name a mail of this conversation"]


def test_it_starts_the_clock_of_an_answered_thread_again(store: Store) -> None:
    """As a reply with ids does."""
    desk = desk_of(store)
    first = take_in(desk, 1, message_id="<1@client.example>")
    (thread,) = waiting(desk)
    with store.begin() as tx:
        threads.save(tx, [threads.answered(thread, NOW + minutes(5), threads.SENT)])
    assert waiting(desk) == []
    reply = take_in(desk, 2, 9, message_id="<2@client.example>", subject="Re: Refund please")
    assert reply.row.thread_id == first.row.thread_id
    assert [t.waiting_since for t in waiting(desk)] == [NOW + minutes(9)]


def test_two_new_mails_with_one_short_subject_have_a_clock_each(store: Store) -> None:
    """Nothing says that they are one matter, so none of them hides behind the other."""
    desk = desk_of(store)
    take_in(desk, 1, message_id="<1@client.example>")
    take_in(desk, 2, 9, message_id="<2@client.example>")
    assert [t.waiting_since for t in waiting(desk)] == [NOW, NOW + minutes(9)]


def test_a_forged_sender_joins_nothing_by_a_subject(store: Store) -> None:
    """A subject is easier to guess than a Message-ID."""
    desk = desk_of(store, mailbox=a_mailbox(authserv_ids=(AUTHSERV,)), oracle=Oracle({}))
    failed = f"{AUTHSERV}; dmarc=fail header.from=client.example"
    result = {"authentication_results": (failed,), "headers": (("Authentication-Results", failed),)}
    first = take_in(desk, 1, message_id="<1@client.example>")
    forged = take_in(desk, 2, 9, message_id="<2@x>", subject="Re: Refund please", **result)
    assert forged.row.thread_id != first.row.thread_id
    assert why(forged) == []


def test_an_answer_of_ours_that_lost_its_ids_stops_the_clock(store: Store) -> None:
    """Nobody is reminded of what was answered from a client that names no mail; a new mail of ours stops nothing."""
    desk = desk_of(store)
    take_in(desk, 1, message_id="<1@client.example>")
    us = Address(address=desk.mailbox.address)
    sent = a_fetched(1, at=NOW + minutes(5))
    sent = replace(sent, ref=replace(sent.ref, folder="Sent"))
    for subject, waits in (("Your order", 1), ("Re: Refund please", 0)):
        ours = a_message(message_id="<a@acme.example>", sender=us, to=(JANE,), subject=subject, text="It is sent.")
        with store.begin() as tx:
            read_sent(tx, desk, [(sent, ours)])
        assert len(waiting(desk)) == waits
        sent = replace(sent, ref=replace(sent.ref, uid=2))
