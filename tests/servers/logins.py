"""Who may log in to the unpacked servers: each asks a Unix socket, and here a thread of the test answers.

Cyrus asks as Cyrus SASL asks saslauthd, Courier as libcourierauth asks authdaemond. Any user with the one password is
welcome, so that no test has to make accounts.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def answering(path: Path, answer: Callable[[socket.socket], None]) -> Iterator[None]:
    """Calls `answer` with every connection to the socket at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        path.chmod(0o666)
        listener.listen(64)
        threading.Thread(target=_accept, args=(listener, answer), daemon=True).start()
        try:
            yield
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, answer: Callable[[socket.socket], None]) -> None:
    with suppress(OSError):  # the end of the test closes the listener
        while True:
            connection, _ = listener.accept()
            with connection, suppress(OSError, ValueError, StopIteration):  # whoever hangs up gets no answer
                connection.settimeout(10)
                answer(connection)


def saslauthd(password: str) -> Callable[[socket.socket], None]:
    """User, password, service and realm come as counted strings; OK or NO goes back as one."""

    def answer(connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            fields = [stream.read(struct.unpack("!H", stream.read(2))[0]) for _ in range(4)]
        verdict = b"OK" if fields[1] == password.encode() else b"NO"
        connection.sendall(struct.pack("!H", len(verdict)) + verdict)

    return answer


def authdaemond(password: str, account: Callable[[str], dict[str, str]]) -> Callable[[socket.socket], None]:
    """`AUTH length`, then service, kind, user and password by line; an account goes back by line, or FAIL.

    Lines before it tell who is connected.
    """

    def answer(connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            line = next(line for line in stream if line.startswith(b"AUTH "))
            fields = stream.read(int(line.split()[1])).decode().split("\n")
        if fields[1:2] != ["login"] or fields[3:4] != [password]:
            connection.sendall(b"FAIL\n")
            return
        lines = [f"{name}={value}\n" for name, value in account(fields[2]).items()]
        connection.sendall(("".join(lines) + ".\n").encode())

    return answer
