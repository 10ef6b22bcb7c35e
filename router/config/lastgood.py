"""Keeps a running daemon on its last good configuration while the file on disk is broken, half-written or gone."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from router.config.loading import Configuration, Loaded, load
from router.config.problems import Problem
from router.errors import ConfigError

ReplyIds = Callable[[], Collection[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload:
    """What a look at the file brought.

    `configuration` is the one in force; `changed` says that it is a new one. `problems` holds what is wrong with the
    file, once per distinct content. `recovered` says that a broken file is good again.
    """

    changed: bool
    configuration: Configuration
    problems: tuple[Problem, ...] = ()
    recovered: bool = False


class LastGood:
    """The configuration in force. A copy of its files lies in `state/last-good`, for people to compare and restore.

    Raises `ConfigError` with every problem when the file is broken at the start: only a running daemon has a last
    good one.
    """

    def __init__(self, path: Path, *, state: Path, reply_ids: ReplyIds = lambda: None) -> None:
        self._path = path
        self._copy = state / "last-good"
        self._reply_ids = reply_ids
        loaded = load(path, reply_ids=reply_ids())
        if loaded.configuration is None:
            raise ConfigError("\n".join(problem.render() for problem in loaded.errors))
        self._current = loaded.configuration
        self._reported = loaded.digest  # the last content whose problems were told
        self._broken = False
        self.warnings = loaded.warnings
        self._keep(loaded)

    def current(self) -> Configuration:
        """The configuration in force."""
        return self._current

    def reload(self) -> Reload:
        """Looks at the file again. Cheap enough for every change in its directory; never raises for what it holds."""
        loaded = load(self._path, reply_ids=self._reply_ids())
        problems = () if loaded.digest == self._reported else loaded.problems
        self._reported = loaded.digest
        if loaded.configuration is None:
            self._broken = True
            return Reload(changed=False, configuration=self._current, problems=problems)
        recovered, self._broken = self._broken, False
        if loaded.digest == self._current.digest:
            return Reload(changed=False, configuration=self._current, recovered=recovered)
        self._current = loaded.configuration
        self._keep(loaded)
        return Reload(changed=True, configuration=self._current, problems=problems, recovered=recovered)

    def _keep(self, loaded: Loaded) -> None:
        """Replaces the copy as a whole: a crash leaves the old one, the new one, or none, never a mixture."""
        self._copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="last-good-", dir=self._copy.parent))
        for name, content in loaded.contents.items():
            file = fresh / name
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(file, content)
        shutil.rmtree(self._copy, ignore_errors=True)
        fresh.replace(self._copy)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
