"""Message-IDs out of Message-ID, In-Reply-To and References (RFC 5322 section 3.6.4), also as they are after mail
programs and gateways have broken them. The same breakage gives the same id, so that answers still find their question.
"""

from __future__ import annotations

import re

from . import headers

_LONGEST = 500  # characters of an id
_LONGEST_VALUE = 50_000  # characters of a value that is looked at closely
_ID = re.compile(r"<[^<>\s]+>")
_OPENED = re.compile(r"<([^<>]+)(>?)")
_BETWEEN = re.compile(r"[\s,;]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def message_ids(raw: str, at_most: int = 50) -> tuple[str, ...]:
    """The last `at_most` message ids of a raw value, in order, each with angle brackets and no blanks.

    Read too: ids without brackets or with one, with blanks that folding left in them, separated by commas, and encoded
    as if they were text. Prose around ids is passed over; without any brackets prose holds no id.
    """
    if not raw:
        return ()
    text = headers.unfold(raw)
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    found = _ID.findall(text)
    if not found or len(found) != text.count("<"):
        found = _mended(text[-_LONGEST_VALUE:])
    return tuple(one for one in found if len(one) <= _LONGEST)[-at_most:]


def _mended(text: str) -> list[str]:
    if "=?" in text and "<" not in text:
        text = headers.decode(text)
    opened = _OPENED.findall(text)
    if opened:
        return [f"<{one}>" for inner, end in opened for one in _parted(inner, closed=bool(end))]
    bare = [one.strip("<>\"'()") for one in _BETWEEN.split(text.strip(" ,;"))]
    return [f"<{one}>" for one in bare] if bare and all(map(_has_two_sides, bare)) else []


def _parted(inner: str, *, closed: bool) -> list[str]:
    """What brackets hold: one id, cut apart by folding or at the end of a line, or several whose brackets were lost."""
    pieces = [piece for piece in _BETWEEN.split(inner) if piece]
    if len(pieces) > 1 and all(map(_has_two_sides, pieces)):
        return pieces
    joined = "".join(inner.split())
    return [joined] if _has_two_sides(joined) or (closed and len(pieces) == 1) else []


def _has_two_sides(text: str) -> bool:
    left, _, right = text.rpartition("@")
    return bool(left and right) and "<" not in text and ">" not in text
