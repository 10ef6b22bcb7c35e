"""What we refuse to say, and whom we refuse to trust."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from router import tls
from router.errors import CommandRefused, InsecureConnection, LoginRefused, Throttled, Unreachable, UnsafeArgument
from router.imap import drafts, fetch, folders, move
from router.imap.session import Session
from router.values import Server, Tls
from tests.imap.scripted import Peer, Scripted
from tests.servers.dovecot import Dovecot

INJECTED = "<a@b>\r\nA1 UID STORE 1:* +FLAGS.SILENT (\\Deleted)\r\nA2 EXPUNGE\r\n"
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def quiet() -> Iterator[tuple[Session, list[bytes]]]:
    """A session with INBOX open, and everything that it sent."""

    def run(peer: Peer) -> None:
        peer.log_in()
        peer.select()

    with Scripted(run) as server:
        session = Session.open(server.server(), "u", "p", timeout=2)
        fetch.select(session, "INBOX", readonly=False)
        yield session, server.received
        session._die()


CALLS: dict[str, Callable[[Session], object]] = {
    "select": lambda s: fetch.select(s, INJECTED, readonly=False),
    "uids": lambda s: fetch.uids(s, INJECTED),
    "search": lambda s: s.call("search", ["HEADER", "Message-ID", INJECTED]),
    "search in bytes": lambda s: s.call("search", ["HEADER", "Message-ID", INJECTED.encode()]),
    "search, nested": lambda s: s.call("search", ["NOT", ["SUBJECT", INJECTED]]),
    "fetch": lambda s: fetch.new_messages(s, "m", INJECTED, [1]),
    "fetch of a text": lambda s: fetch.new_messages(s, "m", "INBOX", [INJECTED]),  # type: ignore[list-item]
    "flags of a text": lambda s: fetch.flags(s, "INBOX", ["1:*"]),  # type: ignore[list-item]
    "header name": lambda s: fetch.headers(s, "INBOX", [1], [INJECTED]),
    "header name with a bracket": lambda s: fetch.headers(s, "INBOX", [1], ["X)] BODY[TEXT"]),
    "move to": lambda s: move.move(s, "INBOX", [1], INJECTED),
    "move of a text": lambda s: move.move(s, "INBOX", ["1:*"], "Refunds"),  # type: ignore[list-item]
    "move of nothing real": lambda s: move.move(s, "INBOX", [0], "Refunds"),
    "append to": lambda s: drafts.append(s, INJECTED, b"x", flags=(), when=NOW),
    "append with a flag": lambda s: drafts.append(s, "Drafts", b"x", flags=[INJECTED], when=NOW),
    "append of NUL": lambda s: drafts.append(s, "Drafts", b"a\0b", flags=(), when=NOW),
    "flag": lambda s: drafts.store(s, "INBOX", [1], add=[INJECTED]),
    "flag with a parenthesis": lambda s: drafts.store(s, "INBOX", [1], add=["x) (\\Deleted"]),
    "flag with a space": lambda s: drafts.store(s, "INBOX", [1], remove=["a \\Deleted"]),
    "run": lambda s: s.run("STATUS", INJECTED, answer="STATUS"),
    "run NUL": lambda s: s.run("STATUS", "a\0", answer="STATUS"),
    "an object": lambda s: s.call("search", [object()]),
    "folder that cannot be written": lambda s: fetch.select(s, "a\ud800", readonly=True),
}


@pytest.mark.parametrize("name", CALLS)
def test_control_characters_and_foreign_syntax_never_reach_the_wire(
    name: str, quiet: tuple[Session, list[bytes]]
) -> None:
    """An injected Message-ID, or anything like it, is refused before a single byte is sent."""
    session, received = quiet
    before = len(received)
    with pytest.raises(UnsafeArgument):
        CALLS[name](session)
    assert session.alive
    session.client.wire.shutdown()  # now everything that was sent has been received
    assert [line for line in received[before:] if line] == []


def test_a_name_to_create_is_checked_too() -> None:
    """Making folders sends LIST, which is ours, and nothing of the bad name."""

    def run(peer: Peer) -> None:
        peer.log_in()
        peer.answer(b'* LIST () "/" INBOX')
        assert peer.line() == b""

    with Scripted(run) as server:
        session = Session.open(server.server(), "u", "p", timeout=2)
        with pytest.raises(UnsafeArgument):
            folders.ensure(session, [INJECTED])
        session._die()


def test_credentials_are_checked_and_never_shown() -> None:
    """A password with a line end is refused without repeating it."""
    with pytest.raises(UnsafeArgument) as refused:
        Session.open(Server(host="localhost", port=1, tls=Tls.NONE), "u", "hunter2\r\n")
    assert "hunter2" not in str(refused.value)


def test_no_session_keeps_the_password() -> None:
    """imaplib's ring of last commands, which would hold the LOGIN line, stays empty."""
    with Scripted(Peer.log_in) as server:
        session = Session.open(server.server(), "u", "correct horse", timeout=2)
        assert "correct horse" not in repr(vars(session.client.wire)) + repr(vars(session.client)) + repr(vars(session))
        session._die()


