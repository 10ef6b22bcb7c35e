"""What a stranger writes never becomes a header, a template, or anything but text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.mail.compose import compose_draft, compose_notice, one_line, plain_lines, reply_recipient
from router.replies.render import render
from router.replies.suggest import BEST
from router.values import Address, Classification, Draft, Entity, Message, NoDraft

from .builders import NOW, a_draft, a_library, a_message, draft_of, read, shipped, text_in

HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "X-Inbox-Router-Key", "In-Reply-To", "References", "X-Draft-Info",
    "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip

HOSTILE = [
    "{{7*7}}",
    "{{ 7 | times: 7 }}",
    "{{ company.reply_time }}",
    "{{ greeting }}",
    "{% if true %}x{% endif %}",
    "{% include '/etc/passwd' %}",
    "{% raw %}",
    "{%",
    "}}",
    "{{''.__class__.__mro__}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "%s%s%n",
    "{0.__class__}",
    "{name}",
    "a\r\nBcc: evil@x.example",
    "a\nBcc: evil@x.example",
    "a\rBcc: evil@x.example",
    "a\r\n\r\n<script>",
    "a\x00b",
    "a\x0bBcc: evil@x.example",
    "a\x0cBcc: evil@x.example",
    "a\x1cBcc: evil@x.example",
    "a\x85Bcc: evil@x.example",
    "a\u2028Bcc: evil@x.example",
    "a\u2029Bcc: evil@x.example",
    "=?utf-8?q?a=0D=0ABcc:_evil=40x.example?=",
    "=?utf-8?b?DQpCY2M6IGV2aWxAeC5leGFtcGxl?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3F=0D=0ABcc:x?=",
    "=?utf-8?Q?",
    "=?bogus?x?y?=",
    'x" <evil@x.example>, "y',
    "evil@x.example, other@y.example",
    "<evil@x.example>",
    "Group: evil@x.example;",
    "(comment) evil",
    '\\"',
    "\u202eelpmaxe.live\u202c",
    "a\u200b\u200b\u2066b",
    "\ud800 alone",
    "\ufeff\ufffe",
    "![x](http://evil.example/pixel)",
    "<img src=http://evil.example>",
    "javascript:alert(1)",
    "-- \n> quoted",
    ".\r\nQUIT",
    "A001 LOGOUT",
    "Ж" * 5000,
    "x" * 5000,
    "x " * 3000,
    "e\u0301" * 500,
    " " * 300,
    "👩‍👩‍👧‍👦" * 40,
]

PLACES = {
    "name": lambda text: a_message(sender=Address(name=text, address="olha@customer.example")),
    "sign-off": lambda text: a_message(signed_as=text, full_text=f"Hi\n{text}"),
    "subject": lambda text: a_message(subject=text),
    "message-id": lambda text: a_message(message_id=f"<{text}@x.example>", references=(f"<{text}>", text)),
    "in-reply-to": lambda text: a_message(in_reply_to=(text,), references=()),
    "reply-to": lambda text: a_message(reply_to=(Address(name=text, address=text),)),
    "order": lambda text: a_message(entities=(Entity(kind="order", value=text),)),
    "text": lambda text: a_message(text=text, full_text=text),
    "language": lambda text: a_message(language=text, script=text),
}


def assert_harmless(draft: Draft) -> None:
    """The draft holds the headers we write, once each, goes to one address, and its body is text on lines."""
    assert draft.raw.isascii()
    assert b"\n" not in draft.raw.replace(b"\r\n", b"")
    assert b"\r" not in draft.raw.replace(b"\r\n", b"")
    mail = read(draft.raw)
    names = [name for name, _ in mail.items()]
    assert len(names) == len(set(names))
    assert set(names) <= HEADERS
    assert len(mail["To"].addresses) == len(mail["From"].addresses) == 1
    assert mail["To"].addresses[0].addr_spec == "olha@customer.example"
    assert all(character.isprintable() or character in "\n\t\u200d" for character in text_in(draft.raw))
    for name in ("Subject", "To"):
        assert mail[name].isprintable() or "\u200d" in mail[name]
    assert mail.defects == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("place", PLACES)
def test_hostile_text_stays_text_wherever_it_stands(place: str, text: str) -> None:
    """No header more, no address more, no control character."""
    assert_harmless(a_draft(PLACES[place](text)))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_value_is_never_read_as_a_template(tmp_path, text: str) -> None:  # type: ignore[no-untyped-def]
    """A subject or number stands in the answer letter by letter, cleaned and cut; nothing in it is computed."""
    library = a_library(tmp_path, {"r/a.md": "[{{ subject }}][{{ order.number | default: '-' }}]\n"})
    reply = library.variants("r/a")["en"]
    message = a_message(subject=text, entities=(Entity(kind="order", value=text),))
    result = render(reply, message, library.facts)
    subject, number = one_line(text, 120), one_line(text, 40)
    if not subject:
        assert isinstance(result, NoDraft)
    else:
        assert not isinstance(result, NoDraft)
        assert result.body == f"[{subject}][{number}]\n"


def test_a_hostile_name_is_no_name() -> None:
    """Only what looks like a person's name is greeted."""
    for text in HOSTILE[:47]:
        draft = a_draft(a_message(signed_as=text, sender=Address(name="", address="olha@customer.example")))
        assert draft.body.startswith(("Hello,\n", "Hello X,\n")), text


