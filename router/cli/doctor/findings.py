"""What `doctor` says: one finding for each thing that it looked at."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it is (ok · warn · fail), and how to mend it. Of what is well, `fix` is worth knowing."""

    where: str
    level: str
    text: str
    fix: str = ""


Looking: TypeAlias = Generator[Finding, None, bool]  # findings, and whether what follows can be looked at


def ok(where: str, text: str, fix: str = "") -> Finding:
    return Finding(where=where, level=OK, text=text, fix=fix)


def warn(where: str, text: str, fix: str) -> Finding:
    return Finding(where=where, level=WARN, text=text, fix=fix)


def fail(where: str, text: str, fix: str) -> Finding:
    return Finding(where=where, level=FAIL, text=text, fix=fix)


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the unit that says enough: "3 days ago"."""
    from router.cli import show

    days = (now - moment).days
    return f"{days} days ago" if days >= 2 else show.ago(moment, now)
