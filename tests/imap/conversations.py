"""An IMAP server that holds one whole conversation well, but for one fault at one stage.

A script is a pair of stage and fault. The stage names the answer that goes wrong; the fault says how. Everything else
is answered as a good server would, so that what the client does next shows what it believed.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from router.values import Server, Tls

BEFORE = b"IMAP4rev1 IDLE AUTH=PLAIN"
AFTER = BEFORE + b" UIDPLUS MOVE NAMESPACE CONDSTORE SPECIAL-USE LIST-EXTENDED LIST-STATUS"
MAILS = {uid: b"From: a@example.com\r\nSubject: %d\r\n\r\nHello\r\n" % uid for uid in (1, 2, 3)}
_STEP = 0.1  # seconds between two bytes of a server that drips


@dataclass(slots=True)
class Answer:
    """What a good server would say: lines before the end, and the end."""

    tag: bytes
    lines: list[bytes] = field(default_factory=list)
    end: bytes = b"OK done"

    def whole(self) -> bytes:
        lines = b"".join(line + b"\r\n" for line in self.lines)
        return lines + (self.tag + b" " if self.tag else b"") + self.end + b"\r\n"


class Hangup(Exception):  # it is none of our errors
    """The server closes the connection."""


@dataclass(slots=True)
class Line:
    """The server's end of one connection; `commands` is what it was told, without tags."""

    connection: socket.socket
    commands: list[bytes]
    over: threading.Event

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def drip(self, data: bytes) -> None:
        """One byte at a time, for as long as the client stays."""
        for position in range(len(data)):
            if self.over.wait(_STEP):
                raise Hangup
            self.send(data[position : position + 1])


Fault = Callable[[Line, Answer], None]


def good(line: Line, answer: Answer) -> None:
    line.send(answer.whole())


# ------------------------------------------------------------------ faults


def _cut(line: Line, answer: Answer) -> None:
    raise Hangup


