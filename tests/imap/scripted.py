"""An IMAP server that says exactly what a test tells it to, byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Self

from router.values import Server, Tls

CAPABILITIES = b"IMAP4rev1 IDLE UIDPLUS MOVE"


class Peer:
    """The server's end of one connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")
        self.received: list[bytes] = []

    def line(self) -> bytes:
        """The next line from the client, without its end; b'' when it hung up."""
        line = self._file.readline().rstrip(b"\r\n")
        self.received.append(line)
        return line

    def send(self, data: bytes) -> None:
        """Exactly these bytes in one packet."""
        self._connection.sendall(data)

    def answer(self, *untagged: bytes, status: bytes = b"OK done") -> bytes:
        """Read one command and answer it; returns the command without its tag."""
        tag, _, command = self.line().partition(b" ")
        self.send(b"".join(line + b"\r\n" for line in untagged) + tag + b" " + status + b"\r\n")
        return command

    def log_in(self) -> None:
        """Greet and let the client log in."""
        self.send(b"* OK hello\r\n")
        self.answer(b"* CAPABILITY " + CAPABILITIES)
        self.answer(status=b"OK [CAPABILITY " + CAPABILITIES + b"] in")
        self.answer(b'* LIST (\\Noselect) "/" ""')

    def select(self, exists: int = 1) -> None:
        """Let the client open a folder."""
        self.answer(b"* %d EXISTS" % exists, b"* OK [UIDVALIDITY 1] x", b"* OK [UIDNEXT 2] x", b"* FLAGS (\\Seen)")

    def idle(self) -> bytes:
        """Read the IDLE command; returns its tag."""
        tag, _, command = self.line().partition(b" ")
        assert command == b"IDLE"
        return tag

    def hang_up(self) -> None:
        """Close the connection."""
        self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()


class Scripted:
    """Runs `script` with the first connection in a thread; a failure in the script fails the test on leaving."""

    def __init__(self, script: Callable[[Peer], None]) -> None:
        self._script = script
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._failure: BaseException | None = None
        self.received: list[bytes] = []

    def _run(self) -> None:
        connection, _ = self._listening.accept()
        peer = Peer(connection)
        self.received = peer.received
        with connection:
            try:
                self._script(peer)
                while peer.line():
                    pass  # hold the connection until the client leaves
            except (AssertionError, OSError) as failure:
                self._failure = failure

    def server(self, tls: Tls = Tls.NONE) -> Server:
        return Server(host="127.0.0.1", port=self._listening.getsockname()[1], tls=tls)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._listening.close()
        self._thread.join(5)
        if kind is None and isinstance(self._failure, AssertionError):
            raise self._failure
