"""An orderly message as a tree, by searching for its boundaries: what the standard library makes of it, sooner.

That parser looks at every line of every attachment, with a pattern that it compiles for each boundary. Here anything
that is not as it should be (broken headers, unknown types, missing boundaries, messages in messages) gives None, and
the library decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message as MimeMessage

from . import limits

_FIELD = re.compile(r"([!-9;-~]+):([^\n]*(?:\n[ \t][^\n]*)*)\n")
_BOUNDARY = re.compile(r"""(?i);\s*boundary[ \t]*=[ \t]*(?:"([^"\\\r\n]{1,200})"|([^\s;"'()]{1,200}))\s*(?:;|\Z)""")
_BEHIND = re.compile(r"(--)?[ \t]*(?:\r\n|\r|\n|\Z)")  # what may follow a boundary on its line
_PLAIN_ENCODINGS = ("", "7bit", "8bit", "binary")
_MOST_SCANNED = 60_000_000  # characters, over all levels
_MOST_LOOKALIKES = 20_000  # places that look like a boundary

Span = tuple[int, int]


class Disorder(Exception):
    """Something that the standard library is asked about."""


def tree_of(raw: bytes) -> MimeMessage | None:
    """The tree of a message that is orderly throughout, else None. Its headers must be within limits."""
    text = raw.decode("ascii", "surrogateescape")
    try:
        return _Reader(text).part((0, len(text)), 0)
    except Disorder:
        return None


class _Reader:
    """Walks over one text; counts what it has looked at, which a stranger must not be able to drive up."""

    __slots__ = ("_lookalikes", "_parts", "_scanned", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts = self._scanned = self._lookalikes = 0

    def part(self, span: Span, depth: int) -> MimeMessage:
        """The message or part that stands in `span`. Raises Disorder."""
        self._parts += 1
        if depth > limits.DEEPEST or self._parts > limits.MOST_PARTS:
            raise Disorder
        message = MimeMessage()
        body, boundary = self._head(message, span, depth)
        if not boundary:
            end = span[1] if not depth else self._without_line_end(body, span[1])
            message.set_payload(self._text[body:end])
            return message
        children, closed = self._split(f"--{boundary}", body, span[1])
        message.set_payload([self.part(child, depth + 1) for child in children])
        if not closed:  # as of every large mail of which only the start was fetched
            message.defects.append(CloseBoundaryNotFoundDefect())
        return message

    def _head(self, message: MimeMessage, span: Span, depth: int) -> tuple[int, str]:
        """(where the body begins, its boundary or ''); the header fields go into the message."""
        start, stop = span
        for line_end in ("\n", "\r\n") if depth else ():
            if self._text.startswith(line_end, start, stop):
                return start + len(line_end), ""  # no header at all
        end = self._text.find("\n\n", start, stop)
        crlf = self._text.find("\n\r\n", start, end if end >= 0 else stop)
        end, body = (crlf, crlf + 3) if crlf >= 0 else (end, end + 2)
        if not start <= end <= start + limits.LONGEST_HEADERS:
            raise Disorder
        head = self._text[start : end + 1].replace("\r\n", "\n")
        fields = _FIELD.findall(head)
        if "\r" in head or sum([len(name) + len(value) + 2 for name, value in fields]) != len(head):
            raise Disorder  # what the pattern left out is no header line
        kind = encoding = None
        for name, value in fields:
            message.set_raw(name, value.lstrip(" \t"))
            if name[:8] in ("Content-", "content-", "CONTENT-") or name[:8].lower() == "content-":
                if (field := name.lower()) == "content-type":
                    if kind is not None:
                        raise Disorder
                    kind = value
                elif field == "content-transfer-encoding":
                    encoding = value if encoding is None else encoding
        return body, _boundary(kind, encoding or "") if kind is not None else ""

    def _split(self, separator: str, start: int, stop: int) -> tuple[list[Span], bool]:
        """(where the parts stand, whether a closing boundary was there)."""
        self._scanned += stop - start
        if self._scanned > _MOST_SCANNED:
            raise Disorder
        found: list[Span] = []
        opened = -1
        for at, behind, closing in self._boundaries(separator, start, stop):
            if opened >= 0:
                if at == opened:
                    raise Disorder  # two boundaries, one below the other
                found.append((opened, at))
            elif closing:
                raise Disorder
            if closing:
                return found, True
            opened = behind
        if opened < 0 or opened >= stop:
            raise Disorder
        return [*found, (opened, stop)], False

    def _boundaries(self, separator: str, start: int, stop: int) -> Iterator[tuple[int, int, bool]]:
        """(where it begins, where the next line begins, whether it is the closing one) of each boundary."""
        at = start - 1
        while (at := self._text.find(separator, at + 1, stop)) >= 0:
            self._lookalikes += 1
            if self._lookalikes > _MOST_LOOKALIKES:
                raise Disorder
            if at > start and self._text[at - 1] not in "\r\n":
                continue
            behind = _BEHIND.match(self._text, at + len(separator), stop)
            if behind:
                yield at, behind.end(), behind[1] is not None

    def _without_line_end(self, start: int, end: int) -> int:
        """The line end before a boundary is the boundary's (RFC 2046 section 5.1.1)."""
        if end > start and self._text[end - 1] == "\n":
            end -= 1
            return end - 1 if end > start and self._text[end - 1] == "\r" else end
        return end - 1 if end > start and self._text[end - 1] == "\r" else end


def _boundary(content_type: str, encoding: str) -> str:
    """The boundary of a multipart, '' of what is a leaf for sure. Raises Disorder for everything else."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind.count("/") != 1 or kind.startswith(("message/", "multipart/digest")):
        raise Disorder
    if not kind.startswith("multipart/"):
        return ""
    declared = _BOUNDARY.search(content_type)
    if (
        not declared
        or content_type.lower().count("boundary") != 1
        or '\\"' in content_type
        or content_type.count('"') % 2
        or content_type.count('"', 0, declared.start()) % 2  # it stands in another parameter's value
        or not content_type.isascii()
        or encoding.strip().lower() not in _PLAIN_ENCODINGS
    ):
        raise Disorder
    boundary = (declared[1] or declared[2] or "").rstrip()
    if not boundary or "<" in boundary:
        raise Disorder
    return boundary
