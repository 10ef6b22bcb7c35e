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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from router.values import Entity

from . import date_cjk
from .date_figures import LOOKED_AT, MONTHS, TOUCHING, Found, in_figures
from .date_words import LANGUAGES, Words, groups
from .days import WEEK
from .reading import Reading

DATE, PROMISE = "date", "promise"
_AT_MOST = 12  # of each kind

_DAYS = ("-2d", "yesterday", "today", "tomorrow", "+2d")
_UNITS = ("h", "d", "w", "m", "bd")
_ENDS = {"d": "today", "w": "end-of-week", "m": "end-of-month"}
_BUSINESS = (8, 22)  # hours that a clock shows when people say "by 18 o'clock"
_WITHOUT_NUMBER = frozenset({"uk", "ru", "sr", "pl", "cs", "ar"})  # "in week" is "in a week" there
_NEAR = 6  # characters between a day and its time, a weekday and its date


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


# Words that are a date in one language and something else in another, or beside another word.
_NOT_BEHIND: Mapping[str, frozenset[str]] = {
    "morgen": frozenset(
        [
            "guten",
            "gute",
            "schönen",
            "jeden",
            "am",
            "goede",
            "god",
            "heute",
            "gestern",
            "des",
            "dieser",
            "diesen",
            "den",
        ]
    ),
    "mañana": frozenset(["la", "esta", "cada", "una"]),
}
_SUNDAY_OR_WEEK = frozenset({"недељу", "nedelju", "nedjelju"})  # with "dana" behind it, a week
_ONLY_BESIDE: Mapping[str, frozenset[str]] = {
    "hier": frozenset(["je", "nous", "vous", "est", "pas", "j'ai", "j’ai", "avons", "reçu"])
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trigger:
    """A word or phrase of a language that begins a date; `phrase` ends with the word it is found by."""

    phrase: str
    earlier: tuple[str, ...]  # the phrase's words before that one, the nearest first
    language: str
    role: str  # day · weekday · weekend · unit
    value: str


Phrases = Mapping[str, tuple[tuple[str, ...], ...]]  # last (or first) word → the phrases, their words from there on


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grammar:
    """One language's small words: those in front of a date by their last word, those behind it by their first."""

    front: Mapping[str, Phrases]
    rear: Mapping[str, Phrases]
    skipped: frozenset[str]
    working: frozenset[str]
    numbers: Mapping[str, int]


_FRONT = ("next", "last", "end", "by", "before", "within", "ahead", "ago")
_REAR = ("after_by", "after_before", "after_within", "after_ahead", "after_ago", "after_next", "after_last")


def _phrases(table: Iterable[str], *, turned: bool) -> Phrases:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in table:
        words = phrase.split(" ")[:: -1 if turned else 1]
        found.setdefault(words[0], []).append(tuple(words))
    return {word: tuple(sorted(ones, key=len, reverse=True)) for word, ones in found.items()}


def _grammar(every: Sequence[Words]) -> _Grammar:
    """The grammar of one language, or of all together for dates in figures."""

    def table(name: str) -> frozenset[str]:
        return frozenset(word for words in every for _, word in groups(getattr(words, name)))

    return _Grammar(
        front={name: _phrases(table(name), turned=True) for name in _FRONT},
        rear={name: _phrases(table(name), turned=False) for name in _REAR},
        skipped=table("skipped"),
        working=table("working"),
        numbers={word: place + 1 for words in every for place, word in groups(words.numbers)},
    )


def _triggers() -> dict[str, tuple[_Trigger, ...]]:
    """last word → what it may begin, longer phrases first."""
    found: dict[str, list[_Trigger]] = {}
    for language, words in LANGUAGES.items():
        for role, table, values in (
            ("day", words.days, _DAYS),
            ("weekday", words.weekdays, WEEK),
            ("weekend", words.weekend, ("weekend",) * 3),
            ("unit", words.units, _UNITS),
        ):
            for place, phrase in groups(table):
                last, *earlier = reversed(phrase.split(" "))
                trigger = _Trigger(
                    phrase=phrase, earlier=tuple(earlier), language=language, role=role, value=values[place]
                )
                found.setdefault(last, []).append(trigger)
    return {word: tuple(ones) for word, ones in found.items()}


_GRAMMARS = {language: _grammar([words]) for language, words in LANGUAGES.items()}
_ANY = _grammar(list(LANGUAGES.values()))
_BY_WORD = _triggers()
_WORDS = frozenset(_BY_WORD)

# ------------------------------------------------------------------ dates in words


def _in_words(reading: Reading) -> Iterator[Found]:
    left = LOOKED_AT
    for word in sorted(reading.words & _WORDS):
        beside = _ONLY_BESIDE.get(word)
        if beside and not beside & reading.words:
            continue
        for start, end in reading.places(word):
            left -= 1
            if left < 0:
                return
            found = _word_at(reading, word, start, end)
            if found:
                yield found


def _word_at(reading: Reading, word: str, start: int, end: int) -> Found | None:
    """The longest reading of a word among the languages that have it; its deadline is looked for in all of them."""
    before = reading.before(start)
    best: Found | None = None
    languages: tuple[str, ...] = ()
    for trigger in _BY_WORD[word]:
        words, at = before, start
        if trigger.earlier:
            length = len(trigger.earlier)
            if tuple(before[:length]) != trigger.earlier:
                continue
            words, at = before[length:], reading.start_of(before[:length], start)
        found = _ROLES[trigger.role](_Place(reading=reading, before=words, start=at, end=end), trigger)
        if found:
            languages += (trigger.language,)
            if best is None or found.end - found.start > best.end - best.start:
                best = found
    return replace(best, languages=languages) if best else None


@dataclass(slots=True, kw_only=True)
class _Place:
    """Where a word stands, with the words around it."""

    reading: Reading
    before: list[str]
    start: int
    end: int
    _behind: list[str] | None = None

    @property
    def behind(self) -> list[str]:
        if self._behind is None:
            self._behind = self.reading.behind(self.end)
        return self._behind

    def found(self, value: str, *, before: int = 0, behind: int = 0, deadline: bool = False) -> Found:
        """A date that begins so many words before the place and ends so many behind it."""
        start, end = self.start, self.end
        if before:
            start = self.reading.start_of(self.before[:before], start)
        if behind:
            end = self.reading.end_of(self.behind[:behind], end)
        return Found(start=start, end=end, value=value, deadline=deadline)


def _day(place: _Place, trigger: _Trigger) -> Found | None:
    unwanted = _NOT_BEHIND.get(trigger.phrase)
    return None if unwanted and place.before and place.before[0] in unwanted else place.found(trigger.value)


def _weekday(place: _Place, trigger: _Trigger) -> Found | None:
    """`friday`, `next friday`, `vendredi prochain`, `last weekend`."""
    if trigger.phrase in _SUNDAY_OR_WEEK and place.behind[:1] in (["dana"], ["дана"]):
        return None
    turn, before, behind = _turn(place, trigger.language)
    return place.found(f"{turn}-{trigger.value}" if turn else trigger.value, before=before, behind=behind)


def _turn(place: _Place, language: str) -> tuple[str, int, int]:
    """(next, last or '', words before the place, words behind it): which Friday, which week is meant."""
    grammar = _GRAMMARS[language]
    for turn in ("next", "last"):
        if place.before and (length := _ending(place.before, grammar.front[turn])):
            return turn, length, 0
        if (table := grammar.rear[f"after_{turn}"]) and (length := _leading(place.behind, table)):
            return turn, 0, length
    return "", 0, 0


def _unit(place: _Place, trigger: _Trigger) -> Found | None:
    """`next week`, `end of the month`, `in 3 days`, `2 weeks ago`, `within 5 working days`."""
    grammar, unit, before = _GRAMMARS[trigger.language], trigger.value, place.before
    at = 0
    if before and unit == "d" and before[0] in grammar.working:
        unit, at = "bd", 1
    count = _count(before[at], grammar) if len(before) > at else 0
    if count:
        at += 1
        if unit == "d" and len(before) > at and before[at] in grammar.working:  # "ажлын 3 өдөр"
            unit, at = "bd", at + 1
        return _span(place, grammar, f"{count}{unit}", at)
    if unit in ("w", "m"):
        turn, front, rear = _turn(place, trigger.language)
        if turn:
            return place.found(f"{'+' if turn == 'next' else '-'}1{unit}", before=front, behind=rear)
    length = _phrase(before, grammar.front["end"], grammar.skipped) if unit in _ENDS else 0
    if length:
        return place.found(_ENDS[unit], before=length)
    if trigger.language in _WITHOUT_NUMBER and not place.reading.lower[place.end : place.end + 3].strip()[:1].isdigit():
        return _span(place, grammar, f"1{unit}", at, numbered=False)
    return None


def _span(place: _Place, grammar: _Grammar, span: str, at: int, *, numbered: bool = True) -> Found | None:
    """What the words around `3 days` make of it; without any it is a length, not a date."""
    front, rear, before = grammar.front, grammar.rear, place.before[at:]
    for table, sign in _AROUND:
        length = _phrase(before, front[table], grammar.skipped)
        if length and not (_leading(place.behind, front["by"]) or _leading(place.behind, front["before"])):
            return place.found(sign + span, before=at + length, deadline=table == "within")
        length = _leading(place.behind, rear[f"after_{table}"]) if rear[f"after_{table}"] else 0
        if length:
            return place.found(sign + span, before=at, behind=length, deadline=table == "within")
    length = _phrase(before, front["by"], grammar.skipped) if numbered else 0
    if not length:
        return None
    hour = int(span[:-1]) if span.endswith("h") else 0
    if _BUSINESS[0] <= hour <= _BUSINESS[1]:  # "до 18 години" is a time of day
        return place.found(f"by:{hour:02}:00", before=at + length, deadline=True)
    return place.found(f"within:{span}", before=at + length, deadline=True)


_AROUND = (("within", "within:"), ("ahead", "+"), ("ago", "-"))
_ROLES = {"day": _day, "weekday": _weekday, "weekend": _weekday, "unit": _unit}
_RANGE = re.compile(r"(?:\d{1,3}[-–])?(\d{1,3})(?:-?[^\W\d_]{1,2})?$")


def _count(word: str, grammar: _Grammar) -> int:
    if word[0].isdigit():
        found = _RANGE.match(word)
        return int(found[1]) if found else 0
    return grammar.numbers.get(word, 0)


def _phrase(before: Sequence[str], phrases: Phrases, skipped: frozenset[str]) -> int:
    """How many words back the phrase begins that ends in front of a place; small words may stand between."""
    for at, word in enumerate(before[:3]):
        if word in phrases and (length := _ending(before[at:], phrases)):
            return at + length
        if word not in skipped:
            return 0
    return 0


def _ending(before: Sequence[str], phrases: Phrases) -> int:
    """How many words the longest phrase has that ends in front of a place, 0 for none."""
    for words in phrases.get(before[0], ()):
        if len(words) == 1 or tuple(before[: len(words)]) == words:
            return len(words)
    return 0


def _leading(behind: Sequence[str], phrases: Phrases) -> int:
    """How many words the phrase has that follows a place, 0 for none."""
    return _ending(behind, phrases) if behind else 0


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


def _deadline(reading: Reading, found: Found) -> Entity | None:
    """The promise that a date belongs to, when a preposition makes it one."""
    if found.deadline:
        return Entity(kind=PROMISE, value=found.value, start=found.start, end=found.end)
    end, value = found.end, found.value
    if reading.digits and (gap := _TIME_BEHIND.match(reading.lower, end)):
        time, until = _time_at(reading.lower, gap.end())
        if time:
            end, value = until, f"{value} {time}"
    spaceless = found.languages in ((), date_cjk.LANGUAGES)
    if spaceless and (until_cjk := date_cjk.UNTIL.match(reading.lower, end)):
        return Entity(kind=PROMISE, value=f"{until_cjk.lastgroup}:{value}", start=found.start, end=until_cjk.end())
    spoken = [_GRAMMARS[language] for language in found.languages if language in _GRAMMARS] or [_ANY]
    return _bounded(reading, spoken, found.start, end, value)


def _bounded(reading: Reading, spoken: Sequence[_Grammar], start: int, end: int, value: str) -> Entity | None:
    """The promise when one of these languages says `by` or `before` in front of a date or behind it."""
    before = reading.before(start)
    for grammar in spoken if before else ():
        for table in ("by", "before"):
            length = _phrase(before, grammar.front[table], grammar.skipped)
            if length and not _is_date(before[length : length + 1]):  # `from Monday until Friday` promises nothing
                at = reading.start_of(before[:length], start)
                return Entity(kind=PROMISE, value=f"{table}:{value}", start=at, end=end)
    behind: list[str] | None = None
    for grammar in spoken:
        for table in ("after_by", "after_before"):
            if not grammar.rear[table]:
                continue
            if behind is None:
                behind = reading.behind(end)
            length = _leading(behind, grammar.rear[table])
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
        if time and (promise := _bounded(reading, [_ANY], start, until, time)):
            yield Found(start=promise.start, end=promise.end, value=promise.value, deadline=True)


_NO_TIME = (",", "-", "/", "", "\n", "%", "€", "$")

# ------------------------------------------------------------------ all together


def find(reading: Reading) -> list[Entity]:
    """The dates of a text, then its deadlines, each in the order of the text with the span it came from."""
    found = [*in_figures(reading), *_times(reading)] if reading.digits else []
    if not reading.words.isdisjoint(_WORDS):
        found += _in_words(reading)
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
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if kept and one.start < kept[-1].end:
            if one.end - one.start > kept[-1].end - kept[-1].start:
                kept[-1] = one
            continue
        kept.append(one)
    return kept


def _joined(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """`Friday, 21 November` is one date, `5 pm on Friday` one deadline."""
    kept: list[Found] = []
    for one in found:
        last = kept[-1] if kept else None
        if last and one.start - last.end <= _NEAR and "\n\n" not in reading.lower[last.end : one.start]:
            if last.value in WEEK and not one.languages and not one.deadline:
                kept[-1] = replace(one, start=last.start)
                continue
            if last.deadline and last.value.count(":") == 2 and not one.deadline:
                kind, _, time = last.value.partition(":")
                kept[-1] = replace(last, end=one.end, value=f"{kind}:{one.value} {time}")
                kept.append(one)
                continue
        kept.append(one)
    return kept
