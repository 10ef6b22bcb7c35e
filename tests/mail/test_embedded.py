"""What is inside of other forms: invitations, old inline files, signed data, messages in messages, lost boundaries."""

from __future__ import annotations

import base64

import pytest

from router.mail import calendar, flowed, inline, opaque
from tests.mail.builders import a_message, multipart

EVENT = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nDTSTART:16010101T000000\r\nEND:VTIMEZONE\r\n"
    "BEGIN:VEVENT\r\nSUMMARY;LANGUAGE=de:Besprechung\\, neue \r\n Fassung\r\nLOCATION:Raum 4\r\n"
    "DTSTART;TZID=Europe/Berlin:20260303T100000\r\nDTEND;TZID=Europe/Berlin:20260303T113000\r\n"
    "DESCRIPTION:Guten Tag\\n\\nbitte kommen.\r\nBEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_an_invitation_alone_is_text() -> None:
    """What, when, where and the description; the part itself is an attachment."""
    message = a_message(EVENT, Content_Type="text/calendar; charset=utf-8; method=REQUEST; name=meeting.ics")
    assert message.text == (
        "Besprechung, neue Fassung\n2026-03-03 10:00 (Europe/Berlin) – 2026-03-03 11:30 (Europe/Berlin)\nRaum 4\n\n"
        "Guten Tag\n\nbitte kommen."
    )
    assert [one.content_type for one in message.attachments] == ["text/calendar"]


def test_an_invitation_beside_text_is_an_attachment() -> None:
    message = multipart("Content-Type: text/plain\n\nSee you!", f"Content-Type: text/calendar\n\n{EVENT}")
    assert message.text == message.full_text == "See you!"
    assert [one.content_type for one in message.attachments] == ["text/calendar"]


@pytest.mark.parametrize("source", ["", "BEGIN:VEVENT", "BEGIN:VEVENT\nSUMMARY\nDTSTART:tomorrow\nEND:VEVENT"])
def test_an_empty_invitation_says_nothing(source: str) -> None:
    assert calendar.to_text(source) == ""


def test_a_day_has_no_time() -> None:
    assert calendar.to_text("BEGIN:VEVENT\nSUMMARY:Fair\nDTSTART;VALUE=DATE:20260303") == "Fair\n2026-03-03"
    assert calendar.to_text("BEGIN:VTODO\nDUE:20260303T100000Z") == "2026-03-03 10:00 (UTC)"


# ------------------------------------------------------------------ files within the text

UU = "begin 644 folder/hello.txt\n;2&5L;&\\L('=O<FQD(2!(;W<@87)E('EO=3\\ \n`\nend\n"
THREE = "begin 644 a.bin\n" + "#86)C\n" * 3


def test_a_uuencoded_file_is_an_attachment() -> None:
    message = a_message(f"Please look.\n\n{UU}\nThanks", Content_Type="text/plain")
    assert message.text == "Please look.\n\nThanks"
    assert [(one.name, one.size) for one in message.attachments] == [("hello.txt", 27)]


def test_a_uuencoded_file_may_be_cut() -> None:
    assert inline.extract(THREE.encode())[1][0].size == 9


@pytest.mark.parametrize(
    "text",
    [
        "begin 644 is what I typed\nand nothing more\nend",
        "begin 999 x\n#86)C\n`\nend",
        "We begin 644 things\n#86)C\nend",
    ],
)
def test_words_that_look_like_a_file_stay(text: str) -> None:
    assert a_message(text, Content_Type="text/plain").text == text


def test_a_yenc_file_is_an_attachment() -> None:
    octets = b"Look:\n=ybegin line=128 size=584 name=photo 1.jpg\n\xa3\xff\x01=}\n=yend size=584\nBye"
    message = a_message(octets, Content_Type="text/plain; charset=us-ascii")
    assert message.text == "Look:\nBye"
    assert [(one.name, one.size) for one in message.attachments] == [("photo 1.jpg", 584)]


# ------------------------------------------------------------------ format=flowed


@pytest.mark.parametrize(
    ("text", "delete_space", "expected"),
    [
        ("one \ntwo\nthree", False, "one two\nthree"),
        ("on\u00e9 \nnext", True, "on\u00e9next"),
        (" >not a quote\n  indented", False, " >not a quote\n indented"),
        ("> a \n> b\n>> c \n> d", False, "> a b\n>> c \n> d"),
        (">quoted \n> more", False, ">quoted more"),
        ("text \n-- \nJane \nMiller", False, "text \n-- \nJane Miller"),
        ("> x \n> -- \n> Jane", False, "> x \n> -- \n> Jane"),
        (" From me", False, "From me"),
        ("end \n", False, "end "),
    ],
)
def test_flowed_text_follows_its_rules(text: str, delete_space: bool, expected: str) -> None:
    """RFC 3676 section 4: joined within one quote depth, unstuffed, signature marks left alone."""
    assert flowed.joined(text, delete_space=delete_space) == expected


# ------------------------------------------------------------------ opaque signatures


def der(tag: int, *content: bytes) -> bytes:
    octets = b"".join(content)
    size = len(octets).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + octets


