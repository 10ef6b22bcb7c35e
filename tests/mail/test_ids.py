"""Message-IDs, as the standard wants them and as they come."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.mail.ids import message_ids
from tests.mail.builders import a_message


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        ("<a@x>", ("<a@x>",)),
        ("<a@x>\r\n\t<b@y>", ("<a@x>", "<b@y>")),
        ("<a@x>,<b@y>; <c@z>", ("<a@x>", "<b@y>", "<c@z>")),
        ("<a@\r\n x.example>", ("<a@x.example>",)),
        ("<a b@x>", ("<ab@x>",)),
        ("a@x", ("<a@x>",)),
        ("a@x, b@y", ("<a@x>", "<b@y>")),
        ("a@x>", ("<a@x>",)),
        ("<a@x", ("<a@x>",)),
        ("<a@x <b@y>", ("<a@x>", "<b@y>")),
        ("<a@x b@y>", ("<a@x>", "<b@y>")),
        ("<<a@x>>", ("<a@x>",)),
        ("<no-at-sign>", ("<no-at-sign>",)),
        ('Message of "Tue, 3 Mar 2026" from Jane <a@x>', ("<a@x>",)),
        ("Your message of Tuesday to shop@acme.example", ()),
        ("<see below> <a@x>", ("<a@x>",)),
        ("=?utf-8?q?=3Ca=40x=3E?=", ("<a@x>",)),
        ("=?utf-8?q?=3Ca=40x=3E_=3C?=\r\n =?utf-8?q?b=40y=3E?=", ("<a@x>", "<b@y>")),
        ("<>", ()),
        ("", ()),
        ("<" + "a" * 600 + "@x> <b@y>", ("<b@y>",)),
    ],
)
def test_ids_are_read_however_they_are_written(raw: str, ids: tuple[str, ...]) -> None:
    """What folding, commas, lost brackets, encoding and prose leave of them is the id again."""
    assert message_ids(raw) == ids


def test_the_last_ids_of_a_long_list_are_kept() -> None:
    """They are the nearest; one that was cut at the end of the line is an id of nobody."""
    many = " ".join(f"<{n}@x>" for n in range(200))
    assert message_ids(many)[0] == "<150@x>"
    assert message_ids(many[:-4])[-1] == message_ids(many[:-1])[-2] == "<198@x>"


@given(st.text(st.sampled_from("<>@ ,;a=?q\r\n\t\x00é\ud800\"'"), max_size=60) | st.text(max_size=60))
def test_whatever_stands_there_ids_are_ids(raw: str) -> None:
    """Brackets around something without blanks and brackets; and reading them again changes nothing."""
    found = message_ids(raw)
    assert all(re.fullmatch(r"<[^<>\s\x00-\x1f]+>", one) for one in found)
    assert message_ids(" ".join(found)) == found


@pytest.mark.parametrize("piece", ["<", ">", "<a", "a@", "<a@x ", "a@x,", "=?utf-8?q?=3C?= ", " ", "<a@x>"])
def test_long_values_take_no_time(piece: str) -> None:
    began = time.process_time()
    message_ids(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 1.0


def test_a_message_has_them() -> None:
    """In all three of its headers."""
    message = a_message(Message_ID="a@x", In_Reply_To="<b@ y>", References="<c@z>,<b@ y>")
    assert (message.message_id, message.in_reply_to, message.references) == ("<a@x>", ("<b@y>",), ("<c@z>", "<b@y>"))
