"""Which reply suits a message, in which language, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.replies.suggest import Suggestion, suggest
from router.values import Classification, Message, NoDraft

from .builders import LANGUAGES, a_library, a_message, an_order, shipped

UNSURE = Classification()


def about(category: str) -> Classification:
    return Classification(category=category, confidence=0.9)


def suggestion(message: Message, category: str = "refund", **more: object) -> Suggestion:
    found = suggest(shipped(), message, about(category), **more)  # type: ignore[arg-type]
    assert isinstance(found, Suggestion), found
    return found


def test_only_replies_of_the_messages_category_are_compared() -> None:
    """Words never carry a refund mail to a sales reply."""
    found = suggestion(a_message(text="price quote demo discount offer buy company"))
    assert {reply_id.split("/")[0] for reply_id, _ in found.ranked} == {"refund"}


STATUS = {
    "en": "Where is my refund? What is its status, when does the money arrive? I am still waiting.",
    "uk": "Де моє повернення? Який статус, коли надійдуть кошти? Досі чекаю, гроші не прийшли.",
    "ru": "Где мой возврат? Какой статус, когда придут деньги? Всё ещё жду.",
    "sr": "Где је мој повраћај, докле се стигло, када стиже новац? Још чекам.",
    "mn": "Буцаалт хаана явна вэ, мөнгө хэзээ орох вэ? Хүлээсээр байна.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_nearest_reply_in_words_comes_first(language: str) -> None:
    """A question about the state of a refund gets that reply, in its own language."""
    message = a_message(language=language, subject="?", text=STATUS[language], entities=(an_order(),))
    found = suggestion(message)
    assert (found.reply.id, found.reply.language) == ("refund/status", language)
    assert found.ranked[0][0] == "refund/status"
    assert [score for _, score in found.ranked] == sorted((score for _, score in found.ranked), reverse=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_general_answer_is_taken_when_nothing_is_nearer(language: str) -> None:
    """`first` is what one writes first."""
    message = a_message(language=language, subject="", text="4711", entities=(an_order(),))
    assert suggestion(message).reply.id == "refund/first"


def test_a_reply_that_asks_for_something_is_not_suggested_once_it_is_known() -> None:
    """Nobody is asked for the number that is in the mail."""
    known = suggestion(a_message(entities=(an_order(),)))
    unknown = suggestion(a_message())
    assert "refund/ask-order" not in dict(known.ranked)
    assert "refund/ask-order" in dict(unknown.ranked)


def test_another_language_is_said_so() -> None:
    """English is the fall-back, and the trace tells."""
    found = suggestion(a_message(language="de", text="Ich möchte mein Geld zurück"))
    assert found.reply.language == "en"
    assert "no variant in 'de', so 'en'" in found.because


@pytest.mark.parametrize(
    ("script", "languages", "expected"),
    [("Cyrl", ("en", "mn"), "mn"), ("Latn", ("mn", "en"), "en"), ("", ("uk", "en"), "uk"), ("Hani", (), "en")],
)
def test_an_unknown_language_follows_the_mailbox_and_the_script(
    script: str, languages: tuple[str, ...], expected: str
) -> None:
    """Two words are too few to tell a language, but not a script."""
    message = a_message(language="und", script=script, text="4711")
    assert suggestion(message, languages=languages).reply.language == expected


def test_a_wanted_reply_is_taken_whatever_the_category() -> None:
    """A workflow that names a reply gets it."""
    found = suggest(shipped(), a_message(language="uk"), UNSURE, wanted="complaint/first")
    assert isinstance(found, Suggestion)
    assert (found.reply.id, found.reply.language) == ("complaint/first", "uk")


def test_there_is_a_reason_when_nothing_can_be_suggested(tmp_path: Path) -> None:
    """Unsure, an unknown reply, a category without replies."""
    empty = a_library(tmp_path, {})
    assert suggest(shipped(), a_message(), UNSURE) == NoDraft(
        because="unsure what the mail is about, so no reply is suggested"
    )
    assert suggest(empty, a_message(), about("refund")) == NoDraft(because="no saved reply in replies/refund/")
    missing = suggest(shipped(), a_message(), UNSURE, wanted="refund/frist")
    assert isinstance(missing, NoDraft)
    assert "did you mean 'refund/first'?" in missing.because
