"""Open time against an oracle that looks at every minute, and the cases that one meets by hand."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.business_time import Calendar, calendar
from router.decide.rules import Hours
from router.errors import ConfigError, MessageError

from .builders import ALWAYS, KYIV, NINE_TO_SIX, office, weekdays

MINUTE = timedelta(minutes=1)
WINDOW = 40 * 24 * 60  # minutes

# The week before each change of clocks in 2026; Ulaanbaatar has none, the last three change in odd places.
CHANGES = {
    "Europe/Kyiv": ((2026, 3, 22), (2026, 10, 18)),
    "Europe/Belgrade": ((2026, 3, 22), (2026, 10, 18)),
    "America/New_York": ((2026, 3, 1), (2026, 10, 25)),
    "Asia/Ulaanbaatar": ((2026, 3, 22), (2026, 10, 18)),
    "Asia/Beirut": ((2026, 3, 22), (2026, 10, 18)),  # at midnight
    "Australia/Lord_Howe": ((2026, 3, 29), (2026, 9, 27)),  # by half an hour
    "America/St_Johns": ((2006, 3, 26), (2006, 10, 22)),  # at one minute past midnight
}

SHAPES = {
    "office": ((((9 * 60, 13 * 60), (14 * 60, 18 * 60)),) * 5 + (((10 * 60, 14 * 60),), ())),
    "nights": ((((0, 4 * 60), (22 * 60, 1440)),) * 7),
    "sunday at the change": ((),) * 6 + (((90, 270), (23 * 60, 1440)),),
    "all day": (((0, 1440),),) * 7,
    "odd minutes": (((61, 119), (121, 150), (151, 152), (1439, 1440)),) * 7,
}


class Oracle:
    """The rule of a calendar, minute by minute, as it is written down: label in a span, date no holiday."""

    def __init__(self, hours: Hours, start: datetime) -> None:
        self.start = start
        zone = ZoneInfo(hours.time_zone)
        self.open = []
        for n in range(WINDOW):
            label = (start + n * MINUTE).astimezone(zone)
            minute = label.hour * 60 + label.minute
            inside = any(a <= minute < b for a, b in hours.spans[label.weekday()])
            self.open.append(inside and label.date() not in hours.holidays)

    def add(self, minute: int, open_minutes: int) -> datetime:
        while open_minutes:
            open_minutes -= self.open[minute]
            minute += 1
        return self.start + minute * MINUTE

    def open_between(self, a: int, b: int) -> int:
        return sum(self.open[a:b])

    def next_opening(self, minute: int) -> datetime:
        return self.start + self.open.index(True, minute) * MINUTE


def random_hours(rng: random.Random, zone: str, shape: str, start: datetime) -> Hours:
    holidays = frozenset(start.date() + timedelta(days=rng.randrange(1, 20)) for _ in range(rng.randrange(4)))
    return Hours(name=shape, time_zone=zone, spans=SHAPES[shape], holidays=holidays)


@pytest.mark.parametrize("zone", CHANGES)
def test_agrees_with_every_minute_of_the_weeks_when_clocks_change(zone: str) -> None:
    """Adding, measuring and opening give what counting minutes gives, around both changes of clocks."""
    rng = random.Random(zone)
    for (year, month, day), shape in product(CHANGES[zone], SHAPES):
        start = datetime(year, month, day, tzinfo=UTC)
        hours = random_hours(rng, zone, shape, start)
        oracle, fast = Oracle(hours, start), Calendar(hours)
        for _ in range(60):
            minute, open_minutes = rng.randrange(14 * 1440), rng.randrange(0, 8 * 60)
            at, later = start + minute * MINUTE, minute + rng.randrange(9 * 1440)
            case = (hours, at, open_minutes)
            assert fast.add(at, open_minutes * MINUTE) == oracle.add(minute, open_minutes), case
            assert fast.is_open(at) == oracle.open[minute], case
            assert fast.next_opening(at) == oracle.next_opening(minute), case
            between = oracle.open_between(minute, later) * MINUTE
            assert fast.open_between(at, start + later * MINUTE) == between, (hours, at, later)


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/New_York"])
def test_agrees_at_every_minute_of_the_day_of_the_change(zone: str) -> None:
    """No minute of the changing day is an exception, whatever starts in it."""
    for (year, month, day), shape in product(CHANGES[zone], ["sunday at the change", "odd minutes"]):
        start = datetime(year, month, day, tzinfo=UTC) + timedelta(days=6, hours=20)
        hours = Hours(name=shape, time_zone=zone, spans=SHAPES[shape])
        oracle, fast = Oracle(hours, start), Calendar(hours)
        for minute in range(36 * 60):
            at = start + minute * MINUTE
            assert fast.is_open(at) == oracle.open[minute]
            assert fast.add(at, 45 * MINUTE) == oracle.add(minute, 45)


def test_a_span_that_fills_up_at_closing_is_due_then() -> None:
    """Four hours from 14:00 end at 18:00, not at nine on the next morning; four hours from noon span the break."""
    at_two, at_noon = (datetime(2026, 11, 24, hour, 0, tzinfo=KYIV) for hour in (14, 12))
    four = timedelta(hours=4)
    assert calendar(office()).add(at_two, four) == datetime(2026, 11, 24, 18, 0, tzinfo=KYIV)
    assert calendar(office()).add(at_noon, four) == datetime(2026, 11, 24, 17, 0, tzinfo=KYIV)


def test_no_time_passes_at_once_even_when_closed() -> None:
    """Nothing added is the moment itself."""
    sunday = datetime(2026, 11, 22, 3, 0, tzinfo=KYIV)
    assert calendar(office()).add(sunday, timedelta(0)) == sunday


def test_seconds_are_counted() -> None:
    """Thirty seconds before closing, one minute of open time ends thirty seconds after the next opening."""
    start = datetime(2026, 11, 24, 17, 59, 30, tzinfo=KYIV)
    assert calendar(office()).add(start, MINUTE) == datetime(2026, 11, 25, 9, 0, 30, tzinfo=KYIV)


def test_the_clock_around_the_clock_knows_no_holidays() -> None:
    """24/7 adds plain time."""
    hours = Hours(name="always", always=True, holidays=frozenset({date(2026, 11, 24)}))
    start = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert calendar(hours).add(start, timedelta(hours=5)) == start + timedelta(hours=5)
    assert calendar(hours).open_between(start, start + timedelta(days=2)) == timedelta(days=2)
    assert calendar(hours).is_open(start)


def test_an_hour_that_comes_twice_counts_twice() -> None:
    """On the night when clocks go back in Kyiv, 03:00-04:00 has two real hours."""
    hours = Hours(name="night", time_zone="Europe/Kyiv", spans=(((180, 240),),) * 7)
    day = datetime(2026, 10, 25, tzinfo=KYIV)
    assert calendar(hours).open_between(day, day + timedelta(days=1)) == timedelta(hours=2)


def test_an_hour_that_is_skipped_does_not_exist() -> None:
    """On the night when clocks go forward in Kyiv, 03:00-04:00 never opens, and the next day's hour is used."""
    hours = Hours(name="night", time_zone="Europe/Kyiv", spans=(((180, 240),),) * 7)
    start = datetime(2026, 3, 29, 0, 0, tzinfo=KYIV)
    assert calendar(hours).add(start, timedelta(hours=1)) == datetime(2026, 3, 30, 4, 0, tzinfo=KYIV)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-24T10:30", 2, "2026-11-26T10:30"),  # the same local time
        ("2026-11-20T10:30", 1, "2026-11-23T10:30"),  # Friday to Monday
        ("2026-11-21T11:00", 1, "2026-11-23T11:00"),  # Saturday is closed: Monday is the first open day
        ("2026-11-24T20:00", 1, "2026-11-26T09:00"),  # after closing: the next opening
        ("2026-11-24T18:00", 1, "2026-11-26T09:00"),  # closing time is not open
        ("2026-11-24T07:00", 1, "2026-11-25T09:00"),  # before opening
        ("2026-12-30T10:00", 1, "2027-01-01T10:00"),  # over a holiday
        ("2026-10-23T10:00", 1, "2026-10-26T10:00"),  # over a change of clocks
    ],
)
def test_open_days_keep_the_local_time(start: str, days: int, due: str) -> None:
    """N days mean the same local time on the Nth open day, or the next opening."""
    hours = weekdays(holidays=(date(2026, 12, 31),))
    begin, end = (datetime.fromisoformat(text).replace(tzinfo=KYIV) for text in (start, due))
    assert calendar(hours).add_open_days(begin, days) == end


