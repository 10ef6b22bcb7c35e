"""Which conversation a message belongs to, and whom an answer goes to."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from router.mail.threads import Candidate, continued, conversation_index, customer_of, references_of
from router.values import Address
from tests.mail.builders import a_message

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
JANE = "jane@customer.example"


def days(count: float) -> timedelta:
    return timedelta(days=count)


def a_thread(**more: Any) -> Candidate:
    plain = {"id": 1, "customer": JANE, "subject": "Broken lamp", "tags": (), "active_at": NOW - days(1)}
    return Candidate(**{**plain, **more})


def joins(subject: str, *threads: Candidate, body: str = "Hm.", **headers: str | None) -> int | None:
    """The id of the thread that a mail of Jane's without ids continues."""
    found = continued(a_message(body, Subject=subject, **headers), NOW, threads)
    return found[0].id if found else None


# ------------------------------------------------------------------ by ids


def test_the_direct_parent_is_last_and_nothing_stands_twice() -> None:
    message = a_message(References="<1@x> <2@x> <1@x>", In_Reply_To="<3@x>")
    assert references_of(message) == ("<1@x>", "<2@x>", "<3@x>")


def test_an_address_in_prose_is_no_id() -> None:
    """Old clients write whose mail they answer; it would be the parent of all that this customer writes."""
    message = a_message(In_Reply_To='Message from Shop <support@shop.example> of "Tue" <3@x>')
    assert references_of(message) == ("<3@x>",)


def test_outlooks_index_names_a_conversation_with_its_subject() -> None:
    """Its first 22 octets stay the same in answers; a template's index under another subject is another matter."""
    first, reply = bytes(range(22)), bytes(range(27))

    def index(octets: bytes, subject: str) -> str:
        return conversation_index(a_message(Thread_Index=base64.b64encode(octets).decode(), Subject=subject))

    assert index(first, "Lamp") == index(reply, "RE: Lamp") != ""
    assert index(first, "Lamp") != index(reply, "RE: Chair")
    assert index(first, "Lamp") != index(bytes(22), "Lamp")
    assert index(b"short", "Lamp") == ""
    assert conversation_index(a_message(Thread_Index="n o t base64 é")) == ""
    assert conversation_index(a_message()) == ""


# ------------------------------------------------------------------ by the subject


def test_an_answer_without_ids_finds_its_subject() -> None:
    """With a reply prefix or quoted lines: for two weeks, and for thirty days while somebody waits."""
    assert joins("Re: broken  LAMP", a_thread()) == 1
    assert joins("Broken lamp", a_thread(), body="It still is.\n\n> Is it\n> broken?\n") == 1
    assert joins("Re: Broken lamp", a_thread(active_at=NOW - days(15))) is None
    assert joins("Re: Broken lamp", a_thread(active_at=NOW - days(29), waiting=True)) == 1
    assert joins("Re: Broken lamp", a_thread(active_at=NOW - days(31), waiting=True)) is None
    assert joins("Re: Broken chair", a_thread()) is None


@pytest.mark.parametrize("subject", ["Hello", "Question", "My order", "Contact form", "(no subject)", "", "Питання"])
def test_a_general_subject_joins_nothing(subject: str) -> None:
    """Not even with a reply prefix: it may be about anything."""
    assert joins(f"Re: {subject}", a_thread(subject=subject)) is None
    assert joins(subject, a_thread(subject=subject)) is None


def test_without_a_sign_of_an_answer_the_subject_must_be_telling_and_the_thread_fresh() -> None:
    """The same words within two days are the same matter; a form's name, or a closed thread, is not."""
    telling = "Lamp on third floor flickers"
    assert joins(telling, a_thread(subject=telling)) == 1
    assert joins(telling, a_thread(subject=telling, active_at=NOW - days(3))) is None
    assert joins(telling, a_thread(subject=telling, closed=True)) is None
    assert joins("Broken lamp", a_thread()) is None
    form = "New message from acme lamps berlin"
    assert joins(form, a_thread(subject=form)) is None


def test_a_ticket_tag_leads_to_the_thread_that_carried_it() -> None:
    """Under any subject, for ninety days; the tag wins over the subject, and another tag is another matter."""
    tagged = a_thread(id=2, subject="Something else", tags={"123"}, active_at=NOW - days(80))
    assert joins("Broken lamp [#123]", tagged) == 2
    assert joins("Re: [#123] Broken lamp", a_thread(), tagged) == 2
    assert joins("Re: Ticket 123: still broken", a_thread(subject="[Ticket#123] Lamp")) == 1
    assert joins("Ticket 123: still broken", a_thread(subject="Ticket 123: refund")) is None  # it may be a seat's
    assert joins("[ISO-9001] Chair", a_thread(subject="[ISO-9001] Lamp")) is None
    assert joins("Re: [#124] Broken lamp", a_thread(tags={"123"})) is None
    assert joins("Re: [#124] Broken lamp", a_thread()) == 1
    assert joins("Re: [#123] Lamp", a_thread(id=2, tags={"123"}, active_at=NOW - days(91))) is None


