"""Other readers of mail behind the interface of `inspect --jsonl`: `python -m bench.peers stdlib|mail-parser [text]`.

Each reads subject, sender and body of the same files in the same way: a line in, a line out. An HTML body is left as
markup; with `text` it becomes what `html.parser` finds between the tags, the least that somebody needs who wants text.
Quotes stay. A message that raises is answered with the error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

Reader = Callable[[bytes], dict[str, Any]]


def stdlib() -> Reader:
    """`email` under `policy.default`."""
    from email import message_from_bytes, policy

    def read(raw: bytes) -> dict[str, Any]:
        message = message_from_bytes(raw, policy=policy.default)
        body = message.get_body(("plain", "html"))
        text = body.get_content() if body is not None else ""
        return {"text": text, "subject": str(message["subject"] or ""), "from": str(message["from"] or "")}

    return read


def mail_parser() -> Reader:
    """The package mail-parser. Raises ImportError when it is not installed."""
    import mailparser

    def read(raw: bytes) -> dict[str, Any]:
        message = mailparser.parse_from_bytes(raw)
        return {"text": message.body, "subject": message.subject, "from": message.from_}

    return read


class _Words(HTMLParser):
    """Everything between the tags but styles and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  the parser's name
        self._silent += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def as_text(body: str) -> str:
    """Markup to text, when it looks like markup."""
    if "</" not in body:
        return body
    words = _Words()
    words.feed(body)
    return "".join(words.found)


READERS: dict[str, Callable[[], Reader]] = {"stdlib": stdlib, "mail-parser": mail_parser}


def main() -> None:
    """Answer the lines of standard input."""
    read = READERS[sys.argv[1]]()
    shown = as_text if sys.argv[2:] == ["text"] else str
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            with open(request["path"], "rb") as file:  # noqa: PTH123  as cheap as ours
                answer = read(file.read()) | {"error": None}
            answer["text"] = shown(answer["text"])
        except Exception as error:  # noqa: BLE001  whatever it raises is what we count
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps({"id": request["id"], **answer}) + "\n")


if __name__ == "__main__":
    main()
