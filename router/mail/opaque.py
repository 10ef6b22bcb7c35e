"""What an opaque signature wraps (RFC 8551 section 3.5.2): the mail inside signed-data, read without checking it.

Signed is not encrypted: the text is there in clear. One walk down a fixed path of DER or BER elements.
"""

from __future__ import annotations

_SEQUENCE, _SET, _INTEGER, _OBJECT, _OCTETS, _IN_PIECES, _WRAPPED = 0x30, 0x31, 0x02, 0x06, 0x04, 0x24, 0xA0
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
# Elements to enter and to step over, from the outside to the content.
_PATH = (
    (_SEQUENCE, None), (_OBJECT, _SIGNED_DATA), (_WRAPPED, None), (_SEQUENCE, None), (_INTEGER, b""), (_SET, b""),
    (_SEQUENCE, None), (_OBJECT, _DATA), (_WRAPPED, None),
)  # fmt: skip
_MOST_PIECES = 100_000


def signed_content(octets: bytes) -> bytes:
    """The octets that were signed, as far as they are there; b"" when these are not opaque signed data."""
    at = 0
    for tag, content in _PATH:
        found = _element(octets, at)
        if found is None or found[0] != tag:
            return b""
        _tag, start, length = found
        if content is None:
            at = start  # go in
            continue
        if length is None or (content and octets[start : start + length] != content):
            return b""
        at = start + length
    return _string(octets, at)


def _string(octets: bytes, at: int) -> bytes:
    """An octet string, in one piece or many."""
    found = _element(octets, at)
    if found is None:
        return b""
    tag, start, length = found
    if tag == _OCTETS and length is not None:
        return octets[start : start + length]
    if tag != _IN_PIECES:
        return b""
    pieces: list[bytes] = []
    at, end = start, len(octets) if length is None else start + length
    while at < end and len(pieces) < _MOST_PIECES and (piece := _element(octets, at)):
        tag, start, size = piece
        if tag != _OCTETS or size is None:
            break
        pieces.append(octets[start : start + size])
        at = start + size
    return b"".join(pieces)


def _element(octets: bytes, at: int) -> tuple[int, int, int | None] | None:
    """(tag, where the content begins, its length or None when it ends with a mark)."""
    if at + 2 > len(octets):
        return None
    tag, first = octets[at], octets[at + 1]
    if first < 0x80:
        return tag, at + 2, first
    if first == 0x80:
        return tag, at + 2, None
    size = first & 0x7F
    if size > 4:
        return None
    return tag, at + 2 + size, int.from_bytes(octets[at + 2 : at + 2 + size], "big")
