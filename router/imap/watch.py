"""Waiting for news with IDLE (RFC 2177). Only for servers that offer it, and only with a selected folder.

imapclient's own loop spins when the server hangs up, misses an EXISTS that comes with the `+`, and breaks on half a
line.
"""

from __future__ import annotations

import imaplib
import time

from router.errors import CommandRefused, Unreachable
from router.imap import refusals
from router.imap.session import Session


class Idle:
    """One IDLE command, from `start` to `done`. In between the session takes no other call.

    What the server announced before `start` and after the last `fetch.uids` of this folder is read first, so that no
    wake-up is lost between looking and waiting.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._wire = session.client.wire
        self._tag = b""
        self._lines: list[bytes] = []

    def start(self) -> None:
        """Send IDLE and wait for the `+`; raises CommandRefused when the server says no, Unreachable when silent."""
        if "IDLE" not in self._session.capabilities:
            raise CommandRefused("the server does not offer IDLE")
        if not self._session.alive:
            raise Unreachable("the connection is closed")
        self._lines = self._session.heard()
        self._tag = self._wire._new_tag()
        self._wire.tagged_commands.pop(self._tag, None)  # imaplib shall not wait for it
        deadline = time.monotonic() + self._session.timeout
        with self._session._answered(refused=CommandRefused):
            self._wire.send(self._tag + b" IDLE\r\n")
            while not (line := self._next(deadline)).startswith(b"+"):
                self._refuse_end(line)
                self._keep(line)

    def fileno(self) -> int:
        """The socket, for a selector. Ask `pending` first: TLS and our buffer may hold lines that no selector sees."""
        return self._wire.sock.fileno()

    def pending(self) -> bool:
        """Whether `read(0)` may return something without the network."""
        return bool(self._lines) or self._wire.has_data()

    def read(self, timeout: float) -> tuple[str, ...]:
        """Whole untagged lines as soon as there are any, () after `timeout` seconds.

        Raises Unreachable when the server is gone, CommandRefused when it ended IDLE by itself.
        """
        deadline = time.monotonic() + timeout
        with self._session._answered(refused=CommandRefused):
            while True:
                while (line := self._wire.buffered_line()) is not None:
                    self._refuse_end(line)
                    self._keep(line)
                if self._lines:
                    return self._taken()
                if not self._wire.fill_within(max(0.0, deadline - time.monotonic())):
                    return ()

    def done(self) -> tuple[str, ...]:
        """End IDLE; returns the lines that came meanwhile. Silence is death: raises Unreachable."""
        if not self._tag:
            return self._taken()
        deadline = time.monotonic() + self._session.timeout
        with self._session._answered(refused=CommandRefused):
            self._wire.send(b"DONE\r\n")
            while not (line := self._next(deadline)).startswith(self._tag + b" "):
                self._keep(line)
            status, self._tag = line[len(self._tag) + 1 :], b""
            if status[:2].upper() != b"OK":
                raise imaplib.IMAP4.error(status.decode("utf-8", "replace"))
        return self._taken()

    def _next(self, deadline: float) -> bytes:
        while (line := self._wire.buffered_line()) is None:
            if not self._wire.fill_within(max(0.0, deadline - time.monotonic())):
                raise Unreachable("the server fell silent")
        return line

    def _keep(self, line: bytes) -> None:
        if line[:5].upper() == b"* BYE":
            raise refusals.from_text(line[5:].decode("utf-8", "replace").strip(), Unreachable)
        if line.startswith(b"*"):
            self._lines.append(line)

    def _refuse_end(self, line: bytes) -> None:
        """The server ended an IDLE that we did not end: there is nothing left for `done` to do."""
        if self._tag and line.startswith(self._tag + b" "):
            status, self._tag = line[len(self._tag) + 1 :], b""
            raise imaplib.IMAP4.error(status.decode("utf-8", "replace"))

    def _taken(self) -> tuple[str, ...]:
        lines, self._lines = self._lines, []
        return tuple(line.decode("utf-8", "replace") for line in lines)
