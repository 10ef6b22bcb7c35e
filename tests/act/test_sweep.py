"""Reminders: each step once, one mail per person, and honest about mails that may be lost."""

from __future__ import annotations

import email
import email.policy
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from router.act import clocks
from router.act.desk import Desk
from router.act.sweep import remind_now, retarget, sweep
from router.decide import targets
from router.decide.rules import Hours, Person, Remind, Step, Target
from router.store import intents, mailboxes, messages, outbox, threads
from router.store.database import Store
from router.store.ids import next_id
from router.store.records import DraftRecord, Intent, MessageRecord, OutboxLine, OutboxMail, ThreadRecord
from tests.act.builders import NOW, PEOPLE, STEPS, a_desk, a_target, hours, minutes, the_rules


def a_waiting(desk: Desk, *, since: datetime = NOW, target: Target | None = None, **more: object) -> ThreadRecord:
    """A customer who waits, with her mail in a folder."""
    target = target or desk.rules.reply_within
    thread = ThreadRecord(**{"id": next_id(), "mailbox_id": desk.record.id, "customer": "jane@client.example", **more})  # type: ignore[arg-type]
    thread = clocks.after_customer_mail(thread, since, target, target)
    row_id = next_id()
    row = MessageRecord(
        id=row_id, mailbox_id=desk.record.id, thread_id=thread.id, folder="Support/Refunds", uidvalidity=1,
        uid=row_id % 2**32, fingerprint=str(row_id), size=1, internaldate=since, seen_at=since, subject="Refund please",
        message_id=f"<{row_id}@client.example>", sender="jane@client.example", state="filed",
    )  # fmt: skip
    with desk.store.begin() as tx:
        threads.add(tx, [thread])
        messages.add(tx, [row])
    return thread


def sweep_at(desk: Desk, moment: datetime) -> list[Intent]:
    with desk.store.begin() as tx:
        return sweep(tx, replace(desk, now=moment))


def mails(store: Store) -> list[OutboxMail]:
    with store.begin() as tx:
        return outbox.in_state(tx, "queued", "sending", "sent", "unknown", "reported")


def lines(store: Store) -> list[OutboxLine]:
    with store.begin() as tx:
        return [line for mail in mails_in(tx) for line in outbox.lines_of(tx, mail.id)]


def mails_in(tx) -> list[OutboxMail]:  # type: ignore[no-untyped-def]
    return outbox.in_state(tx, "queued", "sending", "sent", "unknown", "reported")


def text(mail: OutboxMail) -> str:
    return str(email.message_from_bytes(mail.raw, policy=email.policy.default).get_content())


# ------------------------------------------------------------------ each step once


