"""Conversations: one customer's each, led to by Message-IDs, with a clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from router.store import threads
from router.store.conversations import Conversations
from router.store.database import Store
from router.store.records import ThreadRecord
from router.values import Address, Message
from tests.store.builders import MAILBOX, NOW, a_thread, minutes

JANE = Address(name="Jane", address="jane@client.example")
EVE = Address(address="eve@stranger.example")


def a_mail(message_id: str, *references: str, sender: Address = JANE, to: tuple[Address, ...] = ()) -> Message:
    return Message(message_id=message_id, references=references, sender=sender, to=to, subject="Re: Refund")


def load(store: Store, *mails: Message) -> Conversations:
    with store.begin() as tx:
        return Conversations.load(tx, MAILBOX, mails)


def thread_of(conversations: Conversations, mail: Message, customer: Address) -> ThreadRecord | None:
    found = conversations.find(mail, customer.address)
    return found.thread if found else None


def save(store: Store, conversations: Conversations) -> None:
    with store.begin() as tx:
        conversations.save(tx)


def test_saving_overwrites_every_column(store: Store) -> None:
    """And touches no other thread."""
    first, other = a_thread(), a_thread()
    changed = replace(first, waiting_since=NOW, fired='{"50%": 1}', claimed_by="olha", clock=2, next_due=NOW)
    with store.begin() as tx:
        threads.add(tx, [first, other])
        threads.save(tx, [changed])
        threads.save(tx, [])
        threads.set_values(tx, other.id, category="faq")
        assert threads.get_many(tx, [first.id, other.id]) == {
            first.id: changed,
            other.id: replace(other, category="faq"),
        }


def test_due_are_running_clocks_with_something_to_look_at(store: Store) -> None:
    """Not those of answered or closed threads, of later times, or of another mailbox; longest waiting first."""
    running = a_thread(waiting_since=NOW - minutes(5), next_due=NOW)
    older = a_thread(waiting_since=NOW - minutes(9), next_due=NOW - minutes(1))
    later = a_thread(waiting_since=NOW, next_due=NOW + minutes(1))
    silent = a_thread(waiting_since=NOW, next_due=None)
    closed = a_thread(waiting_since=NOW, next_due=NOW, closed_at=NOW)
    answered = a_thread(next_due=NOW)
    with store.begin() as tx:
        elsewhere = replace(running, id=1, mailbox_id=MAILBOX + 1)
        threads.add(tx, [running, older, later, silent, closed, answered, elsewhere])
        assert threads.due(tx, MAILBOX, NOW) == [older, running]
        assert {t.id for t in threads.waiting(tx, MAILBOX)} == {running.id, older.id, later.id, silent.id}
        assert len(threads.of_customer(tx, "jane@client.example")) == 7
        assert threads.of_customer(tx, "nobody@x.example") == []


def test_an_answer_and_a_closing_stop_the_clock() -> None:
    """Both leave no step behind that could fire."""
    waiting = a_thread(waiting_since=NOW, fired='{"50%": 1}', next_due=NOW, clock=1)
    answered = threads.answered(waiting, NOW + minutes(1), "a mail in Sent")
    closed = threads.closed(waiting, NOW + minutes(1), "done")
    for stopped in (answered, closed):
        assert (stopped.waiting, stopped.fired, stopped.next_due, stopped.clock) == (False, "{}", None, 1)
    assert answered.answered_at == closed.closed_at == NOW + minutes(1)
    assert (answered.closed_at, closed.answered_at) == (None, None)


def test_a_reply_finds_its_conversation(store: Store) -> None:
    """By any Message-ID that the conversation has seen; the nearest reference wins."""
    first = load(store, a_mail("<q1@x>"))
    opened = first.open(a_mail("<q1@x>", "<earlier@x>"), JANE)
    save(store, first)
    reply = a_mail("<q2@x>", "<unknown@x>", "<q1@x>")
    assert thread_of(load(store, reply), reply, JANE) == opened
    late = a_mail("<q3@x>", "<earlier@x>")
    assert thread_of(load(store, late), late, JANE) == opened
    assert opened.subject == "Refund"


def test_a_stranger_cannot_join_somebody_elses_conversation(store: Store) -> None:
    """Quoting a Message-ID proves nothing: a thread belongs to one customer."""
    first = load(store, a_mail("<q1@x>"))
    janes = first.open(a_mail("<q1@x>"), JANE)
    save(store, first)
    forged = a_mail("<e1@x>", "<q1@x>", sender=EVE)
    batch = load(store, forged)
    assert thread_of(batch, forged, EVE) is None
    eves = batch.open(forged, EVE)
    save(store, batch)
    next_reply = a_mail("<q2@x>", "<q1@x>")
    assert thread_of(load(store, next_reply), next_reply, JANE) == janes
    assert thread_of(load(store, next_reply), next_reply, EVE) == eves


def test_the_same_message_id_from_two_customers_is_two_conversations(store: Store) -> None:
    """Message-IDs are the senders' words: some programs give every mail the same."""
    batch = load(store, a_mail("<same@x>"))
    one = batch.open(a_mail("<same@x>"), JANE)
    other = batch.open(a_mail("<same@x>", sender=EVE), EVE)
    save(store, batch)
    with store.begin() as tx:
        assert {t.id for t in threads.referred(tx, MAILBOX, ["<same@x>"])["<same@x>"]} == {one.id, other.id}
        assert threads.referred(tx, MAILBOX + 1, ["<same@x>"]) == {}
        assert threads.referred(tx, MAILBOX, []) == {}


