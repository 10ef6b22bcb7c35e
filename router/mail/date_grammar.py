"""What a language's words of time may begin, and the small words around them: built once from the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from .date_words import LANGUAGES, Words, groups
from .days import WEEK

_DAYS = ("-2d", "yesterday", "today", "tomorrow", "+2d")
_UNITS = ("h", "d", "w", "m", "bd")


class Trigger(NamedTuple):
    """A word or phrase of a language that begins a date; `phrase` ends with the word it is found by.

    A tuple, as there are a thousand of them when a process starts.
    """

    phrase: str
    earlier: tuple[str, ...]  # the phrase's words before that one, the nearest first
    language: str
    role: str  # day · weekday · weekend · unit
    value: str


Phrases = Mapping[str, tuple[tuple[str, ...], ...]]  # last (or first) word → the phrases, their words from there on


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
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


def _grammar(every: Sequence[Words]) -> Grammar:
    """The grammar of one language, or of all together for dates in figures."""

    def table(name: str) -> frozenset[str]:
        return frozenset(word for words in every for _, word in groups(getattr(words, name)))

    return Grammar(
        front={name: _phrases(table(name), turned=True) for name in _FRONT},
        rear={name: _phrases(table(name), turned=False) for name in _REAR},
        skipped=table("skipped"),
        working=table("working"),
        numbers={word: place + 1 for words in every for place, word in groups(words.numbers)},
    )


def _triggers() -> dict[str, tuple[Trigger, ...]]:
    """last word → what it may begin, longer phrases first."""
    found: dict[str, list[Trigger]] = {}
    for language, words in LANGUAGES.items():
        for role, table, values in (
            ("day", words.days, _DAYS),
            ("weekday", words.weekdays, WEEK),
            ("weekend", words.weekend, ("weekend",) * 3),
            ("unit", words.units, _UNITS),
        ):
            for place, phrase in groups(table):
                last, *earlier = reversed(phrase.split(" "))
                trigger = Trigger(
                    phrase=phrase, earlier=tuple(earlier), language=language, role=role, value=values[place]
                )
                found.setdefault(last, []).append(trigger)
    return {word: tuple(ones) for word, ones in found.items()}


@cache
def grammar_of(language: str = "") -> Grammar:
    """The grammar of this language, or without one of all together."""
    return _grammar([LANGUAGES[language]] if language else list(LANGUAGES.values()))


BY_WORD = _triggers()
WORDS = frozenset(BY_WORD)


def _split(words: str) -> list[str]:
    return words.split()


# Words that are a date in one language and something else in another, or beside another word.
NOT_BEHIND: Mapping[str, frozenset[str]] = {
    "morgen": frozenset(_split("guten gute schönen jeden am goede god heute gestern des dieser diesen den")),
    "mañana": frozenset(_split("la esta cada una")),
}


SUNDAY_OR_WEEK = frozenset({"недељу", "nedelju", "nedjelju"})  # with "dana" behind it, a week
DAYS_BEHIND = frozenset({"dana", "дана"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What a word says when no word beside it matters, and the words beside it that do; a figure in front does too."""

    heads: frozenset[str]
    tails: frozenset[str]
    value: str  # '' when it says nothing alone
    languages: tuple[str, ...]


def _alone(word: str, triggers: Sequence[Trigger]) -> Alone:
    heads = set(NOT_BEHIND.get(word, ()))
    tails = set(DAYS_BEHIND if word in SUNDAY_OR_WEEK else ())
    for trigger in triggers:
        heads.update(trigger.earlier[:1])
        if trigger.role != "day":
            grammar = grammar_of(trigger.language)
            heads.update(*(grammar.front[turn] for turn in ("next", "last")))
            tails.update(*grammar.rear.values())
        if trigger.role == "unit":
            heads.update(grammar.skipped, grammar.working, grammar.numbers, *grammar.front.values())
    says = [one for one in triggers if one.role != "unit" and not one.earlier]
    return Alone(
        heads=frozenset(heads),
        tails=frozenset(tails),
        value=says[0].value if says else "",
        languages=tuple(one.language for one in says),
    )


@cache
def alone(word: str) -> Alone:
    """Of a word that begins dates."""
    return _alone(word, BY_WORD[word])


def phrase_length(before: Sequence[str], phrases: Phrases, skipped: frozenset[str]) -> int:
    """How many words back the phrase begins that ends in front of a place; small words may stand between."""
    for at, word in enumerate(before[:3]):
        if word in phrases and (length := ending(before[at:], phrases)):
            return at + length
        if word not in skipped:
            return 0
    return 0


def ending(before: Sequence[str], phrases: Phrases) -> int:
    """How many words the longest phrase has that ends in front of a place, 0 for none."""
    for words in phrases.get(before[0], ()):
        if len(words) == 1 or tuple(before[: len(words)]) == words:
            return len(words)
    return 0


def leading(behind: Sequence[str], phrases: Phrases) -> int:
    """How many words the phrase has that follows a place, 0 for none."""
    return ending(behind, phrases) if behind else 0