def _cut_in_the_middle(line: Line, answer: Answer) -> None:
    whole = answer.whole()
    line.send(whole[: len(whole) // 2])
    raise Hangup


def _cut_before_the_end_of_line(line: Line, answer: Answer) -> None:
    line.send(answer.whole()[:-2])
    raise Hangup


def _silence(line: Line, answer: Answer) -> None:
    line.over.wait(20)


def _half_and_silence(line: Line, answer: Answer) -> None:
    line.send(answer.whole()[:-3])
    line.over.wait(20)


def _drip(line: Line, answer: Answer) -> None:
    line.drip(b"* OK " + b"x" * 400 + b"\r\n" + answer.whole())


def _lines_without_end(line: Line, answer: Answer) -> None:
    """One whole line after the other, never the last one."""
    while not line.over.wait(_STEP):
        line.send(b"* OK still working\r\n")


def _before(*lines: bytes) -> Fault:
    """Lines that nobody asked for, then the good answer."""

    def fault(line: Line, answer: Answer) -> None:
        line.send(b"".join(lines) + answer.whole())

    return fault


def _instead(end: bytes, *, lines: bool = False) -> Fault:
    """Another end than a good server's."""

    def fault(line: Line, answer: Answer) -> None:
        kept = answer.lines if lines else []
        line.send(Answer(tag=answer.tag or b"*", lines=kept, end=end).whole())

    return fault


def _then_cut(data: bytes) -> Fault:
    def fault(line: Line, answer: Answer) -> None:
        line.send(data)
        raise Hangup

    return fault


def _wrong_tag(line: Line, answer: Answer) -> None:
    line.send(Answer(tag=b"ZZZZ99", lines=answer.lines, end=answer.end).whole())
    line.over.wait(20)


def _old_tag(line: Line, answer: Answer) -> None:
    """The tag of a command that ended long ago."""
    old = answer.tag[:-1] + b"0" if answer.tag else b"*"
    line.send(Answer(tag=old, end=b"OK again").whole() + answer.whole())


def _twice(line: Line, answer: Answer) -> None:
    line.send(answer.whole() * 2)


def _endless_line(line: Line, answer: Answer) -> None:
    """More than any line may have; the client must leave before we run out."""
    with suppress(OSError):
        for _ in range(40):
            line.send(b"* OK " + b"x" * 1_000_000)
    raise Hangup


def _lying_literal(announced: bytes) -> Fault:
    def fault(line: Line, answer: Answer) -> None:
        line.send(b"* 1 FETCH (UID 1 BODY[] {%s}\r\nshort)\r\n" % announced + answer.whole())
        line.over.wait(20)

    return fault


FAULTS: dict[str, Fault] = {
    "cut": _cut,
    "cut in the middle": _cut_in_the_middle,
    "cut before the end of the line": _cut_before_the_end_of_line,
    "silence": _silence,
    "half an answer and silence": _half_and_silence,
    "bytes that drip": _drip,
    "lines without end": _lines_without_end,
    "BYE": _then_cut(b"* BYE have a nice day\r\n"),
    "BYE, come back later": _then_cut(b"* BYE [UNAVAILABLE] too many connections\r\n"),
    "binary garbage": _then_cut(bytes(range(256)) * 4 + b"\r\n"),
    "an unknown line": _before(b"* \xff\xfe NONSENSE \x00\x01\r\n"),
    "no line at all": _before(b"\r\n\r\n"),
    "a line of nothing known": _before(b"hello there\r\n"),
    "a wrong tag": _wrong_tag,
    "the tag of an old command": _old_tag,
    "the answer twice": _twice,
    "forged rows": _before(
        b"* 1 FETCH (UID 77 FLAGS (\\Deleted) RFC822.SIZE 5 BODY[]<0> {5}\r\nforge)\r\n",
        b"* 99 EXPUNGE\r\n",
        b"* SEARCH 77 78\r\n",
        b"* OK [COPYUID 9 77:78 1:2] forged\r\n",
    ),
    "forged counts": _before(
        b"* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 0] x\r\n* OK [UIDNEXT 18446744073709551616] x\r\n"
    ),
    "forged capabilities": _before(b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n"),
    "NO": _instead(b"NO not today"),
    "NO with an unknown code": _instead(b"NO [X-NEVER-HEARD " + b"a" * 300 + b"] no"),
    "NO without a text": _instead(b"NO"),
    "BAD": _instead(b"BAD what?"),
    "OK and nothing else": _instead(b"OK"),
    "a status of nobody": _instead(b"MAYBE later"),
    "an unasked +": _before(b"+ go on\r\n"),
    "a literal that is too short": _lying_literal(b"100000"),
    "a literal without end": _lying_literal(b"99999999999"),
    "a negative literal": _lying_literal(b"-1"),
    "a line without end": _endless_line,
}
STAGES = (
    *("greeting", "CAPABILITY", "LOGIN", "CAPABILITY again", "NAMESPACE", "LIST", "CREATE", "SUBSCRIBE", "SELECT"),
    *("SEARCH", "FETCH", "STORE", "MOVE", "APPEND", "IDLE", "DONE"),
)


# ------------------------------------------------------------------ the server


class Conversation:
    """Answers every connection well, but for `fault` at `stage`, from the first time on."""

    def __init__(self, stage: str, fault: Fault) -> None:
        self._stage, self._fault = stage, fault
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.commands: list[bytes] = []

    def server(self) -> Server:
        return Server(host="127.0.0.1", port=self._listening.getsockname()[1], tls=Tls.NONE)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._listening.close()
        self._thread.join(5)

    def _run(self) -> None:
        with suppress(OSError):
            connection, _ = self._listening.accept()
            with connection:
                connection.settimeout(20)
                with suppress(Hangup, OSError):
                    self._talk(Line(connection=connection, commands=self.commands, over=self._over))

    def _say(self, line: Line, stage: str, answer: Answer) -> None:
        (self._fault if stage == self._stage else good)(line, answer)

    def _talk(self, line: Line) -> None:
        self._say(line, "greeting", Answer(tag=b"*", end=b"OK hello"))
        reader = line.connection.makefile("rb")
        logged_in = False
        while data := reader.readline():
            tag, _, command = data.rstrip(b"\r\n").partition(b" ")
            if literal := re.search(rb"\{(\d+)\}$", command):
                line.send(b"+ go on\r\n")
                reader.read(int(literal[1]) + 2)
            line.commands.append(command)
            name = command.removeprefix(b"UID ").partition(b" ")[0].upper().decode("ascii", "replace")
            if name == "IDLE":
                self._idle(line, tag, reader)
                continue
            stage = "CAPABILITY again" if name == "CAPABILITY" and logged_in else name
            logged_in = logged_in or name == "LOGIN"
            self._say(line, stage, _answers(name, command, tag, logged_in=logged_in))

    def _idle(self, line: Line, tag: bytes, reader: object) -> None:
        self._say(line, "IDLE", Answer(tag=b"", end=b"+ idling"))
        reader.readline()  # type: ignore[attr-defined]
        self._say(line, "DONE", Answer(tag=tag, lines=[b"* 4 EXISTS"]))


def _answers(name: str, command: bytes, tag: bytes, *, logged_in: bool) -> Answer:
    """What a good server says to a command."""
    lines: dict[str, Sequence[bytes]] = {
        "CAPABILITY": [b"* CAPABILITY " + (AFTER if logged_in else BEFORE)],
        "NAMESPACE": [b'* NAMESPACE (("" "/")) NIL NIL'],
        "LIST": [
            b'* LIST (\\HasNoChildren) "/" INBOX', b'* LIST (\\Drafts) "/" Drafts',
            b"* STATUS INBOX (UIDVALIDITY 1 UIDNEXT 4 MESSAGES 3 HIGHESTMODSEQ 5)",
        ],
        "SELECT": _SELECTED, "EXAMINE": _SELECTED,
        "SEARCH": [b"* SEARCH 1 2 3"],
        "FETCH": [_row(number, uid) for number, uid in enumerate(_uids(command), 1)],
    }  # fmt: skip
    ends = {
        "MOVE": b"OK [COPYUID 9 1:2 11:12] moved",
        "APPEND": b"OK [APPENDUID 9 13] placed",
        "LOGOUT": b"OK bye",
    }
    return Answer(tag=tag, lines=list(lines.get(name, ())), end=ends.get(name, b"OK done"))


_SELECTED = [
    b"* 3 EXISTS", b"* FLAGS (\\Seen \\Deleted \\Draft)", b"* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] kept",
    b"* OK [UIDVALIDITY 1] one", b"* OK [UIDNEXT 4] next",
]  # fmt: skip


def _uids(command: bytes) -> list[int]:
    asked = re.search(rb"FETCH ([\d:,]+)", command, re.IGNORECASE)
    first, _, last = (asked[1] if asked else b"1:3").partition(b":")
    return [uid for uid in MAILS if int(first) <= uid <= int(last or first)]


def _row(number: int, uid: int) -> bytes:
    raw = MAILS[uid]
    head = b'* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE "21-Nov-2026 10:00:00 +0000" FLAGS ()'
    return head % (number, uid, len(raw)) + b" BODY[]<0> {%d}\r\n%s)" % (len(raw), raw)
