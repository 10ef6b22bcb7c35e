"""Octets to parts: broken headers are mended before a parser sees them."""

from __future__ import annotations

import base64

import pytest

from router.mail.parse import parse
from router.mail.structure import _joined  # what the parser is fed
from tests.mail.builders import raw_mail

# ------------------------------------------------------------------ headers that broke on their way


@pytest.mark.parametrize(
    ("before", "defect"),
    [
        (b"\xef\xbb\xbf", "header: byte order mark before it"),
        (b"\n\r\n  \n", "header: blank lines before it"),
        (b"From jane@customer.example Tue Mar  3 10:00:00 2026\n", ""),
        (b">From jane@customer.example Tue Mar  3 10:00:00 2026\n", ""),
        (b"250 OK\n", "header: a line without a colon"),
        (b"   left over\n", "header: begins with a continuation"),
    ],
)
def test_what_stands_before_the_header_does_not_hide_it(before: bytes, defect: str) -> None:
    """Marks, blank lines and lines of mailbox files or servers before the header are left out."""
    message = parse(before + raw_mail())
    assert (message.subject, message.text) == ("A question", "Where is my order?")
    assert message.defects == ((defect,) if defect else ())


def test_a_parameter_that_lost_its_indent_goes_on() -> None:
    """A parameter on a line of its own belongs to the field above it."""
    message = parse(raw_mail("--x\n\nHello\n--x--", Content_Type="multipart/mixed;\nboundary=x"))
    assert message.text == "Hello"
    assert message.defects == ("header: a parameter that lost its indent",)


def test_fields_below_a_line_without_a_colon_are_read() -> None:
    """Subject and sender count wherever they stand in the header; what may be text is shown as text too."""
    message = parse(b"X-Seen: 1\nquite odd\nFrom: a@b.example\nSubject: Hi\n\nHello")
    assert (message.subject, message.sender.address) == ("Hi", "a@b.example")
    assert message.text.startswith("quite odd")
    assert message.text.endswith("Hello")
    assert message.defects == ("header: a line without a colon",)


def test_a_body_that_needs_its_header_gets_it() -> None:
    """Without the fields below the odd line nobody could read the body, so they are only fields."""
    raw = b"Subject: A long\nquestion\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVsbG8="
    message = parse(raw)
    assert (message.subject, message.text) == ("A long question", "Hello")


def test_a_space_before_the_colon_is_allowed() -> None:
    """RFC 5322 section 4.5 lets old programs write it."""
    assert parse(b"From : a@b.example\nSubject : Hello\n\nbody").subject == "Hello"


def test_a_body_without_a_blank_line_is_no_header() -> None:
    """What follows the last known header is text, whatever looks like a field in it."""
    message = parse(b"From: a@b.example\nSubject: Hi\nDear all,\nNote: this is text\nBye")
    assert message.text == "Dear all,\nNote: this is text\nBye"


def test_doubled_line_ends_are_single() -> None:
    """CR CR LF ends one line, not two."""
    assert parse(raw_mail("one\ntwo").replace(b"\n", b"\r\r\n")).text == "one\ntwo"


def test_only_whole_lines_of_base64_are_joined() -> None:
    """The first word of what a list put below them stays where it is."""
    head = b"Content-Transfer-Encoding: base64\n\n"
    lines = base64.encodebytes(b"Hello there, " * 200)
    footer = b"This list is yours.\n"
    joined = lines.replace(b"\n", b"") + b"\r\n"
    assert _joined(b"Subject: x\n" + head + lines + footer) == b"Subject: x\n" + head + joined + footer
