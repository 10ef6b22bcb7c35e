"""Conversations found without ids: by ticket tags, Outlook's index and subjects, within one customer's threads."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from router.mail.threads import customer_of, may_answer
from router.store import messages, threads
from router.store.conversations import Conversations
from router.store.database import Store
from router.store.records import ThreadRecord
from router.values import Address, Message
from tests.store.builders import MAILBOX, NOW, a_message, a_thread, minutes

JANE = Address(name="Jane", address="jane@client.example")
EVE = Address(address="eve@stranger.example")
US = Address(address="support@acme.example")
INDEX = (("Thread-Index", base64.b64encode(bytes(range(22))).decode()),)


def a_mail(subject: str = "Broken lamp", **more: Any) -> Message:
    return Message(**{"sender": JANE, "subject": subject, **more})


def read(conversations: Conversations, mail: Message, at: datetime = NOW) -> ThreadRecord:
    """Take a mail in as the inbox does: into the thread it continues, or into a new one, in which somebody waits."""
    customer = customer_of(mail)
    found = conversations.find(mail, customer.address, at)
    assert not found or found.by == "ids" or customer == mail.sender
    thread = found.thread if found else conversations.open(mail, customer)
    conversations.take_in(thread.id, mail)
    thread = replace(thread, waiting_since=thread.waiting_since or at, messages=thread.messages + 1)
    conversations.put(thread)
    return thread


def arrive(store: Store, *mails: Message, at: datetime = NOW) -> list[int]:
    """The threads of these mails, read in one batch."""
    with store.begin() as tx:
        conversations = Conversations.load(tx, MAILBOX, mails, at)
    found = [read(conversations, mail, at).id for mail in mails]
    with store.begin() as tx:
        conversations.save(tx)
    return found


def test_an_answer_that_lost_its_ids_continues_the_customers_thread(store: Store) -> None:
    """In a later batch and in the same one; nobody else's, and not in another mailbox."""
    answer = a_mail("RE: Broken lamp", message_id="<2@x>")
    first, second = arrive(store, a_mail(message_id="<1@x>"), answer)
    third, eves = arrive(store, a_mail("Re: broken lamp"), a_mail("Re: Broken lamp", sender=EVE), at=NOW + minutes(9))
    assert first == second == third != eves
    with store.begin() as tx:
        elsewhere = Conversations.load(tx, MAILBOX + 1, [answer], NOW)
    assert elsewhere.find(answer, JANE.address, NOW) is None


def test_ids_that_lead_nowhere_do_not_hinder_it(store: Store) -> None:
    """A customer may answer a mail of ours that we have not seen; one that lies with somebody else's hinders it."""
    (first,) = arrive(store, a_mail())
    arrive(store, a_mail("Chair", sender=EVE, message_id="<eve@x>"))
    lost, others = (
        a_mail("Re: Broken lamp", references=("<lost@x>",)),
        a_mail("Re: Broken lamp", in_reply_to=("<eve@x>",)),
    )
    assert arrive(store, lost) == [first]
    assert arrive(store, others) != [first]


def test_ids_are_found_in_any_case(store: Store) -> None:
    """Gateways change it, in questions and in answers."""
    (first,) = arrive(store, a_mail(message_id="<AbC@Client.Example>"))
    assert arrive(store, a_mail("Other", references=("<abc@client.example>",))) == [first]
    with store.begin() as tx:
        threads.remember_answer(tx, MAILBOX, ["<LATE@x>"], [JANE.address], NOW)
        late = a_mail(message_id="<late@X>")
        assert Conversations.load(tx, MAILBOX, [late]).answered_at(late, JANE.address) == NOW


def test_a_ticket_tag_that_we_gave_leads_back(store: Store) -> None:
    """The mails of the thread carry it, not its subject; the same tag from a stranger opens his own thread."""
    (first,) = arrive(store, a_mail("My problem"))
    with store.begin() as tx:
        messages.add(tx, [a_message(thread_id=first, state="answer", subject="Re: [#4711] My problem")])
    theirs, eves = arrive(store, a_mail("[#4711] new photos"), a_mail("[#4711] new photos", sender=EVE))
    assert theirs == first != eves
    assert arrive(store, a_mail("[#4712] new photos")) != [first]


def test_outlooks_index_leads_to_the_customers_thread(store: Store) -> None:
    """Also an answer of ours, when its customer is addressed."""
    first, other = arrive(store, a_mail("Help", headers=INDEX), a_mail("Help", headers=INDEX, sender=EVE))
    assert first != other
    assert arrive(store, a_mail("RE: Help", headers=INDEX)) == [first]
    ours = a_mail("RE: Help", headers=INDEX, sender=US, to=(JANE,), references=("<lost@x>",))
    with store.begin() as tx:
        assert [t.id for t in Conversations.load(tx, MAILBOX, [ours]).of_recipients(ours)] == [first]


def test_a_web_form_opens_a_thread_for_each_mail(store: Store) -> None:
    """One address, one subject, many matters; and so for short subjects without a sign of an answer."""
    for subject in ("Contact form", "New message from acme lamps berlin", "Refund"):
        assert len(set(arrive(store, *[a_mail(subject) for _ in range(3)]))) == 3


