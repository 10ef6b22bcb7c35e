"""How things are shown: text from mail made harmless, colours and progress only on a terminal.

Nothing that comes from a mail is read as Rich markup, and no control character of it reaches the terminal.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

SYMBOLS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red"), "none": ("·", "dim"), "": (" ", "")}
_SPACES = re.compile(r"[\s\u2028\u2029]+")
# What JSON leaves as it is although a terminal may obey it: DEL and C1 controls, bidirectional overrides.
_OBEYED = re.compile("[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(text: str, longest: int = 120) -> str:
    """Text of a stranger on one line: no control or format character, cut with an ellipsis after `longest`."""
    spaced = _SPACES.sub(" ", text).strip()
    plain = "".join(c for c in spaced if unicodedata.category(c)[0] != "C")
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def block(text: str) -> str:
    """Text of a stranger on several lines, without control or format characters."""
    lines = text.replace("\r\n", "\n").replace("\t", "    ").split("\n")
    return "\n".join("".join(c for c in line if unicodedata.category(c)[0] != "C") for line in lines)


def json_text(text: str) -> str:
    """A JSON document that a terminal can show: what it might obey is written as an escape, which means the same."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def out() -> Console:
    """Standard output for people: no markup, no colour without a terminal or with NO_COLOR."""
    return _console(stderr=False)


def err() -> Console:
    """Standard error, the same way."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    # soft_wrap leaves long lines to the terminal, so that a pipe gets whole lines.
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=True)


def count(number: int, thing: str) -> str:
    """A number and its noun: "1 mail", "3 mails"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def heading(console: Console, text: str) -> None:
    """A line that begins a part."""
    console.print()
    console.print(text, style="bold")


def finding(console: Console, level: str, text: str, fix: str = "") -> None:
    """A line with ✓, !, ✗ or · (nothing here), and below it what to do."""
    from rich.text import Text

    symbol, style = SYMBOLS[level]
    console.print(Text.assemble((symbol, style), " ", block(text)))
    if fix:
        console.print(Text("    → " + block(fix)))


def ago(moment: datetime, now: datetime) -> str:
    """How long ago: "4 h 20 min ago"."""
    return f"{span(now - moment)} ago"


def span(length: timedelta) -> str:
    """A span as people say it: "4 h 20 min"."""
    from router.report.reminder import duration

    return duration(length)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error while the block runs; call the value as work is done. Silent without a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn()]
    more = [MofNCompleteColumn()] if total is not None else []
    with Progress(*columns, *more, console=err(), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.advance(task, count)