def test_a_conversation_opened_and_changed_in_one_batch_is_written_once(store: Store) -> None:
    """As it is at the end of the batch, with all its references."""
    batch = load(store)
    opened = batch.open(a_mail("<q1@x>"), JANE)
    batch.put(replace(opened, messages=2, waiting_since=NOW))
    batch.refer(opened.id, ("<q1@x>", "", "<q2@x>", "<q2@x>"))
    save(store, batch)
    with store.begin() as tx:
        assert threads.get(tx, opened.id) == replace(opened, messages=2, waiting_since=NOW)
        assert set(threads.referred(tx, MAILBOX, ["<q1@x>", "<q2@x>", ""])) == {"<q1@x>", "<q2@x>"}


@pytest.mark.parametrize(("to", "found"), [((JANE,), 1), ((EVE,), 0), ((EVE, JANE), 1)])
def test_a_mail_of_ours_belongs_where_its_customer_is_addressed(
    store: Store, to: tuple[Address, ...], found: int
) -> None:
    """A forward to somebody else in the thread is none of the customer's."""
    first = load(store)
    first.open(a_mail("<q1@x>"), JANE)
    save(store, first)
    ours = a_mail("<a1@acme>", "<q1@x>", sender=Address(address="support@acme.example"), to=to)
    assert len(load(store, ours).of_recipients(ours)) == found


def test_an_answer_is_remembered_for_a_question_that_comes_later(store: Store) -> None:
    """By Message-ID and customer; nobody else's mail counts as answered by it."""
    with store.begin() as tx:
        threads.remember_answer(tx, MAILBOX, ["<q1@x>", "<q0@x>"], [JANE.address], NOW)
        threads.remember_answer(tx, MAILBOX, [], [JANE.address], NOW)
        assert threads.answers_to(tx, MAILBOX, ["<q1@x>", "<other@x>", ""]) == {("<q1@x>", JANE.address): NOW}
        assert threads.answers_to(tx, MAILBOX + 1, ["<q1@x>"]) == {}
    question = a_mail("<q1@x>")
    batch = load(store, question)
    assert batch.answered_at(question, JANE.address) == NOW
    assert batch.answered_at(question, EVE.address) is None


def test_of_an_address_with_very_many_threads_the_newest_are_looked_at(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A web form's address must not make every pass slow."""
    monkeypatch.setattr(threads, "_MOST_ACTIVE", 2)
    rows = [a_thread(subject=str(n), waiting_since=NOW) for n in range(4)]
    with store.begin() as tx:
        threads.add(tx, rows)
        found = threads.active_of(tx, MAILBOX, [JANE.address], NOW)
    assert [subject for _, _, subject in found] == ["3", "2"]
