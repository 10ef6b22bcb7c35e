"""Open time: when a calendar is open, and when so much of it has passed.

A minute is open if its local wall-clock label lies in a span of its weekday and its local date is no holiday;
durations are real minutes. So an hour that the clocks skip does not exist, and one that they repeat counts twice.

Time is cut into UTC days. The open stretches of one UTC day, worked out once, are found by running its instants
through the zone's offsets; nothing walks over minutes, and labels that come twice or in odd order need no cases.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from router.decide.rules import MINUTES_PER_DAY, Hours
from router.errors import ConfigError, MessageError

DAY = 86_400  # seconds
_SECOND = 1_000_000  # microseconds, the whole numbers in which moments are compared: no rounding, ever
_UTC_DAY = DAY * _SECOND
_MICROSECOND = timedelta(microseconds=1)
REMEMBERED_DAYS = 4000  # of one calendar; about 1 MB
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_FIRST_DAY, _LAST_DAY = date(2, 1, 1).toordinal() - _EPOCH_DAY, date(9998, 12, 31).toordinal() - _EPOCH_DAY
_PROBE = 6 * 3600  # seconds between looks at an offset; no zone has ever changed twice within six hours

Stretch = tuple[int, int]  # [start, end) in microseconds since 1970, UTC


class Calendar:
    """The open minutes of one `Hours`. Build it with `calendar`, which remembers it."""

    def __init__(self, hours: Hours) -> None:
        self.name = hours.name
        self._always = hours.always
        self._zone = _zone("UTC" if hours.always else hours.time_zone, hours.name)
        self._spans = _checked_spans(hours)
        self._holidays = frozenset(day.toordinal() - _EPOCH_DAY for day in hours.holidays)
        self._stretches: dict[int, tuple[Stretch, ...]] = {}

    def is_open(self, moment: datetime) -> bool:
        """Whether the calendar is open at a moment; it is not at the moment of closing."""
        at = _micros(moment)
        return self._always or any(start <= at < end for start, end in self._day(at // _UTC_DAY))

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself if open, else the first one after it that is."""
        if self._always:
            return _utc(moment)
        at = _micros(moment)
        day = at // _UTC_DAY
        while True:
            for start, end in self._day(day):
                if end > at:
                    return _moment(max(start, at))
            day += 1

    def add(self, start: datetime, open_time: timedelta) -> datetime:
        """The first moment when so much open time has passed: at closing time, not at the next opening."""
        left = open_time // _MICROSECOND
        if left < 0:
            raise ValueError("open time cannot be negative")
        if self._always or not left:
            return _utc(start) + open_time
        at = _micros(start)
        day = at // _UTC_DAY
        while True:
            for opens, closes in self._day(day):
                begins = max(opens, at)
                if closes - begins >= left:
                    return _moment(begins + left)
                left -= max(closes - begins, 0)
            day += 1

    def open_between(self, earlier: datetime, later: datetime) -> timedelta:
        """How much open time lies between two moments; none when they are the other way round."""
        a, b = _micros(earlier), _micros(later)
        if self._always:
            return timedelta(microseconds=max(b - a, 0))
        stretches = (s for day in range(a // _UTC_DAY, b // _UTC_DAY + 1) for s in self._day(day))
        return timedelta(microseconds=sum(max(min(b, end) - max(a, start), 0) for start, end in stretches))

    def add_open_days(self, start: datetime, days: int) -> datetime:
        """The same local time on the Nth open day after the day of `start`, or the next opening after that time."""
        if days < 1:
            raise ValueError("open days are counted from one")
        local = start.astimezone(self._zone)
        day = local.date()
        while days:
            day += timedelta(days=1)
            days -= self._is_open_day(day)
        return self.next_opening(datetime.combine(day, local.time(), tzinfo=self._zone))

    def _is_open_day(self, day: date) -> bool:
        return bool(self._spans[day.weekday()]) and day.toordinal() - _EPOCH_DAY not in self._holidays

    def _day(self, day: int) -> tuple[Stretch, ...]:
        """The open stretches of one UTC day (days since 1970), in order."""
        known = self._stretches.get(day)
        if known is None:
            if not _FIRST_DAY <= day <= _LAST_DAY:
                raise MessageError(f"hours {self.name}: a moment outside the years 2 to 9998")
            if len(self._stretches) >= REMEMBERED_DAYS:
                self._stretches.clear()
            known = self._stretches[day] = tuple(self._work_out(day))
        return known

    def _work_out(self, day: int) -> list[Stretch]:
        found: list[Stretch] = []
        for start, end, offset in _pieces(self._zone, day):
            for opens, closes in self._labels(start + offset, end + offset):
                opens, closes = (opens - offset) * _SECOND, (closes - offset) * _SECOND
                if found and found[-1][1] == opens:
                    opens = found.pop()[0]
                found.append((opens, closes))
        return found

    def _labels(self, start: int, end: int) -> list[tuple[int, int]]:
        """The open ones of the wall-clock labels [start, end), as if local time were UTC."""
        found = []
        for day in range(start // DAY, (end - 1) // DAY + 1):
            if day in self._holidays:
                continue
            for opens, closes in self._spans[(day + 3) % 7]:  # 1 January 1970 was a Thursday
                a, b = max(start, day * DAY + opens * 60), min(end, day * DAY + closes * 60)
                if a < b:
                    found.append((a, b))
        return found


def calendar(hours: Hours) -> Calendar:
    """The calendar of these hours, built once; raises ConfigError when it could never open."""
    return _calendar(hours)


@lru_cache(maxsize=256)
def _calendar(hours: Hours) -> Calendar:
    return Calendar(hours)


def _checked_spans(hours: Hours) -> tuple[tuple[tuple[int, int], ...], ...]:
    if hours.always:
        return (((0, MINUTES_PER_DAY),),) * 7
    if len(hours.spans) != 7:
        raise ConfigError(f"hours {hours.name}: {len(hours.spans)} weekdays")
    for start, end in (span for day in hours.spans for span in day):
        if not 0 <= start < end <= MINUTES_PER_DAY:
            raise ConfigError(f"hours {hours.name}: a span must end after its start, and by 24:00")
    if not any(hours.spans):
        raise ConfigError(f"hours {hours.name} never open")
    return tuple(_united(day) for day in hours.spans)


def _united(spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """The same minutes as spans in order that neither overlap nor touch."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


# ------------------------------------------------------------------ time zones


def _zone(key: str, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(key)
    except (ValueError, OSError, KeyError) as wrong:  # KeyError: ZoneInfoNotFoundError; the others: no name of a zone
        raise ConfigError(f"hours {name}: unknown time zone {key!r}") from wrong


def _pieces(zone: ZoneInfo, day: int) -> list[tuple[int, int, int]]:
    """One UTC day cut where the zone's offset changes: (start, end, offset), all in seconds."""
    start, end = day * DAY, (day + 1) * DAY
    starts, offsets = _offsets(zone.key, _moment(start * _SECOND).year)
    found = []
    for i in range(bisect_right(starts, start) - 1, len(starts)):
        if starts[i] >= end:
            break
        until = starts[i + 1] if i + 1 < len(starts) else end
        found.append((max(start, starts[i]), min(end, until), offsets[i]))
    return found


@lru_cache(maxsize=256)
def _offsets(key: str, year: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """When the offset from UTC changes in one UTC year, from its first second on, and to what (seconds)."""
    zone = ZoneInfo(key)
    first, last = (_micros(datetime(y, 1, 1, tzinfo=UTC)) // _SECOND for y in (year, year + 1))
    starts, offsets = [first], [_offset(zone, first)]
    for probe in range(first + _PROBE, last + _PROBE, _PROBE):
        probe = min(probe, last - 1)
        if _offset(zone, probe) != offsets[-1]:
            starts.append(_change(zone, probe - _PROBE, probe))
            offsets.append(_offset(zone, probe))
    return tuple(starts), tuple(offsets)


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second with the offset of `after`."""
    new = _offset(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if _offset(zone, middle) == new else (middle, after)
    return after


def _offset(zone: ZoneInfo, seconds: int) -> int:
    offset = datetime.fromtimestamp(seconds, zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _micros(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return (moment - _EPOCH) // _MICROSECOND


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _utc(moment: datetime) -> datetime:
    return _moment(_micros(moment))
