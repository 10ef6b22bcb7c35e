"""Reads YAML 1.2 into nodes with places, and says in one located sentence why a file cannot be read.

Own composition from the parser's events instead of ruamel's loader: depth and size are bounded, aliases cannot
loop or explode, tags create no objects, and every scalar follows the YAML 1.2 core schema whatever a `%YAML` line says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from router.config.nodes import Array, Entry, Node, Place, Scalar, Table
from router.config.problems import Level, Problem, quote

LARGEST_FILE = 1_000_000  # bytes
_DEEPEST = 40  # nested tables and lists
_MOST_NODES = 200_000  # after aliases are followed

_SPECIAL: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_SPECIAL |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
# YAML 1.2, production c-printable, less the byte order mark.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

# What the YAML parser says → what an admin understands.
_SENTENCES = (
    (r"found character '\\t'", "a tab cannot indent here; use spaces"),
    (r"mapping values are not allowed", "a ':' cannot stand here; check the indentation, or write the text in quotes"),
    (r"could not find expected ':'", "a ':' is missing after this key, or the line above is not finished"),
    (r"found unexpected end of stream", "the text in quotes is never closed"),
    (r"found undefined alias", "this alias (*) names no anchor (&) above it"),
    (r"expected ',' or '([]}])'", "this list or block is not closed: ',' or '{0}' is missing"),
    (r"expected <block end>, but found '([^?])'", "'{0}' cannot stand here; check the indentation"),
    (r"expected <block end>", "the indentation does not fit the lines above"),
    (r"character '(.)' that cannot start", "text cannot begin with '{0}'; write it in quotes"),
    (r"unknown escape character", "this backslash means nothing inside double quotes; use single quotes"),
    (r"expected the node content", "a value is missing here"),
    (r"expected <document start>", "this does not fit the lines above; check the indentation"),
    (r"block sequence entries are not allowed", "a list item (-) cannot stand here; check the indentation"),
    (r"undefined tag handle", "tags such as !name are not supported"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as it was read. `root` is None when it cannot be read at all; the only problem then says why."""

    file: str
    lines: tuple[str, ...] = ()
    root: Node | None = None
    problems: tuple[Problem, ...] = ()

    def problem(self, place: Place, message: str, suggestion: str = "", level: Level = Level.ERROR) -> Problem:
        """A problem at a place of this file, with the source line."""
        source = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
        return Problem(
            file=self.file,
            line=place.line,
            column=place.column,
            message=message,
            suggestion=suggestion,
            level=level,
            source=source,
        )


class _Unreadable(Exception):
    """Stops reading at the first thing that makes everything after it meaningless."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


def read_file(path: Path, shown_as: str = "") -> tuple[Document, bytes]:
    """The document and its bytes; a missing or unreadable file is a document with a problem."""
    name = shown_as or str(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        return _failed(Document(file=name), Place(1, 1), f"cannot read this file: {reason}"), b""
    return read(content, name), content


def read(content: bytes, file: str) -> Document:
    """The document that these bytes hold. Never raises."""
    try:
        text = _decoded(content)
    except _Unreadable as error:
        return _failed(Document(file=file), error.place, error.message)
    document = Document(file=file, lines=tuple(re.split(r"\r\n|\r|\n", text)))
    composer = _Composer(text)
    try:
        root = composer.root()
    except _Unreadable as error:
        return _failed(document, error.place, error.message)
    problems = tuple(document.problem(place, message) for place, message in composer.oddities)
    return replace(document, root=root, problems=problems)


def _failed(document: Document, place: Place, message: str) -> Document:
    return replace(document, problems=(document.problem(place, message),))


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise _Unreadable(Place(1, 1), f"this file is larger than {LARGEST_FILE // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        raise _Unreadable(_place_after(before), "this is not UTF-8; save the file as UTF-8") from None
    if found := _UNPRINTABLE.search(text):
        message = f"the control character U+{ord(found[0]):04X} cannot stand in YAML"
        raise _Unreadable(_place_after(text[: found.start()]), message)
    if not text.strip():
        raise _Unreadable(Place(1, 1), "this file is empty")
    return text


def _place_after(before: str) -> Place:
    lines = re.split(r"\r\n|\r|\n", before)
    return Place(len(lines), len(lines[-1]) + 1)


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def _events(text: str) -> Iterator[Any]:
    """The parser's events; what it cannot parse is an `_Unreadable` with a plain sentence."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        never_closed = "unexpected end of stream" in (error.problem or "")  # point at the opening quote
        mark = (error.context_mark if never_closed else None) or error.problem_mark or error.context_mark
        place = _place(mark) if mark else Place(1, 1)
        raise _Unreadable(place, _sentence(f"{error.problem or ''} {error.context or ''}")) from None
    except YAMLError as error:
        raise _Unreadable(Place(1, 1), _sentence(str(error))) from None
    except (ValueError, IndexError, AttributeError, TypeError, AssertionError) as error:
        # ruamel's parser trips over some malformed directives and escapes instead of reporting them.
        raise _Unreadable(Place(1, 1), f"this is not YAML ({type(error).__name__} in the parser)") from None


