"""Reading what a client sends and writing what a server says (RFC 3501 §9)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

Argument = "str | bytes | list[Argument]"
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}$")
_TOKEN = re.compile(rb'"(?:[^"\\\r\n]|\\["\\])*"|[()]|BODY(?:\.PEEK)?\[[^\]]*\](?:<[\d.]+>)?|[^\s()"]+', re.IGNORECASE)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ESCAPED = re.compile(rb"\\(.)")


class Malformed(Exception):
    """The client sent what no grammar allows."""


class Octets(bytes):
    """The bytes of a literal."""


def literal_at_end(line: bytes) -> tuple[int, bool] | None:
    """(size, whether the client waits for a continuation) when a literal follows this line."""
    match = _LITERAL.search(line)
    return (int(match[1]), not match[2]) if match else None


def arguments(parts: Iterable[bytes | Octets]) -> list[object]:
    """A command's arguments: atoms and strings as text, literals as bytes, lists as lists."""
    top: list[object] = []
    stack = [top]
    for part in parts:
        if isinstance(part, Octets):
            stack[-1].append(bytes(part))
            continue
        text = _LITERAL.sub(b"", part)
        if _TOKEN.sub(b"", text).strip():
            raise Malformed(text.decode("latin-1"))
        for token in _TOKEN.findall(text):
            if token == b"(":
                inner: list[object] = []
                stack[-1].append(inner)
                stack.append(inner)
            elif token == b")":
                if len(stack) == 1:
                    raise Malformed("a closing parenthesis too many")
                stack.pop()
            elif token[:1] == b'"':
                stack[-1].append(_ESCAPED.sub(rb"\1", token[1:-1]).decode("latin-1"))
            else:
                stack[-1].append(token.decode("latin-1"))
    if len(stack) > 1:
        raise Malformed("an open parenthesis")
    return top


def quoted(text: str) -> bytes:
    return b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode("ascii") + b'"'


def internaldate(when: datetime) -> bytes:
    """As servers write it: the day with a leading blank."""
    zone = f"{'-' if when.utcoffset() < timedelta(0) else '+'}" + f"{when:%z}"[1:]  # type: ignore[operator]
    return f'"{when.day:2}-{_MONTHS[when.month - 1]}-{when:%Y %H:%M:%S} {zone}"'.encode()


def read_internaldate(text: str) -> datetime:
    day, clock, zone = text.strip().split(" ")
    number, month, year = day.split("-")
    hour, minute, second = (int(n) for n in clock.split(":"))
    east = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    return datetime(
        int(year), _MONTHS.index(month.title()) + 1, int(number), hour, minute, second,
        tzinfo=timezone(-east if zone[0] == "-" else east),
    )  # fmt: skip


def read_day(text: str) -> tuple[int, int, int]:
    number, month, year = text.split("-")
    return int(year), _MONTHS.index(month.title()) + 1, int(number)


def expand(uid_set: str, highest: int) -> list[tuple[int, int]]:
    """The ranges of a set; `*` is the highest UID there."""
    found = []
    for part in uid_set.split(","):
        ends = [highest if end == "*" else int(end) for end in part.split(":")]
        if not 1 <= len(ends) <= 2 or min(ends) < 0:
            raise Malformed(uid_set)
        found.append((min(ends), max(ends)))
    return found


def header_lines(raw: bytes, names: set[str]) -> bytes:
    """The header block cut down to these names, with the empty line that ends it."""
    kept, keep = [], False
    for line in raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n"):
        if line[:1] not in (b" ", b"\t"):
            keep = line.partition(b":")[0].decode("latin-1").strip().lower() in names
        if keep:
            kept.append(line)
    return b"\r\n".join([*kept, b"", b""]) if kept else b"\r\n"