def test_only_threads_that_were_active_lately_are_found(store: Store) -> None:
    """And not what a person has thrown out as junk, or in which a person never asked."""
    old = a_thread(subject="Broken lamp", waiting_since=NOW - timedelta(days=40))
    junk = a_thread(subject="Broken lamp", closed_at=NOW, closed_because="junk")
    thanks = a_thread(subject="Broken lamp")
    done = a_thread(subject="Broken chair", closed_at=NOW - timedelta(days=2), closed_because="done")
    with store.begin() as tx:
        threads.add(tx, [old, junk, thanks, done])
    lamp, chair = arrive(store, a_mail("Re: Broken lamp"), a_mail("Re: Broken chair"))
    assert lamp not in (old.id, junk.id, thanks.id)
    assert chair == done.id


def test_an_address_that_answers_go_to_instead_of_the_author_joins_nothing(store: Store) -> None:
    """A stranger who sets Reply-To to a customer's address is not she."""
    arrive(store, a_mail())
    forged = a_mail("Re: Broken lamp", sender=EVE, reply_to=(JANE,))
    with store.begin() as tx:
        assert Conversations.load(tx, MAILBOX, [forged], NOW).find(forged, JANE.address, NOW) is None


def test_without_a_time_only_ids_are_looked_at(store: Store) -> None:
    """Nobody can tell whether a thread of that subject is still fresh."""
    arrive(store, a_mail())
    answer = a_mail("Re: Broken lamp")
    with store.begin() as tx:
        assert Conversations.load(tx, MAILBOX, [answer]).find(answer, JANE.address) is None


def answers(store: Store, mail: Message, later: float = 1) -> list[int]:
    """The threads that a mail of ours belongs to, sent minutes later."""
    at = NOW + minutes(later)
    with store.begin() as tx:
        conversations = Conversations.load(tx, MAILBOX, [mail], at, seek=may_answer)
    return [t.id for t in conversations.of_recipients(mail, at)]


def test_an_answer_of_ours_without_ids_belongs_to_the_only_thread_that_waits_for_it(store: Store) -> None:
    """Of two nobody knows which; a new mail of ours, one to several people, one that was sent before: none."""
    (first,) = arrive(store, a_mail())
    ours = a_mail("Re: Broken lamp", sender=US, to=(JANE,))
    assert answers(store, ours) == [first]
    assert answers(store, ours, -1) == []
    assert answers(store, replace(ours, subject="Broken lamp")) == []
    assert answers(store, replace(ours, subject="Re: Broken chair")) == []
    assert answers(store, replace(ours, to=(EVE,))) == []
    assert answers(store, replace(ours, cc=(EVE,))) == []
    assert answers(store, replace(ours, references=("<lost@x>",))) == []
    arrive(store, a_mail())
    assert answers(store, ours) == []


# ------------------------------------------------------------------ strangers

IDS = st.sampled_from(["<1@x>", "<2@x>", "<3@x>", "<1@X>"])
SUBJECTS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "Re: ", "[#123] ", "Re: [Ticket#123] ", "Fwd: "]),
        st.sampled_from(["Broken lamp", "broken lamp 48213", "Lamp on third floor flickers", "Hello", ""]),
    ),
)
MAILS = st.builds(
    a_mail,
    SUBJECTS,
    sender=st.sampled_from([JANE, EVE, US]),
    message_id=IDS | st.just(""),
    references=st.lists(IDS, max_size=2).map(tuple),
    in_reply_to=st.lists(IDS, max_size=1).map(tuple),
    reply_to=st.sampled_from([(), (), (JANE,), (EVE,)]),
    headers=st.sampled_from([(), INDEX]),
    text=st.just("Hm."),
    full_text=st.sampled_from(["Hm.", "Hm.\n> What?"]),
)


@given(st.lists(st.tuples(MAILS, st.integers(0, 60)), max_size=12), st.integers(1, 4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_strangers_never_share_a_thread(store: Store, mails: list[tuple[Message, int]], batch: int) -> None:
    """Whatever ids, tags, subjects and Reply-To they write, in whatever order: a thread has one customer."""
    with store.begin() as tx:
        for table in ("thread", "reference"):
            tx.exec_driver_sql(f"DELETE FROM {table}")
    writers: dict[int, set[str]] = {}
    for start in range(0, len(mails), batch):
        part = mails[start : start + batch]
        at = [NOW + timedelta(days=day) for _, day in part]
        with store.begin() as tx:
            conversations = Conversations.load(tx, MAILBOX, [mail for mail, _ in part], min(at))
        for (mail, _), when in zip(part, at, strict=True):
            writers.setdefault(read(conversations, mail, when).id, set()).add(customer_of(mail).address)
        with store.begin() as tx:
            conversations.save(tx)
    assert all(len(who) == 1 for who in writers.values())


@given(st.permutations(["Re: Broken lamp", "RE[2]: broken lamp", "Chair", "AW: Broken lamp", "Re: Table", "Re: TABLE"]))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_answers_meet_in_any_order(store: Store, written: list[str]) -> None:
    """In whatever order they come after the question, and between whatever else."""
    with store.begin() as tx:
        conversations = Conversations.load(tx, MAILBOX + 1, [], NOW)
    question = read(conversations, a_mail()).id
    found = {subject: read(conversations, a_mail(subject)).id for subject in written}
    assert found["Re: Broken lamp"] == found["RE[2]: broken lamp"] == found["AW: Broken lamp"] == question
    assert found["Re: Table"] == found["Re: TABLE"]
    assert len(set(found.values())) == 3
