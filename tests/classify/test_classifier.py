"""Who decides, with what confidence, and why."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from router.classify.classifier import (
    BODY_CONFIDENCE,
    CONTRADICTED_CONFIDENCE,
    SUBJECT_CONFIDENCE,
    Classifier,
)
from router.classify.model import Model
from router.values import Classification, Message, ThreadState
from tests.classify.builders import CANCEL, REFUND, a_category, a_mail, a_taught, a_thread

TECHNICAL = a_category("technical", en="stack trace")
SALES = a_category("sales", en="quote")


def one(classifier: Classifier, message: Message, thread: ThreadState | None = None) -> Classification:
    (answer,) = classifier.classify([message], [thread])
    return answer


def test_a_phrase_in_the_subject_decides_with_its_evidence() -> None:
    """The evidence names the phrase, the place, and the form that was met."""
    answer = one(Classifier([REFUND]), a_mail("Two refunds, please"))
    assert (answer.category, answer.decided_by, answer.confidence) == ("refund", "phrase", SUBJECT_CONFIDENCE)
    assert answer.evidence[0].text == "phrase 'refund' in the subject as 'refunds'"


def test_a_phrase_in_the_text_is_less_sure() -> None:
    answer = one(Classifier([REFUND]), a_mail("Hello", "I want a refund"))
    assert (answer.category, answer.confidence) == ("refund", BODY_CONFIDENCE)
    assert answer.evidence[0].text == "phrase 'refund' in the text"


def test_nothing_known_is_unsure() -> None:
    """Without phrase, model, thread or example nobody decides."""
    answer = one(Classifier([REFUND]), a_mail("Hello", "How are you?"))
    assert (answer.category, answer.decided_by, answer.confidence) == (None, "nobody", 0.0)


def test_a_reply_inherits_its_conversation() -> None:
    answer = one(Classifier([REFUND, CANCEL]), a_mail("Re: Hello", "Any news?"), a_thread("refund"))
    assert (answer.category, answer.decided_by) == ("refund", "thread")
    assert answer.evidence[0].text == "continues a conversation about refund"


def test_a_phrase_in_the_new_text_of_a_reply_says_otherwise() -> None:
    answer = one(Classifier([REFUND, CANCEL]), a_mail("Re: Refund", "Please cancel it then"), a_thread("refund"))
    assert (answer.category, answer.decided_by) == ("cancel", "phrase")


def test_the_repeated_subject_of_a_reply_says_nothing_new() -> None:
    """An agent moved the first mail elsewhere; its subject must not pull the answers back."""
    answer = one(Classifier([REFUND, CANCEL]), a_mail("Re: Refund", "Any news?"), a_thread("cancel"))
    assert (answer.category, answer.decided_by) == ("cancel", "thread")


def test_a_conversation_without_a_known_category_is_judged_by_its_mail() -> None:
    for category in (None, "gone"):
        answer = one(Classifier([REFUND]), a_mail("Re: Refund"), a_thread(category))
        assert (answer.category, answer.decided_by) == ("refund", "phrase")


FORM = "Form of the shop\nName: Jane Miller\nTopic of the request: question\nProduct: garden lamp, black, two metres\n"


def test_a_nearly_identical_taught_mail_stands_above_phrases() -> None:
    """An agent who moved this very mail knew the phrase in it."""
    classifier = Classifier([REFUND, CANCEL], taught=[a_taught("cancel", "Refund of order 4711", FORM)])
    answer = one(classifier, a_mail("Refund of order 4712", FORM))
    assert (answer.category, answer.decided_by) == ("cancel", "example")
    assert answer.evidence[0].text == "nearly the same as mail 7, which an agent moved to cancel"


def test_taught_mails_that_contradict_each_other_decide_nothing() -> None:
    """The same form was filed in two ways: its likeness tells nothing."""
    taught = [a_taught("cancel", "Order 4711", FORM, number=1), a_taught("refund", "Order 4712", FORM, number=2)]
    assert one(Classifier([REFUND, CANCEL], taught=taught), a_mail("Order 4713", FORM)).category is None


def test_a_phrase_that_the_taught_mail_lacks_stands_above_it() -> None:
    """Two mails from one web form may differ in one word, and that word may be all that matters."""
    classifier = Classifier([REFUND, CANCEL], taught=[a_taught("cancel", "", FORM)])
    answer = one(classifier, a_mail("", FORM.replace("question", "refund")))
    assert (answer.category, answer.decided_by) == ("refund", "phrase")


def test_a_mail_like_one_moved_back_to_the_inbox_stays() -> None:
    """A reject teaches silence."""
    classifier = Classifier([REFUND], taught=[a_taught(None, "Refund of order 4711", FORM)])
    answer = one(classifier, a_mail("Refund of order 4712", FORM))
    assert (answer.category, answer.decided_by) == (None, "example")
    assert "moved back to the inbox" in answer.evidence[0].text


def test_a_taught_mail_of_a_category_that_is_gone_is_ignored() -> None:
    classifier = Classifier([REFUND], taught=[a_taught("cancel", "Refund of order 4711", FORM)])
    assert one(classifier, a_mail("Refund of order 4712", FORM)).category == "refund"


def test_an_agents_example_corrects_the_model(small_model: Model) -> None:
    """The next mail of that kind lands right before the model is fitted anew."""
    mail = a_mail("", "the printer crashes when I log in with my badge")
    moved = a_taught("sales", "", "the printer crashes when I log in with a card")
    assert one(Classifier([TECHNICAL, SALES], small_model, unsure_below=0.5), mail).category == "technical"
    answer = one(Classifier([TECHNICAL, SALES], small_model, [moved], 0.5), mail)
    assert (answer.category, answer.decided_by) == ("sales", "example")


def test_shared_greetings_do_not_make_mails_alike() -> None:
    frame = "Hello,\n\n{}\n\nThank you very much in advance for your help.\nKind regards"
    classifier = Classifier([REFUND], taught=[a_taught("refund", "", frame.format("The parcel was empty."))])
    assert one(classifier, a_mail("", frame.format("Where do I park?"))).category is None


def test_the_model_decides_above_the_threshold(small_model: Model) -> None:
    """A known kind of text without a phrase is decided by the model, which names its words."""
    classifier = Classifier([TECHNICAL, SALES], small_model, unsure_below=0.5)
    answer = one(classifier, a_mail("", "the scanner crashes when I log in"))
    assert (answer.category, answer.decided_by) == ("technical", "model")
    assert answer.confidence >= 0.5
    assert "word 'crashes'" in {each.text for each in answer.evidence}


def test_below_the_threshold_it_is_unsure_with_its_guesses(small_model: Model) -> None:
    classifier = Classifier([TECHNICAL, SALES], small_model, unsure_below=1.0)
    answer = one(classifier, a_mail("", "the scanner crashes when I log in"))
    assert (answer.category, answer.decided_by) == (None, "nobody")
    assert answer.top[0][0] == "technical"


def test_between_two_thresholds_it_suggests_and_moves_nothing(small_model: Model) -> None:
    """A score that is good enough for a draft, which nobody sends by itself, is not good enough to move the mail."""
    mail = a_mail("", "the scanner crashes when I log in")
    probability = one(Classifier([TECHNICAL, SALES], small_model, unsure_below=0.5), mail).confidence
    between = replace(small_model.manifest, unsure_below=probability + 0.001, suggest_from=probability - 0.001)
    other = copy(small_model)
    other.manifest = between
    answer = one(Classifier([TECHNICAL, SALES], other), mail)
    assert (answer.category, answer.may_move) == ("technical", False)
    other.manifest = replace(between, unsure_below=probability - 0.001)
    assert one(Classifier([TECHNICAL, SALES], other), mail).may_move


def test_a_text_of_a_category_that_is_not_configured_is_not_pressed_into_another(small_model: Model) -> None:
    """The model knows what this is, and that this team has no folder for it."""
    classifier = Classifier([SALES, REFUND], small_model, unsure_below=0.5)
    answer = one(classifier, a_mail("", "the scanner crashes when I log in"))
    assert answer.category is None
    assert {name for name, _ in answer.top} <= {"sales", "refund"}


def test_a_model_that_knows_no_configured_category_is_not_asked(small_model: Model) -> None:
    answer = one(Classifier([CANCEL], small_model), a_mail("", "the scanner crashes when I log in"))
    assert (answer.category, answer.top, answer.evidence) == (None, (), ())


def test_phrases_that_tie_are_decided_by_the_model(small_model: Model) -> None:
    """Between the tied categories only."""
    text = "a quote with a stack trace: the camera crashes when I log in"
    answer = one(Classifier([TECHNICAL, a_category("sales", en="the quote, a quote")], small_model), a_mail("", text))
    assert (answer.category, answer.decided_by) == ("technical", "model")


def test_phrases_that_tie_without_a_model_are_shown_as_a_or_b() -> None:
    answer = one(Classifier([REFUND, CANCEL]), a_mail("", "refund or cancel?"))
    assert answer.category is None
    assert {name for name, _ in answer.top} == {"refund", "cancel"}


def test_a_model_that_disagrees_strongly_lowers_the_confidence_and_flips_nothing(small_model: Model) -> None:
    text = "quote: the camera crashes when I log in, an error appears on the camera screen"
    answer = one(Classifier([SALES, TECHNICAL], small_model), a_mail("", text))
    assert (answer.category, answer.decided_by) == ("sales", "phrase")
    assert answer.confidence == CONTRADICTED_CONFIDENCE
    assert answer.evidence[-1].category == "technical"


def test_not_phrases_silence_phrases_and_not_the_model(small_model: Model) -> None:
    mail = a_mail("", "please return my money for the chair. I want a refund for the chair, says the refund policy")
    answer = one(Classifier([REFUND, SALES], small_model, unsure_below=0.3), mail)
    assert (answer.category, answer.decided_by) == ("refund", "model")


def test_an_unsure_answer_names_the_not_phrase() -> None:
    answer = one(Classifier([REFUND]), a_mail("Refund policy?"))
    assert answer.category is None
    assert answer.evidence[0].text == "not refund because of 'refund policy'"


def test_pure_thanks_needs_no_phrase() -> None:
    """A first mail of nothing but thanks is `thanks`; in a conversation it stays with the conversation."""
    classifier = Classifier([REFUND, a_category("thanks")])
    mail = a_mail("Hello", "Дякую!", thanks_only=True)
    assert one(classifier, mail).category == "thanks"
    assert one(classifier, mail, a_thread("refund")).category == "refund"
    assert one(Classifier([REFUND]), mail).category is None


def test_courtesy_in_a_mail_about_something_else_is_not_what_it_is_about() -> None:
    """ "Thank you" closes most mails."""
    thanks = a_category("thanks", en="thank you")
    classifier = Classifier([REFUND, thanks])
    assert one(classifier, a_mail("Hello", "Where is my parcel? Thank you")).category is None
    assert one(classifier, a_mail("Thank you for the refund")).category == "refund"
    assert one(classifier, a_mail("Re: Hello", "Thank you!", thanks_only=True)).category == "thanks"


@given(subject=st.text(max_size=200), text=st.text(max_size=500))
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_has_an_answer(small_model: Model, subject: str, text: str) -> None:
    """Whatever strangers write, the answer is a configured category or unsure, with a confidence in [0, 1]."""
    classifier = Classifier([REFUND, SALES], small_model, [a_taught("sales", "", "offer")])
    answer = one(classifier, a_mail(subject, text))
    assert answer.category in {None, "refund", "sales"}
    assert 0 <= answer.confidence <= 1


def test_a_broken_mail_with_a_lone_surrogate_is_answered(small_model: Model) -> None:
    answer = one(Classifier([REFUND, SALES], small_model), a_mail("refund \ud800", "\udfff the camera"))
    assert answer.category == "refund"


def test_many_mails_are_answered_in_order() -> None:
    mails = [a_mail("Refund"), a_mail("Hello"), a_mail("Cancel")]
    answers = Classifier([REFUND, CANCEL]).classify(mails, [None] * 3)
    assert [answer.category for answer in answers] == ["refund", None, "cancel"]
