"""How much of one message is read: checked on the octets, before the parser whose time and recursion grow with them."""

from __future__ import annotations

import re

LARGEST = 25 * 1024 * 1024  # octets
MOST_HEADERS = 2000
LONGEST_HEADERS = 256 * 1024  # octets
DEEPEST = 50
MOST_PARTS = 1000
LONGEST_PIECE = 64 * 1024  # octets of an over-limit message that are parsed all the same; also what the daemon fetches
_MOST_COMPARISONS = 3_000_000  # the parser compares each line with every open boundary, about 4 million a second
_MOST_LINES = 600_000  # of a message with parts: the parser keeps each as an object of its own

_FIELDS = re.compile(rb"(?m)^[^\s:]+[ \t]*:")
# What opens a level of nesting, and what closes one: used to bound depth and parts before the parser sees them.
_STRUCTURE = re.compile(
    rb"(?im)boundary[ \t]*=[ \t\r\n]*(?:\"([^\"\r\n]{1,200})\"|([^\s;]{1,200}))|^--([^\r\n]{1,202})|"
    rb"^content-type:[ \t]*(message/)"
)


def bounded(raw: bytes, size: int) -> tuple[bytes, str]:
    """(octets of a message of `size` octets whose headers are safe to read, why it is over a limit or '')."""
    if size > LARGEST:
        raw, unreadable = raw[:LONGEST_PIECE], f"larger than {LARGEST // 1024 // 1024} MB ({size} octets)"
    else:
        unreadable = ""
    cut, because = _headers(raw, size)
    return (raw[:cut] if because else raw), unreadable or because


def parsable(raw: bytes) -> tuple[bytes, str]:
    """(octets whose parts are safe to parse line by line, why the message is over a limit or '')."""
    cut, because = _structure(raw)
    return (raw[:cut] if because else raw), because


def end_of_headers(raw: bytes) -> int:
    """Where the first blank line is, the length when there is none."""
    end = raw.find(b"\n\n")
    crlf = raw.find(b"\n\r\n", 0, end if end >= 0 else len(raw))
    end = crlf if crlf >= 0 else end
    if b"\r\r" in raw[: LONGEST_HEADERS if end < 0 else end]:
        end = min(raw.index(b"\r\r"), end if end >= 0 else len(raw))
    return end if end >= 0 else len(raw)


def _headers(raw: bytes, size: int) -> tuple[int, str]:
    """(where to cut, why): too many or too long headers."""
    end = end_of_headers(raw)
    if end > LONGEST_HEADERS:
        return raw.rfind(b"\n", 0, LONGEST_HEADERS) + 1, f"headers longer than {LONGEST_HEADERS // 1024} KB"
    if end == len(raw) and LONGEST_PIECE <= end < size:
        return raw.rfind(b"\n") + 1 or end, f"headers longer than the {end // 1024} KB that were fetched"
    if raw.count(b"\n", 0, end) > MOST_HEADERS:
        starts = [one.start() for one in _FIELDS.finditer(raw, 0, end)]
        if len(starts) > MOST_HEADERS:
            return starts[MOST_HEADERS], f"more than {MOST_HEADERS} headers"
    return 0, ""


def _structure(raw: bytes) -> tuple[int, str]:
    """(where to cut, why): an upper bound of depth, parts and lines, without building anything."""
    if b"oundary" not in raw and b"OUNDARY" not in raw and b"essage/" not in raw and b"ESSAGE/" not in raw:
        return 0, ""
    lower = raw.lower()
    boundaries, messages = lower.count(b"boundary"), lower.count(b"message/")
    if not boundaries and not messages:
        return 0, ""
    lines = raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")
    if boundaries * lines > _MOST_COMPARISONS or lines > _MOST_LINES:
        return raw.rfind(b"\n", 0, LONGEST_PIECE) + 1 or LONGEST_PIECE, "too many lines in nested parts"
    if raw.count(b"\n--") <= MOST_PARTS and boundaries + messages <= DEEPEST:
        return 0, ""
    return _nesting(raw)


def _nesting(raw: bytes) -> tuple[int, str]:
    """(where to cut, why): each boundary that is declared opens a level, each line that names it is a part."""
    open_levels: list[bytes] = []
    parts = 0
    for found in _STRUCTURE.finditer(raw):
        declared = found[1] or found[2] or (found[4] and b"\n")  # a nested message has no boundary line: never matched
        if declared:
            open_levels.append(declared)
            if len(open_levels) > DEEPEST + 1:
                return found.start(), f"parts nested deeper than {DEEPEST}"
            continue
        line = found[3].rstrip()
        for name in (line, line[:-2]):
            if name in open_levels:
                del open_levels[open_levels.index(name) + (name == line) :]
                parts += 1
                break
        if parts > MOST_PARTS:
            return found.start(), f"more than {MOST_PARTS} parts"
    return 0, ""