def test_a_calendar_that_never_opens_is_refused() -> None:
    """It is an error when it is built, not a search without end."""
    with pytest.raises(ConfigError, match="never open"):
        calendar(Hours(name="closed", spans=((),) * 7))


@pytest.mark.parametrize("span", [(600, 600), (600, 540), (0, 1441), (-1, 60)])
def test_a_span_must_end_after_its_start(span: tuple[int, int]) -> None:
    """An end that is not after its start, or lies outside the day, is an error."""
    with pytest.raises(ConfigError, match="span"):
        calendar(Hours(name="odd", spans=((span,),) * 7))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "/etc/localtime"])
def test_an_unknown_zone_is_an_error(zone: str) -> None:
    """The message names the hours and the zone."""
    with pytest.raises(ConfigError, match=r"hours office: unknown time zone"):
        calendar(office(zone=zone))


def test_overlapping_spans_count_once() -> None:
    """A minute in two spans is one open minute."""
    hours = Hours(name="twice", spans=(((540, 720), (600, 780), (540, 600)),) * 7)
    day = datetime(2026, 11, 24, tzinfo=UTC)
    assert calendar(hours).open_between(day, day + timedelta(days=1)) == timedelta(hours=4)


def test_a_moment_without_a_zone_is_refused() -> None:
    """Nobody guesses what time it was."""
    with pytest.raises(ValueError, match="time zone"):
        calendar(office()).is_open(datetime(2026, 11, 24, 9, 0))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize("year", [1, 1890, 1969, 2100])
