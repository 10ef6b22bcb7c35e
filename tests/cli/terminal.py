"""A person at a terminal: our command on a pseudo-terminal, read and typed to."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Self

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """One command, running inside `with`."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], cwd: str | None = None, *, columns: int = 200
    ) -> None:
        seen_by = {"TERM": "dumb", "COLUMNS": str(columns), "NO_COLOR": "1"}
        self.command, self.env, self.cwd = list(command), {**env, **seen_by}, cwd
        self._shown = ""
        self._read = 0
        self._code: int | None = None

    @property
    def text(self) -> str:
        """Everything that the terminal has shown."""
        return _COLOURS.sub("", self._shown).replace("\r", "")

    def __enter__(self) -> Self:
        self._pid, self._fd = pty.fork()
        if not self._pid:
            if self.cwd:
                os.chdir(self.cwd)
            os.execvpe(self.command[0], self.command, self.env)
        return self

    def __exit__(self, *_: object) -> None:
        if self._code is None:
            with suppress(ProcessLookupError):
                os.killpg(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._fd)

    def expect(self, wanted: str, seconds: float = 120) -> None:
        """Wait until the terminal shows this, after what was expected before."""
        deadline = time.monotonic() + seconds
        while (found := self.text.find(wanted, self._read)) < 0:
            assert self._more(deadline), f"{wanted!r} was never shown: {self.text[self._read :]!r}"
        self._read = found + len(wanted)

    def until(self, wanted: str, seconds: float = 120) -> str:
        """Wait until the terminal has shown this, whenever; returns all that it has shown."""
        deadline = time.monotonic() + seconds
        while wanted not in self.text:
            assert self._more(deadline), f"{wanted!r} was never shown: {self.text!r}"
        return self.text

    def type(self, line: str) -> None:
        os.write(self._fd, line.encode() + b"\n")

    def interrupt(self, number: int = signal.SIGINT) -> None:
        """What Ctrl-C, or closing the window, sends."""
        os.killpg(self._pid, number)

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
        self._shown += received.decode(errors="replace")
        return bool(received)
