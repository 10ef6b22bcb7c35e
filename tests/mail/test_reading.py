"""A text made ready to be searched: its digits, and the words beside a place."""

from __future__ import annotations

import re

import pytest

from router.mail.date_grammar import BY_WORD
from router.mail.date_phrases import _ONLY_BESIDE, _word_at, in_words
from router.mail.reading import digit_runs, read

TEXTS = [
    "",
    "7",
    "Order 12345, then 8.\n2026-11-21",
    "Замовлення №48213 — 5 шт.",
    "注文番号 12345です",
    "Due on 21. November\n\nyesterday. By Friday; or until (Monday) at 17:00",
    "\ud800 12 𝟙𝟚 ٣٤ 56",
    "no-later than tomorrow, d'ici à demain!\n - до п'ятниці? _so_ 3",
    "a" * 60 + " 1",
]


@pytest.mark.parametrize("text", TEXTS)
def test_runs_of_ascii_digits_keep_their_places(text: str) -> None:
    """Digits of other scripts are none, and every letter counts as one character."""
    assert digit_runs(text) == tuple(found.span() for found in re.finditer("[0-9]+", text))


def test_only_the_first_runs_of_digits_are_kept() -> None:
    """A table of a thousand figures costs no more than two hundred."""
    assert len(digit_runs("1 " * 1000)) == 200


@pytest.mark.parametrize("text", TEXTS)
def test_the_nearest_word_is_the_first_of_those_before(text: str) -> None:
    """At every place of a text, ends of sentences and empty lines included."""
    reading = read(text)
    for at in range(len(text) + 1):
        assert reading.nearest(at) == next(iter(reading.before(at)), "")


@pytest.mark.parametrize("text", TEXTS)
def test_the_next_word_is_the_first_of_those_behind(text: str) -> None:
    """Wherever the sentence goes on."""
    reading = read(text)
    for at in range(len(text) + 1):
        behind = reading.behind(at)
        assert not behind or reading.next_to(at) == behind[0]


def test_a_word_alone_says_what_the_grammar_says() -> None:
    """For every word the short way gives the date that reading all of its context gives."""
    for word in BY_WORD.keys() - _ONLY_BESIDE.keys():
        reading = read(f"xx {word} xx")
        found = _word_at(reading, word, 3, 3 + len(word))
        assert list(in_words(reading)) == [one for one in (found,) if one]
