"""Stands between our program and a server, writes down what both say, and tells what of it a server would object to.

    with recording(server.imap_port) as wire:
        ...                                   # our program connects to wire.port
    wire.assert_clean()                       # nothing was refused, nothing was used that was not announced
"""

from __future__ import annotations

import re
import select
import socket
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

# What a command needs the server to announce; one of several suffices. Quoted strings and literals are emptied before.
NEEDS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (pattern, frozenset(capabilities.split()))
    for pattern, capabilities in (
        (r"^(UID )?MOVE ", "MOVE"),
        (r"^UID EXPUNGE ", "UIDPLUS"),
        (r"^IDLE$", "IDLE"),
        (r"^ENABLE ", "ENABLE"),
        (r"^NAMESPACE$", "NAMESPACE"),
        (r"^ID ", "ID"),
        (r"^UNSELECT$", "UNSELECT"),
        (r"^STARTTLS$", "STARTTLS"),
        (r"^COMPRESS ", "COMPRESS=DEFLATE"),
        (r"^NOTIFY ", "NOTIFY"),
        (r"^XLIST ", "XLIST"),
        (r"^(UID )?SORT ", "SORT"),
        (r"^(UID )?THREAD REFERENCES", "THREAD=REFERENCES"),
        (r"^(GET|SET)QUOTA|^GETQUOTAROOT", "QUOTA"),
        (r"^(GET|SET)ACL|^MYRIGHTS|^LISTRIGHTS", "ACL"),
        (r"^(GET|SET)METADATA", "METADATA METADATA-SERVER"),
        (r"^(UID )?SEARCH RETURN", "ESEARCH"),
        (r"^LIST .*\bRETURN \(", "LIST-EXTENDED LIST-STATUS"),
        (r"^LIST \(", "LIST-EXTENDED"),
        (r"^LIST .*\bRETURN \(.*\bSTATUS \(", "LIST-STATUS"),
        (r"^LIST .*\bRETURN \(.*\bSPECIAL-USE\b", "SPECIAL-USE"),
        (r"^CREATE .*\(USE", "CREATE-SPECIAL-USE"),
        (r"^(STATUS|LIST) .*\bHIGHESTMODSEQ\b", "CONDSTORE QRESYNC"),
        (r"^(SELECT|EXAMINE) .*\(CONDSTORE", "CONDSTORE"),
        (r"^(SELECT|EXAMINE) .*\(QRESYNC", "QRESYNC"),
        (r"^UID (FETCH|STORE|SEARCH) .*\b(CHANGEDSINCE|UNCHANGEDSINCE|MODSEQ)\b", "CONDSTORE QRESYNC"),
        (r"^STATUS .*\bSIZE\b", "STATUS=SIZE"),
        (r"^UID FETCH .*\b(EMAILID|THREADID)\b", "OBJECTID"),
        (r"^UID FETCH .*\bSAVEDATE\b", "SAVEDATE"),
        (r"^UID FETCH .*\bPREVIEW\b", "PREVIEW PREVIEW=FUZZY"),
        (r"^UID FETCH .*\bBINARY(\.PEEK)?\[", "BINARY"),
        (r"\bX-GM-(MSGID|THRID|LABELS|RAW)\b", "X-GM-EXT-1"),
        (r"\{\d+\+\}", "LITERAL+ LITERAL-"),
        (r"^AUTHENTICATE PLAIN\b", "AUTH=PLAIN"),
        (r"^AUTHENTICATE XOAUTH2\b", "AUTH=XOAUTH2"),
        (r"^AUTHENTICATE OAUTHBEARER\b", "AUTH=OAUTHBEARER"),
        (r"^AUTHENTICATE \S+ \S+", "SASL-IR"),
    )
)
# What we never say, whatever a server offers: each of them can take a mail or a folder away from somebody.
NEVER = re.compile(r"^(EXPUNGE|CLOSE|DELETE|RENAME|UNSUBSCRIBE)\b")

_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n$")
_NEW_PLACES = re.compile(rb"(?m)^(\S+ OK )\[(?:COPYUID|APPENDUID) [^\]]*\] ")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_CAPABILITIES = re.compile(rb"^\S+ (?:CAPABILITY|OK \[CAPABILITY) ([^\]\r\n]*)", re.IGNORECASE)


@dataclass(slots=True)
class Command:
    """One command of ours: its text without tag and literals' contents, and what the server said to it."""

    text: str
    offered: frozenset[str]  # what the server had announced when it was sent
    status: str = ""  # OK, NO, BAD; '' when the connection ended first
    answer: str = ""

    @property
    def name(self) -> str:
        """Its first word, or two after UID."""
        words = self.text.upper().split(" ")
        return " ".join(words[: 2 if words[0] == "UID" else 1])

    def __str__(self) -> str:
        return f"{self.text} -> {self.status or 'no answer'} {self.answer}".rstrip()

    def unsupported(self) -> list[str]:
        """What it uses that was not announced."""
        bare = _QUOTED.sub('""', self.text).upper()
        return [
            f"{self.text}: needs {' or '.join(sorted(needed))}"
            for pattern, needed in NEEDS
            if re.search(pattern, bare) and not needed & self.offered
        ]


