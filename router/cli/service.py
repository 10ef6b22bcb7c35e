"""The daemon as a command, without the command-line library."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from router.cli.ground import BAD_CONFIG, FAILED, FINE, code_of, log_to_stderr, state_of, store_of
from router.errors import RouterError

DEFAULT = Path("workflows.yaml")


def config_of(words: list[str]) -> Path | None:
    """The file that `run` and these words name; None when they say anything that needs the whole command line."""
    match words:
        case ["run"]:
            return DEFAULT
        case ["run", "--config" | "-c", path] if not path.startswith("-"):
            return Path(path)
        case _:
            return None


def run(config: Path) -> int:
    """Watch the mailboxes until SIGTERM; returns the exit code."""
    log_to_stderr()
    try:
        return _run(config)
    except RouterError as error:
        sys.stderr.write(f"inbox-router: {error}\n")
        return code_of(error)
    except KeyboardInterrupt:
        return 130


def _run(config: Path) -> int:
    from router.config.lastgood import LastGood
    from router.config.loading import load
    from router.config.starter import is_untouched_starter
    from router.daemon import Daemon
    from router.lock import StateLock
    from router.mail.worker import ParseWorker

    if is_untouched_starter(config):
        sys.stderr.write(f"{config} names no mailbox of yours yet: run `inbox-router init` first\n")
        return FAILED
    loaded = load(config)
    for problem in loaded.problems:
        sys.stderr.write(problem.render() + "\n")
    if loaded.configuration is None:
        sys.stderr.write(f"{config} cannot be used: {len(loaded.errors)} error(s), see above\n")
        return BAD_CONFIG
    found = state_of()
    lock = StateLock(found.state)
    store = store_of(found)
    parser = ParseWorker()
    parser.warm_up()
    try:
        daemon = Daemon(found, LastGood(config, state=found.state), store, parser)
        asyncio.run(daemon.run())
    finally:
        parser.close()
        store.close()
        lock.release()
    return FINE
