"""What `inspect --jsonl` answers to one line: reads the file that it names, and says what the mail says."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from typing import Any

import msgspec

from router.values import Message

from .child import head_of
from .domains import PREFIX, unicode_form
from .limits import LARGEST, LONGEST_PIECE
from .lookalikes import SENDER
from .parse import parse

LONGEST_LINE = 1024 * 1024  # octets
_BLOCK = 64 * 1024  # octets in one read of a file that does not know its size
# How a line is tried again after it has ended a process, and what the answer says then.
WHOLE, START, HEADERS, NOTHING = range(4)
_TOO_MUCH = "unreadable: takes too much time or memory"
_CUTS = {START: f"{_TOO_MUCH}: only its first 64 KB are read", HEADERS: f"{_TOO_MUCH}: only its headers are read"}
_READABLE = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY  # a FIFO must not hold us
_NO_MAIL = Message(language="")


class _Request(msgspec.Struct):
    """A line: the id as it was written, and whatever stands for the path."""

    id: msgspec.Raw = msgspec.Raw(b"null")
    path: Any = None


def answer(message: Message) -> dict[str, Any]:
    """What the interface says about one message, without `id` and `error`."""
    defects = list(message.defects)
    if message.unreadable:
        defects.append(f"unreadable: {message.unreadable}")
    return {
        "text": message.text,
        "subject": message.subject,
        "from": _shown(message),
        "auto_submitted": message.automatic,
        "list": message.is_list,
        "language": message.language,
        "defects": defects,
    }


def answer_line(line: bytes, step: int = WHOLE) -> bytes:
    """For a line `{"id": any, "path": text}` one JSON line that ends with a newline; `id` comes back unchanged.

    `error` is null whenever any answer can be given, over-limit mail included. Later steps read less of the file.
    """
    try:
        request = _request(line)
    except (ValueError, RecursionError) as error:  # msgspec's and json's errors are ValueErrors
        return _line(msgspec.Raw(b"null"), _NO_MAIL, f"not a request: {error}")
    path = request.path
    if not isinstance(path, str) or not path:
        return _line(request.id, _NO_MAIL, "path is missing")
    if step == NOTHING:
        return _line(request.id, _NO_MAIL, _TOO_MUCH)
    try:
        raw, size = _read(path, LARGEST if step == WHOLE else LONGEST_PIECE)
    except (OSError, ValueError) as error:
        return _line(request.id, _NO_MAIL, f"cannot be read: {error}")
    if step == START and size <= LONGEST_PIECE:
        step = HEADERS  # the start is the whole, and that was tried
    message = parse(head_of(raw) if step == HEADERS else raw, size=size, details=False)
    return _line(request.id, message, None, _CUTS.get(step))


def _request(line: bytes) -> _Request:
    """Raises ValueError or RecursionError, with a reason for people."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"a line may have {LONGEST_LINE // 1024} KB")
    with suppress(ValueError):
        if not line.isascii():
            line.decode()  # what is passed over unread is not checked
        return msgspec.json.decode(line, type=_Request)
    value = json.loads(line, parse_constant=_refuse)  # knows lone surrogates, which name files that are not UTF-8
    if not isinstance(value, dict):
        raise ValueError("a line must be a JSON object with id and path")  # noqa: TRY004  a line's fault, not ours
    return _Request(id=msgspec.Raw(json.dumps(value.get("id"), allow_nan=False).encode()), path=value.get("path"))


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _read(path: str, most: int) -> tuple[bytes, int]:
    """(octets, size): the whole file, or the first 64 KB of one larger than `most`. Raises OSError, ValueError."""
    file = os.open(path, _READABLE)
    try:
        info = os.fstat(file)
        if not stat.S_ISREG(info.st_mode):
            raise ValueError("not a regular file")
        wanted = info.st_size if info.st_size <= most else LONGEST_PIECE
        raw = os.read(file, wanted or _BLOCK)
        if len(raw) < wanted or not wanted:
            raw = _rest(file, raw, wanted or most)
        return raw, max(info.st_size, len(raw))
    finally:
        os.close(file)


def _rest(file: int, raw: bytes, wanted: int) -> bytes:
    """What a file gives in several reads, up to so many octets."""
    pieces, left = [raw], wanted - len(raw)
    while left > 0 and (piece := os.read(file, min(left, _BLOCK))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _shown(message: Message) -> str:
    """The sender for people: an international domain in its own letters, unless they are made to be misread."""
    name, address = message.sender.name, message.sender.address
    if PREFIX in address and not any(defect.startswith(SENDER) for defect in message.defects):
        local, _, domain = address.rpartition("@")
        address = f"{local}@{unicode_form(domain)}"
    return f"{name} <{address}>" if name and address else address or name


def _line(asked: msgspec.Raw, message: Message, error: str | None, defect: str | None = None) -> bytes:
    found = answer(message)
    if defect:
        found["defects"].append(defect)
    return msgspec.json.encode({"id": asked, **found, "error": error}) + b"\n"
