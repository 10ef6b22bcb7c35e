"""The replies we ship work on the first day, in five languages, and promise nothing that nobody has decided."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from router.replies.render import Rendered, render_or_otherwise
from router.values import Address, Classification

from .builders import LANGUAGES, a_draft, a_message, an_order, shipped

CATEGORIES = ("refund", "cancel", "faq", "billing", "upgrade", "sales", "technical", "complaint", "thanks")
SCRIPTS = {"en": "Latn", "uk": "Cyrl", "ru": "Cyrl", "sr": "Cyrl", "mn": "Cyrl"}
MAILS = {
    "plain": a_message(),
    "with an order": a_message(entities=(an_order(),)),
    "nobody signed": a_message(signed_as="", sender=Address(address="x@y.example")),
    "empty": a_message(subject="", text="", full_text="", signed_as="", message_id="", date=None),
    "formal": a_message(greeting="formal", signed_as="Олена Іваненко"),
    "informal": a_message(greeting="informal"),
}
LANGUAGE_OF_LETTERS = {
    "en": re.compile(r"[A-Za-z]"),
    "uk": re.compile(r"[а-щьюяґєії]", re.IGNORECASE),
    "ru": re.compile(r"[а-яё]", re.IGNORECASE),
    "sr": re.compile(r"[а-шђјљњћџ]", re.IGNORECASE),
    "mn": re.compile(r"[а-яёөү]", re.IGNORECASE),
}
# Letters that no text in that language has.
FOREIGN = {
    "en": "[А-я]",
    "uk": "[ыэъёөүђћџљњј]",
    "ru": "[іїєґөүђћџљњј]",
    "sr": "[ыэъёіїєґөүйщьюя]",
    "mn": "[іїєґђћџљњј]",
}
VARIANTS = [(reply_id, language) for reply_id in shipped().reply_ids() for language in LANGUAGES]
EVERY_FACT = {
    "name": "Acme",
    "refund_days": "14",
    "save_offer": "X",
    "help_url": "https://help.example",
    "pricing_url": "https://price.example",
}


def test_the_shipped_library_has_no_problems_and_every_reply_exists_in_five_languages() -> None:
    """Fourteen replies, seventy files."""
    assert shipped().problems == ()
    assert len(shipped().reply_ids()) == 14
    assert all(set(shipped().variants(reply_id)) == set(LANGUAGES) for reply_id in shipped().reply_ids())


@pytest.mark.parametrize(("reply_id", "language"), VARIANTS)
@pytest.mark.parametrize("mail", MAILS)
def test_every_reply_becomes_a_text_without_leftovers(reply_id: str, language: str, mail: str) -> None:
    """Whatever is missing in the mail: with the shipped facts there is a reply, and none of it is a blank."""
    message = replace(MAILS[mail], language=language, script=SCRIPTS[language])
    result = render_or_otherwise(shipped(), shipped().variants(reply_id)[language], message)
    assert isinstance(result, Rendered), result
    assert not re.search(r"[{}<>\[\]]|%|\n\n\n\n|  |,,|\( ?\)|№ *[.,]", result.body)
    assert result.body.count("\n\n\n") == 1, "one personal slot"
    assert result.language == language


@pytest.mark.parametrize(("reply_id", "language"), VARIANTS)
def test_every_reply_reads_well_with_all_facts_decided(reply_id: str, language: str) -> None:
    """Optional sentences do not leave holes."""
    reply = shipped().variants(reply_id)[language]
    library = replace(shipped(), facts={**shipped().facts, **{k: {"": v} for k, v in EVERY_FACT.items()}})
    message = a_message(language=language, script=SCRIPTS[language], entities=(an_order(),))
    result = render_or_otherwise(library, reply, message)
    assert isinstance(result, Rendered)
    assert result.reply_id == reply_id
    assert "\n\n\n\n" not in result.body
    assert result.body.count("\n\n\n") == 1
    assert result.body.endswith(", Acme\n")


@pytest.mark.parametrize(("reply_id", "language"), VARIANTS)
def test_every_reply_is_written_in_its_own_language_and_says_when_we_write_again(reply_id: str, language: str) -> None:
    """No letter of a neighbouring alphabet slipped in, and each has a time frame."""
    reply = shipped().variants(reply_id)[language]
    text = re.sub(r"{{.*?}}|{%.*?%}", "", reply.template)
    assert not re.search(FOREIGN[language], text.lower())
    assert LANGUAGE_OF_LETTERS[language].search(text)
    assert "company.reply_time" in reply.placeholders
    assert reply.title
    assert reply.use_when
    assert "!" not in text or text.count("!") == 1


@pytest.mark.parametrize(("reply_id", "language"), VARIANTS)
def test_no_reply_states_a_fact_of_its_own(reply_id: str, language: str) -> None:
    """Numbers, addresses and days come from company.yaml."""
    assert not re.search(r"\d|https?:|@|€|\$", shipped().variants(reply_id)[language].template)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("mail", MAILS)
def test_every_known_category_gets_a_draft_on_the_first_day(category: str, language: str, mail: str) -> None:
    """Nothing but the shipped company.yaml is needed."""
    message = replace(MAILS[mail], language=language, script=SCRIPTS[language])
    draft = a_draft(message, classification=Classification(category=category))
    assert draft.reply_id.startswith(f"{category}/")
    assert draft.language == language
