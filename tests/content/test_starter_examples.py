"""What models/starter/ promises to whoever trains on it: enough of everything, in the right script, nothing twice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from router.classify.phrases import PhraseMatcher
from router.decide.rules import Category

STARTER = Path(__file__).parents[2] / "models" / "starter"
CATEGORIES = ("refund", "cancel", "faq", "billing", "upgrade", "sales", "technical", "complaint", "thanks")
LEAST = {"en": 40, "uk": 30, "ru": 30, "sr": 22, "sr-Latn": 12, "mn": 25}
LEAST_OF_NONE = {"en": 40, "uk": 25, "ru": 25, "sr": 20, "sr-Latn": 8, "mn": 20}
PHRASE_LANGUAGES = ("en", "uk", "ru", "sr", "mn")
LINE_BREAK = " ⏎ "
LONGEST = 600

SCRIPT = {"en": "LATIN", "uk": "CYRILLIC", "ru": "CYRILLIC", "sr": "CYRILLIC", "sr-Latn": "LATIN", "mn": "CYRILLIC"}
# Letters of the Cyrillic alphabets that only the named languages have, of our four.
ONLY_IN = {
    "ієїґІЄЇҐ": {"uk"},
    "ђјљњћџЂЈЉЊЋЏ": {"sr"},
    "өүӨҮ": {"mn"},
    "ыэёЫЭЁ": {"ru", "mn"},
    "щъЩЪ": {"ru", "uk", "mn"},
}

FILES = [(category, language) for category in (*CATEGORIES, "none") for language in LEAST]


def examples(category: str, language: str) -> list[str]:
    """The examples of one file, comments left out."""
    lines = (STARTER / f"{category}.{language}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def phrases() -> dict[str, Any]:
    found = YAML(typ="safe").load((STARTER / "phrases.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def as_categories() -> list[Category]:
    return [
        Category(
            name=name,
            phrases={language: tuple(each) for language, each in entry["phrases"].items()},
            not_phrases={language: tuple(each) for language, each in entry["not_phrases"].items()},
        )
        for name, entry in phrases().items()
    ]


def bare(text: str) -> str:
    """The letters and digits of a text alone: what two examples must differ in."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def comparable(phrase: str) -> str:
    return " ".join(phrase.casefold().split()).removesuffix("*")


@pytest.mark.parametrize(("category", "language"), FILES)
def test_each_category_has_enough_examples_in_each_language(category: str, language: str) -> None:
    """Every file exists and holds at least as many examples as the model card says."""
    least = LEAST_OF_NONE if category == "none" else LEAST
    assert len(examples(category, language)) >= least[language]


@pytest.mark.parametrize(("category", "language"), FILES)
def test_examples_are_clean_single_lines(category: str, language: str) -> None:
    """An example is not empty, not long, has no stray blanks or control characters, and marks its line breaks alike."""
    for text in examples(category, language):
        assert 0 < len(text) <= LONGEST, text
        assert text == text.strip(), text
        assert "  " not in text, text
        assert not any(unicodedata.category(letter).startswith("C") for letter in text), text
        assert text.count("⏎") == text.count(LINE_BREAK), text
        assert unicodedata.is_normalized("NFC", text), text


@pytest.mark.parametrize(("category", "language"), FILES)
def test_examples_are_written_in_the_script_of_their_language(category: str, language: str) -> None:
    """Most letters of every example belong to the script; a product's Latin name may stand in a Cyrillic mail."""
    for text in examples(category, language):
        letters = [letter for letter in text if letter.isalpha()]
        own = sum(unicodedata.name(letter).startswith(SCRIPT[language]) for letter in letters)
        assert own * 2 > len(letters), text


@pytest.mark.parametrize(("category", "language"), FILES)
def test_no_letter_of_another_cyrillic_alphabet_slipped_in(category: str, language: str) -> None:
    """ы in Ukrainian, і in Russian or щ in Serbian would be a slip of the keyboard; a Latin text has no Cyrillic."""
    for text in examples(category, language):
        for letters, languages in ONLY_IN.items():
            assert language in languages or not set(letters) & set(text), text
        if SCRIPT[language] == "LATIN":
            assert not re.search("[\u0400-\u04ff]", text), text


def test_no_word_mixes_scripts() -> None:
    """A Latin "e" inside a Cyrillic word would be another word to the model."""
    for category, language in FILES:
        for text in examples(category, language):
            mixed = re.findall(r"[a-zA-Zčćšžđ][\u0400-\u04ff]|[\u0400-\u04ff][a-zA-Zčćšžđ]", text)
            assert not mixed, text


def test_no_example_is_there_twice() -> None:
    """Not in one file, not in two: an example under two categories would teach nothing."""
    seen = Counter(bare(text) for category, language in FILES for text in examples(category, language))
    assert [text for text, times in seen.items() if times > 1] == []


def test_some_examples_have_several_lines() -> None:
    """About one in seven is a mail with a greeting or a subject of its own line, as real mail is."""
    every = [text for category, language in FILES for text in examples(category, language)]
    share = sum(LINE_BREAK in text for text in every) / len(every)
    assert 0.10 <= share <= 0.35


def test_every_known_category_brings_phrases_in_every_language() -> None:
    """Five to fifteen and a few more; thanks has none, because "thank you" closes every kind of mail."""
    found = phrases()
    assert set(found) == set(CATEGORIES)
    for category, entry in found.items():
        assert set(entry) == {"phrases", "not_phrases"}
        for kind in entry.values():
            assert set(kind) == set(PHRASE_LANGUAGES), category
        for language, each in entry["phrases"].items():
            assert all(isinstance(phrase, str) and phrase.strip() == phrase != "" for phrase in each)
            assert (category == "thanks") or 5 <= len(each) <= 20, (category, language)


def test_no_phrase_belongs_to_two_categories() -> None:
    """A phrase of two categories would decide nothing; it is also in its own list only once."""
    owners: dict[str, set[str]] = {}
    for category, entry in phrases().items():
        for each in entry["phrases"].values():
            assert len(set(map(comparable, each))) == len(each), category
            for phrase in each:
                owners.setdefault(comparable(phrase), set()).add(category)
    assert {phrase: both for phrase, both in owners.items() if len(both) > 1} == {}


def test_phrases_hardly_ever_name_the_wrong_category() -> None:
    """Of the starter examples in which phrases speak, at least 98 of 100 get their own category."""
    matcher = PhraseMatcher(as_categories())
    right, wrong = 0, []
    for category, language in FILES:
        for text in examples(category, language):
            scores = matcher.find("", text.replace(LINE_BREAK, "\n")).scores()
            if not scores:
                continue
            if next(iter(scores)) == category:
                right += 1
            else:
                wrong.append((category, text, scores))
    assert right >= 200
    assert len(wrong) <= 0.02 * right, wrong


def test_mail_of_no_category_has_no_phrase() -> None:
    """Newsletters, offers, invitations and private notes are never filed by a phrase."""
    matcher = PhraseMatcher(as_categories())
    for language in LEAST:
        for text in examples("none", language):
            assert matcher.find("", text).hits == (), text


def test_the_card_counts_what_is_there() -> None:
    """The table in card.md is the truth: one row per category, one column per language."""
    rows = re.findall(r"^\| (\w+) \|((?: \d+ \|)+)$", (STARTER / "card.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {name: [int(number) for number in numbers.split("|")[:-1]] for name, numbers in rows}
    for category in (*CATEGORIES, "none"):
        counts = [len(examples(category, language)) for language in LEAST]
        assert told[category] == [*counts, sum(counts)]
