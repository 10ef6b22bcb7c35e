"""How a sent mail is recognised as our draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.replies.similarity import AS_IS, EDITED, similarity

from .builders import LANGUAGES, a_draft, a_message, an_order, shipped


def body(language: str = "en") -> str:
    return a_draft(a_message(language=language, entities=(an_order(),))).body


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_untouched_draft_is_sent_as_is_whatever_a_client_adds(language: str) -> None:
    """Wrapped lines, CRLF, a quote with its attribution and a signature of the client do not count."""
    draft = body(language)
    sent = draft.replace(". ", ".\n").replace("\n", "\r\n")
    sent += "\r\n21.11.2026 о 14:05 Olha пише:\r\n> I want my money back\r\n> now\r\n\r\n-- \r\nOlha, Acme\r\n"
    assert similarity(draft, sent) >= AS_IS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_more_is_an_edited_draft(language: str) -> None:
    """The agent filled the personal slot."""
    draft = body(language)
    edited = draft.replace("\n\n\n", "\n\nYour parcel left our store on Monday and should be there soon.\n\n")
    assert EDITED <= similarity(draft, edited) < AS_IS


def test_a_short_answer_of_their_own_is_not_our_draft() -> None:
    """Neither a sentence of their own, nor another of our replies."""
    assert similarity(body(), "Hello Olha,\n\nyour money is on its way.\n\nKind regards,\nBat") < EDITED
    other = shipped().variants("cancel/first")["en"].template
    assert similarity(body(), other) < EDITED


def test_the_same_text_is_one_and_nothing_in_common_is_zero() -> None:
    """Case and punctuation do not count."""
    assert similarity("A b, c!", "a B c") == 1.0
    assert similarity("a b", "c d") == 0.0
    assert similarity("", "") == 1.0
    assert similarity("a", "") == 0.0


def test_half_of_the_words_is_in_between() -> None:
    """2·2 / (4 + 2)."""
    assert similarity("a b c d", "b d") == pytest.approx(4 / 6)


def naive(left: list[str], right: list[str]) -> int:
    """The textbook table for the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for a in left:
        before = row[:]
        for n, b in enumerate(right, 1):
            row[n] = before[n - 1] + 1 if a == b else max(before[n], row[n - 1])
    return row[-1]


@given(st.lists(st.sampled_from("abcde"), max_size=40), st.lists(st.sampled_from("abcde"), max_size=40))
def test_it_agrees_with_the_textbook(left: list[str], right: list[str]) -> None:
    """Bit operations or a table: the same number."""
    if left and right:
        expected = 2 * naive(left, right) / (len(left) + len(right))
        assert similarity(" ".join(left), " ".join(right)) == pytest.approx(expected)


@given(st.text(max_size=300), st.text(max_size=300))
def test_it_is_a_share_and_symmetric(left: str, right: str) -> None:
    """Any two texts."""
    share = similarity(left, right)
    assert 0.0 <= share <= 1.0
    assert share == pytest.approx(similarity(right, left))
    assert similarity(left, left) == 1.0
