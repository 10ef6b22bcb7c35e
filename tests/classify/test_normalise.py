"""One comparable form of text."""

from __future__ import annotations

import pytest

from router.classify.normalise import TEXT_LIMIT, bald, fold, plain, tokens


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("povraćaj", "повраћај"),
        ("otkažite", "откажите"),
        ("njegova ljubav", "његова љубав"),
        ("džep đak", "џеп ђак"),
    ],
)
def test_both_serbian_scripts_are_one(latin: str, cyrillic: str) -> None:
    """Serbian in Latin and in Cyrillic letters has one folded form."""
    assert fold(latin) == fold(cyrillic)


def test_bare_latin_is_one_with_both_in_the_bald_form() -> None:
    """People without a Serbian keyboard are understood."""
    assert bald("povracaj") == bald("povraćaj") == bald("повраћај")


def test_letters_that_tell_words_apart_stay_apart() -> None:
    """Ukrainian money is not Russian bones."""
    assert fold("кошти") != fold("кости")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＲＥＦＵＮＤ", ["refund"]),
        ("re\u00adfund", ["refund"]),
        ("re\u200bfund", ["refund"]),
        ("й", ["j"]),
        ("don’t", ["dont"]),
        ("Order 4711-A", ["order", "0", "a"]),
        ("mail me@shop.example now", ["mail", "mailx", "now"]),
        ("see https://shop.example/x?y=1 now", ["see", "urlx", "now"]),
    ],
)
def test_disguises_and_numbers(text: str, expected: list[str]) -> None:
    """Width, soft hyphens, decomposition and apostrophes disappear; numbers and addresses are masked."""
    assert tokens(text) == expected


def test_a_text_that_grows_is_cut() -> None:
    """A letter that NFKC lengthens eighteen-fold cannot make a text longer than the limit."""
    assert len(plain("\ufdfa" * TEXT_LIMIT)) <= TEXT_LIMIT
