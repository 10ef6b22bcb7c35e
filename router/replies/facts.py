"""company.yaml: what the company has decided. Replies may state a fact only when it is written there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from router.config.problems import Problem, quote
from router.replies.yaml_nodes import Node, duplicates, read_yaml

FACTS_FILE = "company.yaml"
LIMIT = 64 * 1024  # bytes of one file in replies/

# A fact's wording by language; "" holds for all of them. An undecided fact has no wording at all.
Fact = Mapping[str, str]

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def read_facts(path: Path, *, file: str) -> tuple[dict[str, Fact], list[Problem]]:
    """The facts by dotted name (`refund_days`, `address.city`), and what is wrong with the file."""
    if path.is_symlink() or not path.is_file():
        return {}, []  # a link is reported with all others of the folder
    text = read_text(path, file=file)
    if isinstance(text, Problem):
        return {}, [text]
    root = read_yaml(text, file=file)
    if root is None:
        return {}, []
    problems: list[Problem] = []
    facts: dict[str, Fact] = {}
    if isinstance(root, Problem):
        problems.append(root)
    elif root.entries is None:
        problems.append(_problem(file, root, "facts are a mapping: `name: Acme`"))
    else:
        facts.update(_flattened(root, "", file, problems))
    return facts, with_source(problems, text)


def read_text(path: Path, *, file: str) -> str | Problem:
    """A file's text with `\\n` ends; a problem when it is too large or not UTF-8."""
    raw = path.read_bytes()
    if len(raw) > LIMIT:
        return Problem(file=file, line=1, column=1, message=f"larger than {LIMIT // 1024} KB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        return Problem(file=file, line=line, column=column, message="not UTF-8 text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def with_source(problems: Iterable[Problem], text: str) -> list[Problem]:
    """The problems with the lines of `text` that they are about."""
    lines = text.split("\n")
    return [replace(p, source=lines[p.line - 1] if p.line <= len(lines) else "") for p in problems]


def wording(fact: Fact | str, language: str) -> str:
    """How the fact is said in that language; '' when nobody has decided it or nobody has translated it."""
    if isinstance(fact, str):
        return fact.strip()
    return (fact.get(language) or fact.get("") or "").strip()


def _flattened(node: Node, prefix: str, file: str, problems: list[Problem]) -> Iterator[tuple[str, Fact]]:
    for key, place in duplicates(node):
        problems.append(_problem(file, place, f"{quote(prefix + key)} is written twice"))
    for key, place, value in node.entries or ():
        name = prefix + key
        if not all(_NAME.fullmatch(part) for part in key.split(".")):
            problems.append(_problem(file, place, f"{quote(key)} is no fact's name: small letters, digits and _"))
        elif value.text is not None:
            yield name, {"": value.text} if value.text else {}
        elif value.entries is None:
            problems.append(_problem(file, value, f"{quote(name)} is a text, or a text by language"))
        elif all(_LANGUAGE.fullmatch(inner) and item.text is not None for inner, _, item in value.entries):
            yield name, {inner: item.text for inner, _, item in value.entries if item.text}
        else:
            yield from _flattened(value, f"{name}.", file, problems)


def _problem(file: str, node: Node, message: str) -> Problem:
    return Problem(file=file, line=node.line, column=node.column, message=message)
