"""Long tables of words as patterns, divided by the letter the words begin with: few are compiled, fewer are tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_SAME = {"ı": "i", "ſ": "s"}  # letters that `re.IGNORECASE` takes for another one


class ByLetter:
    """The pattern `(?:(?:words)rest|…)behind`, ignoring case, matched where a word begins."""

    __slots__ = ("_behind", "_branches", "_compiled", "_sources")

    def __init__(self, *branches: tuple[Sequence[str], str], behind: str = "") -> None:
        self._branches = branches
        self._behind = behind
        self._sources: dict[str, str] = {}
        self._compiled: dict[str, re.Pattern[str]] = {}

    def match(self, text: str, at: int = 0) -> re.Match[str] | None:
        """What `re.Pattern.match` finds there, save that words may not begin with a blank."""
        letter = text[at : at + 1]
        pattern = self._compiled.get(letter)
        if pattern is None:
            source = self._source(letter)
            if not source:
                return None
            pattern = self._compiled[letter] = re.compile(source, re.IGNORECASE)
        return pattern.match(text, at)

    def _source(self, letter: str) -> str:
        if not self._sources:
            self._sources = self._divided()
        small = letter.lower()[:1]
        return self._sources.get(_SAME.get(small, small), "")

    def _divided(self) -> dict[str, str]:
        """first letter → the pattern of the words that may begin with it, in the order of the tables."""
        branches: dict[str, list[str]] = {}
        for words, rest in self._branches:
            found: dict[str, list[str]] = {}
            for alternative in alternatives("|".join(words)):
                for letter in first_letters(alternative):
                    found.setdefault(letter, []).append(alternative)
            for letter, ones in found.items():
                branches.setdefault(letter, []).append(f"(?:{'|'.join(ones)}){rest}")
        return {letter: f"(?:{'|'.join(ones)}){self._behind}" for letter, ones in branches.items()}


def any_of(tables: Iterable[Sequence[str]]) -> str:
    """One alternation of all words of some tables."""
    return "|".join(words for table in tables for words in table)


def alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern; those inside its groups stay together."""
    depth = begins = 0
    for at, sign in enumerate(pattern):
        if sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "|" and not depth:
            yield pattern[begins:at]
            begins = at + 1
    yield pattern[begins:]


def first_letters(pattern: str) -> set[str]:
    """The letters that one alternative can begin with; it begins with words, groups of words or `[letters]`."""
    if pattern.startswith("(?:"):
        end = _end_of_group(pattern)
        letters = {letter for one in alternatives(pattern[3 : end - 1]) for letter in first_letters(one)}
    elif pattern.startswith("["):
        end = pattern.index("]") + 1
        letters = set(pattern[1 : end - 1])
    else:
        end = 1
        letters = {pattern[0]}
    if pattern[end : end + 1] in ("?", "*"):
        letters |= first_letters(pattern[end + 1 :])
    return letters


def _end_of_group(pattern: str) -> int:
    depth = 0
    for at, sign in enumerate(pattern):
        if sign in "()":
            depth += 1 if sign == "(" else -1
            if not depth:
                return at + 1
    return len(pattern)
