"""Octets to parts: the short way gives what the standard library gives, and broken headers are mended first."""

from __future__ import annotations

from email.parser import BytesParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.mail import headers, structure
from router.mail.parse import parse
from tests.mail.builders import raw_mail
from tests.mail.test_anything import nearly_mail


def _same(raw: bytes) -> bool:
    """Whether the short way, if it takes this message at all, says what the standard library says."""
    short = structure.single_part(raw)
    if short is None:
        return True
    long = BytesParser().parsebytes(raw)
    fields = [[(name, headers.unfold(str(value))) for name, value in tree.raw_items()] for tree in (short, long)]
    return fields[0] == fields[1] and short.get_payload() == long.get_payload() and not long.defects


@settings(max_examples=500, deadline=None)
@given(nearly_mail())
def test_the_short_way_says_what_the_library_says(raw: bytes) -> None:
    """Whatever the header, the one pattern gives the same fields and the same body, or leaves it to the library."""
    assert _same(raw)


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="aB:\r\n\t -\x00\x0b\x0c\x1c\x85é/", max_size=60))
def test_the_short_way_is_exact_on_odd_lines(text: str) -> None:
    """Line ends, blanks and characters that Python takes for line ends elsewhere change nothing."""
    assert _same(b"Subject: x\n" + text.encode("latin-1") + b"\n\nbody\r\n")


@pytest.mark.parametrize("body", [b"Hello", b"Hello\r\n\r\nthere\r", b"", b"\n\nx", b"\xff\xfe\x00"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_an_ordinary_mail_goes_the_short_way(body: bytes, line_end: bytes) -> None:
    raw = raw_mail(body, References="<a@x>\n <b@x>").replace(b"\n", line_end)
    assert structure.single_part(raw) is not None
    assert _same(raw)


@pytest.mark.parametrize("kind", ["multipart/mixed; boundary=x", "message/rfc822", "MULTIPART/x", "text", "a/b/c"])
def test_what_may_have_parts_goes_the_long_way(kind: str) -> None:
    assert structure.single_part(raw_mail("x", Content_Type=kind)) is None


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