@dataclass
class Dialogue:
    """One connection, in the order in which both sides spoke."""

    commands: list[Command] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)  # untagged BAD, and BYE that we did not ask for
    _offered: frozenset[str] = frozenset()
    _open: dict[bytes, Command] = field(default_factory=dict)
    _heard: dict[str, bytearray] = field(default_factory=lambda: {"client": bytearray(), "server": bytearray()})
    _literal: dict[str, int] = field(default_factory=lambda: {"client": 0, "server": 0})  # bytes still to come
    _line: dict[str, bytes] = field(default_factory=lambda: {"client": b"", "server": b""})

    def hear(self, speaker: str, chunk: bytes) -> None:
        """Take in what one side sent."""
        heard = self._heard[speaker]
        heard += chunk
        while heard:
            if self._literal[speaker]:
                taken = min(self._literal[speaker], len(heard))
                self._literal[speaker] -= taken
                del heard[:taken]
                continue
            end = heard.find(b"\r\n")
            if end < 0:
                return
            line = bytes(heard[: end + 2])
            del heard[: end + 2]
            self._line[speaker] += line
            if announced := _LITERAL.search(line):
                self._literal[speaker] = int(announced[1])
                continue
            whole, self._line[speaker] = self._line[speaker], b""
            (self._command if speaker == "client" else self._response)(whole)

    def _command(self, whole: bytes) -> None:
        if any(c.name in ("IDLE", "AUTHENTICATE") for c in self._open.values()):
            return  # DONE, or a step of the login: part of the command that is open
        tag, _, text = whole.replace(b"\r\n", b"").partition(b" ")
        shown = re.sub(r"^LOGIN .*", "LOGIN", text.decode("utf-8", "replace"))
        command = Command(shown, self._offered)
        self.commands.append(command)
        self._open[tag] = command

    def _response(self, whole: bytes) -> None:
        if announced := _CAPABILITIES.match(whole):
            self._offered = frozenset(announced[1].decode("latin-1").upper().split())
        tag, _, rest = whole.partition(b" ")
        if tag == b"*":
            self._untagged(rest)
            return
        partial = self._line["client"].partition(b" ")
        if partial[0] == tag != b"+":  # the server did not want the literal: the rest of the command never comes
            self._literal["client"], self._line["client"] = 0, b""
            self._command(b" ".join((tag, partial[2])))
        command = self._open.pop(tag, None)
        if command is not None:
            status, _, text = rest.decode("utf-8", "replace").strip().partition(" ")
            command.status, command.answer = status.upper(), text

    def _untagged(self, rest: bytes) -> None:
        word = rest[:4].upper().rstrip()
        leaving = any(c.name == "LOGOUT" for c in self._open.values())
        if word == b"BAD" or (word == b"BYE" and not leaving):
            self.complaints.append("* " + rest.decode("utf-8", "replace").strip())


class Wire:
    """A recorder in front of a port on loopback; our program is told to connect to `port`.

    With `mute` it takes COPYUID and APPENDUID out of what the server says: a Dovecot that does not announce UIDPLUS
    says them all the same, and other servers do not.
    """

    def __init__(self, target: int, *, mute: bool = False) -> None:
        self._target = target
        self._mute = mute
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.dialogues: list[Dialogue] = []
        self.cut_before = ""  # a pattern: the connection ends instead of carrying such a command, once

    @property
    def commands(self) -> list[Command]:
        """Every command of every connection."""
        return [command for dialogue in self.dialogues for command in dialogue.commands]

    def used(self, name: str) -> bool:
        """Whether a command of that name was sent (`UID MOVE`, `IDLE`)."""
        return any(command.name == name for command in self.commands)

    def faults(self, refusals: Collection[str] = ()) -> list[str]:
        """What no server may have to object to; `refusals` are patterns of commands whose NO the test is about."""
        found: list[str] = []
        met: set[str] = set()
        for command in self.commands:
            found += command.unsupported()
            if NEVER.match(command.text.upper()):
                found.append(f"{command}: takes something away")
            wanted = [p for p in refusals if command.status == "NO" and re.search(p, str(command))]
            met.update(wanted)
            if command.status != "OK" and not wanted:
                found.append(f"refused: {command}")
        found += [complaint for dialogue in self.dialogues for complaint in dialogue.complaints]
        return found + [f"was not refused, as it should have been: {p}" for p in refusals if p not in met]

    def assert_clean(self, refusals: Sequence[str] = (), *, without: Collection[str] = ()) -> None:
        """Every command was answered OK and was one that the server announced; none of `without` was announced.

        Each of `refusals` must match a command that was answered NO, as `text -> NO answer`.
        """
        assert self.commands, "nothing was said at all"
        faults = self.faults(refusals)
        assert not faults, "\n".join(faults)
        offered = self.commands[-1].offered
        assert not offered & frozenset(without), f"announced: {offered & frozenset(without)}"

    def accept(self) -> None:
        """Until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                dialogue = Dialogue()
                self.dialogues.append(dialogue)
                threading.Thread(target=self._carry, args=(client, dialogue), daemon=True).start()

    def _carry(self, client: socket.socket, dialogue: Dialogue) -> None:
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self._target)) as server:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sides = {client: ("client", server), server: ("server", client)}
            held = b""
            while True:
                # One after the other, and written down before it is passed on: the order is the order of cause.
                for ready in select.select(list(sides), [], [])[0]:
                    speaker, other = sides[ready]
                    chunk = ready.recv(65536)
                    if not chunk:
                        return
                    if self._mute and speaker == "server":
                        whole, end, held = (held + chunk).rpartition(b"\n")
                        chunk = _NEW_PLACES.sub(rb"\1", whole + end)
                    if speaker == "client" and self.cut_before and re.search(self.cut_before.encode(), chunk):
                        self.cut_before = ""
                        return
                    dialogue.hear(speaker, chunk)
                    other.sendall(chunk)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def recording(port: int, *, mute: bool = False) -> Iterator[Wire]:
    """A recorder in front of a port on loopback."""
    wire = Wire(port, mute=mute)
    threading.Thread(target=wire.accept, daemon=True).start()
    try:
        yield wire
    finally:
        wire.close()
