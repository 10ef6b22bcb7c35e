"""An IMAP or SMTP server that says what a test tells it to, to every connection that comes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Self

from router.values import Server, Tls
from tests.imap.scripted import Peer

Script = Callable[[Peer], None]


class Doorman:
    """Lets everybody in, one thread each, until the end of the block."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def server(self, tls: Tls = Tls.NONE) -> Server:
        return Server(host="127.0.0.1", port=self.port, tls=tls)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self._script(Peer(connection))


def imap(answers: Mapping[str, str], capabilities: str = "IMAP4rev1 IDLE UIDPLUS MOVE") -> Script:
    """Answers each command by its first word: untagged lines, and last the tagged one without its tag."""
    usual = {"CAPABILITY": f"* CAPABILITY {capabilities}\r\nOK done", "LIST": '* LIST () "/" ""\r\nOK done'}
    known = {**usual, **answers}

    def run(peer: Peer) -> None:
        peer.send(b"* OK ready\r\n")
        while line := peer.line():
            tag, _, command = line.decode("latin-1").partition(" ")
            said = known.get(command.partition(" ")[0].upper(), "OK done")
            untagged, _, last = said.rpartition("\r\n")
            peer.send(f"{untagged}\r\n{tag} {last}\r\n".encode() if untagged else f"{tag} {last}\r\n".encode())

    return run


def smtp(answers: Mapping[str, str], greeting: str = "mx.acme.example ready", auth: str = "PLAIN LOGIN") -> Script:
    """Answers each command by its first word."""
    known = {"EHLO": f"250-mx.acme.example\r\n250 AUTH {auth}", "QUIT": "221 bye", **answers}

    def run(peer: Peer) -> None:
        peer.send(f"220 {greeting}\r\n".encode())
        while line := peer.line():
            word = line.decode("latin-1").partition(" ")[0].upper()
            peer.send(f"{known.get(word, '250 ok')}\r\n".encode())

    return run