def _sentence(said: str) -> str:
    for pattern, sentence in _SENTENCES:
        if found := re.search(pattern, said):
            return sentence.format(*found.groups())
    return f"this is not YAML: {said.splitlines()[0].strip() if said.strip() else 'unknown error'}"


class _Composer:
    """Builds nodes from events: one document, no tags, no merge keys, unique keys, bounded depth and size.

    `oddities` are the problems that do not keep the rest of the file from being understood.
    """

    def __init__(self, text: str) -> None:
        self.oddities: list[tuple[Place, str]] = []
        self._stream = _events(text)
        self._anchors: dict[str, _Anchored | None] = {}  # None while the anchored node is still open
        self._count = 0

    def root(self) -> Node:
        root: Node | None = None
        for event in self._stream:
            kind = type(event).__name__
            if kind == "DocumentStartEvent" and root is not None:
                raise _Unreadable(_place(event.start_mark), "a second document (---) begins here; write one only")
            if kind in {"ScalarEvent", "AliasEvent", "SequenceStartEvent", "MappingStartEvent"}:
                root = self._node(event, 0)
        if root is None or (isinstance(root, Scalar) and root.value is None):
            raise _Unreadable(Place(1, 1), "this file is empty")
        return root

    def _node(self, event: Any, depth: int) -> Node:
        place = _place(event.start_mark)
        if type(event).__name__ == "AliasEvent":
            return self._alias(event.anchor, place, depth)
        if event.tag is not None:
            self.oddities.append((place, f"tags such as {quote(str(event.tag))} are not supported"))
        self._grow(1, depth, place)
        anchor, before = event.anchor, self._count
        if anchor is None:
            return self._content(event, place, depth)
        self._anchors[anchor] = None
        node = self._content(event, place, depth)
        self._anchors[anchor] = _Anchored(node=node, size=self._count - before + 1, height=_height(node))
        return node

    def _content(self, event: Any, place: Place, depth: int) -> Node:
        match type(event).__name__:
            case "MappingStartEvent":
                return Table(entries=self._entries(depth), place=place)
            case "SequenceStartEvent":
                return Array(items=tuple(self._items(depth)), place=place)
            case _:
                is_plain = bool(event.implicit[0])
                return Scalar(text=event.value, value=_value(event.value) if is_plain else event.value, place=place)

    def _items(self, depth: int) -> Iterator[Node]:
        while type(event := next(self._stream)).__name__ != "SequenceEndEvent":
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> tuple[Entry, ...]:
        entries: dict[str, Entry] = {}
        while type(event := next(self._stream)).__name__ != "MappingEndEvent":
            key = self._key(event, depth)
            node = self._node(next(self._stream), depth + 1)
            if key.text == "<<":
                self.oddities.append((key.place, "merge keys (<<) are not supported; write the keys out"))
            elif key.text in entries:
                first = entries[key.text].key.place.line
                self.oddities.append((key.place, f"the key {quote(key.text)} is here twice (first on line {first})"))
            else:
                entries[key.text] = Entry(key=key, node=node)
        return tuple(entries.values())

    def _key(self, event: Any, depth: int) -> Scalar:
        key = self._node(event, depth + 1)
        if not isinstance(key, Scalar):
            raise _Unreadable(_place(event.start_mark), "a key must be plain text")
        return key

    def _alias(self, anchor: str, place: Place, depth: int) -> Node:
        if anchor not in self._anchors:
            raise _Unreadable(place, f"the alias {quote('*' + anchor)} names no anchor (&) above it")
        anchored = self._anchors[anchor]
        if anchored is None:
            raise _Unreadable(place, f"the alias {quote('*' + anchor)} contains itself")
        self._grow(anchored.size, depth + anchored.height, place)
        return anchored.node

    def _grow(self, nodes: int, depth: int, place: Place) -> None:
        self._count += nodes
        if self._count > _MOST_NODES:
            raise _Unreadable(place, f"this file holds more than {_MOST_NODES} values once its aliases are followed")
        if depth > _DEEPEST:
            raise _Unreadable(place, f"this is nested deeper than {_DEEPEST} levels")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anchored:
    node: Node
    size: int  # nodes in it, itself included
    height: int  # levels below it


def _height(node: Node) -> int:
    if isinstance(node, Scalar):
        return 0
    parts = node.items if isinstance(node, Array) else [e.node for e in node.entries]
    return 1 + max(map(_height, parts), default=0)


def _value(text: str) -> str | int | float | bool | None:
    """A plain scalar by the YAML 1.2 core schema; what is no null, boolean or number stays text."""
    if text in _SPECIAL:
        return _SPECIAL[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text
