"""Small ways to write a workflows.yaml and look at what came of it."""

from __future__ import annotations

import textwrap
from pathlib import Path

from router.config.loading import Configuration, Loaded, load

HEAD = """\
version: 1
mailboxes: {support: {address: support@acme.example, login: {password: {env: SUPPORT_PASSWORD}}}}
"""
MARK = "»"  # stands before the place where a problem is expected


def written(directory: Path, text: str, *, name: str = "workflows.yaml", head: str = HEAD) -> Path:
    """A file with this text below the usual head."""
    path = directory / name
    path.write_text(head + textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return path


def loaded(directory: Path, text: str, *, head: str = HEAD, reply_ids: tuple[str, ...] | None = None) -> Loaded:
    return load(written(directory, text, head=head), reply_ids=reply_ids)


def configured(directory: Path, text: str, *, head: str = HEAD) -> Configuration:
    """The configuration of a file that must have no errors."""
    result = loaded(directory, text, head=head)
    assert result.configuration is not None, [p.headline for p in result.problems]
    return result.configuration


def findings(result: Loaded) -> list[str]:
    """`3:5 message; suggestion` for every problem, warnings marked."""
    return [p.headline.partition(":")[2].replace(": ", " ", 1) for p in result.problems]


def marked_places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the places (line, column) where they stood."""
    places: list[tuple[int, int]] = []
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        while MARK in line:
            places.append((number, line.index(MARK) + 1))
            line = line.replace(MARK, "", 1)
        lines.append(line)
    return "\n".join(lines), places