@pytest.mark.parametrize(
    ("subject", "theirs"),
    [
        ("Flat (#12): keys lost", "Flat (#12): water leak"),
        ("Re: Flat (#12): keys lost", "Flat (#12): water leak"),
        ("Shoe [size #42] too small", "Boots [size #42] torn"),
        ("Login problem (error #500)", "Payment (error #500)"),
        ("Lamp [#12]", "Chair [#12]"),
        ("Lamp [#2026]", "Chair [#2026]"),
        ("Re: Flight [LH-1234] refund", "Baggage [LH-1234]"),
        ("Re: Case 200 bottles", "Case 200 bottles of wine"),
    ],
)
def test_a_number_that_may_be_anything_joins_no_two_matters(subject: str, theirs: str) -> None:
    """A flat, a size, an error, a flight: what is said about it decides, also in an answer."""
    assert joins(subject, a_thread(subject=theirs)) is None


def test_a_loose_number_helps_an_answer_to_the_same_subject_or_to_a_marked_one() -> None:
    """For ninety days, as long as a marked one; without a sign of an answer it says nothing."""
    old = NOW - days(80)
    assert joins("Re: Broken lamp [LMP-1234]", a_thread(subject="[LMP-1234] Broken lamp", active_at=old)) == 1
    assert joins("Re: (#12) Broken lamp", a_thread(loose={"12"}, active_at=old)) == 1
    assert joins("Re: Ticket 4711: new photos", a_thread(tags={"4711"}, active_at=old)) == 1
    assert joins("Re: [#4711] new photos", a_thread(loose={"4711"}, active_at=old)) == 1
    assert joins("(#12) Broken lamp", a_thread(subject="(#12) Broken lamp", active_at=old)) is None
    telling = "Lamp in flat (#12) flickers"
    assert joins(telling, a_thread(subject=telling)) == 1


@pytest.mark.parametrize(
    ("body", "answers"),
    [
        ("It still is.\n\nOn Tue, 3 Mar 2026, Acme <help@shop.example> wrote:\n> Is it?\n", True),
        ("The label says\n> 100 EUR\nand I paid 120.", False),
        ("The label says:\n> 100 EUR", False),
    ],
)
def test_one_set_off_line_is_no_answer_unless_it_says_whose_it_is(body: str, answers: bool) -> None:
    """People set off a price with the sign that mail clients put before a quote."""
    assert joins("Broken lamp", a_thread(active_at=NOW - days(13)), body=body) == (1 if answers else None)


def test_the_newest_of_many_is_continued() -> None:
    """In whatever order they are given."""
    old, new = a_thread(id=1, active_at=NOW - days(3)), a_thread(id=2, active_at=NOW - days(2))
    assert joins("Re: Broken lamp", old, new) == joins("Re: Broken lamp", new, old) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "eve@stranger.example"},
        {"From": "jane@customer.example, eve@stranger.example"},
        {"Reply_To": "eve@stranger.example"},
        {"Auto_Submitted": "auto-replied"},
        {"List_Id": "<lamps.lists.example>", "Precedence": "list"},
    ],
)
def test_strangers_robots_and_lists_join_nothing_by_what_they_write(headers: dict[str, str]) -> None:
    """A subject and a tag are words that anybody can write."""
    known = a_thread(tags={"123"})
    assert joins("Re: Broken lamp", known, **headers) is None
    assert joins("Re: [#123] Broken lamp", known, **headers) is None


def test_it_says_why() -> None:
    """In a sentence for `explain`."""
    answer = continued(a_message(Subject="Re: Broken lamp"), NOW, [a_thread()])
    assert answer == (a_thread(), "an answer without helpful ids: the same subject and customer, 24 hours apart")
    known = a_thread(tags={"123"})
    tagged = continued(a_message(Subject="[#123] Lamp"), NOW, [known])
    assert tagged == (known, "ticket 123 in the subject, the same customer")


# ------------------------------------------------------------------ whose it is


def test_the_answer_goes_to_reply_to_only_when_it_is_one_and_not_ours() -> None:
    """Two addresses, our own or an unreadable one leave the sender as the customer."""
    ours = {"support@shop.example"}
    assert customer_of(a_message(Reply_To="other@x.example"), ours) == Address(address="other@x.example")
    for reply_to in ("a@x.example, b@x.example", "support@shop.example", "nonsense", None):
        assert customer_of(a_message(Reply_To=reply_to), ours).address == JANE