# ------------------------------------------------------------------ TLS


def test_no_tls_is_for_this_machine_only() -> None:
    """A password never goes over an open network."""
    with pytest.raises(InsecureConnection):
        Session.open(Server(host="192.0.2.1", port=143, tls=Tls.NONE), "u", "p", timeout=1)
    assert [tls.is_loopback(host) for host in ("localhost", "127.8.8.8", "::1", "[::1]")] == [True] * 4
    assert [tls.is_loopback(host) for host in ("localhost.evil.example", "10.0.0.1", "")] == [False] * 3


@pytest.mark.dovecot
@pytest.mark.parametrize("kind", [Tls.IMPLICIT, Tls.STARTTLS])
def test_tls_is_verified(dovecot: Dovecot, user: str, kind: Tls) -> None:
    """With its CA file the private server is trusted, without it it is not."""
    server = dovecot.server(kind)
    with Session.open(server, user, dovecot.password) as session:
        assert isinstance(session.client.wire.sock, ssl.SSLSocket)
        assert fetch.uids(session, "INBOX") == []
    with pytest.raises(InsecureConnection, match="certificate"):
        Session.open(Server(host=server.host, port=server.port, tls=kind), user, dovecot.password)


@pytest.mark.dovecot
def test_the_name_in_the_certificate_counts(dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trusted certificate of another host is not trusted here."""
    server, real = dovecot.server(Tls.IMPLICIT), socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda address, timeout: real((server.host, address[1]), timeout))
    other = Server(host="mail.other.example", port=server.port, tls=Tls.IMPLICIT, ca_file=server.ca_file)
    with pytest.raises(InsecureConnection, match=r"mail\.other\.example"):
        Session.open(other, user, dovecot.password, timeout=2)


def test_contexts_are_shared_and_renewed(dovecot: Dovecot, tmp_path: Path) -> None:
    """A thousand sessions use one context; a changed CA file gives a new one; nonsense is refused."""
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes((dovecot.root / "cert.pem").read_bytes())
    first = tls.context(ca_file)
    assert tls.context(ca_file) is first
    assert first.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert first.check_hostname
    ca_file.write_text("no certificate")
    with pytest.raises(InsecureConnection):
        tls.context(ca_file)
    with pytest.raises(InsecureConnection):
        tls.context(tmp_path / "missing.pem")


def test_missing_starttls_is_refused() -> None:
    """A server (or a man in the middle) that hides STARTTLS gets no password."""

    def run(peer: Peer) -> None:
        peer.send(b"* OK hello\r\n")
        peer.answer(b"* CAPABILITY IMAP4rev1")
        assert peer.line() == b""

    with Scripted(run) as server, pytest.raises(InsecureConnection, match="STARTTLS"):
        Session.open(server.server(Tls.STARTTLS), "u", "p", timeout=2)


def test_plain_text_behind_starttls_is_refused() -> None:
    """What was injected before TLS is not read as if it came through it."""

    def run(peer: Peer) -> None:
        peer.send(b"* OK hello\r\n")
        peer.answer(b"* CAPABILITY IMAP4rev1 STARTTLS")
        tag = peer.line().split()[0]
        peer.send(tag + b" OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
        assert peer.line() == b""

    with Scripted(run) as server, pytest.raises(InsecureConnection, match="between"):
        Session.open(server.server(Tls.STARTTLS), "u", "p", timeout=2)


@pytest.mark.parametrize("kind", [Tls.NONE, Tls.STARTTLS])
def test_preauth_is_refused(kind: Tls) -> None:
    """A server that says we are logged in already would skip STARTTLS and our identity."""

    def run(peer: Peer) -> None:
        peer.send(b"* PREAUTH welcome\r\n")
        peer.answer(b"* CAPABILITY IMAP4rev1 STARTTLS")
        assert peer.line() == b""

    with Scripted(run) as server, pytest.raises(InsecureConnection, match="PREAUTH"):
        Session.open(server.server(kind), "u", "p", timeout=2)


def test_logindisabled_is_respected() -> None:
    """A server that takes no passwords here gets none."""

    def run(peer: Peer) -> None:
        peer.send(b"* OK hello\r\n")
        peer.answer(b"* CAPABILITY IMAP4rev1 LOGINDISABLED")
        assert peer.line() == b""

    with Scripted(run) as server, pytest.raises(InsecureConnection):
        Session.open(server.server(), "u", "p", timeout=2)


def test_a_server_that_takes_tokens_only_says_how_to_go_on() -> None:
    """Microsoft 365 announces no mechanism for passwords any more."""

    def run(peer: Peer) -> None:
        peer.send(b"* OK hello\r\n")
        peer.answer(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED")
        assert peer.line() == b""

    with Scripted(run) as server, pytest.raises(LoginRefused, match="inbox-router login"):
        Session.open(server.server(), "u", "p", timeout=2)


# ------------------------------------------------------------------ logging in


@pytest.mark.dovecot
@pytest.mark.parametrize("name", ["anna smith", 'an"na', "an\\na", "користувач"])
def test_odd_user_names_can_log_in(dovecot: Dovecot, name: str) -> None:
    """Spaces, quotes, backslashes and Cyrillic are characters, not syntax."""
    with pytest.raises(LoginRefused):
        Session.open(dovecot.server(), name, "wrong")


@pytest.mark.dovecot
def test_wrong_passwords_are_refused_as_such(dovecot: Dovecot, user: str) -> None:
    """A refused login is not an unreachable server: trying again locks accounts."""
    with pytest.raises(LoginRefused):
        Session.open(dovecot.server(), user, "wrong")


def test_a_server_that_says_goodbye_at_once_is_throttling() -> None:
    """Too many connections are answered with BYE instead of a greeting."""

    def run(peer: Peer) -> None:
        peer.send(b"* BYE [UNAVAILABLE] too many connections\r\n")

    with Scripted(run) as server, pytest.raises(Throttled):
        Session.open(server.server(), "u", "p", timeout=2)


def test_nobody_there_is_unreachable() -> None:
    """A closed port, a silent server and one that hangs up are all Unreachable."""
    with pytest.raises(Unreachable):
        Session.open(Server(host="127.0.0.1", port=1, tls=Tls.NONE), "u", "p", timeout=1)
    with Scripted(lambda peer: None) as server, pytest.raises(Unreachable):
        Session.open(server.server(), "u", "p", timeout=0.3)
    with Scripted(Peer.hang_up) as server, pytest.raises(Unreachable):
        Session.open(server.server(), "u", "p", timeout=1)


# ------------------------------------------------------------------ read-only


@pytest.mark.dovecot
def test_a_read_only_session_changes_nothing(dovecot: Dovecot, user: str) -> None:
    """`try` and `plan` look with EXAMINE; every writing call is refused before it is sent."""
    dovecot.deliver(user, b"Subject: a\r\n\r\nb\r\n")
    with Session.open(dovecot.server(), user, dovecot.password, read_only=True) as session:
        assert fetch.select(session, "INBOX", readonly=False).readonly
        assert len(fetch.new_messages(session, "m", "INBOX", fetch.uids(session, "INBOX"))) == 1
        for write in (
            lambda: move.move(session, "INBOX", [1], "Trash"),
            lambda: drafts.append(session, "Drafts", b"x", flags=(), when=NOW),
            lambda: drafts.store(session, "INBOX", [1], add=["\\Seen"]),
            lambda: folders.ensure(session, ["New"]),
        ):
            with pytest.raises(CommandRefused, match="read-only"):
                write()
        assert "New" not in folders.survey(session)
        assert "\\Seen" not in fetch.flags(session, "INBOX", [1])[1]
