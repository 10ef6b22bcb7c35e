"""`check` and `schema`: what is wrong with a configuration, and what may stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from router.cli import show
from router.cli.base import (
    BAD_CONFIG,
    CONFIG,
    FINDINGS,
    UNREACHABLE,
    JsonOption,
    exits,
    leave,
    put,
    put_json,
    say,
)
from router.errors import MailboxError

if TYPE_CHECKING:
    from router.config.loading import Configuration
    from router.config.problems import Problem

COUNTED = {"error": ("error", "errors"), "warning": ("warning", "warnings")}


def register(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(schema)


def schema() -> None:
    """Print the JSON Schema of workflows.yaml, for editors that complete and check while you write."""
    from router.config.editor import json_schema

    put_json(json_schema())


def check(
    file: Annotated[Path, typer.Argument(help="The workflows.yaml to check.")] = CONFIG,
    config: Annotated[Path | None, typer.Option("--config", "-c", help="The same, as other commands name it.")] = None,
    expand: Annotated[bool, typer.Option("--expand", help="Print the file with everything spelled out.")] = False,
    online: Annotated[bool, typer.Option("--online", help="Also log in to every mailbox, reading only.")] = False,
    detailed_exitcode: Annotated[bool, typer.Option(help="Exit 3 when there are warnings only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Every problem of workflows.yaml and of the saved replies, with line, column and a caret. Exits 78 on errors."""
    path = config or file
    with exits():
        configuration, problems = everything_about(path)
        errors = [p for p in problems if p.level == "error"]
        unreachable = _log_in_everywhere(configuration) if online and configuration and not errors else {}
        if as_json:
            put_json(_as_json(path, problems, unreachable))
        elif expand and not errors:
            from router.config.starter import expand as spelled_out

            put(show.block(spelled_out(path.read_text(encoding="utf-8-sig"))).rstrip("\n"))
        else:
            _print(path, problems)
        for name, because in unreachable.items():
            say(f"{name}: {because}")
        if errors:
            leave(BAD_CONFIG)
        if unreachable:
            leave(UNREACHABLE)
        if problems and detailed_exitcode:
            leave(FINDINGS)


def everything_about(path: Path) -> tuple[Configuration | None, list[Problem]]:
    """The configuration, None when it is broken, and every problem of it, its lists and its replies."""
    from router.assembly import library_of
    from router.config.loading import load
    from router.config.problems import in_order

    loaded = load(path)
    if loaded.configuration is None:
        return None, list(loaded.problems)
    library = library_of(loaded.configuration)
    again = load(path, reply_ids=library.reply_ids())
    beside = [replace(p, file=str(path.parent / p.file)) for p in library.problems]
    return again.configuration, list(in_order([*again.problems, *beside]))


def _log_in_everywhere(configuration: Configuration) -> dict[str, str]:
    """Mailbox → why it cannot be reached, for those that cannot."""
    from router.cli.reach import located
    from router.connect import open_session

    failed: dict[str, str] = {}
    for mailbox in configuration.mailboxes:
        try:
            found, imap = located(mailbox)
            with open_session(found, read_only=True):
                show.finding(show.err(), "ok", f"{mailbox.name}: logged in at {imap.host}:{imap.port}")
        except MailboxError as error:
            failed[mailbox.name] = str(error)
    return failed


def _as_json(path: Path, problems: Sequence[Problem], unreachable: dict[str, str]) -> dict[str, Any]:
    kept = ("file", "line", "column", "message", "suggestion", "level")
    return {
        "file": str(path),
        "errors": sum(p.level == "error" for p in problems),
        "warnings": sum(p.level == "warning" for p in problems),
        "problems": [
            {name: str(v) if isinstance(v := getattr(p, name), str) else v for name in kept} for p in problems
        ],
        "unreachable": unreachable,
    }


def _print(path: Path, problems: Sequence[Problem]) -> None:
    from rich.text import Text

    console = show.out()
    for problem in problems:
        headline, _, rest = problem.render().partition("\n")
        console.print(Text(headline, style="red" if problem.level == "error" else "yellow"))
        if rest:
            console.print(rest)
    counts = [f"{n} {COUNTED[level][n != 1]}" for level in COUNTED if (n := sum(p.level == level for p in problems))]
    show.finding(show.err(), "ok" if not problems else "", f"{path}: {', '.join(counts) or 'no problems'}")
