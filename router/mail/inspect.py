"""`inspect --jsonl`: one answer per line, in order, whatever happens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from router.values import Address, Message

from .parse import LARGEST, parse

_READ = 64 * 1024  # octets of an over-limit file


def inspect_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """For each line `{"id": any, "path": text}` one JSON line that ends with a newline; `id` comes back unchanged.

    `error` is null whenever any answer can be given, over-limit mail included.
    """
    for line in lines:
        yield msgspec.json.encode(_answer_line(line)) + b"\n"


def answer(message: Message) -> dict[str, Any]:
    """What the interface says about one message, without `id` and `error`."""
    defects = list(message.defects)
    if message.unreadable:
        defects.append(f"unreadable: {message.unreadable}")
    return {
        "text": message.text,
        "subject": message.subject,
        "from": _shown(message.sender),
        "auto_submitted": message.automatic,
        "list": message.is_list,
        "language": message.language,
        "defects": defects,
    }


def _answer_line(line: bytes) -> dict[str, Any]:
    asked: object = None
    try:
        request = msgspec.json.decode(line)
        if not isinstance(request, dict):
            return _error(None, "a line must be a JSON object with id and path")
        asked = request.get("id")
        path = request.get("path")
        if not isinstance(path, str) or not path:
            return _error(asked, "path is missing")
        raw, size = _read(Path(path))
    except msgspec.DecodeError as error:
        return _error(None, f"not JSON: {error}")
    except (OSError, ValueError) as error:
        return _error(asked, f"cannot be read: {error}")
    return {"id": asked, **answer(parse(raw, size=size)), "error": None}


def _read(path: Path) -> tuple[bytes, int]:
    """(octets, size): the whole file, or the first 64 KB of one that is over the limit. Raises OSError."""
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
        if len(raw) <= LARGEST:
            return raw, len(raw)
        return raw[:_READ], path.stat().st_size


def _shown(sender: Address) -> str:
    return f"{sender.name} <{sender.address}>" if sender.name and sender.address else sender.address or sender.name


def _error(asked: object, because: str) -> dict[str, Any]:
    return {"id": asked, **answer(Message(language="")), "error": because}
