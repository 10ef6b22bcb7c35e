"""How `doctor` shows what it found."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from router.cli.doctor.findings import Finding, fail, ok, warn
from router.cli.doctor.output import Printer, total

COMMAND = "  Set-Mailbox support@acme.example -MessageCopyForSentAsEnabled $true -MessageCopyForSendOnBehalfEnabled"
LONG = fail("support", "answers found in Sent for none of 12 answered " * 3, f"Write {'this ' * 20}:\n{COMMAND}")


def shown(*findings: Finding, terminal: bool = True) -> list[str]:
    """The lines that a person sees."""
    written = io.StringIO()
    console = Console(
        file=written, force_terminal=terminal, width=80, no_color=True, markup=False, highlight=False, soft_wrap=True
    )
    printer = Printer(console)
    for finding in findings:
        printer.show(finding)
    return written.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "").split("\n")


def test_lines_fit_a_terminal_and_commands_stay_whole() -> None:
    """At 80 columns; what a person copies is never broken."""
    lines = shown(LONG)
    assert [line for line in lines if len(line) > 80] == [f"    {COMMAND}"]
    assert lines[1] == "support"
    assert lines[2].startswith("✗ answers found in Sent")
    assert [line.startswith("  ") for line in lines[3:-1]] == [True] * (len(lines) - 4)


def test_a_pipe_gets_whole_lines() -> None:
    """One line for a text, one for each of the fix: grep finds them."""
    assert len([line for line in shown(LONG, terminal=False) if line]) == 4


def test_each_place_has_one_heading() -> None:
    """Grouped, in the order in which they were looked at."""
    lines = shown(ok("state", "a"), ok("state", "b"), ok("support", "c"))
    assert [line for line in lines if line] == ["state", "✓ a", "✓ b", "support", "✓ c"]


def test_a_text_of_a_stranger_steers_no_terminal() -> None:
    """What a server says is shown without control characters."""
    assert "\x1b[2J" not in "".join(shown(fail("support", "NO \x1b[2J\x07evil", "\x9bfix")))


@pytest.mark.parametrize(
    ("broken", "known", "sum_line"),
    [
        (0, 0, "All is well."),
        (0, 1, "Nothing to mend, 1 thing to know"),
        (2, 3, "2 things to mend, 3 to know"),
        (1, 0, "1 thing to mend"),
    ],
)
def test_it_ends_with_a_sum(broken: int, known: int, sum_line: str) -> None:
    """What a person reads first."""
    assert total([fail("x", "t", "f")] * broken + [warn("x", "t", "f")] * known + [ok("x", "t")]) == sum_line
