"""Dates in words: `tomorrow`, `next Friday`, `у п'ятницю`, `in 3 days`, `2 weeks ago`, `bis Ende der Woche`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .date_figures import LOOKED_AT, Found
from .date_grammar import (
    BY_WORD,
    DAYS_BEHIND,
    NOT_BEHIND,
    SUNDAY_OR_WEEK,
    WORDS,
    Alone,
    Grammar,
    Trigger,
    alone,
    ending,
    grammar_of,
    leading,
    phrase_length,
)
from .reading import Reading

_ENDS = {"d": "today", "w": "end-of-week", "m": "end-of-month"}
_BUSINESS = (8, 22)  # hours that a clock shows when people say "by 18 o'clock"
_WITHOUT_NUMBER = frozenset({"uk", "ru", "sr", "pl", "cs", "ar"})  # "in week" is "in a week" there
_ONLY_BESIDE: Mapping[str, frozenset[str]] = {
    "hier": frozenset(["je", "nous", "vous", "est", "pas", "j'ai", "j’ai", "avons", "reçu"])
}


def in_words(reading: Reading) -> Iterator[Found]:
    left = LOOKED_AT
    for word in sorted(reading.words & WORDS):
        beside = _ONLY_BESIDE.get(word)
        if beside and not beside & reading.words:
            continue
        lone = alone(word)
        for start, end in reading.places(word):
            left -= 1
            if left < 0:
                return
            found: Found | None
            if _stands_alone(reading, lone, start, end):
                found = Found(start, end, lone.value, lone.languages) if lone.value else None
            else:
                found = _word_at(reading, word, start, end)
            if found:
                yield found


def _stands_alone(reading: Reading, lone: Alone, start: int, end: int) -> bool:
    """Whether the words beside it change nothing."""
    if lone.heads:
        nearest = reading.nearest(start)
        if nearest in lone.heads or nearest[:1].isdigit():
            return False
    return not lone.tails or reading.next_to(end) not in lone.tails


def _word_at(reading: Reading, word: str, start: int, end: int) -> Found | None:
    """The longest reading of a word among the languages that have it; its deadline is looked for in all of them."""
    before = reading.before(start)
    best: Found | None = None
    languages: tuple[str, ...] = ()
    for trigger in BY_WORD[word]:
        words, at = before, start
        if trigger.earlier:
            length = len(trigger.earlier)
            if tuple(before[:length]) != trigger.earlier:
                continue
            words, at = before[length:], reading.start_of(before[:length], start)
        found = _ROLES[trigger.role](_Place(reading, words, at, end), trigger)
        if found:
            languages += (trigger.language,)
            if best is None or found.end - found.start > best.end - best.start:
                best = found
    return best._replace(languages=languages) if best else None


@dataclass(slots=True)
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
        return Found(start, end, value, deadline=deadline)


def _day(place: _Place, trigger: Trigger) -> Found | None:
    unwanted = NOT_BEHIND.get(trigger.phrase)
    return None if unwanted and place.before and place.before[0] in unwanted else place.found(trigger.value)


def _weekday(place: _Place, trigger: Trigger) -> Found | None:
    """`friday`, `next friday`, `vendredi prochain`, `last weekend`."""
    if trigger.phrase in SUNDAY_OR_WEEK and not DAYS_BEHIND.isdisjoint(place.behind[:1]):
        return None
    turn, before, behind = _turn(place, trigger.language)
    return place.found(f"{turn}-{trigger.value}" if turn else trigger.value, before=before, behind=behind)


def _turn(place: _Place, language: str) -> tuple[str, int, int]:
    """(next, last or '', words before the place, words behind it): which Friday, which week is meant."""
    grammar = grammar_of(language)
    for turn in ("next", "last"):
        if place.before and (length := ending(place.before, grammar.front[turn])):
            return turn, length, 0
        if (table := grammar.rear[f"after_{turn}"]) and (length := leading(place.behind, table)):
            return turn, 0, length
    return "", 0, 0


def _unit(place: _Place, trigger: Trigger) -> Found | None:
    """`next week`, `end of the month`, `in 3 days`, `2 weeks ago`, `within 5 working days`."""
    grammar, unit, before = grammar_of(trigger.language), trigger.value, place.before
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
    length = phrase_length(before, grammar.front["end"], grammar.skipped) if unit in _ENDS else 0
    if length:
        return place.found(_ENDS[unit], before=length)
    if trigger.language in _WITHOUT_NUMBER and not place.reading.lower[place.end : place.end + 3].strip()[:1].isdigit():
        return _span(place, grammar, f"1{unit}", at, numbered=False)
    return None


def _span(place: _Place, grammar: Grammar, span: str, at: int, *, numbered: bool = True) -> Found | None:
    """What the words around `3 days` make of it; without any it is a length, not a date."""
    front, rear, before = grammar.front, grammar.rear, place.before[at:]
    for table, sign in _AROUND:
        length = phrase_length(before, front[table], grammar.skipped)
        if length and not (leading(place.behind, front["by"]) or leading(place.behind, front["before"])):
            return place.found(sign + span, before=at + length, deadline=table == "within")
        length = leading(place.behind, rear[f"after_{table}"]) if rear[f"after_{table}"] else 0
        if length:
            return place.found(sign + span, before=at, behind=length, deadline=table == "within")
    length = phrase_length(before, front["by"], grammar.skipped) if numbered else 0
    if not length:
        return None
    hour = int(span[:-1]) if span.endswith("h") else 0
    if _BUSINESS[0] <= hour <= _BUSINESS[1]:  # "до 18 години" is a time of day
        return place.found(f"by:{hour:02}:00", before=at + length, deadline=True)
    return place.found(f"within:{span}", before=at + length, deadline=True)


_AROUND = (("within", "within:"), ("ahead", "+"), ("ago", "-"))
_ROLES = {"day": _day, "weekday": _weekday, "weekend": _weekday, "unit": _unit}
_RANGE = re.compile(r"(?:\d{1,3}[-–])?(\d{1,3})(?:-?[^\W\d_]{1,2})?$")


def _count(word: str, grammar: Grammar) -> int:
    if word[0].isdigit():
        found = _RANGE.match(word)
        return int(found[1]) if found else 0
    return grammar.numbers.get(word, 0)
