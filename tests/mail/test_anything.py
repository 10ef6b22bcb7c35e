"""Whatever octets come: an answer, never an exception, and clean values in it."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from router.mail import addresses, authentication, headers, hypertext, quotes
from router.mail.parse import parse
from router.values import Message, from_json, to_json
from tests.mail.builders import raw_mail

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
NAMES = [
    b"From",
    b"To",
    b"Subject",
    b"Message-ID",
    b"References",
    b"Content-Type",
    b"Content-Transfer-Encoding",
    b"Date",
    b"Content-Disposition",
    b"Reply-To",
    b"Authentication-Results",
    b"List-Id",
    b"X",
]
PIECES = [
    b"multipart/mixed; boundary=b",
    b"text/html; charset=utf-7",
    b"text/plain; charset=",
    b"; charset=base64",
    b"; charset=zip",
    b"; charset=iso-2022-kr",
    b"; charset=utf-16",
    b"base64",
    b"quoted-printable",
    b"=?utf-8?b?",
    b"=?koi8-r*ru?Q?",
    b"?=",
    b"=?unicode_escape?q?=5Cud800?=",
    b"(",
    b"<",
    b">",
    b'"',
    b"\\",
    b";",
    b",",
    b":",
    b"name*",
    b"name*0*=x''%ff",
    b"message/rfc822",
    b"a@b.c",
    b"\r\n ",
    b"\n\t",
    b"\xff\xfe",
    "ы".encode("cp1251"),
]
LINES = [
    b"--b",
    b"--b--",
    b"> x",
    b"-- ",
    b"On 1.1.2020 a@b wrote:",
    b"<blockquote>",
    b"<div class=gmail_quote>",
    b"=41=",
    b"SGVsbG8=",
    b"From: x",
    b"Content-Type: message/rfc822",
    b"",
    b"Thanks",
    b"+2AA-",
    b"\x1b$B",
]

header_lines = st.tuples(
    st.sampled_from(NAMES), st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)), max_size=6)
)
body_lines = st.one_of(st.sampled_from(LINES), st.binary(max_size=20))


@st.composite
def nearly_mail(draw: st.DrawFn) -> bytes:
    """Octets that look enough like mail to reach every corner."""
    head = b"".join(
        name + b": " + b"".join(pieces) + b"\n" for name, pieces in draw(st.lists(header_lines, max_size=8))
    )
    return head + b"\n" + b"\n".join(draw(st.lists(body_lines, max_size=12)))


def strings_of(message: Message) -> list[str]:
    people = (message.sender, *message.reply_to, *message.to, *message.cc)
    return [
        message.message_id,
        *message.in_reply_to,
        *message.references,
        message.subject,
        message.signed_as,
        message.text,
        message.full_text,
        *message.authentication_results,
        *message.defects,
        *(text for pair in message.headers for text in pair),
        *(text for one in people for text in (one.name, one.address)),
        *(text for one in message.attachments for text in (one.name, one.content_type)),
    ]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), nearly_mail()))
def test_any_octets_parse_to_clean_values(raw: bytes) -> None:
    """Any octets give a Message without control characters or half characters, which survives JSON."""
    message = parse(raw)
    assert not any(FORBIDDEN.search(text) for text in strings_of(message))
    assert not any("\n" in text for text in (message.message_id, message.subject, message.sender.name))
    assert from_json(to_json(message), Message) == message
    normalised = ("date", "promise", "question")
    assert all(0 <= one.start <= one.end <= len(message.text) for one in message.entities)
    assert all(
        one.kind in normalised or message.text[one.start : one.end] in (one.value, "") for one in message.entities
    )


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_loses_lines_and_gains_none(text: str) -> None:
    """What is left after quotes were removed are lines of the text, in order; the mark of an own line may go."""
    lines = iter(_unmarked(line) for line in text.split("\n"))
    assert all(_unmarked(line) in lines for line in quotes.remove_quotes(text).split("\n") if _unmarked(line))


def _unmarked(line: str) -> str:
    return line.strip().lstrip(">").strip()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab@<>()",;:\\[] .=?\u0431'), max_size=60))
def test_any_address_list_is_read(raw: str) -> None:
    """Any value gives addresses that are empty or have one local part and an ASCII domain."""
    for one in addresses.parse_list(raw):
        assert one.address == "" or (one.domain.isascii() and one.address == one.address.lower())
    assert addresses.claims(raw) >= 0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_authentication_results_are_read(value: str) -> None:
    """Any value is read to results or to None."""
    header = authentication.parse(value)
    assert header is None or isinstance(header.authserv_id, str)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from('<>/ab \n"=&;#x3'), max_size=100))
def test_any_markup_becomes_text(markup: str) -> None:
    """Any markup gives text that holds no mark but ours."""
    assert not re.search("[\x00\x01\x03-\x08]", hypertext.to_text(markup))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("=?utf8qbQB_0D\r\n\0 koi-"), max_size=60))
def test_any_encoded_word_decodes_to_one_line(raw: str) -> None:
    """Whatever is encoded, a header value is one line."""
    assert not re.search("[\x00-\x1f\x7f]", headers.decode(raw))


def test_recursion_in_nested_messages_is_bounded() -> None:
    """Thousands of messages in messages are cut before the parser recurses."""
    assert (
        "nested"
        in parse(raw_mail(b"Content-Type: message/rfc822\n\n" * 3000, Content_Type="message/rfc822")).unreadable
    )
