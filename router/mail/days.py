"""What day a date or a deadline of a mail is, once we know when the mail was sent."""

from __future__ import annotations

import re
from datetime import date, timedelta

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_COUNTED = re.compile(r"([+-])(\d+)(h|d|bd|w|m)$")


_WEEKENDS = {"last-weekend": -1, "weekend": 0, "next-weekend": 1}  # weeks from this one to its Saturday


def resolve(value: str, sent: date) -> date | None:
    """The day that a date or a deadline means in a mail of this day; None when nobody can tell.

    A weekday is the coming one, `next-` means the week after this one. `before:` gives the last day that keeps it.
    """
    kind, _, rest = value.partition(":")
    if kind == "within":
        return resolve(f"+{rest}", sent)
    if kind in ("by", "before"):
        day, _, time = rest.partition(" ")
        if day[:2].isdigit() and day[2:3] == ":":
            return sent
        found = resolve(day, sent)
        return found - timedelta(days=1) if found and kind == "before" and not time else found
    try:
        return _day_of(value, sent)
    except (ValueError, OverflowError):
        return None


def _day_of(value: str, sent: date) -> date | None:
    named = {"today": 0, "tomorrow": 1, "yesterday": -1}.get(value)
    if named is not None:
        return sent + timedelta(days=named)
    if value.startswith("--"):
        return _nearest(int(value[2:4]), int(value[5:7]), sent)
    if counted := _COUNTED.match(value):
        return _counted(int(counted[1] + counted[2]), counted[3], sent)
    monday = sent - timedelta(days=sent.weekday())
    if value in _WEEKENDS:
        return monday + timedelta(days=5 + 7 * _WEEKENDS[value])
    if value == "end-of-week":
        return monday + timedelta(days=4 if sent.weekday() < 5 else 6)
    if value == "end-of-month":
        return _counted(1, "m", sent.replace(day=1)) - timedelta(days=1)
    turn, _, weekday = value.rpartition("-")
    if weekday in WEEK:
        day = WEEK.index(weekday)
        if turn == "next":
            return monday + timedelta(days=7 + day)
        if turn == "last":
            return sent - timedelta(days=(sent.weekday() - day - 1) % 7 + 1)
        return sent + timedelta(days=(day - sent.weekday() - 1) % 7 + 1)
    return date.fromisoformat(value) if len(value) == 10 and value[4] == "-" else None


def _nearest(month: int, day: int, sent: date) -> date:
    """That day of this year, or of the next when it lies more than half a year back, or the last one likewise."""
    days = [date(year, month, day) for year in (sent.year - 1, sent.year, sent.year + 1) if _exists(year, month, day)]
    return min(days, key=lambda one: abs((one - sent).days))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _counted(number: int, unit: str, sent: date) -> date:
    if unit == "h":
        return sent + timedelta(days=number // 24 if number >= 0 else -(-number // 24))
    if unit == "bd":
        step, day = (1 if number > 0 else -1), sent
        for _ in range(min(abs(number), 400)):
            day += timedelta(days=step)
            while day.weekday() > 4:
                day += timedelta(days=step)
        return day
    if unit != "m":
        return sent + timedelta(days=number * (7 if unit == "w" else 1))
    month = sent.month - 1 + number
    year, month = sent.year + month // 12, month % 12 + 1
    return next(date(year, month, day) for day in range(sent.day, 0, -1) if _exists(year, month, day))
