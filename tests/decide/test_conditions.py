"""Every kind of condition: when it holds, when it does not, and what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.conditions import Facts, holds
from router.decide.patterns import glob_matcher
from router.decide.rules import (
    AddressIs,
    AllOf,
    AnyOf,
    AttachmentIs,
    Between,
    Condition,
    HeaderHas,
    IsTrue,
    Not,
    OneOf,
    TextHas,
)
from router.errors import ConditionError
from router.values import Address, Message

from .builders import a_message, a_thread, an_attachment, the_facts

LETTER = the_facts(
    message=a_message(
        sender="oksana@пошта.укр",
        to="support@acme.example",
        cc="boss@client.example",
        subject="Поверніть КОШТИ за замовлення 4711",
        text="I want my\n  money back, please.\nStraße, й.",
        language="uk",
        script="Cyrl",
        headers=(
            ("X-Mailer", "Claws Mail"),
            ("X-Tag", "one"),
            ("x-tag", "Two"),
            ("Delivered-To", "<help@acme.example>"),
        ),
        attachments=(an_attachment("Invoice.PDF", "application/pdf"), an_attachment("me [1].png", "image/png")),
    ),
    category="refund",
    confidence=0.8,
    senders=("vip", "old"),
    thread=a_thread(messages=3, claimed_by="olha"),
    flags=("\\flagged",),
)
BARE = the_facts()


def contains(key: str, value: str) -> TextHas:
    return TextHas(key=key, kind="contains", value=value)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (OneOf(key="category", values=("cancel", "refund")), True),
        (OneOf(key="category", values=("unsure",)), False),
        (OneOf(key="language", values=("uk",)), True),
        (OneOf(key="script", values=("Latn",)), False),
        (OneOf(key="mailbox", values=("support",)), True),
        (OneOf(key="sender", values=("old",)), True),
        (OneOf(key="sender", values=("new",)), False),
        (OneOf(key="claimed_by", values=("olha",)), True),
        (IsTrue(key="automatic", value=False), True),
        (IsTrue(key="list", value=True), False),
        (IsTrue(key="reply", value=True), True),
        (IsTrue(key="flagged", value=True), True),
        (contains("subject", "поверніть кошти"), True),
        (contains("subject", "refund"), False),
        (contains("text", "MONEY BACK"), True),
        (contains("text", "my money"), True),  # a line break splits no phrase
        (contains("text", "strasse"), True),
        (contains("text", "и\N{COMBINING BREVE}"), True),  # й typed as two characters
        (TextHas(key="text", kind="word", value="Money"), True),
        (TextHas(key="text", kind="word", value="mone"), False),
        (TextHas(key="subject", kind="word", value="кошти"), True),
        (TextHas(key="subject", kind="word", value="кошт"), False),  # a word ends where its letters do, in any script
        (TextHas(key="subject", kind="regex", value=r"\b\d{4}$"), True),
        (TextHas(key="subject", kind="regex", value=r"^\d"), False),
        (AddressIs(key="from", pattern="OKSANA@пошта.укр"), True),
        (AddressIs(key="from", pattern="*@xn--80a1acn3a.xn--j1amh"), True),
        (AddressIs(key="from", pattern="oksana"), False),  # the whole string, or nothing
        (AddressIs(key="to", pattern="support@acme.example"), True),
        (AddressIs(key="to", pattern="sup?ort@*"), True),
        (AddressIs(key="to", pattern="support@acme.exampl"), False),
        (AddressIs(key="to", pattern="support@acme-example"), False),
        (AddressIs(key="to", pattern="support@acmeXexample"), False),  # a dot is a dot
        (AddressIs(key="cc", pattern="*@client.example"), True),
        (AddressIs(key="delivered_to", pattern="help@acme.example"), True),
        (HeaderHas(name="x-mailer", value="claws"), True),
        (HeaderHas(name="X-Tag", value="two"), True),  # any header of that name
        (HeaderHas(name="X-Tag", value="three"), False),
        (HeaderHas(name="X-Mailer", value=""), True),
        (HeaderHas(name="X-Missing", value=""), False),
        (AttachmentIs(name="*.pdf"), True),
        (AttachmentIs(name="pdf"), False),
        (AttachmentIs(content_type="IMAGE/*"), True),
        (AttachmentIs(name="*.pdf", content_type="image/*"), False),  # of one attachment
        (AttachmentIs(name="me [1].*"), True),  # brackets are themselves
        (AttachmentIs(), True),
        (Between(key="confidence", at_least=0.8), True),
        (Between(key="confidence", at_least=0.81), False),
        (Between(key="messages", at_least=4, at_most=4), True),  # this mail is the fourth
        (Between(key="messages", at_most=3), False),
    ],
)
def test_a_condition_on_a_letter(condition: Condition, expected: bool) -> None:
    """Each kind holds or not for one well-filled letter, its opposite is the opposite, and both say why."""
    verdict = holds(condition, LETTER)
    assert verdict.value is expected, verdict.because
    assert verdict.because
    assert holds(Not(part=condition), LETTER).value is not expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (OneOf(key="category", values=("unsure",)), True),
        (OneOf(key="sender", values=("vip",)), False),
        (OneOf(key="claimed_by", values=("olha",)), False),
        (IsTrue(key="reply", value=False), True),
        (AttachmentIs(), False),
        (AddressIs(key="cc", pattern="*"), False),
        (Between(key="messages", at_least=1, at_most=1), True),
        (AllOf(parts=()), True),
        (AnyOf(parts=()), False),
    ],
)
def test_a_condition_on_a_bare_mail(condition: Condition, expected: bool) -> None:
    """What is not there is not there, and nothing breaks."""
    assert holds(condition, BARE).value is expected


def test_a_display_name_matches_nothing() -> None:
    """An address in the display name is text that a stranger chose."""
    facts = the_facts(message=Message(sender=Address(name="ceo@big.example", address="phish@evil.example")))
    assert not holds(AddressIs(key="from", pattern="*ceo@big.example*"), facts).value


@pytest.mark.parametrize(
    ("facts", "automatic"),
    [
        (the_facts(message=a_message(automatic=True)), True),
        (the_facts(message=a_message(is_list=True)), True),
        (the_facts(), False),
    ],
)
def test_automatic_means_robots_and_lists(facts: Facts, automatic: bool) -> None:
    """Mailing lists are automatic for rules; `list` tells them from robots."""
    assert holds(IsTrue(key="automatic", value=True), facts).value is automatic


def test_an_answer_to_a_mail_we_never_saw_is_a_reply() -> None:
    """In-Reply-To makes a reply even when its thread is unknown."""
    facts = the_facts(message=a_message(in_reply_to=("<newsletter@acme.example>",)))
    assert holds(IsTrue(key="reply", value=True), facts).value


@pytest.mark.parametrize(
    "condition",
    [
        OneOf(key="weather", values=("rain",), path="workflows[2].when.weather"),
        IsTrue(key="sunny", value=True, path="workflows[2].when.sunny"),
        TextHas(key="body", kind="contains", value="x", path="workflows[2].when.body"),
        TextHas(key="text", kind="sounds-like", value="x", path="workflows[2].when.text"),
        TextHas(key="text", kind="regex", value="(?=x)", path="workflows[2].when.text"),
        AddressIs(key="bcc", pattern="*", path="workflows[2].when.bcc"),
        Between(key="age", at_least=1, path="workflows[2].when.age"),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_condition_that_cannot_be_evaluated_is_an_error(condition: Condition, wrapped: bool) -> None:
    """It is neither true nor false, inside `not` too, and the error starts with its path."""
    with pytest.raises(ConditionError) as caught:
        holds(Not(part=condition) if wrapped else condition, LETTER)
    assert str(caught.value).startswith("workflows[2].when.")


def test_the_reason_names_the_fact() -> None:
    """An admin reads what the mail is, and what it would have to be."""
    refund = OneOf(key="category", values=("cancel", "faq"))
    vip = OneOf(key="sender", values=("vip",))
    assert holds(refund, LETTER).because == "category is refund, not cancel or faq"
    assert holds(AllOf(parts=(vip, refund)), LETTER).because == "category is refund, not cancel or faq"
    assert holds(AnyOf(parts=(refund, vip)), LETTER).because == "sender is vip"
    assert holds(vip, BARE).because == "sender is nobody listed, not vip"


def test_a_letter_typed_as_two_characters_is_one_letter() -> None:
    """A decomposed й is no и with something behind it, so the word `и` is not found in `мой`."""
    facts = the_facts(message=a_message(subject="мои\N{COMBINING BREVE}", text="а и\N{COMBINING BREVE}"))
    assert not holds(TextHas(key="text", kind="word", value="и"), facts).value
    assert holds(TextHas(key="subject", kind="word", value="мой"), facts).value


def test_only_the_beginning_of_a_long_text_is_scanned() -> None:
    """What stands behind 64 KB is not looked at."""
    facts = the_facts(message=a_message(text="x " * 33_000 + "needle"))
    assert not holds(contains("text", "needle"), facts).value


def test_an_evil_regex_takes_linear_time() -> None:
    """RE2 does not backtrack: this pattern would run for ages elsewhere."""
    facts = the_facts(message=a_message(text="a" * 60_000))
    assert not holds(TextHas(key="text", kind="regex", value="(a+)+$b"), facts).value


def test_an_evil_glob_takes_linear_time() -> None:
    """Many stars on a long name do not multiply."""
    assert not glob_matcher("*a" * 40 + "b")("a" * 20_000)


def test_a_lone_surrogate_breaks_nothing() -> None:
    """Text that no encoding can hold is searched all the same."""
    facts = the_facts(message=a_message(text="money \ud800 back"))
    assert holds(TextHas(key="text", kind="regex", value="money . back"), facts).value


names = st.text(max_size=12)
globs = st.text(alphabet="ab*?.[]\\", max_size=8)


@given(globs, st.text(alphabet="abAB.[]\\", max_size=8))
def test_a_glob_is_what_the_slow_definition_says(pattern: str, text: str) -> None:
    """Stars and question marks as in the definition by cases, case ignored."""

    def matches(p: str, t: str) -> bool:
        if not p:
            return not t
        if p[0] == "*":
            return matches(p[1:], t) or (bool(t) and matches(p, t[1:]))
        return bool(t) and (p[0] in ("?", t[0])) and matches(p[1:], t[1:])

    assert glob_matcher(pattern)(text) == matches(pattern.lower(), text.lower())


@given(names)
def test_every_text_contains_itself(text: str) -> None:
    """Whatever is quoted from a mail as a plain string is found in it: nothing in it is a pattern."""
    facts = the_facts(message=a_message(subject=f"re: {text} fwd"))
    assert holds(contains("subject", text), facts).value
