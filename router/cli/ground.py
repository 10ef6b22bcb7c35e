"""What every command stands on, without the command-line library: the daemon runs for months and does not carry it."""

from __future__ import annotations

import logging
import sys

from router.config.settings import Settings, ignore_state_directory, settings, state_directory_problem
from router.errors import ConfigError, MailboxError, RouterError, StateError
from router.store.database import Store

FINE = 0
FAILED = 1
USAGE = 2
FINDINGS = 3
UNREACHABLE = 75  # EX_TEMPFAIL: trying again may help
BAD_CONFIG = 78  # EX_CONFIG: a service manager should not restart us

_EXITS: tuple[tuple[type[RouterError], int], ...] = (
    (ConfigError, BAD_CONFIG),
    (StateError, FAILED),
    (MailboxError, UNREACHABLE),
    (RouterError, FAILED),
)


def code_of(error: RouterError) -> int:
    """The exit code that belongs to an error."""
    return next(code for kind, code in _EXITS if isinstance(error, kind))


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
