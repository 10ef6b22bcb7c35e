"""Steps of a target: when they are due, what is due now, and whom they reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.rules import Person, Step, Target
from router.decide.targets import (
    addresses_of,
    deliver_at,
    due_at,
    due_steps,
    due_times,
    next_due,
    recipient,
    tightest,
)
from router.errors import ConfigError

from .builders import ALWAYS, KYIV, NOON, STEPS, a_target, office, the_rules, weekdays


def kyiv(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV)


def shown(target: Target, started: datetime, until: datetime | None = None) -> list[tuple[str, int, str]]:
    """Sendings as an admin would tell them: step, how manieth, local time."""
    return [
        (due.key, due.repeat_index, f"{due.at.astimezone(KYIV):%d %H:%M}") for due in due_times(target, started, until)
    ]


def test_a_refund_from_friday_five_o_clock() -> None:
    """Four business hours from Friday 17:00: warned on Saturday at 11:00 and 12:00, overdue at 13:00."""
    assert shown(a_target(4), kyiv("2026-11-20T17:00")) == [
        ("50%", 0, "21 11:00"),
        ("75%", 0, "21 12:00"),
        ("100%", 0, "21 13:00"),
        ("100%", 1, "23 10:00"),
        ("100%", 2, "23 12:00"),
    ]


def test_a_clock_that_fills_up_at_closing_time() -> None:
    """Six hours from 11:00 with a lunch break: 15:00, 16:30, and 18:00 sharp; repeats wait for the morning."""
    assert shown(a_target(6), kyiv("2026-11-24T11:00")) == [
        ("50%", 0, "24 15:00"),
        ("75%", 0, "24 16:30"),
        ("100%", 0, "24 18:00"),
        ("100%", 1, "25 11:00"),
        ("100%", 2, "25 13:00"),
    ]


def test_a_holiday_of_one_s_own() -> None:
    """Six hours from Tuesday 17:00 with Wednesday off: the warning comes on Thursday at 12:30."""
    target = a_target(6, calendar=weekdays(holidays=(date(2026, 11, 25),)))
    assert shown(target, kyiv("2026-11-24T17:00"))[:3] == [
        ("50%", 0, "26 11:00"),
        ("75%", 0, "26 12:30"),
        ("100%", 0, "26 14:00"),
    ]


def test_steps_round_up_to_the_minute() -> None:
    """A third of a hundred minutes is due at the next full minute; a full minute stays."""
    target = a_target(100 / 60, calendar=ALWAYS, steps=(Step(at=1 / 3, tag="soon"), Step(at=0.5, tag="half")))
    assert [due.at.strftime("%H:%M:%S") for due in due_times(target, NOON)] == ["12:34:00", "12:50:00"]
    late = NOON + timedelta(seconds=1)
    assert [due.at.strftime("%H:%M:%S") for due in due_times(target, late)] == ["12:34:00", "12:51:00"]


def test_open_days_share_their_open_time() -> None:
    """Two open days from Friday 10:00 end on Tuesday 10:00; half of their open time has passed on Monday 10:00."""
    steps = (Step(at=0.5, tag="half"), Step(at=1.0, remind="team"))
    target = Target(name="update", days=2, hours=weekdays(), steps=steps)
    assert shown(target, kyiv("2026-11-20T10:00")) == [("50%", 0, "23 10:00"), ("100%", 0, "24 10:00")]


def test_open_days_from_the_evening_end_at_an_opening() -> None:
    """One open day from 20:00 is due when the office opens after the next evening."""
    target = Target(name="update", days=1, hours=weekdays(), steps=(Step(at=1.0, remind="team"),))
    assert shown(target, kyiv("2026-11-24T20:00")) == [("100%", 0, "26 09:00")]


def test_a_repeat_without_an_end_shows_until_it_is_told() -> None:
    """A step that repeats for ever shows once, or as often as fits."""
    target = a_target(1, calendar=ALWAYS, steps=(Step(at=1.0, remind="team", repeat=timedelta(hours=1)),))
    assert len(due_times(target, NOON)) == 1
    assert len(due_times(target, NOON, NOON + timedelta(hours=5))) == 5


def test_tags_do_not_repeat() -> None:
    """Only reminders and escalations repeat."""
    target = a_target(1, calendar=ALWAYS, steps=(Step(at=1.0, tag="overdue", repeat=timedelta(hours=1)),))
    assert len(due_times(target, NOON, NOON + timedelta(days=2))) == 1


def test_a_repeat_of_no_time_is_an_error() -> None:
    """It would never end."""
    target = a_target(1, steps=(Step(at=1.0, remind="team", repeat=timedelta(0)),))
    with pytest.raises(ConfigError, match="step 100%"):
        due_steps(target, NOON, NOON, {})


def test_only_what_is_due_and_not_sent_is_due() -> None:
    """A step is due at its minute and not before, and once it is sent it is due no more."""
    target, start = a_target(4), kyiv("2026-11-20T17:00")

    def due(at: str, **fired: int) -> list[str]:
        counts = {f"{key[1:]}%": n for key, n in fired.items()}
        return [step.key for step in due_steps(target, start, kyiv(at), counts)]

    assert due("2026-11-21T10:59") == []
    assert due("2026-11-21T11:00") == ["50%"]
    assert due("2026-11-21T12:00", _50=1) == ["75%"]
    assert due("2026-11-21T13:00") == ["50%", "75%", "100%"]
    assert due("2026-11-23T10:00", _50=1, _75=1, _100=1) == ["100%"]
    assert due("2026-11-25T10:00", _50=1, _75=1, _100=3) == []


def test_two_steps_at_one_share_are_two_steps() -> None:
    """Sending one of them does not silence the other."""
    steps = (Step(at=0.75, tag="due-soon"), Step(at=0.75, remind="team"))
    due = due_steps(a_target(1, calendar=ALWAYS, steps=steps), NOON, NOON + timedelta(hours=1), {"75%": 1})
    assert [(step.key, step.step.remind) for step in due] == [("75%#2", "team")]


def test_the_next_step_is_known() -> None:
    """It moves on as steps are sent, and ends."""
    target, start = a_target(4), kyiv("2026-11-20T17:00")
    assert next_due(target, start, {}) == kyiv("2026-11-21T11:00")
    assert next_due(target, start, {"50%": 1, "75%": 1}) == kyiv("2026-11-21T13:00")
    assert next_due(target, start, {"50%": 1, "75%": 1, "100%": 2}) == kyiv("2026-11-23T12:00")
    assert next_due(target, start, {"50%": 1, "75%": 1, "100%": 3}) is None


def test_the_target_that_is_due_first_holds() -> None:
    """Two office hours end after ten hours around the clock on a Friday evening, and before them on a Monday."""
    office_hours, around = a_target(2, name="office"), a_target(10, calendar=ALWAYS, name="around")
    friday, monday = kyiv("2026-11-20T19:00"), kyiv("2026-11-23T09:00")
    assert tightest([office_hours, around], friday) == around
    assert tightest([office_hours, around], monday) == office_hours
    assert tightest([], monday) is None
    assert tightest([a_target(name="first"), a_target(name="second")], monday) == a_target(name="first")


def test_a_person_with_hours_is_reminded_in_them() -> None:
    """A step that is due at night waits for that person's next opening; others get it at once."""
    night, morning = kyiv("2026-11-24T03:00"), kyiv("2026-11-24T09:00")
    lead = Person(name="lead", emails=("lead@acme.example",))
    assert deliver_at(lead, night) == night
    assert deliver_at(replace(lead, hours=weekdays()), night) == morning
    assert deliver_at(replace(lead, hours=weekdays()), morning) == morning