def signed_data(content: bytes, *, pieces: bool = False) -> bytes:
    oid = bytes.fromhex("06092a864886f70d0107")
    if pieces:  # as programs write that do not know the length yet
        cut = b"".join(b"\x04\x05" + content[at : at + 5].ljust(5) for at in range(0, len(content), 5))
        wrapped = b"\x30\x80" + oid + b"\x01\xa0\x80\x24\x80" + cut + b"\0\0\0\0\0\0"
        return b"\x30\x80" + oid + b"\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00" + wrapped + b"\0" * 6
    inner = der(0x30, oid, b"\x01", der(0xA0, der(0x04, content)))
    return der(0x30, oid, b"\x02", der(0xA0, der(0x30, b"\x02\x01\x01", der(0x31), inner)))


@pytest.mark.parametrize("pieces", [False, True])
def test_the_mail_in_signed_data_is_read(pieces: bool) -> None:
    """An opaque signature hides nothing: the mail inside is the mail."""
    inner = (
        b"Content-Type: multipart/mixed; boundary=i\n\n--i\n\nWhere is it?\n--i\nContent-Type: image/png\n\nx\n--i--\n"
    )
    message = a_message(
        base64.encodebytes(signed_data(inner, pieces=pieces)),
        Content_Type="application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        Content_Transfer_Encoding="base64",
    )
    assert message.text == "Where is it?"
    assert [one.content_type for one in message.attachments] == ["image/png"]


@pytest.mark.parametrize("keep", range(0, 90, 7))
def test_anything_else_stays_closed(keep: int) -> None:
    """Encrypted, cut or broken data gives nothing, and no error."""
    octets = signed_data(b"x" * 30)
    assert opaque.signed_content(octets[:keep]) == b"x" * max(0, keep - (len(octets) - 30))
    assert opaque.signed_content(octets.replace(b"\x01\x07\x02", b"\x01\x07\x03")) == b""


# ------------------------------------------------------------------ messages in messages


def test_a_mail_that_only_passes_one_on_says_what_that_says() -> None:
    """A forwarded message without a word is read; it stays an attachment."""
    message = multipart("Content-Type: message/rfc822\n\nSubject: inner\nFrom: x@y.example\n\nIt is broken.")
    assert message.text == "It is broken."
    assert message.subject == "A question"
    assert [one.content_type for one in message.attachments] == ["message/rfc822"]


def test_an_encoded_message_in_a_message_is_opened() -> None:
    inner = base64.b64encode(b"Subject: inner\n\nIt is broken.").decode()
    assert (
        multipart(f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}").text == "It is broken."
    )


def test_all_messages_of_a_digest_are_read() -> None:
    assert multipart("\nSubject: a\n\none", "\nSubject: b\n\ntwo", subtype="digest").text == "one\n\ntwo"


def test_a_report_does_not_speak_with_the_words_it_returns() -> None:
    """What a bounce carries back was not written by whoever sends the bounce."""
    assert multipart("Content-Type: message/rfc822\n\nSubject: x\n\nOur own words", subtype="report").text == ""


@pytest.mark.parametrize(
    "kind", ["message/external-body", "message/delivery-status", "message/partial; number=2; id=x"]
)
def test_what_holds_no_mail_is_only_listed(kind: str) -> None:
    message = multipart(f"Content-Type: {kind}\n\nX: y\n\nz")
    assert message.text == ""
    assert len(message.attachments) == 1


def test_enriched_text_loses_its_commands() -> None:
    text = "<bold>Now</bold> is\nthe time<param>red</param>\n\n1 << 2"
    assert a_message(text, Content_Type="text/enriched").text == "Now is the time\n1 < 2"


def test_the_third_form_of_a_text_is_passed_over() -> None:
    """AMP repeats what the plain text and the HTML say, and is no file."""
    message = multipart("\nHello", "Content-Type: text/x-amp-html\n\n<html amp4email>Hi", subtype="alternative")
    assert (message.full_text, message.attachments) == ("Hello", ())


def test_a_mail_that_calls_all_of_itself_an_attachment_has_text() -> None:
    """Scripts write such mail; with a file name it is a file."""
    assert a_message("Help!", Content_Disposition="attachment").text == "Help!"
    assert a_message("Help!", Content_Disposition="attachment; filename=a.txt").text == ""


# ------------------------------------------------------------------ boundaries

PARTS = "--b1\nContent-Type: text/plain\n\nHello\n--b1\nContent-Type: image/png; name=a.png\n\nx\n--b1--\n"


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/mixed",
        "multipart/mixed; boundary=other",
        "multipart/mixed boundary=b1",
        "multipart/mixed; boundary='b1'",
        'multipart/mixed; boundary="b1 "',
        "multipart/mixed; boundary=",
        "text/plain",
        None,
    ],
)
@pytest.mark.parametrize("preamble", ["", "This is a multi-part message in MIME format.\n\n"])
def test_a_boundary_that_was_lost_is_found(kind: str | None, preamble: str) -> None:
    """A header that names no boundary, or another one, hides no parts."""
    message = a_message(preamble + PARTS, Content_Type=kind)
    assert message.text == "Hello"
    assert [one.name for one in message.attachments] == ["a.png"]


def test_text_that_quotes_a_boundary_is_text() -> None:
    """A person who shows the source of a mail wrote text."""
    text = f"Look at the source of it:\n\n{PARTS.strip()}"
    assert a_message(text, Content_Type="text/plain").text == text
