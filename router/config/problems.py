"""What is wrong with a configuration: where, in words an admin understands, with the line and a caret."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

_LONGEST_LINE = 140  # display columns of a source line; longer ones are cut around the caret
_LONGEST_QUOTE = 60  # characters of the admin's own text inside a message

# A literal password is an error of its own; it must not reach a log or a terminal with it.
_PASSWORD = re.compile(r"(password\s*:\s*)(?!\{\s*(?:env|file)\s*:)\S.*", re.IGNORECASE)


class Level(StrEnum):
    """An error stops the configuration from being used; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding. `line` and `column` count from 1, in characters; `source` is that line as it was written."""

    file: str
    line: int
    column: int
    message: str
    suggestion: str = ""  # "did you mean 'refund'?"
    level: Level = Level.ERROR
    source: str = ""

    @property
    def headline(self) -> str:
        """`workflows.yaml:14:5: unknown reply 'refnd'; did you mean 'refund'?`"""
        warning = "warning: " if self.level is Level.WARNING else ""
        return f"{self.file}:{self.line}:{self.column}: {warning}{self.sentence}"

    @property
    def sentence(self) -> str:
        """Message and suggestion without the place."""
        return "; ".join(part for part in (self.message, self.suggestion) if part)

    def render(self) -> str:
        """The headline, and below it the source line with a caret under the place."""
        if not self.source.strip():
            return self.headline
        shown, offset = _cut(_visible(_without_password(self.source)), self.column - 1)
        margin = f"{self.line:5} | "
        caret = " " * (len(margin) - 2) + "| " + " " * offset + "^"
        return f"{self.headline}\n{margin}{shown}\n{caret}"


def render_all(problems: Iterable[Problem]) -> str:
    """All problems, one below the other."""
    return "\n".join(problem.render() for problem in problems)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, by file and place; errors before warnings at the same place."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda p: (p.file, p.line, p.column, p.level is Level.WARNING)))


def did_you_mean(word: str, known: Collection[str]) -> str:
    """A suggestion for a misspelt word: the nearest known one, else the known ones when they are few."""
    folded = {k.casefold(): k for k in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"did you mean {quote(folded[near[0]])}?"
    if 0 < len(known) <= 12:
        return f"known: {', '.join(sorted(known))}"
    return ""


def quote(text: str) -> str:
    """The admin's own text inside a sentence: short, on one line, without control characters."""
    short = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    return f"'{_visible(short)}'"


def _visible(text: str) -> str:
    """A line that cannot steer a terminal: tabs are blanks, other control and format characters become U+FFFD."""
    return "".join(" " if c == "\t" else "\ufffd" if unicodedata.category(c)[0] == "C" else c for c in text)


def _without_password(line: str) -> str:
    return _PASSWORD.sub(r"\1…", line)


def _width(character: str) -> int:
    """Terminal columns of one character (UAX 11; combining marks take none)."""
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _cut(line: str, index: int) -> tuple[str, int]:
    """A window of the line around character `index`, and the display offset of that character in it."""
    start = max(0, index - _LONGEST_LINE // 2) if len(line) > _LONGEST_LINE else 0
    shown = line[start : start + _LONGEST_LINE]
    return shown, sum(_width(c) for c in shown[: index - start])
