"""winmail.dat and rich text: what Outlook wraps comes out as text and attachments, whatever the octets are."""

from __future__ import annotations

import base64
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.mail import rtf, tnef
from router.values import Attachment
from tests.mail.builders import a_message, multipart

BODY, TITLE, DATA, START, PROPERTIES, OF_ATTACHMENT, CODEPAGE = (
    0x0002800C, 0x00018010, 0x0006800F, 0x00069002, 0x00069003, 0x00069005, 0x00069007,
)  # fmt: skip


def attribute(name: int, value: bytes) -> bytes:
    return struct.pack("<BII", 1, name, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def tnef_of(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)


def padded(value: bytes) -> bytes:
    return struct.pack("<I", len(value)) + value + b"\0" * (-len(value) % 4)


def properties(*values: tuple[int, int, bytes]) -> bytes:
    """MAPI properties: (type, id, value); strings and binaries get their length."""
    out = struct.pack("<I", len(values))
    for kind, name, value in values:
        out += struct.pack("<HH", kind, name)
        out += struct.pack("<I", 1) + padded(value) if kind in (0x1E, 0x1F, 0x102) else value
    return out


def compressed(source: bytes) -> bytes:
    """RTF in the compressed form, without any reference."""
    body = b"".join(b"\0" + source[at : at + 8] for at in range(0, len(source), 8))
    return struct.pack("<II4sI", len(body) + 12, len(source), b"LZFu", 0) + body


def wrapped(octets: bytes, *more: str) -> str:
    encoded = base64.encodebytes(octets).decode()
    return (
        "Content-Type: application/ms-tnef; name=winmail.dat\n"
        f"Content-Transfer-Encoding: base64\n\n{encoded}{''.join(more)}"
    )


def test_attachments_and_body_of_winmail_dat_are_read() -> None:
    """The wrapped files are the mail's attachments, the wrapped text its text when it has no other."""
    octets = tnef_of(
        attribute(CODEPAGE, struct.pack("<II", 1251, 0)),
        attribute(BODY, "Где мой заказ?\0".encode("cp1251")),
        attribute(START, b"\0" * 14),
        attribute(TITLE, b"INVOIC~1.PDF\0"),
        attribute(DATA, b"x" * 1234),
        attribute(
            OF_ATTACHMENT,
            properties(
                (0x1F, 0x3707, "C:\\x\\Рахунок.pdf\0".encode("utf-16-le")), (0x1E, 0x370E, b"application/pdf\0")
            ),
        ),
    )
    alone = multipart(wrapped(octets))
    assert alone.text == "Где мой заказ?"
    assert alone.attachments == (Attachment(name="Рахунок.pdf", content_type="application/pdf", size=1234),)
    beside = multipart("Content-Type: text/plain\n\nPlain words.", wrapped(octets))
    assert beside.text == "Plain words."
    assert beside.attachments == alone.attachments


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([(0x1F, 0x1000, "Plain ☺\0".encode("utf-16-le"))], "Plain ☺"),
        ([(0x102, 0x1013, "<p>Žao mi je</p>".encode()), (0x03, 0x3FDE, struct.pack("<I", 65001))], "Žao mi je"),
        ([(0x102, 0x1009, compressed(rb"{\rtf1\ansi Hello\par there}"))], "Hello\nthere"),
        (
            [(0x0B, 0x0E1F, b"\1\0\0\0"), (0x1003, 0x0FFF, struct.pack("<II", 1, 7)), (0x1E, 0x1000, b"After\0")],
            "After",
        ),
    ],
)
def test_each_form_of_the_body_is_read(values: list[tuple[int, int, bytes]], text: str) -> None:
    """Unicode text, HTML in its own code page and compressed RTF; unknown properties are stepped over."""
    assert multipart(wrapped(tnef_of(attribute(PROPERTIES, properties(*values))))).text == text


def test_named_properties_are_stepped_over() -> None:
    """A property that is named by a string has the name before its value."""
    name = "X\0".encode("utf-16-le")
    named = struct.pack("<HH", 0x1E, 0x8001) + b"g" * 16 + struct.pack("<I", 1) + padded(name)
    value = struct.pack("<I", 1) + padded(b"v\0")
    octets = struct.pack("<I", 2) + named + value + properties((0x1E, 0x1000, b"Here\0"))[4:]
    found = tnef.read(tnef_of(attribute(PROPERTIES, octets)))
    assert found is not None
    assert found.plain == "Here"


