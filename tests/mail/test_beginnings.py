"""Tables of words as patterns divided by first letters: nothing is lost by the division."""

from __future__ import annotations

import re

import pytest

from router.mail import courtesy_words as words
from router.mail.beginnings import ByLetter, alternatives, any_of, first_letters

TABLES = (words.FORMAL_GREETINGS, words.INFORMAL_GREETINGS, words.THANKS, words.SIGN_OFFS, words.WAITING)


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        ("dear", "d"),
        ("(?:with )?(?:best|kind)? ?regards", "wbk r"),
        ("(?:з|із) повагою", "зі"),
        ("x?yes", "xy"),
        ("[ck]ool", "ck"),
        ("(?:a(?:b|c) )*d", "ad"),
    ],
)
def test_every_way_an_alternative_can_begin_is_known(pattern: str, letters: str) -> None:
    """Optional groups in front let the next part begin it too."""
    assert first_letters(pattern) == set(letters)


def test_alternatives_inside_groups_stay_together() -> None:
    """Only bars outside of every group divide."""
    assert list(alternatives("a(?:b|c(?:d|e))|f|g")) == ["a(?:b|c(?:d|e))", "f", "g"]


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_of_courtesy_begin_with_letters(table: tuple[str, ...]) -> None:
    """A pattern that began with a class or an escape would never be tried."""
    beginnings = {letter for one in alternatives("|".join(table)) for letter in first_letters(one)}
    assert all(letter.isalpha() and letter == letter.lower() for letter in beginnings - {" "})


@pytest.mark.parametrize("line", ["Kind regards, Jane", "ІЗ повагою", "İyi günler", "ıyi günler", "\u212aind regards"])
def test_division_finds_what_the_whole_pattern_finds(line: str) -> None:
    """Capitals and the letters that stand for others when case is ignored included."""
    whole = re.compile(rf"(?:{any_of([words.SIGN_OFFS])})\b", re.IGNORECASE).match(line)
    divided = ByLetter((words.SIGN_OFFS, r"\b")).match(line)
    assert whole
    assert divided
    assert divided[0] == whole[0]


@pytest.mark.parametrize("line", ["", "Order 12", "?", "Ж"])
def test_nothing_begins_so(line: str) -> None:
    """A letter that no word begins with costs one look-up."""
    assert ByLetter((words.SIGN_OFFS, r"\b")).match(line) is None
