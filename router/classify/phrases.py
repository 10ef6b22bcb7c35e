"""Finds the admin's phrases in a mail, in every language at once, inflected, not negated.

All forms of all phrase words are made when the phrases are compiled, and whole phrases form one trie over word
numbers: a mail costs one look-up per word, whether there are 100 phrases or 10,000. The mail's language is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from router.classify.endings import inflected
from router.classify.forms import NO_FORMS, Forms, base, folded
from router.classify.negation import is_negated
from router.classify.normalise import WORD_OR_BREAK, bald, both_folds, fold, plain
from router.decide.rules import Category

SUBJECT_LIMIT: Final = 1_000  # characters that are searched
BODY_LIMIT: Final = 8_000  # … of new text
SUBJECT, BODY = "subject", "body"
WEIGHTS: Final = {SUBJECT: 3.0, BODY: 1.0}
PER_FURTHER_WORD: Final = 0.5  # "money back" says more than "money"
GAP: Final = 3  # filler words allowed between two words of a phrase
MOST_HITS: Final = 64  # per place: a mail of a thousand "refund"s costs no more than one of 64
_SEEN_LIMIT: Final = 50_000  # words remembered with what they match
_LONGEST_WORD: Final = 40

_PHRASE_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ`][^\W_]+)*\*?")
_FILLERS: Final = both_folds(
    "my the a an our your this that me us please all"
    " мне мои мой мою моё моего нам наши наш свои свою мені мої мій моє нам наші свої свій всі все будь ласка"
    " пожалуйста ми мој моју моје нам нашу наш ваш вашу молим вас mi moj moju moje naš našu vaš vašu molim vas"
    " надад миний манай бидний"
)
_FREE_ORDER: Final = frozenset({"uk", "ru", "sr"})  # "вернуть деньги" is also "деньги вернуть"
# How Mongolian is typed in Latin letters, from its folded form.
_ROMANISATIONS: Final = tuple(
    str.maketrans({"č": "ch", "š": "sh", "ž": "j", "j": "i", "ʹ": "", **each})
    for each in ({"c": "ts"}, {"c": "ts", "h": "kh"}, {"h": "x"})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseHit:
    """One phrase of a category, found in one place of a mail. `found` is how the mail says it."""

    category: str
    phrase: str
    place: str  # subject · body
    found: str
    start: int  # word positions [start, end) in that place
    end: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The phrases that count, and the categories that a `not_phrases` entry rules out with what it was."""

    hits: tuple[PhraseHit, ...] = ()
    vetoes: Mapping[str, PhraseHit] = field(default_factory=dict)

    def scores(self) -> dict[str, float]:
        """Weight by category, highest first, then by name."""
        total: dict[str, float] = {}
        for hit in self.hits:
            total[hit.category] = total.get(hit.category, 0.0) + hit.weight
        return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase:
    category: str
    text: str
    length: int
    veto: bool


@dataclass(slots=True)
class _Node:
    following: dict[int, _Node] = field(default_factory=dict)
    phrases: list[_Phrase] = field(default_factory=list)


@dataclass(slots=True)
class _Lexicon:
    """Forms and beginnings of words → the numbers of the phrase words they stand for."""

    forms: dict[str, set[int]] = field(default_factory=dict)
    beginnings: dict[str, set[int]] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)

    def add(self, forms: Iterable[str], number: int, *, wildcard: bool) -> None:
        table = self.beginnings if wildcard else self.forms
        for form in forms:
            table.setdefault(form, set()).add(number)
            if wildcard:
                self.lengths.add(len(form))

    def find(self, form: str) -> set[int]:
        found = self.forms.get(form, set())
        for length in self.lengths:
            if length <= len(form) and (more := self.beginnings.get(form[:length])):
                found = found | more
        return found


def words_of(categories: Sequence[Category]) -> dict[str, set[str]]:
    """The plain words of all phrases by base language, wildcards left out: what `forms.ensure` is asked for."""
    wanted: dict[str, set[str]] = {}
    for _, language, phrase, _ in _written(categories):
        for word in _PHRASE_WORD.findall(plain(phrase)):
            if not word.endswith("*"):
                wanted.setdefault(base(language), set()).add(word)
    return wanted


def _written(categories: Sequence[Category]) -> Iterator[tuple[str, str, str, bool]]:
    for category in categories:
        for table, veto in ((category.phrases, False), (category.not_phrases, True)):
            for language, phrases in table.items():
                for phrase in phrases:
                    yield category.name, language, phrase, veto