def test_a_cut_winmail_dat_gives_what_is_there() -> None:
    """Of a large file only the start is fetched: its name and its size are known all the same."""
    octets = tnef_of(
        attribute(BODY, b"Hello\0"), attribute(START, b""), attribute(TITLE, b"a.zip"), attribute(DATA, b"x" * 9000)
    )
    found = tnef.read(octets[:400])
    assert found is not None
    assert (found.plain, found.attachments[0].size) == ("Hello", 9000)


def test_what_is_no_tnef_stays_an_attachment() -> None:
    assert [one.name for one in multipart(wrapped(b"PK\3\4")).attachments] == ["winmail.dat"]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([BODY, START, PROPERTIES, OF_ATTACHMENT, CODEPAGE]))
def test_any_octets_are_no_harm(octets: bytes, name: int) -> None:
    """Hostile attributes and properties give an answer, not an error."""
    assert tnef.read(tnef_of(attribute(name, octets), octets)) is not None
    rtf.to_text(rtf.decompressed(octets))
    rtf.to_text(rtf.decompressed(struct.pack("<II4sI", len(octets) + 12, 1 << 31, b"LZFu", 0) + octets))
    rtf.to_text(b"{\\rtf1 " + octets)


# ------------------------------------------------------------------ rich text


def test_references_of_compressed_rtf_are_followed() -> None:
    """The specification's first example: references into the beginning of the dictionary, and one past the text."""
    octets = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.decompressed(octets) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_reference_to_what_is_being_written_repeats_it() -> None:
    """The specification's second example: a reference that crosses its own end."""
    octets = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert rtf.decompressed(octets) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'b3\'f2\par \u1076?\u1110?}", "Привіт\nді"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset204 Arial;}{\f1\fcharset128 X;}}\f0\'cf\f1\'82\'a0}", "Пあ"),
        (rb"{\rtf1{\stylesheet{\s0 Normal;}}{\*\generator X;}{\info{\title no}}Yes\tab 1\emdash 2}", "Yes\t1—2"),
        (rb"{\rtf1\uc2 \u8364xxa{\uc0\u8364 b}\u-10179??\u-8704??}", "€a€b😀"),
        (rb"{\rtf1 a\{b\}\\c\~d\_e}", "a{b}\\c\xa0d-e"),
    ],
)
def test_rich_text_becomes_text(source: bytes, text: str) -> None:
    assert rtf.to_text(source) == (text, False)


def test_html_that_is_wrapped_in_rich_text_comes_out() -> None:
    """MS-OXRTFEX: tags in their own groups, what is only for readers of RTF left out."""
    source = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hello {\*\htmltag84 <b>}"
        rb"\htmlrtf {\b\htmlrtf0 you\htmlrtf }\htmlrtf0 {\*\htmltag92 </b>}\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}}"
    )
    assert rtf.to_text(source) == ("<p>Hello <b>you</b></p>", True)


def test_a_mail_in_rich_text_is_read() -> None:
    assert a_message(rb"{\rtf1 Where is \b it\b0 ?}", Content_Type="text/rtf").text == "Where is it?"


def shrunk(unit: bytes, size: int) -> bytes:
    """Compressed RTF in which a short unit comes again and again: 17 octets of it to every reference."""
    start = b"{\\rtf1 " + unit * 20
    body = b"".join(b"\0" + start[at : at + 8].ljust(8) for at in range(0, len(start), 8))
    place, distance, lines = 207 + len(body) // 9 * 8, len(unit) * 8, []
    for _ in range(size // (8 * 17)):
        lines.append(b"\xff" + struct.pack(">8H", *[((place + 17 * n - distance) % 4096) << 4 | 15 for n in range(8)]))
        place += 8 * 17
    body += b"".join(lines)
    return struct.pack("<II4sI", len(body) + 12, size, b"LZFu", 0) + body


def test_rich_text_that_unpacks_to_much_is_read_once() -> None:
    """All wrapped parts of a mail share one megabyte, which a few kilobytes of each of them would fill."""
    bomb = wrapped(tnef_of(attribute(PROPERTIES, properties((0x102, 0x1009, shrunk(b"\\b ", 900_000))))))
    started = time.process_time()
    multipart(*[bomb] * 15)
    assert time.process_time() - started < 1.5


def test_wrapped_attachments_are_counted_over_the_whole_mail() -> None:
    """Each name may need a guess of its charset, so a mail has two hundred of them in all, out of twenty wrappers."""
    one = attribute(START, b"\0" * 8) + attribute(TITLE, "Файл.docx\0".encode("koi8-r"))
    started = time.process_time()
    message = multipart(*[wrapped(tnef_of(one * 50))] * 60)
    assert len(message.attachments) == 200
    many = multipart(*[wrapped(tnef_of(one))] * 60)
    assert [a.name for a in many.attachments].count("winmail.dat") == 40
    assert time.process_time() - started < 2
