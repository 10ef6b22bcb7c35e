"""YAML read as strings with positions: no types are guessed, so `no:` is a key and `007` keeps its zeros."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from router.config.problems import Problem

_NOTHING = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:bool")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A scalar (`text`), a list (`items`) or a mapping (`entries`), at line and column of its file."""

    line: int
    column: int
    text: str | None = None  # None unless a scalar; '' for null and false
    items: tuple[Node, ...] | None = None
    entries: tuple[tuple[str, Node, Node], ...] | None = None  # key, the key's place, value

    def texts(self) -> tuple[str, ...] | None:
        """A scalar or a list of scalars as strings; None for anything else."""
        if self.text is not None:
            return (self.text,) if self.text else ()
        if self.items is None or any(item.text is None for item in self.items):
            return None
        return tuple(item.text for item in self.items if item.text)


def read_yaml(text: str, *, file: str, first_line: int = 1) -> Node | Problem | None:
    """One YAML document; None when it is empty. `first_line` is the line of `file` where `text` begins."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        # Composing stops before any object is built: no tag of the file is ever acted upon.
        root = YAML(typ="safe", pure=True).compose(text)
        return None if root is None else _converted(root, first_line)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        return Problem(file=file, line=line + first_line, column=column + 1, message=f"not YAML: {error.problem}")
    except (YAMLError, RecursionError) as error:
        return Problem(file=file, line=first_line, column=1, message=f"not YAML: {type(error).__name__}")


def _converted(node: object, first_line: int) -> Node:
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    place = {"line": node.start_mark.line + first_line, "column": node.start_mark.column + 1}  # type: ignore[attr-defined]
    match node:
        case ScalarNode():
            return Node(text=_scalar(node), **place)
        case SequenceNode():
            return Node(items=tuple(_converted(item, first_line) for item in node.value), **place)
        case MappingNode():
            pairs = [(_converted(key, first_line), _converted(value, first_line)) for key, value in node.value]
            return Node(entries=tuple((key.text or "", key, value) for key, value in pairs), **place)
    raise AssertionError(f"a YAML node of an unknown kind: {type(node).__name__}")


def _scalar(node: object) -> str:
    value: str = node.value  # type: ignore[attr-defined]
    tag = str(node.tag or "")  # type: ignore[attr-defined]
    if tag == _NOTHING[0] or (tag == _NOTHING[1] and value.lower() == "false"):
        return ""
    return value.strip()


def duplicates(node: Node) -> Iterator[tuple[str, Node]]:
    """Keys of a mapping that were written before."""
    seen: set[str] = set()
    for key, place, _ in node.entries or ():
        if key in seen:
            yield key, place
        seen.add(key)
