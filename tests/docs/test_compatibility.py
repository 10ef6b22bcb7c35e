"""The table of servers names tests that exist, on the server of their column."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "compatibility.md"
_CELL = re.compile(r"^(real|scripted): `(test_\w+)`$")
_HEADING = re.compile(r"^#+ .*\(`(tests/[\w/]+\.py)`\)$")
_ID = re.compile(r"^.*\(`([\w-]+)`\)$|^`([\w-]+)`$")  # of a column's head, or of a row's


@dataclass(frozen=True)
class Claim:
    """One cell: a test, and the set-up on which it must run, '' when the table has but one."""

    file: str
    test: str
    setup: str


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def id_in(text: str) -> str:
    found = _ID.match(text)
    return (found[1] or found[2]) if found else ""


def claims() -> Iterator[Claim]:
    """Every cell of every table below a heading that names a file of tests."""
    file, head = "", []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = _HEADING.match(line)
            file, head = heading[1] if heading else "", []
        elif line.startswith("|") and file and not line.startswith("|---"):
            row = cells(line)
            head = head or row
            for title, cell in zip(head, row, strict=True):
                if claim := _CELL.match(cell):
                    yield Claim(file, claim[2], id_in(title) or id_in(row[0]))


@cache
def collected() -> frozenset[str]:
    """The node ids of all tests in the files that the page names (`addopts` makes the list a plain one)."""
    files = sorted({claim.file for claim in claims()})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return frozenset(line for line in done.stdout.splitlines() if "::" in line)


@cache
def proved() -> frozenset[Claim]:
    """What runs: each test on each set-up, and on any."""
    setups = {claim.setup for claim in claims()} - {""}
    found: set[Claim] = set()
    for node in collected():
        (file, _, test), parameters = node.partition("[")[0].rpartition("::"), node.partition("[")[2].removesuffix("]")
        first = max((s for s in setups if f"{parameters}-".startswith(f"{s}-")), key=len, default="")
        found |= {Claim(file, test, first), Claim(file, test, "")}
    return frozenset(found)


def test_every_cell_names_a_test_that_runs_there() -> None:
    """A test that was renamed, or does not run on that server, is found here."""
    named = list(claims())
    assert len(named) > 200
    assert [claim for claim in named if claim not in proved()] == []


def test_no_cell_is_without_its_test() -> None:
    """What is claimed is proved: no cell says "real" or "scripted" and names nothing."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            bare = [cell for cell in cells(line) if re.match(r"(real|scripted)\b", cell) and not _CELL.match(cell)]
            assert bare == []


def test_every_test_of_the_suite_is_in_the_table() -> None:
    """A behaviour that is tested on real servers is told."""
    named = {(claim.file, claim.test) for claim in claims()}
    suite = {node.partition("[")[0] for node in collected() if node.startswith("tests/interop/")}
    assert sorted(suite - {f"{file}::{test}" for file, test in named}) == []


def test_a_wrong_name_would_be_found() -> None:
    """The comparison compares."""
    first = next(claims())
    assert first in proved()
    assert Claim(first.file, first.test + "_at_all", first.setup) not in proved()
    assert Claim(first.file, first.test, "exchange-5.5") not in proved()