def test_a_claim_redirects_reminders_and_no_escalation() -> None:
    """While claimed, the claimer is reminded; the lead still hears of what is overdue."""
    assert recipient("team", "remind", "olha") == "olha"
    assert recipient("team", "remind", None) == "team"
    assert recipient("lead", "escalate", "olha") == "lead"


def test_a_claimer_has_an_address() -> None:
    """It is the team's address whose local part is the claimer's name."""
    rules = the_rules()
    assert addresses_of("lead", rules) == ("lead@acme.example",)
    assert addresses_of("olha", rules) == ("olha@acme.example",)
    assert addresses_of("nobody", rules) == ()


starts = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(starts, st.timedeltas(timedelta(0), timedelta(days=10)), st.timedeltas(timedelta(0), timedelta(days=10)))
def test_two_sweeps_send_what_one_sweep_sends(start: datetime, first: timedelta, second: timedelta) -> None:
    """However the sweeps fall, each sending is due in exactly one of them."""
    target = a_target(6, calendar=office(), steps=STEPS)
    early, late = start + min(first, second), start + max(first, second)
    fired: dict[str, int] = {}
    sent = []
    for now in (early, late):
        for due in due_steps(target, start, now, fired):
            assert due.at <= now
            sent.append((due.at, due.key, due.repeat_index))
            fired[due.key] = fired.get(due.key, 0) + 1
    at_once = [(due.at, due.key, due.repeat_index) for due in due_steps(target, start, late, {})]
    assert sorted(sent) == sorted(at_once)
    upcoming = next_due(target, start, fired)
    assert upcoming is None or upcoming > late


@given(starts)
def test_a_target_is_due_with_its_last_step(start: datetime) -> None:
    """100 % and the step at 100 % are one moment."""
    target = a_target(6, steps=(Step(at=1.0, remind="team"),))
    assert due_at(target, start) == due_times(target, start)[0].at