class PhraseMatcher:
    """The compiled phrases of all categories; safe to share between threads: only its memory of words grows."""

    def __init__(self, categories: Sequence[Category], forms: Forms = NO_FORMS) -> None:
        self._ascii = _Lexicon()  # for words in bare Latin letters
        self._exact = _Lexicon()  # for all others
        self._loose = _Lexicon()  # Serbian phrases that were written without diacritics
        self._numbers: dict[tuple[str, str], int] = {}
        self._root = _Node()
        self._seen: dict[str, tuple[int, ...]] = {}
        for category, language, text, veto in _written(categories):
            self._add(category, language, text, forms, veto=veto)

    def _add(self, category: str, language: str, text: str, forms: Forms, *, veto: bool) -> None:
        words = _PHRASE_WORD.findall(plain(text))
        if not words:
            return
        numbers = [self._number(word, language, forms) for word in words]
        phrase = _Phrase(category=category, text=text, length=len(words), veto=veto)
        self._place(numbers, phrase)
        if len(numbers) == 2 and base(language) in _FREE_ORDER:
            self._place(numbers[::-1], phrase)

    def _place(self, numbers: Sequence[int], phrase: _Phrase) -> None:
        node = self._root
        for number in numbers:
            node = node.following.setdefault(number, _Node())
        if phrase not in node.phrases:
            node.phrases.append(phrase)

    def _number(self, word: str, language: str, forms: Forms) -> int:
        """The number of a phrase word; its forms are entered the first time."""
        key = (word, base(language))
        if key in self._numbers:
            return self._numbers[key]
        number = self._numbers[key] = len(self._numbers)
        wildcard = word.endswith("*")
        stem = word.removesuffix("*")
        exact = {fold(stem)} if wildcard else inflected(stem, language) | folded(forms, language, stem)
        self._exact.add(exact, number, wildcard=wildcard)
        self._ascii.add(_in_bare_latin(stem, language, exact, wildcard=wildcard), number, wildcard=wildcard)
        if stem.isascii() and base(language) == "sr":
            self._loose.add(exact, number, wildcard=wildcard)
        return number

    def find(self, subject: str, body: str) -> Findings:
        """The phrases in a subject and the beginning of a body."""
        places = ((SUBJECT, subject[:SUBJECT_LIMIT]), (BODY, body[:BODY_LIMIT]))
        found = [each for place, text in places for each in islice(self._in_place(place, text), MOST_HITS)]
        if not found:
            return Findings()
        vetoes: dict[str, PhraseHit] = {}
        for phrase, hit in found:
            if phrase.veto:
                vetoes.setdefault(hit.category, hit)
        hits = [hit for phrase, hit in found if not phrase.veto and hit.category not in vetoes]
        return Findings(hits=tuple(_distinct(_longest(hits))), vetoes=vetoes)

    def _in_place(self, place: str, text: str) -> Iterator[tuple[_Phrase, PhraseHit]]:
        words = WORD_OR_BREAK.findall(plain(text))
        seen = self._seen
        for start, word in enumerate(words):
            numbers = seen.get(word)
            if numbers is None:
                numbers = self._look_up(word)
            if numbers:
                yield from self._starting_at(words, start, place)

    def _starting_at(self, words: Sequence[str], start: int, place: str) -> Iterator[tuple[_Phrase, PhraseHit]]:
        for phrase, end in self._walk(self._root, words, start, start):
            if phrase.veto or not is_negated(_sentence(words), start, end):
                yield (
                    phrase,
                    PhraseHit(
                        category=phrase.category,
                        phrase=phrase.text,
                        place=place,
                        found=" ".join(words[start:end]),
                        start=start,
                        end=end,
                        weight=WEIGHTS[place] * (1 + PER_FURTHER_WORD * (phrase.length - 1)),
                    ),
                )

    def _walk(self, node: _Node, words: Sequence[str], start: int, at: int) -> Iterator[tuple[_Phrase, int]]:
        """Phrases below `node` whose next word is at `at`, or up to `GAP` fillers later."""
        last = at + 1 if at == start else at + 1 + GAP
        for position in range(at, min(last, len(words))):
            for number in self._look_up(words[position]):
                if child := node.following.get(number):
                    for phrase in child.phrases:
                        yield phrase, position + 1
                    if child.following:
                        yield from self._walk(child, words, start, position + 1)
            if fold(words[position]) not in _FILLERS:
                return

    def _look_up(self, word: str) -> tuple[int, ...]:
        """The numbers of the phrase words that this word of a mail is a form of."""
        known = self._seen.get(word)
        if known is None:
            known = self._compare(word) if len(word) <= _LONGEST_WORD else ()
            if len(self._seen) >= _SEEN_LIMIT:
                self._seen.clear()
            self._seen[word] = known
        return known

    def _compare(self, word: str) -> tuple[int, ...]:
        if word.isascii():
            return tuple(sorted(self._ascii.find(fold(word))))
        return tuple(sorted(self._exact.find(fold(word)) | self._loose.find(bald(word))))


def _sentence(words: Sequence[str]) -> Sequence[str]:
    """The words with every break as ""."""
    return [word if word[0].isalnum() else "" for word in words]


def _in_bare_latin(word: str, language: str, forms: Iterable[str], *, wildcard: bool) -> set[str]:
    """How people type these folded forms with a bare Latin keyboard; nothing for Russian or Ukrainian letters."""
    if base(language) == "mn":
        spelt = set(forms)
        if "ө" in word:
            other = word.replace("ө", "ү")
            spelt |= {fold(other)} if wildcard else inflected(other, language)
        return {form.translate(scheme) for form in spelt for scheme in _ROMANISATIONS}
    if base(language) == "sr" or not any("\u0400" <= letter <= "\u04ff" for letter in word):
        return {bald(form) for form in forms}
    return set()


def _longest(hits: list[PhraseHit]) -> list[PhraseHit]:
    """Without hits that lie inside a longer phrase: "refund policy" outdoes "refund"."""

    def outdone(hit: PhraseHit) -> bool:
        return any(
            other.place == hit.place
            and other.start <= hit.start
            and hit.end <= other.end
            and other.end - other.start > hit.end - hit.start
            for other in hits
        )

    return [hit for hit in hits if not outdone(hit)]


def _distinct(hits: list[PhraseHit]) -> list[PhraseHit]:
    """Each phrase once per category and place: repeating a word proves nothing more."""
    first: dict[tuple[str, str, str], PhraseHit] = {}
    for hit in hits:
        first.setdefault((hit.category, hit.phrase, hit.place), hit)
    return list(first.values())
