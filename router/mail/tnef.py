"""What Outlook and Exchange wrap into winmail.dat (MS-OXTNEF): the body and the attachments.

A reader of our own: one walk over attributes, one over properties, each step forward, nothing kept but slices. Whatever
the octets are, the answer is what could be read of them; a cut end (only 64 KB are fetched) is normal.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from router.values import Attachment

from . import charsets

_SIGNATURE = b"\x78\x9f\x3e\x22"
_START = 6  # octets: the signature and a key that means nothing to a reader
_MOST_PROPERTIES = 5000
_MOST_ATTACHMENTS = 200
_LONGEST_TEXT = 1_000_000  # octets of one body

# Attributes: type and name (section 2.1.3).
_TITLE, _DATA, _ATTACHMENT_PROPERTIES, _NEW_ATTACHMENT = 0x00018010, 0x0006800F, 0x00069005, 0x00069002
_SUBJECT, _BODY, _PROPERTIES, _CODEPAGE = 0x00018004, 0x0002800C, 0x00069003, 0x00069007
# Properties (MS-OXPROPS).
_PLAIN, _RTF, _HTML, _DISPLAY_NAME, _SUBJECT_PROPERTY = 0x1000, 0x1009, 0x1013, 0x3001, 0x0037
_CONTENT, _FILE_NAME, _METHOD, _LONG_NAME, _MIME_TYPE = 0x3701, 0x3704, 0x3705, 0x3707, 0x370E
_INTERNET_CODEPAGE = 0x3FDE
# Property types: octets of a value, padded to four (MS-OXCDATA section 2.11.1); those with a length of their own.
_FIXED = {
    0x0001: 0, 0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8,
    0x0040: 8, 0x0048: 16,
}  # fmt: skip
_VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x00FB, 0x0102})
_STRING8, _UNICODE = 0x001E, 0x001F
_MULTIPLE = 0x1000
_NAMED = 0x8000
_EMBEDDED = 5  # the method of an attached message

Properties = Mapping[int, tuple[int, bytes]]  # property → (type, first value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """What was in it; `rtf` is still compressed, empty fields were not there."""

    subject: str = ""
    plain: str = ""
    html: str = ""
    rtf: bytes = b""
    attachments: tuple[Attachment, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Attached:
    """One attachment while its attributes are read."""

    title: bytes = b""
    size: int = 0
    properties: Properties = field(default_factory=dict)


def read(octets: bytes, at_most: int = _MOST_ATTACHMENTS) -> Wrapped | None:
    """What these octets wrap, with the first attachments only; None when they are no TNEF."""
    if not octets.startswith(_SIGNATURE):
        return None
    found: dict[int, bytes] = {}
    attached: list[_Attached] = []
    for name, value, size in _attributes(octets):
        if name == _NEW_ATTACHMENT:
            if len(attached) >= at_most:
                break
            attached.append(_Attached())
        elif name in (_TITLE, _DATA, _ATTACHMENT_PROPERTIES):
            _describe(attached, name, value, size)
        else:
            found.setdefault(name, value)
    codec = _codec(found.get(_CODEPAGE, b""))
    message = _properties(found.get(_PROPERTIES, b""))
    body_codec = _codec(message.get(_INTERNET_CODEPAGE, (0, b""))[1]) or codec
    return Wrapped(
        subject=_text(message, _SUBJECT_PROPERTY, codec) or _decoded(found.get(_SUBJECT, b""), codec),
        plain=_text(message, _PLAIN, codec) or _decoded(found.get(_BODY, b""), codec),
        html=_text(message, _HTML, body_codec),
        rtf=message.get(_RTF, (0, b""))[1][:_LONGEST_TEXT],
        attachments=tuple(_attachment(one, codec) for one in attached if one.title or one.size or one.properties),
    )


def _describe(attached: list[_Attached], name: int, value: bytes, size: int) -> None:
    """Note one attribute of the newest attachment."""
    if not attached:
        attached.append(_Attached())
    one = attached[-1]
    if name == _TITLE:
        one.title = value
    elif name == _DATA:
        one.size = size
    else:
        one.properties = _properties(value)


def _attachment(one: _Attached, codec: str) -> Attachment:
    names = (_text(one.properties, key, codec) for key in (_LONG_NAME, _FILE_NAME, _DISPLAY_NAME))
    embedded = one.properties.get(_METHOD, (0, b""))[1][:1] == bytes([_EMBEDDED])
    name = next(filter(None, names), "") or _decoded(one.title, codec)
    kind = "message/rfc822" if embedded else _text(one.properties, _MIME_TYPE, codec).lower()
    content = one.properties.get(_CONTENT, (0, b""))[1]
    return Attachment(
        name=" ".join(name.split()).replace("\\", "/").rpartition("/")[2][:255],
        content_type=kind[:100] if kind.count("/") == 1 and kind.isprintable() else "application/octet-stream",
        size=max(one.size, len(content)),
    )


# ------------------------------------------------------------------ octets


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(attribute, its octets as far as they are there, its length) in order (section 2.1.3)."""
    at, end = _START, len(octets)
    while at + 9 <= end:
        _level, name, length = struct.unpack_from("<BII", octets, at)
        at += 9
        yield name, octets[at : at + min(length, end)], min(length, 1 << 31)
        at += length + 2  # a checksum follows, which many writers get wrong


def _properties(octets: bytes) -> Properties:
    """The first value of each property (section 2.1.3.4); names given by strings are of no use to us."""
    found: dict[int, tuple[int, bytes]] = {}
    try:
        (count,) = struct.unpack_from("<I", octets)
        at = 4
        for _ in range(min(count, _MOST_PROPERTIES)):
            kind, name = struct.unpack_from("<HH", octets, at)
            at = _past_name(octets, at + 4) if name >= _NAMED else at + 4
            value, at = _value(octets, at, kind)
            found.setdefault(name, (kind & ~_MULTIPLE, value))
    except struct.error:
        pass  # the end was cut off, or nothing after this place makes sense
    return found


def _past_name(octets: bytes, at: int) -> int:
    """Where the value of a named property begins: behind a GUID and a number or a string."""
    (kind, length) = struct.unpack_from("<II", octets, at + 16)
    return at + 24 + (_padded(length) if kind == 1 else 0)


def _value(octets: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """(the first value, where the next property begins). Raises struct.error when nothing is there."""
    base, count = kind & ~_MULTIPLE, 1
    variable = base in _VARIABLE
    if variable or kind & _MULTIPLE:
        (count,) = struct.unpack_from("<I", octets, at)
        at += 4
    if not variable:
        if base not in _FIXED:
            raise struct.error("unknown property type")
        size = _FIXED[base]
        return octets[at : at + size], at + size * count
    first = b""
    for place in range(count):
        (length,) = struct.unpack_from("<I", octets, at)
        at += 4
        if not place:
            first = octets[at : at + length]
        at += _padded(length)
    return first, at


def _padded(length: int) -> int:
    return length + -length % 4


def _codec(number: bytes) -> str:
    """The codec of a Windows code page number, '' when it names none."""
    if len(number) < 4:
        return ""
    (page,) = struct.unpack_from("<I", number)
    return charsets.codec_of_page(page)


def _text(properties: Properties, name: int, codec: str) -> str:
    kind, value = properties.get(name, (0, b""))
    if kind == _UNICODE:
        return value[: 2 * _LONGEST_TEXT].decode("utf-16-le", "ignore").partition("\0")[0]
    return _decoded(value, codec)


def _decoded(value: bytes, codec: str) -> str:
    return charsets.decode(value[:_LONGEST_TEXT].partition(b"\0")[0], codec)[0]
