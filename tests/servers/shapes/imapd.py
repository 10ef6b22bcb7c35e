"""An IMAP server in this process, for tests: a thread per connection, one account, one provider's habits.

It answers what our client sends, by the grammar, and BAD to everything else. Every command is in `log`, with the folder
that was selected, so that a test can say what was never asked.
"""

from __future__ import annotations

import base64
import json
import select
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from router.values import Server, Tls
from tests.servers.shapes import wireformat
from tests.servers.shapes.commands import Commands
from tests.servers.shapes.dialect import Dialect, Refused
from tests.servers.shapes.wireformat import Octets


@dataclass(frozen=True, slots=True)
class Said:
    """One command as it came, without its tag; `folder` is the one that was selected."""

    connection: int
    line: str
    folder: str
    answer: str = ""


@dataclass(slots=True)
class Fault:
    """What the server says instead of obeying, for so many times."""

    starts: str
    answer: Refused
    times: int = 1


class HungUp(Exception):
    """The client is gone."""


class Imapd:
    """The listening server. `log` holds everything that was ever said; `faults` what goes wrong next."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.account = dialect.account
        self.log: list[Said] = []
        self.faults: list[Fault] = []
        self.open = 0
        self.refused_logins = 0
        self._count = 0
        self._sockets: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def server(self) -> Server:
        return Server(host="127.0.0.1", port=self.port, tls=Tls.NONE)

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def fail(self, starts: str, text: str, *, status: str = "NO", times: int = 1, hang_up: bool = False) -> None:
        """Answer the next commands that begin so with a refusal."""
        self.faults.append(Fault(starts, Refused(text, status, hang_up=hang_up), times))

    def said(self, *starts: str) -> list[Said]:
        """The commands that begin with one of these words."""
        return [s for s in self.log if s.line.upper().startswith(tuple(start.upper() for start in starts))]

    def refused(self) -> list[Said]:
        """The commands that were answered NO or BAD."""
        return [s for s in self.log if s.answer[:2] == "NO" or s.answer[:3] == "BAD"]

    def opened(self) -> set[str]:
        """The folders that were ever opened."""
        return {s.folder for s in self.log if s.folder}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in list(self._sockets):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._count += 1
            self._sockets.add(connection)
            threading.Thread(target=self._serve, args=(connection, self._count), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection, suppress(OSError, HungUp):
            Connection(self, connection, number).serve()
        self._sockets.discard(connection)

    def fault_for(self, line: str) -> Refused | None:
        for fault in self.faults:
            if fault.times > 0 and line.upper().startswith(fault.starts.upper()):
                fault.times -= 1
                return fault.answer
        return None


class Connection:
    """One client."""

    def __init__(self, imapd: Imapd, connection: socket.socket, number: int) -> None:
        self._imapd = imapd
        self._socket = connection
        self._file = connection.makefile("rb")
        self._number = number
        self._commands: Commands | None = None
        self._counted = False

    # ------------------------------------------------------------------ bytes

    def send(self, *lines: bytes) -> None:
        self._socket.sendall(b"".join(line + b"\r\n" for line in lines))

    def _line(self) -> bytes:
        line = self._file.readline()
        if not line.endswith(b"\r\n"):
            raise HungUp
        return line[:-2]

    def _command(self) -> tuple[str, str, list[bytes | Octets]]:
        """Tag, the line as text with literals cut out, and its parts."""
        parts: list[bytes | Octets] = [self._line()]
        while (literal := wireformat.literal_at_end(parts[-1])) is not None:
            size, waits = literal
            if waits:
                self.send(b"+ go ahead")
            parts += [Octets(self._file.read(size)), self._line()]
        tag, _, rest = parts[0].partition(b" ")
        text = b"".join(p if not isinstance(p, Octets) else b"..." for p in [rest, *parts[1:]])
        return tag.decode("latin-1"), text.decode("latin-1"), [rest, *parts[1:]]

    # ------------------------------------------------------------------ life

    def serve(self) -> None:
        self.send(b"* " + self._imapd.dialect.greeting.encode())
        try:
            while self._answer_one():
                pass
        finally:
            if self._counted:
                self._imapd.open -= 1

    def _answer_one(self) -> bool:
        tag, text, parts = self._command()
        # A password is no part of the log.
        said = text if not text.upper().startswith(("LOGIN", "AUTHENTICATE")) else text.split(" ")[0]
        folder = self._commands.selected_name if self._commands else ""
        try:
            refused = self._imapd.fault_for(text)
            if refused:
                raise refused
            answer, on = self._obey(text.partition(" ")[0].upper(), parts, tag)
        except Refused as no:
            if no.untagged:
                self.send(b"* " + no.untagged.encode())
            answer, on = f"{no.status} {no.text}".encode(), not no.hang_up
        except (wireformat.Malformed, ValueError, IndexError, KeyError, TypeError) as error:
            answer, on = f"BAD {self._imapd.dialect.wrong_argument}".encode(), True
            said += f"   <- {type(error).__name__}: {error}"
        self._imapd.log.append(Said(self._number, said, folder, answer.decode("utf-8", "replace")))
        if answer.startswith(b"*"):
            self.send(answer)
        else:
            self.send(tag.encode() + b" " + answer)
        return on

    def _obey(self, name: str, parts: list[bytes | Octets], tag: str) -> tuple[bytes, bool]:
        dialect = self._imapd.dialect
        match name:
            case "LOGOUT":
                self.send(b"* " + dialect.goodbye.encode())
                return b"OK LOGOUT completed.", False
            case "CAPABILITY":
                capabilities = dialect.after_login if self._commands else dialect.before_login
                self.send(b"* CAPABILITY " + capabilities.encode())
            case "NOOP":
                pass
            case "LOGIN" if not self._commands:
                _, user, secret = wireformat.arguments(parts)
                return self._log_in(name, str(user), str(secret), "LOGIN")
            case "AUTHENTICATE" if not self._commands:
                return self._authenticate(wireformat.arguments(parts))
            case "IDLE" if self._commands:
                self._idle(self._commands)
            case _ if self._commands:
                return self._commands.run(name, parts), True
            case _:
                raise Refused(dialect.unknown_command, "BAD")
        if self._commands and name == "NOOP":
            self.send(*self._commands.news())
        return dialect.done.format(command=name).encode(), True

    # ------------------------------------------------------------------ login

    def _authenticate(self, words: list[object]) -> tuple[bytes, bool]:
        mechanism = str(words[1]).upper()
        if f"AUTH={mechanism}" not in self._imapd.dialect.before_login.split():
            raise Refused("unsupported mechanism")
        first = str(words[2]).encode() if len(words) > 2 else self._ask(b"+ ")
        said = base64.b64decode(first)
        if mechanism == "PLAIN":
            _, user, secret = said.decode().split("\0")
        else:
            fields = dict(f.partition("=")[::2] for f in said.decode().split("\x01") if f)
            user, secret = fields["user"], fields["auth"].removeprefix("Bearer ")
        return self._log_in("AUTHENTICATE", user, secret, mechanism)

    def _ask(self, challenge: bytes) -> bytes:
        self.send(challenge)
        return self._line()

    def _log_in(self, command: str, user: str, secret: str, mechanism: str) -> tuple[bytes, bool]:
        dialect = self._imapd.dialect
        refused = dialect.check(user, secret, mechanism)
        if refused is None and dialect.most_connections and self._imapd.open >= dialect.most_connections:
            refused = dialect.too_many
        if refused is not None:
            self._imapd.refused_logins += 1
            if mechanism == "XOAUTH2":  # the reason comes as a challenge, to be answered with nothing
                reason = json.dumps({"status": "400", "schemes": "Bearer", "scope": "https://mail.google.com/"})
                self._ask(b"+ " + base64.b64encode(reason.encode()))
            raise refused
        self._imapd.open += 1
        self._counted = True
        self._commands = Commands(dialect, self.send)
        return dialect.logged_in(command, user).encode(), True

    # ------------------------------------------------------------------ IDLE

    def _idle(self, commands: Commands) -> None:
        """Say what happens until DONE."""
        self.send(b"+ idling")
        while True:
            if news := commands.news():
                self.send(*news)
            if select.select([self._socket], [], [], 0.02)[0]:
                if self._line().upper() != b"DONE":
                    raise Refused(self._imapd.dialect.unknown_command, "BAD")
                return
