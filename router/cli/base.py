"""What every command shares: options, exit codes, where output goes."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from router.cli import show
from router.config.loading import Configuration, load
from router.config.settings import Settings, ignore_state_directory, settings, state_directory_problem
from router.errors import ConfigError, MailboxError, RouterError, StateError
from router.store.database import Store

FINE = 0
FAILED = 1
USAGE = 2
FINDINGS = 3
UNREACHABLE = 75  # EX_TEMPFAIL: trying again may help
BAD_CONFIG = 78  # EX_CONFIG: a service manager should not restart us

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The admin's workflows.yaml.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print data as JSON on standard output.")]
CONFIG = Path("workflows.yaml")

_EXITS: tuple[tuple[type[RouterError], int], ...] = (
    (ConfigError, BAD_CONFIG),
    (StateError, FAILED),
    (MailboxError, UNREACHABLE),
    (RouterError, FAILED),
)


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
        leave(next(code for kind, code in _EXITS if isinstance(error, kind)), f"inbox-router: {error}")
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


def state_of(*, create: bool = True) -> Settings:
    """The deployment's settings, with a state directory that git cannot take in."""
    found = settings()
    if create:
        problem = state_directory_problem(found.state)
        if problem:
            raise ConfigError(problem)
        ignore_state_directory(found.state)
    return found


def store_of(found: Settings) -> Store:
    return Store.open(found.database_url)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Plain lines on standard error. No address, subject or body is ever logged at this level."""
    logging.basicConfig(stream=sys.stderr, level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("apscheduler", "alembic", "watchfiles"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
