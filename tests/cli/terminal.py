"""One of our commands on a terminal of its own, and a person who reads and types."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Self

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A command whose standard streams are a terminal of 80 columns; ended with the block."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            list(command),
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env={**env, "TERM": "xterm", "COLUMNS": "80", "NO_COLOR": "1"},
        )  # fmt: skip
        os.close(slave)
        self._seen = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    @property
    def text(self) -> str:
        """All that was shown."""
        return _COLOURS.sub("", self._seen).replace("\r", "")

    def until(self, words: str, seconds: float = 60) -> str:
        """Read on until these words are shown; returns all that was shown."""
        deadline = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < deadline, f"{words!r} was not shown: {self.text}"
            assert self._read(), f"it ended without {words!r}: {self.text}"
        return self.text

    def type(self, line: str) -> None:
        os.write(self._master, f"{line}\n".encode())

    def interrupt(self, number: int = signal.SIGINT) -> None:
        """What Ctrl-C, or closing the window, sends."""
        os.killpg(self._process.pid, number)

    def end(self, seconds: float = 60) -> int:
        """Read to the end; returns the exit code."""
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, f"it does not end: {self.text}"
        return self._process.wait(5)

    def _read(self) -> bool:
        if select.select([self._master], [], [], 0.2)[0]:
            try:
                chunk = os.read(self._master, 65536)
            except OSError:  # Linux: the other end is closed
                return False
            self._seen += chunk.decode("utf-8", "replace")
            return bool(chunk)
        return self._process.poll() is None
