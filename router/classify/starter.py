"""Reads the starter examples and phrases that known category names bring with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from router.errors import ConfigError
from router.values import Example

NEWLINE: Final = " ⏎ "  # how a line break is written inside an example


def starter_examples(root: Path, categories: Iterable[str] | None = None) -> list[Example]:
    """The examples in `<root>/<category>.<language>.txt`, in a fixed order; of these categories, or of all.

    A category without files has no examples, which is no error. Raises `ConfigError` for a file that cannot be read.
    """
    wanted = None if categories is None else frozenset(categories)
    found: list[Example] = []
    for path in sorted(root.glob("*.*.txt")):
        category, _, language = path.stem.partition(".")
        if wanted is None or category in wanted:
            found += [
                Example(text=text, category=category, language=language, source="starter") for text in _lines(path)
            ]
    return found


def _lines(path: Path) -> list[str]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: {error}") from error
    kept = (line.strip() for line in lines)
    return [line.replace(NEWLINE, "\n") for line in kept if line and not line.startswith("#")]


def digest(examples: Sequence[Example]) -> str:
    """A name for a set of examples: equal whatever their order, different when one text or category differs."""
    each = sorted(
        hashlib.sha256("\0".join((example.category, example.language, example.text)).encode()).digest()
        for example in examples
    )
    return hashlib.sha256(b"".join(each)).hexdigest()