def test_odd_years_do_no_harm(year: int) -> None:
    """A server's odd date is answered, or refused as one message's trouble."""
    start = datetime(year, 6, 1, 12, 0, tzinfo=UTC)
    try:
        assert calendar(office()).add(start, timedelta(hours=6)) > start
    except MessageError:
        assert year == 1


def test_negative_time_is_refused() -> None:
    """Open time only passes forward."""
    with pytest.raises(ValueError, match="negative"):
        calendar(office()).add(datetime(2026, 11, 24, tzinfo=UTC), timedelta(minutes=-1))
    with pytest.raises(ValueError, match="from one"):
        calendar(office()).add_open_days(datetime(2026, 11, 24, tzinfo=UTC), 0)


def test_the_same_hours_are_one_calendar() -> None:
    """What is worked out once is remembered."""
    assert calendar(office()) is calendar(office())


moments = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(sorted(CHANGES))
durations = st.timedeltas(timedelta(seconds=1), timedelta(hours=100))


@given(moments, durations, zones)
def test_as_much_time_is_open_until_then_as_was_added(start: datetime, duration: timedelta, zone: str) -> None:
    """Adding and measuring are each other's inverse, and no earlier moment will do."""
    clock = calendar(office(zone=zone))
    end = clock.add(start, duration)
    assert clock.open_between(start, end) == duration
    assert clock.open_between(start, end - timedelta(microseconds=1)) < duration


@given(moments, durations, durations, zones)
def test_adding_twice_is_adding_the_sum(start: datetime, one: timedelta, two: timedelta, zone: str) -> None:
    """A target can be reckoned step by step."""
    clock = calendar(Hours(name="nine to six", time_zone=zone, spans=(NINE_TO_SIX,) * 7))
    assert clock.add(clock.add(start, one), two) == clock.add(start, one + two)


@given(moments, durations)
def test_around_the_clock_is_plain_time(start: datetime, duration: timedelta) -> None:
    """24/7 equals a calendar that is open all day, every day."""
    all_day = Hours(name="all day", time_zone="Europe/Kyiv")
    assert calendar(ALWAYS).add(start, duration) == calendar(all_day).add(start, duration)
