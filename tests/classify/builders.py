"""Builders for what the classifier's tests need."""

from __future__ import annotations

from router.classify.features import features, text_of
from router.classify.nearest import Taught
from router.decide.rules import Category
from router.values import Example, Message, ThreadState


def a_category(
    name: str = "refund", *, not_phrases: dict[str, tuple[str, ...]] | None = None, **phrases: str
) -> Category:
    """A category; phrases by language, separated by commas (`sr_Latn` is `sr-Latn`)."""
    return Category(
        name=name,
        folder=f"Support/{name}",
        phrases={language.replace("_", "-"): _split(listed) for language, listed in phrases.items()},
        not_phrases=not_phrases or {},
    )


def _split(listed: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in listed.split(","))


REFUND = a_category(
    "refund",
    not_phrases={"en": ("refund policy",)},
    en="refund, money back, chargeback",
    uk="повернення, повернути кошти",
    ru="возврат, вернуть деньги",
    sr="повраћај, povraćaj",
    mn="буцаалт, мөнгөө буцаа*",
)
CANCEL = a_category("cancel", en="cancel, stop my plan", uk="скасувати", ru="отменить", sr="otkazati", mn="цуцла*")


def a_mail(subject: str = "", text: str = "", *, thanks_only: bool = False) -> Message:
    return Message(subject=subject, text=text, thanks_only=thanks_only)


def a_thread(category: str | None = "refund") -> ThreadState:
    return ThreadState(id=1, mailbox="support", customer="a@client.example", category=category, messages=1)


def a_taught(category: str | None, subject: str = "", text: str = "", *, number: int = 7) -> Taught:
    return Taught(id=number, category=category, features=features(text_of(subject, text)))


_TEXTS = {
    "refund": (
        "please return my money for {}",
        "I want my payment for {} returned",
        "the charge for {} must go back to my card",
    ),
    "technical": (
        "the {} crashes when I log in",
        "an error appears on the {} screen",
        "the {} does not start since the update",
    ),
    "sales": (
        "how much does the {} cost for ten people",
        "send an offer for the {}",
        "price list of the {} for our company",
    ),
}
_THINGS = ("camera", "lamp", "printer", "licence", "tablet", "router", "phone", "chair", "bicycle", "speaker")


def some_examples() -> list[Example]:
    """Ninety short texts of three categories, enough for a model that knows them."""
    return [
        Example(text=template.format(thing), category=category, language="en")
        for category, templates in _TEXTS.items()
        for template in templates
        for thing in _THINGS
    ]
