"""YAML as a tree that remembers where each piece was written. Lines and columns count from 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple


class Place(NamedTuple):
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A single value: `text` as written, `value` as YAML 1.2 reads it (dates stay text)."""

    text: str
    value: str | int | float | bool | None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """A YAML sequence."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    key: Scalar
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A YAML mapping, in file order, keys unique."""

    entries: tuple[Entry, ...]
    place: Place

    def entry(self, key: str) -> Entry | None:
        return next((e for e in self.entries if e.key.text == key), None)

    def get(self, key: str) -> Node | None:
        entry = self.entry(key)
        return entry.node if entry else None

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(e.key.text for e in self.entries)

    def with_default(self, key: str, node: Node | None) -> Table:
        """This table with `key: node` added at its end when it has no such key and there is a node."""
        if node is None or self.entry(key):
            return self
        return replace(self, entries=(*self.entries, Entry(key=text_at(node.place, key), node=node)))

    def without(self, key: str) -> Table:
        return replace(self, entries=tuple(e for e in self.entries if e.key.text != key))


Node = Scalar | Array | Table
Rewrite = Callable[[Node], Node]


def text_at(place: Place, text: str) -> Scalar:
    return Scalar(text=text, value=text, place=place)


def value_at(place: Place, value: int | bool) -> Scalar:
    return Scalar(text=str(value).lower(), value=value, place=place)


def array_at(place: Place, *items: Node) -> Array:
    return Array(items=items, place=place)


def table_at(place: Place, **entries: Node) -> Table:
    """A table written at one place; a key that is a Python word ends in `_`."""
    return Table(
        entries=tuple(Entry(key=text_at(place, key.rstrip("_")), node=node) for key, node in entries.items()),
        place=place,
    )


def is_null(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is None


def as_text(node: Node | None) -> str | None:
    """The text of a scalar, None of anything else."""
    return node.text if isinstance(node, Scalar) else None


def rewritten(node: Node, rewrites: Mapping[str, Rewrite]) -> Node:
    """A table with the values of some keys rewritten; any other node as it is."""
    if not isinstance(node, Table):
        return node
    entries = (replace(e, node=rewrites[e.key.text](e.node)) if e.key.text in rewrites else e for e in node.entries)
    return replace(node, entries=tuple(entries))


def each(rewrite: Rewrite) -> Rewrite:
    """Rewrites every value of a table and every item of an array."""

    def apply(node: Node) -> Node:
        if isinstance(node, Table):
            return replace(node, entries=tuple(replace(e, node=rewrite(e.node)) for e in node.entries))
        if isinstance(node, Array):
            return replace(node, items=tuple(rewrite(item) for item in node.items))
        return node

    return apply


def plain(node: Node) -> Any:
    """The tree as dicts, lists and values."""
    if isinstance(node, Table):
        return {e.key.text: plain(e.node) for e in node.entries}
    if isinstance(node, Array):
        return [plain(item) for item in node.items]
    return node.value


# ------------------------------------------------------------------ finding


ANY = "*"  # matches every key or item
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A node, the path to it, and the key that holds it (None for list items and the root)."""

    path: Path
    node: Node
    key: Scalar | None = None

    @property
    def place(self) -> Place:
        return self.node.place

    @property
    def owner(self) -> Place:
        """Where the key stands that holds this node, else the node itself."""
        return self.key.place if self.key else self.node.place


def children(found: Found) -> Iterator[Found]:
    """The direct parts of a node."""
    if isinstance(found.node, Table):
        for e in found.node.entries:
            yield Found(path=(*found.path, e.key.text), node=e.node, key=e.key)
    elif isinstance(found.node, Array):
        for index, item in enumerate(found.node.items):
            yield Found(path=(*found.path, index), node=item)


def every(root: Node | Found, *pattern: str) -> Iterator[Found]:
    """Every node whose path matches the pattern; `*` matches one key or one list item."""
    found = root if isinstance(root, Found) else Found(path=(), node=root)
    if not pattern:
        yield found
        return
    for child in children(found):
        if pattern[0] == ANY or child.path[-1] == pattern[0]:
            yield from every(child, *pattern[1:])


def nearest(root: Node, path: Path) -> tuple[Found, Path]:
    """The deepest node along a path that exists, and the rest of the path."""
    found = Found(path=(), node=root)
    for depth, part in enumerate(path):
        child = next((c for c in children(found) if c.path[-1] == part), None)
        if child is None:
            return found, path[depth:]
        found = child
    return found, ()


def written(path: Path) -> str:
    """A path as text: `workflows[2].when.subject`."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
