"""Our own parser reads our own drafts: this is how a sent draft is recognised."""

from __future__ import annotations

import pytest

from router.mail.parse import parse
from router.replies.similarity import AS_IS, similarity

from .builders import LANGUAGES, a_draft, a_message, an_order, shipped

LONG = "Повернення коштів за замовлення, яке так і не приїхало до Києва, і ще кілька слів для довжини рядка"


@pytest.mark.parametrize("reply_id", shipped().reply_ids())
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_newly_written_in_a_draft_is_the_reply_without_the_quote(reply_id: str, language: str) -> None:
    """In each language the attribution and the quote are seen as such."""
    message = a_message(language=language, script="Latn" if language == "en" else "Cyrl", entities=(an_order(),))
    draft = a_draft(message, wanted=reply_id)
    again = parse(draft.raw)
    assert similarity(again.text, draft.body) >= AS_IS
    assert "money back" not in again.text.replace("your money back", "")
    assert again.message_id == draft.message_id
    assert (again.in_reply_to, again.references) == ((message.message_id,), (message.message_id,))
    assert again.to[0].address == message.sender.address
    assert not again.automatic
    assert again.defects == ()


@pytest.mark.parametrize("subject", [LONG, "a" * 200, "ü " * 60, "日本語" * 30, "👍" * 30, 'a, b; c: d <e> "f"'])
def test_a_subject_of_any_length_and_alphabet_arrives_whole(subject: str) -> None:
    """Encoded words never gain or lose a blank on the way."""
    draft = a_draft(a_message(subject=subject))
    assert parse(draft.raw).subject == f"Re: {subject.strip()}"


@pytest.mark.parametrize("name", ["Олександра-Вікторія Миколаївна Григоренко-Запорізька", "Jürgen Müßig", "Ж" * 80])
def test_a_name_of_any_length_arrives_whole(name: str) -> None:
    """The same for the customer's name."""
    from router.values import Address

    draft = a_draft(a_message(sender=Address(name=name, address="olha@customer.example")))
    assert parse(draft.raw).to[0] == Address(name=name, address="olha@customer.example")
