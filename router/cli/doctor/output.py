"""How findings are shown to people: grouped, wrapped to the terminal, with a sum at the end."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from router.cli import show
from router.cli.doctor.findings import FAIL, WARN, Finding

if TYPE_CHECKING:
    from rich.console import Console

_MARK, _FIX = "  ", "    "
_NARROWEST = 40


class Printer:
    """Prints findings as they come, each place under a heading of its own."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._where: str | None = None

    def show(self, finding: Finding) -> None:
        """One finding, and below it what to do."""
        if finding.where != self._where:
            show.heading(self._console, finding.where)
            self._where = finding.where
        self.line(finding)

    def line(self, finding: Finding) -> None:
        """The same without a heading."""
        from rich.text import Text

        symbol, style = show.SYMBOLS[finding.level]
        first, *rest = self._wrapped(show.block(finding.text), _MARK)
        self._console.print(Text.assemble((symbol, style), " ", first))
        for line in (*rest, *self._fix(show.block(finding.fix))):
            self._console.print(Text(line))

    def _fix(self, fix: str) -> list[str]:
        lines: list[str] = []
        for written in fix.split("\n") if fix else ():
            if written.startswith("  "):  # a line to copy stays whole
                lines.append(f"{_FIX}{written}")
            else:
                arrow = f"{_FIX}→ " if not lines else f"{_FIX}  "
                first, *rest = self._wrapped(written, f"{_FIX}  ")
                lines += [f"{arrow}{first}", *rest]
        return lines

    def _wrapped(self, text: str, indent: str) -> list[str]:
        """The text as lines that fit the terminal, all but the first indented; a pipe gets it in one."""
        if not self._console.is_terminal:
            return text.split("\n")
        width = max(_NARROWEST, self._console.width) - len(indent)
        lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
        return [lines[0], *(indent + line for line in lines[1:])]


def total(findings: Sequence[Finding]) -> str:
    """One line: "2 things to mend, 3 to know"."""
    broken, known = _count(findings, FAIL), _count(findings, WARN)
    things = f"{show.count(broken, 'thing')} to mend"
    if broken:
        return f"{things}, {known} to know" if known else things
    return f"Nothing to mend, {show.count(known, 'thing')} to know" if known else "All is well."


def _count(findings: Iterable[Finding], level: str) -> int:
    return sum(finding.level == level for finding in findings)
