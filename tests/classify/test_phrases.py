"""Which phrases are found, and which are not."""

from __future__ import annotations

import pytest

from router.classify.phrases import MOST_HITS, PhraseMatcher, words_of
from tests.classify.builders import CANCEL, REFUND, a_category

MATCHER = PhraseMatcher([REFUND, CANCEL])


def categories_in(text: str, matcher: PhraseMatcher = MATCHER) -> set[str]:
    return {hit.category for hit in matcher.find("", text).hits}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("I would like a refund", "refund"),
        ("Two refunds are missing", "refund"),
        ("I want my money back!", "refund"),
        ("Please cancel it", "cancel"),
        ("I cancelled yesterday", "cancel"),
        ("CANCELLING everything", "cancel"),
        ("stop my plan", "cancel"),
        ("Повернення коштів", "refund"),
        ("прошу поверніть кошти", "refund"),
        ("поверніть мені, будь ласка, кошти", "refund"),
        ("коли буде повернено кошти?", "refund"),
        ("Скасуйте замовлення", "cancel"),
        ("я скасував підписку", "cancel"),
        ("хочу возврата", "refund"),
        ("верните деньги", "refund"),
        ("вернуть мне деньги", "refund"),
        ("деньги верните", "refund"),
        ("отмените заказ", "cancel"),
        ("отменил вчера", "cancel"),
        ("повраћај", "refund"),
        ("povraćaj", "refund"),
        ("повраћаја новца", "refund"),
        ("povraćaja novca", "refund"),
        ("povracaj novca", "refund"),
        ("otkažite porudžbinu", "cancel"),
        ("откажите поруџбину", "cancel"),
        ("otkazite porudzbinu", "cancel"),
        ("želim otkazati", "cancel"),
        ("буцаалт", "refund"),
        ("буцаалтын тухай", "refund"),
        ("мөнгөө буцааж өгнө үү", "refund"),
        ("мөнгөө буцаах", "refund"),
        ("mongoo butsaaj ugnu uu", "refund"),
        ("захиалгаа цуцлаж өгнө үү", "cancel"),
    ],
)
def test_a_phrase_is_found_inflected_in_every_language(text: str, category: str) -> None:
    """A phrase is found in the forms people write, whatever the language and the script."""
    assert categories_in(text) == {category}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Opening hours on holiday",
        "refundable",
        "my plan is to stop",
        "Give me the money. Back in May it was fine.",
        "terror",
        "повертатися додому",
        "кости",
        "мөнгө илгээсэн",
    ],
)
def test_other_words_are_not_found(text: str) -> None:
    """Parts of words, other orders in English and words across a sentence's end are no phrase."""
    assert categories_in(text) == set()


def test_a_word_inside_another_is_not_found() -> None:
    """ "error" is not in "terror"."""
    matcher = PhraseMatcher([a_category("technical", en="error")])
    assert categories_in("terror", matcher) == set()
    assert categories_in("an error!", matcher) == {"technical"}


@pytest.mark.parametrize(
    "text",
    [
        "this is not a refund",
        "I do not want a refund",
        "I don't need a refund",
        "We are not asking for a refund",
        "Please do not cancel",
        "a refund is not needed",
        "это не возврат",
        "не хочу возврат",
        "возврат не нужен",
        "не отменяйте",
        "не скасовуйте, не треба повернення",
        "nije povraćaj",
        "ово није повраћај",
        "буцаалт биш",
    ],
)
def test_a_negated_phrase_does_not_count(text: str) -> None:
    """Saying that it is not meant is not meaning it."""
    assert categories_in(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "I have not received my refund",
        "you did not refund me",
        "why did you not refund the order",
        "Not again! Refund me.",
        "вы не вернули деньги",
        "ви не повернули кошти",
        "не могу вернуть деньги",
    ],
)
def test_a_complaint_with_not_is_still_about_the_phrase(text: str) -> None:
    """Something that has not happened is exactly what the mail is about."""
    assert categories_in(text) == {"refund"}


def test_not_phrases_rule_the_category_out() -> None:
    """One of the `not_phrases` anywhere in the mail silences the category's phrases, and says so."""
    found = MATCHER.find("Question about a refund", "What is your refund policy?")
    assert found.hits == ()
    assert found.vetoes["refund"].phrase == "refund policy"


def test_the_longer_phrase_outdoes_the_shorter_in_it() -> None:
    """ "return label" is about shipping, although "return" is a refund word."""
    matcher = PhraseMatcher([a_category("refund", en="return"), a_category("shipping", en="return label")])
    assert categories_in("I need a return label", matcher) == {"shipping"}
    assert categories_in("I need to return it", matcher) == {"refund"}


def test_a_subject_weighs_more_than_a_body() -> None:
    """The subject's phrase comes first although the body has another."""
    scores = MATCHER.find("Cancel my order", "or give me a refund").scores()
    assert list(scores) == ["cancel", "refund"]


def test_repeating_a_word_proves_nothing_more() -> None:
    """A phrase counts once per place, and a mail full of it costs a bounded amount."""
    many = MATCHER.find("", "refund " * 1000)
    assert many.scores() == MATCHER.find("", "refund").scores()
    assert len(many.hits) <= MOST_HITS


def test_a_phrase_of_an_unknown_language_is_compared_as_written() -> None:
    """A language without tables still matches its own words, with any diacritics."""
    matcher = PhraseMatcher([a_category("cancel", de="kündigung, abo kündig*")])
    assert categories_in("Meine Kündigung", matcher) == {"cancel"}
    assert categories_in("Ich will mein Abo kündigen", matcher) == {"cancel"}
    assert categories_in("Meine Kundigung", matcher) == {"cancel"}


def test_serbian_phrases_without_diacritics_find_both_scripts() -> None:
    """An admin without a Serbian keyboard is understood too."""
    matcher = PhraseMatcher([a_category("technical", sr="greska")])
    assert categories_in("грешка", matcher) == categories_in("greška", matcher) == {"technical"}


def test_dictionary_forms_are_used_when_given() -> None:
    """A form that no ending table knows is found once the dictionary has named it."""
    category = a_category("refund", ru="вернуть деньги")
    forms = {"ru": {"деньги": ("денег",)}}
    assert categories_in("вернуть денег", PhraseMatcher([category])) == set()
    assert categories_in("вернуть денег", PhraseMatcher([category], forms)) == {"refund"}


def test_the_words_of_phrases_are_named_for_the_dictionaries() -> None:
    """Wildcards need no dictionary; scripts of one language are looked up together."""
    assert words_of([a_category("x", sr="повраћај", sr_Latn="povraćaj", mn="мөнгөө буцаа*")]) == {
        "sr": {"повраћај", "povraćaj"},
        "mn": {"мөнгөө"},
    }


def test_ten_thousand_phrases_leave_an_answer_the_same() -> None:
    """Phrases beside a phrase change nothing about it."""
    many = a_category("other", en=", ".join(f"my word{chr(97 + n % 26)}{n}" for n in range(10_000)))
    matcher = PhraseMatcher([many, REFUND])
    assert categories_in("my refund", matcher) == {"refund"}
    assert categories_in("my wordb9985", matcher) == {"other"}
