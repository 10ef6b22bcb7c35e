"""Dates and deadlines in a text, absolute and relative, as normalised values.

A date's value is
- `2026-11-21` or, without a year, `--11-21`;
- what was written (`11/12/2026`) when day and month cannot be told apart;
- `today`, `tomorrow`, `yesterday`, `friday`, `next-friday`, `last-friday`, `weekend`, `end-of-week`, `end-of-month`,
  `+3d`, `-2w`, `+1m` (h hours, d days, bd working days, w weeks, m months) when it depends on the day of the mail.

A deadline's value is `by:` or `before:` and a date, `within:` and a span: `by:friday`, `by:2026-11-21 17:00`,
`by:17:00`, `before:weekend`, `within:3d`. `resolve` makes a day of each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from router.values import Entity

from . import date_cjk
from .date_figures import LOOKED_AT, MONTHS, TOUCHING, Found, in_figures
from .date_grammar import WORDS, Grammar, grammar_of, leading, phrase_length
from .date_phrases import in_words
from .date_words import LANGUAGES, groups
from .days import WEEK
from .reading import Reading

DATE, PROMISE = "date", "promise"
_AT_MOST = 12  # of each kind
_NEAR = 6  # characters between a day and its time, a weekday and its date

# ------------------------------------------------------------------ deadlines

_TIME = re.compile(
    r"(\d{1,2})(?:[:h](\d\d)|\.(\d\d)(?= ?(?:[ap]\.?m\b|uhr|h\b)))?(?: ?(a\.m\.|p\.m\.|am\b|pm\b)|"
    r" ?(uhr\b|h\b|год\b|цаг\b|hod\b|時|时|点|시))?(?![\w:.]?\d)"
)
_TIME_BEHIND = re.compile(r",? (?:at |um |o |о |об |в |у |u |à |a las |às |alle |kl\.? |klo |saat )?(?=\d)")


def _time_at(lower: str, at: int) -> tuple[str, int]:
    """(the time of day that stands here as `17:00`, where it ends)."""
    found = _TIME.match(lower, at)
    if not found or not (found[2] or found[4] or found[5]):
        return "", at
    hour, minute = int(found[1]), int(found[2] or found[3] or 0)
    if found[4] and hour <= 12:
        hour = hour % 12 + (12 if found[4].startswith("p") else 0)
    return (f"{hour:02}:{minute:02}", found.end()) if hour < 25 and minute < 60 else ("", at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """How some languages together say that a date is a deadline."""

    grammars: tuple[Grammar, ...]
    heads: frozenset[str]  # words of which one stands next in front when it is said in front of the date
    tails: frozenset[str]  # words of which one stands next behind when it is said behind


@cache
def _bounds(languages: tuple[str, ...]) -> _Bounds:
    """Of these languages, or of all when the date is in figures."""
    grammars = tuple(grammar_of(language) for language in languages if language in LANGUAGES) or (grammar_of(),)
    return _Bounds(
        grammars=grammars,
        heads=frozenset()
        .union(*(one.front[table] for one in grammars for table in _IN_FRONT))
        .union(*(one.skipped for one in grammars)),
        tails=frozenset().union(*(one.rear[table] for one in grammars for table in _BEHIND)),
    )


_IN_FRONT, _BEHIND = ("by", "before"), ("after_by", "after_before")


def _deadline(reading: Reading, found: Found) -> Entity | None:
    """The promise that a date belongs to, when a preposition makes it one."""
    if found.deadline:
        return Entity(kind=PROMISE, value=found.value, start=found.start, end=found.end)
    end, value = found.end, found.value
    if reading.digits and (gap := _TIME_BEHIND.match(reading.lower, end)):
        time, until = _time_at(reading.lower, gap.end())
        if time:
            end, value = until, f"{value} {time}"
    spaceless = found.languages in ((), date_cjk.LANGUAGES) and not reading.lower.isascii()
    if spaceless and (until_cjk := date_cjk.UNTIL.match(reading.lower, end)):
        return Entity(kind=PROMISE, value=f"{until_cjk.lastgroup}:{value}", start=found.start, end=until_cjk.end())
    return _bounded(reading, _bounds(found.languages), found.start, end, value)


def _bounded(reading: Reading, bounds: _Bounds, start: int, end: int, value: str) -> Entity | None:
    """The promise when one of these languages says `by` or `before` in front of a date or behind it."""
    before = reading.before(start) if reading.nearest(start) in bounds.heads else []
    for grammar in bounds.grammars if before else ():
        for table in _IN_FRONT:
            length = phrase_length(before, grammar.front[table], grammar.skipped)
            if length and not _is_date(before[length : length + 1]):  # `from Monday until Friday` promises nothing
                at = reading.start_of(before[:length], start)
                return Entity(kind=PROMISE, value=f"{table}:{value}", start=at, end=end)
    behind = reading.behind(end) if bounds.tails and reading.next_to(end) in bounds.tails else []
    for grammar in bounds.grammars if behind else ():
        for table in _BEHIND:
            length = leading(behind, grammar.rear[table])
            if length:
                until = reading.end_of(behind[:length], end)
                return Entity(kind=PROMISE, value=f"{table[6:]}:{value}", start=start, end=until)
    return None


def _is_date(words: Sequence[str]) -> bool:
    return any(word[0].isdigit() or word in MONTHS or word in _WEEKDAYS for word in words)


_WEEKDAYS = frozenset(phrase for words in LANGUAGES.values() for _, phrase in groups(words.weekdays))


def _times(reading: Reading) -> Iterator[Found]:
    """Times of day behind a preposition: deadlines of the day they are written on."""
    lower = reading.lower
    for start, end in reading.digits[:LOOKED_AT]:
        if end - start > 2 or (start and lower[start - 1] in TOUCHING) or lower[end : end + 1] in _NO_TIME:
            continue
        time, until = _time_at(lower, start)
        if time and (promise := _bounded(reading, _bounds(()), start, until, time)):
            yield Found(promise.start, promise.end, promise.value, deadline=True)


_NO_TIME = (",", "-", "/", "", "\n", "%", "€", "$")

# ------------------------------------------------------------------ all together


def find(reading: Reading) -> list[Entity]:
    """The dates of a text, then its deadlines, each in the order of the text with the span it came from."""
    found = [*in_figures(reading), *_times(reading)] if reading.digits else []
    if not reading.words.isdisjoint(WORDS):
        found += in_words(reading)
    found += date_cjk.in_words(reading)
    if not found:
        return []
    found = _joined(reading, _apart(found))
    promises = [one for one in (_deadline(reading, each) for each in found) if one]
    dates = [
        Entity(kind=DATE, value=one.value, start=one.start, end=one.end)
        for one in found
        if not one.deadline and (not one.weak or _promised(one, promises))
    ]
    return dates[:_AT_MOST] + promises[:_AT_MOST]


def _promised(found: Found, promises: Sequence[Entity]) -> bool:
    return any(one.start <= found.start and found.end <= one.end for one in promises)


def _apart(found: Sequence[Found]) -> list[Found]:
    """In the order of the text; of two that share characters the longer."""
    kept: list[Found] = []
    for one in sorted(found, key=_place) if len(found) > 1 else found:
        if kept and one.start < kept[-1].end:
            if one.end - one.start > kept[-1].end - kept[-1].start:
                kept[-1] = one
            continue
        kept.append(one)
    return kept


def _place(found: Found) -> tuple[int, int]:
    return found.start, -found.end


def _joined(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """`Friday, 21 November` is one date, `5 pm on Friday` one deadline."""
    kept: list[Found] = []
    for one in found:
        last = kept[-1] if kept else None
        if last and one.start - last.end <= _NEAR and "\n\n" not in reading.lower[last.end : one.start]:
            if last.value in WEEK and not one.languages and not one.deadline:
                kept[-1] = one._replace(start=last.start)
                continue
            if last.deadline and last.value.count(":") == 2 and not one.deadline:
                kind, _, time = last.value.partition(":")
                kept[-1] = last._replace(end=one.end, value=f"{kind}:{one.value} {time}")
                kept.append(one)
                continue
        kept.append(one)
    return kept
