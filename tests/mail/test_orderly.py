"""Searching for boundaries gives the tree that the standard library's parser gives, or leaves the message to it."""

from __future__ import annotations

from email.message import Message as MimeMessage
from email.parser import BytesParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.mail import headers, limits, orderly
from router.mail.parse import parse
from tests.mail.builders import raw_mail
from tests.mail.test_anything import nearly_mail

PLAIN = b"Content-Type: text/plain\n\nHello\n"
HTML = b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPGI+aGk8L2I+\n"


def many(
    *parts: bytes, boundary: bytes = b"b1", close: bytes = b"--", end: bytes = b"\n", kind: bytes = b"mixed"
) -> bytes:
    """The content type and body of a multipart."""
    line = b"--" + boundary
    body = b"".join(line + end + part + end for part in parts) + line + close + end
    return b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\n\n' + body


def _values(tree: MimeMessage) -> object:
    """What is read of a tree."""
    fields = [(name, headers.unfold(str(value))) for name, value in tree.raw_items()]
    payload = tree.get_payload()
    return fields, [_values(one) for one in payload] if isinstance(payload, list) else payload


def _same(raw: bytes) -> bool:
    """Whether the short way, if it takes this message at all, says what the standard library says."""
    short = orderly.tree_of(raw)
    if short is None:
        return True
    long = BytesParser().parsebytes(raw)
    return _values(short) == _values(long) and [*map(type, short.defects)] == [*map(type, long.defects)]


@settings(max_examples=500, deadline=None)
@given(nearly_mail())
def test_the_short_way_says_what_the_library_says(raw: bytes) -> None:
    """Whatever the header, the same fields and the same body, or the library is asked."""
    assert _same(raw)


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="aB:\r\n\t -\x00\x0b\x0c\x1c\x85é/", max_size=60))
def test_the_short_way_is_exact_on_odd_lines(text: str) -> None:
    """Line ends, blanks and characters that Python takes for line ends elsewhere change nothing."""
    assert _same(b"Subject: x\n" + text.encode("latin-1") + b"\n\nbody\r\n")


QUOTED = st.sampled_from([b'"', b'\\"', b"\\", b";", b"; ", b"boundary=b1", b'boundary="b1"', b"name=", b"x", b"\n "])


@settings(max_examples=1000, deadline=None)
@given(st.lists(QUOTED, max_size=10).map(b"".join))
def test_parameters_are_taken_apart_as_the_library_does(parameters: bytes) -> None:
    """Where a quoted value ends, and so which boundary is meant, is the library's say in whatever is odd."""
    assert _same(b"Content-Type: multipart/mixed; " + parameters + b"\n\n--b1\n\nHello\n--b1--\n")


PIECES = st.sampled_from(
    [
        b"--b1", b"--b1--", b"--b2", b"--b2--", b"--b", b"--b1 ", b"--b1\t", b"\n", b"\n", b"\n", b"\r\n", b"\r",
        b"\n\n",
        b"Content-Type: text/plain\n", b'Content-Type: multipart/mixed; boundary="b2"\n', b"Subject: y\n", b" folded\n",
        b"Content-Type: message/rfc822\n", b"Content-Type: multipart/digest; boundary=b2\n", b"no header", b"--", b"x",
    ]
)  # fmt: skip


@settings(max_examples=2000, deadline=None)
@given(st.lists(PIECES, max_size=20).map(b"".join), st.sampled_from([b"", b"\n"]))
def test_boundaries_are_found_as_the_library_finds_them(body: bytes, blank: bytes) -> None:
    """Boundaries in any order, nested, doubled, unclosed, with blanks behind or without a line end."""
    assert _same(b'Subject: x\nContent-Type: multipart/mixed; boundary="b1"\n' + blank + body)


@pytest.mark.parametrize("body", [b"Hello", b"Hello\r\n\r\nthere\r", b"", b"\n\nx", b"\xff\xfe\x00"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_an_ordinary_mail_goes_the_short_way(body: bytes, line_end: bytes) -> None:
    raw = raw_mail(body, References="<a@x>\n <b@x>").replace(b"\n", line_end)
    assert orderly.tree_of(raw) is not None
    assert _same(raw)


@pytest.mark.parametrize(
    "raw",
    [
        many(PLAIN, HTML),
        many(PLAIN, many(PLAIN, HTML, boundary=b"b2", kind=b"alternative"), b"\njust text"),
        many(PLAIN, many(PLAIN, boundary=b"b1x"), boundary=b"b1"),
        many(PLAIN, HTML).replace(b"--b1--", b"--b1--\nepilogue"),
        many(PLAIN, HTML).replace(b"\n--b1\n", b"\npreamble\n--b1\n", 1),
        many(PLAIN, HTML)[:-20],
    ],
)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_ordinary_parts_go_the_short_way(raw: bytes, line_end: bytes) -> None:
    """Nested, with text around the parts, and cut as the daemon fetches large mail."""
    raw = (b"Subject: x\nFrom: a@b.example\n" + raw).replace(b"\n", line_end)
    assert orderly.tree_of(raw) is not None
    assert _same(raw)


@pytest.mark.parametrize(
    "raw",
    [
        *(
            raw_mail("x", Content_Type=kind)
            for kind in ("message/rfc822", "text", "a/b/c", "multipart/mixed", "MULTIPART/x")
        ),
        many(PLAIN, kind=b"digest"),
        many(PLAIN, b"Content-Type: message/rfc822\n\nSubject: y\n\nz\n"),
        many(PLAIN).replace(b'boundary="b1"', b'type="a\\"; boundary=b1; x"'),
        many(PLAIN).replace(b'boundary="b1"', b'x="; boundary=b1; y"'),
        many(PLAIN).replace(b'boundary="b1"', b'name="a; boundary=b1'),
        many(PLAIN).replace(b'boundary="b1"', b'name="a; boundary=b1;'),
        many(b"no header line"),
        many(PLAIN).replace(b"Content-Type: multipart", b"Content-Transfer-Encoding: base64\nContent-Type: multipart"),
    ],
)
def test_disorder_is_left_to_the_library(raw: bytes) -> None:
    assert orderly.tree_of(raw) is None


def test_depth_and_parts_are_bounded() -> None:
    """Too many parts, and too many levels, are not built here."""
    deep = PLAIN
    for level in range(limits.DEEPEST + 2):
        deep = many(deep, boundary=b"level%d" % level)
    assert orderly.tree_of(deep) is None
    assert orderly.tree_of(many(*[PLAIN] * (limits.MOST_PARTS + 1))) is None
    assert "nested deeper" in parse(deep).unreadable
    assert "parts" in parse(many(*[PLAIN] * (limits.MOST_PARTS + 1))).unreadable


def test_what_looks_like_boundaries_costs_a_bounded_number_of_looks() -> None:
    """A boundary of one sign in a body of nothing else is left to the library, which is told to give up."""
    assert orderly.tree_of(many(PLAIN + b"-" * 100_000, boundary=b"-")) is None
