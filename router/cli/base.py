"""What every command shares: options, exit codes, where output goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from router.cli import show
from router.cli.ground import (
    BAD_CONFIG,
    FAILED,
    FINDINGS,
    FINE,
    UNREACHABLE,
    USAGE,
    code_of,
    log_to_stderr,
    state_of,
    store_of,
)
from router.config.loading import Configuration, load
from router.errors import RouterError

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The admin's workflows.yaml.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print data as JSON on standard output.")]
CONFIG = Path("workflows.yaml")

__all__ = [
    "BAD_CONFIG",
    "CONFIG",
    "FAILED",
    "FINDINGS",
    "FINE",
    "UNREACHABLE",
    "USAGE",
    "ConfigOption",
    "JsonOption",
    "configuration_of",
    "exits",
    "leave",
    "log_to_stderr",
    "put",
    "put_json",
    "say",
    "state_of",
    "store_of",
]

def say(text: str) -> None:
    """A word to the person: standard error, so that data on standard output stays clean."""
    typer.echo(show.block(text), err=True)


def put(text: str) -> None:
    """Data: standard output."""
    typer.echo(text)


def put_json(value: Any) -> None:
    """Data as one JSON document on standard output."""
    put(show.json_text(json.dumps(value, ensure_ascii=False, indent=2, default=str)))


def leave(code: int, text: str = "") -> NoReturn:
    """End with this exit code, and a reason."""
    if text:
        say(text)
    raise typer.Exit(code)


@contextmanager
def exits() -> Iterator[None]:
    """Turn our errors into one clear line and the exit code that belongs to them."""
    try:
        yield
    except RouterError as error:
        leave(code_of(error), f"inbox-router: {error}")
    except KeyboardInterrupt:
        leave(130)


def configuration_of(path: Path) -> Configuration:
    """The configuration, its warnings on standard error; ends with 78 and every problem when it is broken."""
    loaded = load(path)
    for problem in loaded.problems:
        say(problem.render())
    if loaded.configuration is None:
        leave(BAD_CONFIG, f"{path} cannot be used: {len(loaded.errors)} error(s), see above")
    return loaded.configuration