@st.composite
def step_lists(draw: st.DrawFn) -> tuple[Step, ...]:
    """Steps at any shares, the same one twice included; some repeat, not all of them for ever."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        told = draw(st.sampled_from(["remind", "escalate", "tag", "both"]))
        repeats = told != "tag" and draw(st.booleans())
        found.append(
            Step(
                at=draw(st.sampled_from([0.25, 0.5, 0.5, 1.0, 1.5])),
                tag="due" if told == "tag" else None,
                remind="team" if told in ("remind", "both") else None,
                escalate="lead" if told in ("escalate", "both") else None,
                repeat=minutes(90) if repeats else None,
                at_most=draw(st.integers(1, 4)) if repeats else None,
            )
        )
    return tuple(found)


SWEEPS = st.lists(st.tuples(st.integers(0, 900), st.sampled_from(["", "restart", "crash"])), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=step_lists(), times=SWEEPS)
def test_every_step_is_told_exactly_as_often_as_it_is_due(
    migrated: Path, steps: tuple[Step, ...], times: list[tuple[int, str]]
) -> None:
    """Whatever the moments of the sweeps, their order, and what happens between them.

    A clock that is set back, a restart, and a crash before the commit are all in it.
    """
    target = a_target(steps=steps)
    rules = the_rules(reply_within=target)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated, Path(folder) / "router.db")
        store = Store.open(f"sqlite:///{folder}/router.db")
        thread = a_waiting(a_desk(store, rules=rules))
        tags: Counter[str] = Counter()
        for minute, event in times:
            desk = a_desk(store, rules=rules, now=NOW + minutes(minute))
            if event == "crash":
                with pytest.raises(KeyboardInterrupt), store.begin() as tx:  # noqa: PT012 dies before the commit
                    sweep(tx, desk)
                    raise KeyboardInterrupt
            else:
                tags.update(i.key for i in sweep_at(desk, desk.now))
            if event == "restart":
                store.close()
                store = Store.open(store.url)
        told = Counter(tuple(line.key.split(":")[2:5]) for line in lines(store))
        store.close()
    last = max((minute for minute, event in times if event != "crash"), default=-1)
    due = [d for d in targets.due_times(target, NOW, NOW + minutes(last)) if d.at <= NOW + minutes(last)]
    kinds = ("remind", "escalate")
    assert told == Counter((d.key, str(d.repeat_index), kind) for d in due for kind in kinds if getattr(d.step, kind))
    assert tags == Counter(f"step:{thread.id}:1:{d.key}" for d in due if d.step.tag)


def test_nothing_is_told_before_its_time(store: Store) -> None:
    """One minute before 75 % the team hears nothing."""
    desk = a_desk(store)
    a_waiting(desk)
    sweep_at(desk, NOW + hours(4.5) - minutes(1))
    assert mails(store) == []
    sweep_at(desk, NOW + hours(4.5))
    assert [m.person for m in mails(store)] == ["team"]


def test_an_answer_or_closing_silences_the_steps_that_remain(store: Store) -> None:
    """And the next question is told afresh."""
    desk = a_desk(store)
    thread = a_waiting(desk)
    sweep_at(desk, NOW + hours(5))
    with store.begin() as tx:
        found = threads.get(tx, thread.id)
        assert found is not None
        threads.save(tx, [threads.answered(found, NOW + hours(5), "a mail in Sent")])
    sweep_at(desk, NOW + hours(20))
    assert [(line.step, line.kind) for line in lines(store)] == [("75%", "remind")]
    with store.begin() as tx:
        found = threads.get(tx, thread.id)
        assert found is not None
        threads.save(tx, [clocks.after_customer_mail(found, NOW + hours(20), desk.rules.reply_within, None)])
    sweep_at(desk, NOW + hours(25))
    assert [(line.step, line.kind) for line in lines(store)] == [("75%", "remind")] * 2


def test_steps_tag_and_flag_the_newest_mail(store: Store) -> None:
    """As planned intents; nothing is done to the mailbox here."""
    desk = a_desk(store)
    a_waiting(desk)
    assert [i.add_flags for i in sweep_at(desk, NOW + hours(3))] == ["due-soon"]
    planned = sweep_at(desk, NOW + hours(6))
    assert [(i.kind, i.add_flags, i.folder) for i in planned] == [("flags", "overdue \\Flagged", "Support/Refunds")]
    with store.begin() as tx:
        assert len(intents.unfinished(tx, desk.record.id)) == 2


def test_a_mail_that_lies_nowhere_is_told_but_not_tagged(store: Store) -> None:
    """Reminders do not depend on knowing where the mail is."""
    desk = a_desk(store)
    thread = a_waiting(desk)
    with store.begin() as tx:
        (row,) = messages.of_thread(tx, thread.id)
        messages.set_values(tx, row.id, uid=None, state="missing")
    assert sweep_at(desk, NOW + hours(6)) == []
    assert {m.person for m in mails(store)} == {"team", "lead"}


# ------------------------------------------------------------------ who is told, and how


def test_a_person_gets_one_mail_for_all_who_wait(store: Store) -> None:
    """However many customers and steps; each customer counts once."""
    desk = a_desk(store)
    for number in range(3):
        a_waiting(desk, customer=f"c{number}@client.example")
    sweep_at(desk, NOW + hours(6))
    team, lead = sorted(mails(store), key=lambda m: m.person, reverse=True)
    assert (team.person, lead.person) == ("team", "lead")
    assert team.recipients == "olha@acme.example,bat@acme.example"
    assert "3 customers" in team.subject
    assert "3 customers overdue" in lead.subject
    assert all(text(team).count(f"c{n}@client.example") == 1 for n in range(3))


def test_a_customer_is_counted_once_however_many_steps_are_due(store: Store) -> None:
    """After a night without us several steps of one conversation go to one person: that is still one customer."""
    steps = (Step(at=0.5, remind="lead"), Step(at=0.75, remind="lead"), Step(at=1.0, escalate="lead", repeat=hours(1)))
    desk = a_desk(store, rules=the_rules(reply_within=a_target(steps=steps)))
    a_waiting(desk)
    sweep_at(desk, NOW + hours(12))
    (mail,) = mails(store)
    assert "1 customer overdue" in mail.subject
    assert text(mail).count("jane@client.example") == 1
    assert len(lines(store)) == 9  # each is remembered as told


def test_a_claimed_conversation_reminds_its_claimer_alone(store: Store) -> None:
    """By the local part of her address; an escalation is not redirected."""
    desk = a_desk(store)
    a_waiting(desk, claimed_by="olha")
    sweep_at(desk, NOW + hours(6))
    assert {m.person: m.recipients for m in mails(store)} == {"olha": "olha@acme.example", "lead": "lead@acme.example"}


def test_a_reminder_for_nobody_is_an_alert(store: Store) -> None:
    """A claim folder of somebody who is not under `people` makes no reminder vanish: the team is told instead."""
    desk = a_desk(store)
    a_waiting(desk, claimed_by="stranger")
    sweep_at(desk, NOW + hours(5))
    assert [m.person for m in mails(store)] == ["team"]
    with store.begin() as tx:
        assert ["stranger" in a.text for a in mailboxes.open_alerts(tx)] == [True]


def test_own_hours_delay_a_person_s_mail(store: Store) -> None:
    """Told at the next opening of her own hours; everybody else at once."""
    nine_to_six = Hours(name="office", time_zone="UTC", spans=(((9 * 60, 18 * 60),),) * 7)
    people = (PEOPLE[0], Person(name="lead", emails=("lead@acme.example",), hours=nine_to_six))
    desk = a_desk(store, rules=the_rules(people=people))
    a_waiting(desk, since=NOW + hours(3))
    sweep_at(desk, NOW + hours(9))
    not_before = {m.person: m.not_before for m in mails(store)}
    assert not_before == {"team": NOW + hours(9), "lead": NOW + hours(21)}


def test_a_mail_that_may_be_lost_is_mentioned_once(store: Store) -> None:
    """In the next mail to that person, not in those of others, and not again."""
    desk = a_desk(store)
    a_waiting(desk)
    sweep_at(desk, NOW + hours(5))
    with store.begin() as tx:
        (first,) = outbox.ready(tx, NOW + hours(5))
        outbox.set_mail(tx, first.id, state="unknown")
    a_waiting(desk, since=NOW + hours(2))
    sweep_at(desk, NOW + hours(7))
    a_waiting(desk, since=NOW + hours(9))
    sweep_at(desk, NOW + hours(14))
    mentioned = {m.person: [] for m in mails(store)}
    for mail in mails(store):
        mentioned[mail.person].append("We may have told you already" in text(mail))
    assert mentioned["team"] == [False, True, False]
    assert not any(mentioned["lead"])


def test_a_waiting_draft_is_mentioned(store: Store) -> None:
    """Whoever is reminded learns that an answer lies ready."""
    desk = a_desk(store)
    thread = a_waiting(desk)
    with store.begin() as tx:
        draft = DraftRecord(
            id=1, mailbox_id=desk.record.id, thread_id=thread.id, message_row=1, reply_id="refund/first",
            state="waiting", placed_at=NOW,
        )  # fmt: skip
        intents.add_drafts(tx, [draft])
    sweep_at(desk, NOW + hours(5))
    (mail,) = mails(store)
    assert "a draft is ready" in text(mail)


# ------------------------------------------------------------------ rules


def test_new_rules_move_the_next_step(store: Store) -> None:
    """A tighter promise in an edited file holds for clocks that run already; what was told stays told."""
    desk = a_desk(store)
    thread = a_waiting(desk)
    sweep_at(desk, NOW + hours(5))
    with store.begin() as tx:
        retarget(tx, desk.record.id, the_rules(reply_within=a_target(2)))
        found = threads.get(tx, thread.id)
    assert found is not None
    assert found.next_due == NOW + hours(2)
    sweep_at(replace(desk, bench=replace(desk.bench, rules=the_rules(reply_within=a_target(2)))), NOW + hours(5))
    assert sorted((line.step, line.kind) for line in lines(store)) == [
        ("100%", "escalate"),
        ("100%", "escalate"),
        ("75%", "remind"),
    ]


def test_rules_without_a_promise_silence_running_clocks(store: Store) -> None:
    """The admin has taken `reply_within` out."""
    desk = a_desk(store)
    a_waiting(desk)
    without = the_rules(reply_within=None)
    with store.begin() as tx:
        retarget(tx, desk.record.id, without)
    sweep_at(replace(desk, bench=replace(desk.bench, rules=without)), NOW + hours(9))
    assert mails(store) == []


@pytest.mark.parametrize("claimed_by", [None, "olha"])
def test_a_rule_s_reminders_reach_each_person_once_a_mail(store: Store, claimed_by: str | None) -> None:
    """Two reminders that end at one person are one, and the same mail decided again tells nobody anew."""
    desk = a_desk(store)
    thread = a_waiting(desk, claimed_by=claimed_by)
    with store.begin() as tx:
        (row,) = messages.of_thread(tx, thread.id)
        wanted = [(thread, row, Remind(person=person)) for person in ("team", "lead", "team")]
        remind_now(tx, desk, wanted)
        remind_now(tx, desk, wanted)
    assert {m.person for m in mails(store)} == ({"olha"} if claimed_by else {"team", "lead"})
    assert len(mails(store)) == len({m.person for m in mails(store)})


def test_the_usual_steps_are_those_of_the_manual() -> None:
    """Tag at half time, remind the team at 75 %, tell the lead three times from 100 % on."""
    due = targets.due_times(a_target(steps=STEPS), NOW)
    assert [(d.key, d.repeat_index, d.at - NOW) for d in due] == [
        ("50%", 0, hours(3)),
        ("75%", 0, hours(4.5)),
        ("100%", 0, hours(6)),
        ("100%", 1, hours(8)),
        ("100%", 2, hours(10)),
    ]
