"""The recorder itself: it must see what it is there to see."""

from __future__ import annotations

import imaplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.servers.wirelog import Command, Dialogue, Wire, recording

OFFERED = b"* CAPABILITY IMAP4rev1 IDLE UIDPLUS\r\n"


def spoken(*turns: tuple[str, bytes]) -> Wire:
    """A log of one connection in which both sides said this."""
    wire = Wire(1)
    wire.close()
    dialogue = Dialogue()
    for speaker, chunk in (("server", OFFERED), *turns):
        dialogue.hear(speaker, chunk)
    wire.dialogues.append(dialogue)
    return wire


def exchange(command: bytes, answer: bytes = b"OK done") -> Wire:
    """One command and its answer."""
    return spoken(("client", b"A1 " + command + b"\r\n"), ("server", b"A1 " + answer + b"\r\n"))


def test_what_was_announced_and_answered_ok_is_clean() -> None:
    """Plain commands, and those whose capability was announced."""
    for command in (b"UID FETCH 1 (UID FLAGS)", b"UID EXPUNGE 1:3", b'LIST "" "*"', b'CREATE "MOVE RETURN ("'):
        exchange(command).assert_clean()


@pytest.mark.parametrize(
    ("command", "needed"),
    [
        (b'UID MOVE 1 "a"', "MOVE"),
        (b'LIST "" "*" RETURN (STATUS (UIDNEXT))', "LIST-STATUS"),
        (b'LIST "" "*" RETURN (SPECIAL-USE)', "SPECIAL-USE"),
        (b'STATUS "a" (UIDNEXT HIGHESTMODSEQ)', "CONDSTORE"),
        (b"ENABLE CONDSTORE", "ENABLE"),
        (b"NAMESPACE", "NAMESPACE"),
        (b'ID ("name" "x")', "ID"),
        (b"UNSELECT", "UNSELECT"),
        (b"UID FETCH 1 (X-GM-MSGID)", "X-GM-EXT-1"),
        (b'EXAMINE "a" (CONDSTORE)', "CONDSTORE"),
    ],
)
def test_what_was_not_announced_is_a_fault(command: bytes, needed: str) -> None:
    """Even when the server answers OK: Dovecot hides a capability and still carries the command out."""
    faults = exchange(command).faults()
    assert faults
    assert all(needed in fault for fault in faults[:1])


@pytest.mark.parametrize("command", [b"EXPUNGE", b"CLOSE", b'DELETE "a"', b'RENAME "a" "b"'])
def test_what_takes_away_is_a_fault(command: bytes) -> None:
    """No server has to offer anything for these, and we never use them."""
    assert "takes something away" in exchange(command).faults()[0]


@pytest.mark.parametrize("answer", [b"NO no", b"BAD what"])
def test_a_refusal_is_a_fault_unless_the_test_is_about_it(answer: bytes) -> None:
    """An expected NO must be named, and must come; a BAD is never expected."""
    wire = exchange(b'SELECT "gone"', answer)
    assert wire.faults()
    assert bool(wire.faults([r"SELECT .* -> NO no"])) == (answer[:3] == b"BAD")
    assert "was not refused" in exchange(b'SELECT "there"').faults(["SELECT"])[0]


def test_silence_and_untagged_complaints_are_faults() -> None:
    """A connection that ended before its answer, `* BAD`, and a `* BYE` that nobody asked for."""
    assert spoken(("client", b"A1 NOOP\r\n")).faults() == ["refused: NOOP -> no answer"]
    assert spoken(("server", b"* BAD eh\r\n")).faults() == ["* BAD eh"]
    assert spoken(("server", b"* BYE off\r\n")).faults() == ["* BYE off"]
    logout = spoken(("client", b"A1 LOGOUT\r\n"), ("server", b"* BYE so long\r\nA1 OK\r\n"))
    assert logout.faults() == []


def test_the_capabilities_after_login_count() -> None:
    """What is announced later replaces what was announced before."""
    login = (("client", b'A1 LOGIN "u" "pw"\r\n'), ("server", b"A1 OK [CAPABILITY IMAP4rev1 MOVE] in\r\n"))
    wire = spoken(*login, ("client", b"A2 IDLE\r\n"), ("server", b"+ idling\r\n"), ("client", b"DONE\r\n"))
    assert [c.text for c in wire.commands] == ["LOGIN", "IDLE"]
    assert wire.commands[1].unsupported() == ["IDLE: needs IDLE"]


def test_literals_are_no_commands_whatever_they_hold() -> None:
    """A mail that looks like commands or answers is read by neither side of the log, however it is cut into pieces."""
    mail = b"A9 EXPUNGE\r\nA1 NO no\r\n* BAD {5}\r\n"
    said = b'A1 APPEND "x" {%d}\r\n' % len(mail) + mail + b'\r\nA2 APPEND "y" {3+}\r\nabc\r\n'
    shown = b"* 1 FETCH (BODY[] {%d}\r\n" % len(mail) + mail + b" UID 1)\r\n"
    pieces = [("client", said[n : n + 7]) for n in range(0, len(said), 7)]
    pieces += [("server", shown[n : n + 5]) for n in range(0, len(shown), 5)]
    wire = spoken(*pieces, ("server", b"A1 OK\r\nA2 OK\r\n"))
    assert [c.name for c in wire.commands] == ["APPEND", "APPEND"]
    assert wire.faults() == ['APPEND "y" {3+}: needs LITERAL+ or LITERAL-']


def test_a_literal_that_the_server_does_not_want_never_comes() -> None:
    """After its NO the next line is a command again."""
    refused = (("client", b'A1 APPEND "gone" {99}\r\n'), ("server", b"A1 NO [TRYCREATE] no\r\n"))
    wire = spoken(*refused, ("client", b"A2 NOOP\r\n"), ("server", b"A2 OK\r\n"))
    assert [str(c) for c in wire.commands] == ['APPEND "gone" {99} -> NO [TRYCREATE] no', "NOOP -> OK"]


@contextmanager
def a_server() -> Iterator[int]:
    """Answers every line with OK."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb", buffering=0) as stream:
                stream.write(b"* OK hello\r\n")
                for line in stream:
                    bye = b"* BYE\r\n" if b"LOGOUT" in line else OFFERED
                    stream.write(bye + line.split()[0] + b" OK done\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def test_a_real_connection_is_passed_on_and_written_down() -> None:
    """Both sides hear each other as without the recorder."""
    with a_server() as port, recording(port) as wire, imaplib.IMAP4("127.0.0.1", wire.port) as client:
        assert client.login("u", "secret")[0] == "OK"
    assert [c.name for c in wire.commands] == ["CAPABILITY", "LOGIN", "LOGOUT"]
    assert "secret" not in "".join(str(c) for c in wire.commands)
    wire.assert_clean()
    assert isinstance(wire.commands[0], Command)
