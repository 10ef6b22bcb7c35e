"""A person at a terminal: our command on a pseudo-terminal, read and typed to."""

from __future__ import annotations

import os
import pty
import select
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Self


class Terminal:
    """One command, running inside `with`. `text` is everything that the terminal has shown."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], cwd: str) -> None:
        self.command, self.env, self.cwd = list(command), {**env, "TERM": "dumb", "COLUMNS": "200"}, cwd
        self.text = ""
        self._read = 0
        self._code: int | None = None

    def __enter__(self) -> Self:
        self._pid, self._fd = pty.fork()
        if not self._pid:
            os.chdir(self.cwd)
            os.execvpe(self.command[0], self.command, self.env)
        return self

    def __exit__(self, *_: object) -> None:
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._fd)

    def expect(self, wanted: str, seconds: float = 120) -> None:
        """Wait until the terminal shows this, after what was expected before."""
        deadline = time.monotonic() + seconds
        while (found := self.text.find(wanted, self._read)) < 0:
            assert self._more(deadline), f"{wanted!r} was never shown: {self.text[self._read :]!r}"
        self._read = found + len(wanted)

    def type(self, line: str) -> None:
        os.write(self._fd, line.encode() + b"\n")

    def end(self, seconds: float = 120) -> int:
        """Wait for the end; the exit code."""
        deadline = time.monotonic() + seconds
        while self._more(deadline):
            pass
        _, status = os.waitpid(self._pid, 0)
        self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def _more(self, deadline: float) -> bool:
        """Read what comes; False at the end of the command."""
        ready, _, _ = select.select([self._fd], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"nothing more came: {self.text[self._read :]!r}"
        try:
            received = os.read(self._fd, 65536)
        except OSError:  # the other side is closed
            return False
        self.text += received.decode(errors="replace").replace("\r\n", "\n")
        return bool(received)
