"""The words of defects: few, stable, and all of them written down."""

from __future__ import annotations

import email.errors
from pathlib import Path

import pytest
from hypothesis import given, settings

from router.mail import defects
from router.mail.lookalikes import SENDER
from router.mail.parse import parse
from router.values import Message
from tests.mail.builders import a_message, multipart
from tests.mail.test_anything import nearly_mail

KNOWN = (*defects.VOCABULARY, SENDER)


@settings(max_examples=500, deadline=None)
@given(nearly_mail())
def test_every_defect_is_in_the_vocabulary(raw: bytes) -> None:
    """Whatever comes, what is odd about it is said in words that are written down."""
    assert [one for one in parse(raw).defects if not one.startswith(KNOWN)] == []


def test_what_the_parser_finds_has_words() -> None:
    """Each defect that the standard library can find is one of ours; those of `policy.default` never come up."""
    assert {one for one in defects.OF_THE_PARSER if not hasattr(email.errors, one)} == set()
    assert set(defects.OF_THE_PARSER.values()) <= set(defects.VOCABULARY)


@pytest.mark.parametrize(
    ("message", "defect"),
    [
        (a_message(From=None), "header: no From"),
        (a_message(Date="yesterday"), "date: unreadable"),
        (a_message(b"caf\xe9", Content_Type="text/plain"), "charset: undeclared"),
        (a_message(b"caf\xe9", Content_Type="text/plain; charset=utf-8"), "charset: not utf-8, as declared"),
        (a_message(Content_Type="nonsense"), "structure: content type that is none"),
        (a_message(Content_Type="multipart/mixed"), "structure: no boundary declared"),
        (multipart("\nx", subtype='mixed; boundary="other";x'), "structure: no part begins"),
        (a_message("--x\n\nHi", Content_Type="multipart/mixed; boundary=x"), "structure: last part has no end"),
        (a_message(Content_Transfer_Encoding="foobar"), "encoding: unknown (foobar)"),
        (a_message(Content_Transfer_Encoding="base64"), "encoding: base64 declared but not used"),
        (
            a_message("SGVsbG8=\n--\nA list, its footer\n", Content_Transfer_Encoding="base64"),
            "encoding: base64 with text behind it",
        ),
    ],
)
def test_each_oddity_is_named(message: Message, defect: str) -> None:
    assert defect in message.defects


def test_every_defect_of_the_source_is_in_the_vocabulary() -> None:
    """Words that no test provokes are written down as well."""
    source = "".join(one.read_text() for one in Path(defects.__file__).parent.glob("*.py") if one.name != "defects.py")
    missing = [one for one in defects.VOCABULARY if one not in source and one not in defects.OF_THE_PARSER.values()]
    assert [one for one in missing if not one.startswith("charset: ")] == []