def test_literal_braces_reach_the_reader_unchanged() -> None:
    """`{{7*7}}` in a subject is a subject."""
    draft = a_draft(a_message(subject="{{7*7}}", full_text="{{7*7}}"))
    assert read(draft.raw)["Subject"] == "Re: {{7*7}}"
    assert "> {{7*7}}" in text_in(draft.raw)
    assert "49" not in text_in(draft.raw)


def test_an_encoded_word_in_a_decoded_subject_is_taken_apart() -> None:
    """Else the receiving client would decode what we only copied."""
    draft = a_draft(a_message(subject="=?utf-8?q?Bcc=3A_x?="))
    assert b"=?utf-8?q?Bcc" not in draft.raw
    assert read(draft.raw)["Subject"] == "Re: = ?utf-8?q?Bcc=3A_x?="


ANY_TEXT = st.text(st.characters(codec=None), max_size=80)
ANY_DATE = st.datetimes(
    min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-11, minutes=-30)), timezone(timedelta(hours=14))]),
)  # fmt: skip
ADDRESSES = st.builds(
    Address, name=ANY_TEXT, address=st.one_of(ANY_TEXT, st.emails(), st.just("olha@customer.example"))
)
MESSAGES = st.builds(
    Message,
    message_id=ANY_TEXT,
    in_reply_to=st.lists(ANY_TEXT, max_size=2).map(tuple),
    references=st.lists(ANY_TEXT, max_size=5).map(tuple),
    subject=ANY_TEXT,
    sender=ADDRESSES,
    reply_to=st.lists(ADDRESSES, max_size=2).map(tuple),
    date=st.none() | ANY_DATE,
    text=ANY_TEXT,
    full_text=ANY_TEXT,
    language=st.sampled_from(["en", "uk", "ru", "sr", "mn", "und", "", "xx"]) | ANY_TEXT,
    script=st.sampled_from(["Latn", "Cyrl", ""]),
    signed_as=ANY_TEXT,
    greeting=st.sampled_from(["", "formal", "informal"]),
    entities=st.lists(st.builds(Entity, kind=st.sampled_from(["order", "invoice"]), value=ANY_TEXT), max_size=2).map(
        tuple
    ),
)


@settings(max_examples=150, deadline=None)
@given(message=MESSAGES, category=st.sampled_from(["refund", "billing", "thanks"]))
def test_any_message_gets_a_harmless_draft_or_a_reason(message: Message, category: str) -> None:
    """Nothing that can stand in a message raises, and nothing of it becomes a header."""
    result = draft_of(message, classification=Classification(category=category), wanted=BEST)
    if isinstance(result, NoDraft):
        assert result.because
        assert isinstance(reply_recipient(message, ("support@acme.example",)), NoDraft)
    else:
        names = [name for name, _ in read(result.raw).items()]
        assert set(names) <= HEADERS
        assert len(names) == len(set(names))
        assert len(read(result.raw)["To"].addresses) == 1
        assert b"\n" not in result.raw.replace(b"\r\n", b"")


@settings(max_examples=100, deadline=None)
@given(body=ANY_TEXT, subject=ANY_TEXT, name=ANY_TEXT, key=ANY_TEXT, message_id=ANY_TEXT)
def test_any_notice_and_any_own_text_compose(body: str, subject: str, name: str, key: str, message_id: str) -> None:
    """Names from a configuration and subjects from the mail are rebuilt alike."""
    us = Address(name=name, address="support@acme.example")
    notice = compose_notice(
        body=body, subject=subject, sender=us, recipients=(us,), message_id=message_id, key=key, date=NOW
    )
    draft = compose_draft(
        body=body, message=a_message(), sender=us, recipient=us, message_id=message_id, key=key, date=NOW
    )
    assert isinstance(draft, bytes)
    for raw in (notice, draft):
        assert raw.isascii()
        assert len(read(raw)["To"].addresses) == 1
        assert set(read(raw).keys()) <= HEADERS | {"Auto-Submitted", "X-Auto-Response-Suppress"}


@given(st.text(st.characters(codec=None), max_size=300))
def test_cleaning_is_total_and_settled(text: str) -> None:
    """Cleaned text is printable and stays the same when cleaned again."""
    line = one_line(text, 100)
    assert len(line) <= 100
    assert "=?" not in line
    assert one_line(line, 100) == line
    assert plain_lines(plain_lines(text)) == plain_lines(text)
    assert "\r" not in plain_lines(text)


def test_the_facts_of_the_test_are_the_shipped_ones() -> None:
    """The hostile cases run against what a stranger would meet."""
    assert shipped().problems == ()
