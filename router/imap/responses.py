"""Reading what a server answered: FETCH, LIST, STATUS, response codes and UID sets. Pure.

imapclient's lexer walks byte by byte in Python (60-80 µs a message); this one is a regular expression over the text
between literals, so what a stranger wrote in a mail is never read as syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeAlias

Piece: TypeAlias = bytes | tuple[bytes, bytes] | None  # as imaplib stores it: text, or (text ending in `{n}`, literal)
Item: TypeAlias = "bytes | list[Item] | None"

_TOKEN = re.compile(
    rb'"(?:[^"\\]|\\.)*"|[()]|(?:BODY|BINARY)(?:\.PEEK)?\[[^\]]*\](?:<\d+>)?|[^\s()"]+', re.IGNORECASE | re.DOTALL
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_INTERNALDATE = re.compile(rb"\s*(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = {m: n for n, m in enumerate(b"jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_COPYUID = re.compile(rb"(\d+) ([\d:,]+) ([\d:,]+)")
_APPENDUID = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)
_CODE = re.compile(r"\[([A-Z][A-Z0-9=._-]+)(?: [^\]]*)?\]")
_MOST_UIDS = 100_000  # one set; a server that claims more is not believed
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse(data: Iterable[Piece]) -> Iterator[list[Item]]:
    """Each response as nested lists; quoted strings and literals as their bytes, NIL as None."""
    pieces: list[tuple[bytes, bytes]] = []
    for piece in data:
        if isinstance(piece, tuple):
            pieces.append(piece)
        elif piece is not None:
            yield _items(pieces, piece)
            pieces = []


def _items(pieces: Sequence[tuple[bytes, bytes]], tail: bytes) -> list[Item]:
    top: list[Item] = []
    stack = [top]
    for text, literal in pieces:
        _read(text[: text.rindex(b"{")], stack)
        stack[-1].append(literal)
    _read(tail, stack)
    return top


def _read(text: bytes, stack: list[list[Item]]) -> None:
    for token in _TOKEN.findall(text):
        if token == b"(":
            inner: list[Item] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif token == b")":
            if len(stack) > 1:
                stack.pop()
        elif token[:1] == b'"':
            stack[-1].append(_ESCAPED.sub(rb"\1", token[1:-1]) if b"\\" in token else token[1:-1])
        else:
            stack[-1].append(None if token.upper() == b"NIL" else token)


def attributes(data: Iterable[Piece]) -> Iterator[tuple[int, dict[bytes, Item]]]:
    """(UID, attributes by upper-case name) of each FETCH response that names a UID; the body's key is `BODY[…]`."""
    for response in parse(data):
        if len(response) != 2 or not isinstance(response[1], list):
            continue
        found = pairs(response[1])
        uid = number(found.get(b"UID"))
        if uid:
            yield uid, found


def pairs(item: Item) -> dict[bytes, Item]:
    """A list of names and values as a dict with upper-case names."""
    listed = item if isinstance(item, list) else []
    return {
        name.upper(): value for name, value in zip(listed[::2], listed[1::2], strict=False) if isinstance(name, bytes)
    }


def number(item: Item) -> int:
    """A number, 0 when it is none."""
    return int(item) if isinstance(item, bytes) and item.isdigit() else 0


def words(item: Item) -> tuple[str, ...]:
    """The atoms of a list (flags, folder attributes) as text."""
    return tuple(atom.decode("latin-1") for atom in item if isinstance(atom, bytes)) if isinstance(item, list) else ()


def internaldate(item: Item) -> datetime:
    """An INTERNALDATE in UTC (RFC 3501 §9, date-time); 1970 when a server sends something else."""
    match = _INTERNALDATE.match(item) if isinstance(item, bytes) else None
    if not match:
        return EPOCH
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    east = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
    try:
        local = datetime(
            int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), min(int(second), 59),
            tzinfo=timezone(east if sign == b"+" else -east),
        )  # fmt: skip
        return local.astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return EPOCH


def ranges(uids: Iterable[int]) -> str:
    """A UID set in its shortest form: `1:3,7`."""
    parts: list[list[int]] = []
    for uid in sorted(set(uids)):
        if parts and parts[-1][1] == uid - 1:
            parts[-1][1] = uid
        else:
            parts.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in parts)


def expand(uid_set: bytes) -> list[int]:
    """The UIDs of a set, ranges in rising order however they are written; raises ValueError when absurdly long."""
    uids: list[int] = []
    for part in uid_set.split(b","):
        first, _, last = part.partition(b":")
        low, high = sorted((int(first), int(last or first)))
        if high - low + len(uids) >= _MOST_UIDS:
            raise ValueError("a UID set of more than 100,000 UIDs")
        uids.extend(range(low, high + 1))
    return uids


def copied(codes: Iterable[Piece]) -> tuple[int | None, dict[int, int]]:
    """(UIDVALIDITY of the destination, source UID → destination UID) of COPYUID codes (RFC 4315 §3)."""
    uidvalidity: int | None = None
    targets: dict[int, int] = {}
    for code in codes:
        match = _COPYUID.match(code) if isinstance(code, bytes) else None
        if match:
            uidvalidity = int(match[1])
            try:
                targets.update(list(zip(expand(match[2]), expand(match[3]), strict=True)))
            except ValueError:
                continue  # unequal or absurd sets say nothing: those UIDs count as not known
    return uidvalidity, targets


def appended(answer: bytes) -> tuple[int | None, int | None]:
    """(UIDVALIDITY, UID) of an APPENDUID code (RFC 4315 §3), or Nones."""
    match = _APPENDUID.search(answer)
    return (int(match[1]), int(match[2])) if match else (None, None)


def code(text: str) -> str:
    """The first response code in a status text, upper case, without arguments; '' when there is none."""
    match = _CODE.search(text)
    return match[1].upper() if match else ""
