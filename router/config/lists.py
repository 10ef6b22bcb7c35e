"""Sender lists beside workflows.yaml: one address pattern a line, `#` begins a comment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from router.config.nodes import Place
from router.config.problems import Problem
from router.config.reader import LARGEST_FILE, Document
from router.config.words import parse_glob


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderList:
    """One list as it was read; `content` is kept for the digest and the last good copy."""

    name: str  # as workflows.yaml writes it: "lists/vip.txt"
    patterns: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    content: bytes = b""


def list_path(root: Path, name: str) -> Path:
    """Where the list lies; `ValueError` when that would lead out of the directory of workflows.yaml."""
    written = Path(name)
    if written.is_absolute() or ".." in written.parts or not name.isprintable():
        raise ValueError("a list must lie beside workflows.yaml or below it")
    path = root / written
    below = path.parents[: len(written.parts) - 1]
    if any(step.is_symlink() for step in (path, *below)):
        raise ValueError("a list must not be reached by a symbolic link")
    return path


def read_list(root: Path, name: str) -> SenderList:
    """The patterns of one list. Raises `ValueError` when the file may not or cannot be read at all."""
    path = list_path(root, name)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ValueError(f"cannot read this list: {(error.strerror or 'unknown error').lower()}") from None
    if len(content) > LARGEST_FILE:
        raise ValueError("this list is larger than 1 MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("this list is not UTF-8") from None
    return _parsed(name, text, content)


def _parsed(name: str, text: str, content: bytes) -> SenderList:
    document = Document(file=name, lines=tuple(text.splitlines()))
    patterns: list[str] = []
    problems: list[Problem] = []
    for number, line in enumerate(document.lines, start=1):
        written = line.partition("#")[0].strip()
        if not written:
            continue
        try:
            patterns.append(parse_glob(written))
        except ValueError as error:
            column = len(line) - len(line.lstrip()) + 1
            problems.append(document.problem(Place(number, column), str(error)))
    unique = tuple(dict.fromkeys(patterns))
    return SenderList(name=name, patterns=unique, problems=tuple(problems), content=content)
