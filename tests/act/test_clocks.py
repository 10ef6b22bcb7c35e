"""What mail does to a conversation's reply clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from router.act import clocks
from router.decide.rules import Category, Senders, Workflow
from router.store import threads
from router.store.ids import next_id
from router.store.records import ThreadRecord
from tests.act.builders import NOW, a_target, all_mail, hours, minutes, the_rules

TARGET = a_target()
Event = Callable[[ThreadRecord, datetime], ThreadRecord]


def a_thread(**more: object) -> ThreadRecord:
    return ThreadRecord(**{"id": next_id(), "mailbox_id": 1, "customer": "jane@client.example", **more})  # type: ignore[arg-type]


def mail(thread: ThreadRecord, at: datetime) -> ThreadRecord:
    return clocks.after_customer_mail(thread, at, TARGET, TARGET)


def answer(thread: ThreadRecord, at: datetime) -> ThreadRecord:
    return threads.answered(thread, at, "a mail in Sent")


def close(thread: ThreadRecord, at: datetime) -> ThreadRecord:
    return threads.closed(thread, at, "done")


def fire(thread: ThreadRecord, _at: datetime) -> ThreadRecord:
    return clocks.fire(thread, ["50%"], TARGET)


def after(*events: Event) -> ThreadRecord:
    """A conversation after these events, ten minutes apart, the first one at noon."""
    thread = a_thread()
    for number, event in enumerate(events):
        thread = event(thread, NOW + minutes(10 * number))
    return thread


HALF, FULL = hours(3), hours(4.5)  # 50 % and 75 % of six hours
TABLE: list[tuple[tuple[Event, ...], object, object, int, dict[str, int]]] = [
    # events, waiting since, next step due, number of clocks, what has fired
    ((mail,), NOW, NOW + HALF, 1, {}),
    ((mail, mail), NOW, NOW + HALF, 1, {}),
    ((mail, fire), NOW, NOW + FULL, 1, {"50%": 1}),
    ((mail, fire, mail), NOW, NOW + FULL, 1, {"50%": 1}),
    ((mail, answer), None, None, 1, {}),
    ((mail, close), None, None, 1, {}),
    ((mail, fire, answer), None, None, 1, {}),
    ((mail, answer, mail), NOW + minutes(20), NOW + minutes(20) + HALF, 2, {}),
    ((mail, fire, answer, mail), NOW + minutes(30), NOW + minutes(30) + HALF, 2, {}),
    ((mail, close, mail), NOW + minutes(20), NOW + minutes(20) + HALF, 2, {}),
    ((mail, fire, close, mail), NOW + minutes(30), NOW + minutes(30) + HALF, 2, {}),
    ((mail, answer, answer), None, None, 1, {}),
    ((mail, answer, close), None, None, 1, {}),
    ((mail, answer, mail, answer, mail), NOW + minutes(40), NOW + minutes(40) + HALF, 3, {}),
]


@pytest.mark.parametrize(
    ("events", "since", "due", "clock", "fired"), TABLE, ids=["-".join(e.__name__ for e in row[0]) for row in TABLE]
)
def test_a_clock_runs_from_the_first_mail_that_nobody_answered(
    events: tuple[Event, ...], since: object, due: object, clock: int, fired: dict[str, int]
) -> None:
    """Later mails do not move it, an answer or a closing ends it, the next mail starts a new one with fresh steps."""
    thread = after(*events)
    assert (thread.waiting_since, thread.next_due, thread.clock) == (since, due, clock)
    assert json.loads(thread.fired) == fired
    assert thread.waiting == (since is not None)


def test_a_mail_reopens_what_was_closed() -> None:
    """And the reason of the closing is gone."""
    thread = after(mail, close, mail)
    assert (thread.closed_at, thread.closed_because) == (None, "")


def test_every_mail_is_counted() -> None:
    """`messages:` in a condition counts them."""
    assert after(mail, mail, mail).messages == 3


def test_without_a_promise_the_customer_waits_and_nobody_is_told() -> None:
    """A clock without `reply_within` still says since when somebody waits."""
    thread = clocks.after_customer_mail(a_thread(), NOW, None, None)
    assert (thread.waiting_since, thread.target, thread.next_due) == (NOW, "", None)


def test_the_tighter_promise_holds() -> None:
    """A second mail may bring a tighter one; it counts from the first mail. A looser one changes nothing."""
    urgent = a_target(1, name="senders.vip")
    tightened = clocks.after_customer_mail(after(mail), NOW + minutes(10), urgent, TARGET)
    assert (tightened.target, tightened.waiting_since) == ("senders.vip", NOW)
    assert tightened.next_due == NOW + minutes(30)
    loose = clocks.after_customer_mail(tightened, NOW + minutes(20), TARGET, urgent)
    assert loose == replace(tightened, messages=3)


def test_a_step_that_fired_does_not_fire_again_under_a_tighter_promise() -> None:
    """It has been told."""
    urgent = a_target(1, name="senders.vip")
    tightened = clocks.after_customer_mail(after(mail, fire), NOW + minutes(10), urgent, TARGET)
    assert clocks.fired_of(tightened) == {"50%": 1}
    assert tightened.next_due == NOW + minutes(45)


def test_a_repeating_step_is_due_until_it_was_told_as_often_as_it_may() -> None:
    """Then nothing is due any more, and the customer still waits."""
    thread = clocks.fire(after(mail), ["50%", "75%", "100%"], TARGET)
    assert thread.next_due == NOW + hours(8)
    thread = clocks.fire(clocks.fire(thread, ["100%"], TARGET), ["100%"], TARGET)
    assert thread.next_due is None
    assert thread.waiting


def test_promises_are_found_by_the_name_that_a_thread_remembers() -> None:
    """Whoever made it: the file, a category, a sender list or a workflow. A removed one falls back to the general."""
    named = ["reply_within", "categories.refund", "senders.vip", "workflows[0]"]
    one, two, three, four = (a_target(n + 1, name=name) for n, name in enumerate(named))
    rules = the_rules(
        reply_within=one,
        categories=(Category(name="refund", reply_within=two), Category(name="faq")),
        senders=(Senders(name="vip", patterns=("*@x.example",), reply_within=three),),
        workflows=(Workflow(name="w", when=all_mail(), reply_within=four),),
    )
    found = clocks.targets_by_name(rules)
    assert found == dict(zip(named, (one, two, three, four), strict=True))
    assert clocks.target_of(a_thread(target="senders.vip"), found, rules) is three
    assert clocks.target_of(a_thread(target="senders.gone"), found, rules) is one
    assert clocks.target_of(a_thread(), found, rules) is None
