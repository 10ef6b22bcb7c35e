"""Which language a short text is in: script first, then letters that only one language has, then frequent words.

Made for the first few hundred characters of a mail and for being right or silent: 'und' when the evidence is thin.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache

from .language_words import ABSENT, ENDINGS, FREQUENT, LETTERS

UNKNOWN = "und"
_LOOKED_AT = 300  # characters

# Where the letters of a script lie in Unicode; letters elsewhere count for none.
_SCRIPTS = (
    ("Latn", 0x0041, 0x024F),
    ("Latn", 0x1E00, 0x1EFF),
    ("Cyrl", 0x0400, 0x052F),
    ("Grek", 0x0370, 0x03FF),
    ("Armn", 0x0530, 0x058F),
    ("Hebr", 0x0590, 0x05FF),
    ("Arab", 0x0600, 0x06FF),
    ("Deva", 0x0900, 0x097F),
    ("Thai", 0x0E00, 0x0E7F),
    ("Geor", 0x10A0, 0x10FF),
    ("Hang", 0x1100, 0x11FF),
    ("Mong", 0x1800, 0x18AF),
    ("Jpan", 0x3040, 0x30FF),
    ("Hani", 0x4E00, 0x9FFF),
    ("Hang", 0xAC00, 0xD7A3),
)
_ONE_LANGUAGE = {
    "Hang": "ko", "Jpan": "ja", "Hani": "zh", "Arab": "ar", "Hebr": "he", "Grek": "el", "Thai": "th", "Deva": "hi",
    "Geor": "ka", "Armn": "hy", "Mong": "mn",
}  # fmt: skip
_URL = re.compile(r"://|www\.|@")
_LATIN = re.compile("[a-z]")
_ARABIC = (("ur", "ٹڈڑںے"), ("fa", "پچژگی"))  # letters that Arabic does not have
_PUNCTUATION = ".,!?:;()[]\"'«»„“”*-–—…>"


_MOST_LANGUAGES = 8  # that share a word; one that more of them have tells nothing


def _index(table: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """word → the languages it is frequent in."""
    languages: dict[str, list[str]] = {}
    for language, words in table.items():
        for word in words.split():
            languages.setdefault(word, []).append(language)
    return {word: tuple(found) for word, found in languages.items() if len(found) <= _MOST_LANGUAGES}


_BY_WORD = {script: _index(table) for script, table in FREQUENT.items()}
_BY_LETTER = {
    script: _index({language: " ".join(letters) for language, letters in table.items()})
    for script, table in LETTERS.items()
}


_BY_ENDING = {script: _index(table) for script, table in ENDINGS.items()}
_Evidence = tuple[float, tuple[str, ...]]  # what a word counts for each of its languages


class _Evidences(dict[str, _Evidence | None]):
    """What the words of a script tell, punctuation around them included; those met before are remembered."""

    def __init__(self, script: str) -> None:
        self._words = _BY_WORD[script]
        self._endings = _BY_ENDING[script]

    def __missing__(self, word: str) -> _Evidence | None:
        """A frequent word counts one, shared among languages less; the end of another word half of one."""
        bare = word.strip(_PUNCTUATION)
        found: _Evidence | None = None
        if languages := self._words.get(bare):
            found = 1.0 if len(languages) == 1 else 0.6, languages
        elif len(bare) > _ENDS_FROM and (languages := self._endings.get(bare[-4:]) or self._endings.get(bare[-3:])):
            found = 0.5 / len(languages), languages
        if len(word) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = found
        return found


_REMEMBERED, _LONGEST_REMEMBERED = 4096, 24  # words of a script, letters of a word
_OF_WORD = {script: _Evidences(script) for script in _BY_WORD}
_ABSENT = {language: frozenset(letters) for language, letters in ABSENT.items()}
# The letters that speak for a language or against one.
_TELLING = {
    script: re.compile(f"[{''.join(sorted(frozenset(table).union(*_ABSENT.values())))}]")
    for script, table in _BY_LETTER.items()
}
# Letters by which two languages that share most words can be told apart.
_TWINS: Mapping[frozenset[str], Mapping[str, tuple[str, ...]]] = {
    frozenset(("da", "no")): {
        "da": ("tion", "hed", "øj", "ej", "æg", "ede ", "ld ", "nd ", "ge "),
        "no": ("sjon", "het", "øy", "kj", "gj", "tt ", "nn ", "ll ", "pp ", "kk ", "ke "),
    },
}


def script_of(text: str) -> str:
    """The ISO 15924 code of the script most letters are in, '' when there are none."""
    return _script(Counter(text[:_LOOKED_AT]))


def _script(letters: Counter[str]) -> str:
    counts: dict[str, int] = {}
    for letter, times in letters.items():
        script = _script_of_letter(letter)
        if script:
            counts[script] = counts.get(script, 0) + times
    if "Jpan" in counts:
        counts["Jpan"] += counts.get("Hani", 0)
    return max(counts, key=counts.__getitem__) if counts else ""


_MOST = (("Cyrl", re.compile("[\u0400-\u0481\u048a-\u052f]+")), ("Latn", re.compile("[a-z]+")))


def _script_of_most(letters: str) -> str:
    """The script of these letters, told without counting when more than half of all signs are of it."""
    for script, pattern in _MOST:
        if 2 * len("".join(pattern.findall(letters))) > len(letters):
            return script
    return _script(Counter(letters))


@lru_cache(maxsize=4096)
def _script_of_letter(letter: str) -> str:
    if not letter.isalpha() and not "\u0e00" <= letter <= "\u0e7f":  # Thai vowel signs are no letters to Unicode
        return ""
    point = ord(letter)
    return next((script for script, low, high in _SCRIPTS if low <= point <= high), "")


def detect(text: str) -> tuple[str, str]:
    """(language, script) of the first 300 characters: ISO 639-1 code or 'und', ISO 15924 code or ''."""
    sample = text[: 2 * _LOOKED_AT]
    if "@" in sample or "www." in sample or "://" in sample:
        sample = " ".join(word for word in sample.split() if not _URL.search(word))
    sample = sample[:_LOOKED_AT].lower()
    if sample.isascii():
        script = "Latn" if _LATIN.search(sample) else ""
    else:
        script = _script_of_most(sample[:: 1 + len(sample) // 60])  # some fifty letters tell the script
    if script == "Arab":
        return next((name for name, letters in _ARABIC if any(letter in sample for letter in letters)), "ar"), script
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script], script
    if script not in _BY_WORD:
        return UNKNOWN, script
    return _best(_scores(sample, script), sample), script


def _scores(sample: str, script: str) -> dict[str, float]:
    """Evidence per language: a frequent word counts one, shared among languages less; a letter of its own, half."""
    scores: defaultdict[str, float] = defaultdict(float)
    for weight, languages in filter(None, map(_OF_WORD[script].__getitem__, sample.split())):
        for language in languages:
            scores[language] += weight
    if script == "Latn" and sample.isascii():
        return scores
    present = Counter(_TELLING[script].findall(sample))
    by_letter = _BY_LETTER[script]
    for letter in sorted(by_letter.keys() & present.keys()):  # in one order, so that sums are the same in every process
        languages = by_letter[letter]
        weight = 0.8 * present[letter] / len(languages)
        for language in languages:
            scores[language] += weight
    for language in _ABSENT.keys() & scores.keys():
        if not _ABSENT[language].isdisjoint(present):
            scores[language] *= _FOREIGN
    return scores


def _best(scores: dict[str, float], sample: str) -> str:
    """The language that leads clearly, else 'und'."""
    if not scores:
        return UNKNOWN
    first, *others = [language for _, language in sorted([(-score, name) for name, score in scores.items()])[:2]]
    lead = scores[first] - (scores[others[0]] if others else 0.0)
    if others and lead < 1 and (told := _TWINS.get(frozenset((first, others[0])))):
        counts = {language: scores[language] + sum(map(sample.count, told[language])) for language in told}
        first, second = sorted(counts, key=lambda language: -counts[language])
        lead = counts[first] - counts[second]
        return first if lead > _TWIN_LEAD else UNKNOWN
    return first if scores[first] >= 0.6 and lead > _LEAD else UNKNOWN


_FOREIGN = 0.5  # what is left of the evidence for a language that lacks a letter of the text; names are spelt anyhow
_ENDS_FROM = 4  # letters of a word whose end is looked at
_LEAD, _TWIN_LEAD = 0.3, 0.9
