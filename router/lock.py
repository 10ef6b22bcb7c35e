"""One daemon per state directory."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TextIO

from router.errors import AlreadyRunning


class StateLock:
    """Held as long as this process uses the state directory; raises `AlreadyRunning` when another one does."""

    def __init__(self, state: Path) -> None:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file: TextIO = (state / "lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            owner = self._file.read().strip()
            self._file.close()
            raise AlreadyRunning(f"another inbox-router uses {state} (process {owner or 'unknown'})") from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        self._file.close()
