"""Every way in which handing over a mail can end."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from router.errors import UnsafeArgument
from router.smtp import Accepted, Courier, RefusedForGood, RefusedNow, SendResult, Unknown, send
from router.values import Server, Tls
from tests.servers.dovecot import _certificate

RAW = "Subject: нагадування\r\n\r\nline\r\n.\r\n..dots\r\n".encode()
FROM, TO = "robot@shop.example", "olha@shop.example"


class Sink:
    """Takes mail for everybody but `later@` and `never@`."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.sessions: list[Session] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("later@"):
            return "451 4.3.0 later"
        if address.startswith("never@"):
            return "550 5.1.1 nobody"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        for word, answer in ((b"too-big", "552 5.3.4 too big"), (b"busy", "452 4.3.1 busy")):
            if word in content:
                return answer
        self.mails.append(envelope)
        self.sessions.append(session)
        return "250 taken"


def authenticator(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, credentials: object
) -> AuthResult:
    """Only robot with the password pw."""
    good = isinstance(credentials, LoginPassword) and (credentials.login, credentials.password) == (b"robot", b"pw")
    return AuthResult(success=good, handled=False)


@contextmanager
def running(kind: Tls, directory: Path, **options: object) -> Iterator[tuple[Server, Sink]]:
    """An SMTP server on loopback."""
    _certificate(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "cert.pem", directory / "key.pem")
    if kind is Tls.STARTTLS:
        options |= {"tls_context": context, "require_starttls": True}
    sink = Sink()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(
        sink, hostname="127.0.0.1", port=port, ssl_context=context if kind is Tls.IMPLICIT else None, **options
    )
    controller.start()
    try:
        ca_file = None if kind is Tls.NONE else directory / "cert.pem"
        yield Server(host="127.0.0.1", port=port, tls=kind, ca_file=ca_file), sink
    finally:
        controller.stop()


@contextmanager
def scripted(script: Callable[[socket.socket], None], connections: int = 1) -> Iterator[Server]:
    """A server that says exactly what the test wants, once per connection."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        for _ in range(connections):
            connection, _ = listening.accept()
            with connection:
                script(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    with listening:
        yield Server(host="127.0.0.1", port=listening.getsockname()[1], tls=Tls.NONE)
    thread.join(5)


def hand_over(
    server: Server, *to: str, raw: bytes = RAW, user: str | None = None, password: str | None = None
) -> SendResult:
    """The outcome of sending one mail."""
    return asyncio.run(send(server, user, password, envelope_from=FROM, recipients=to or (TO,), raw=raw, timeout=5))


@pytest.mark.parametrize("kind", list(Tls))
def test_a_mail_arrives_unchanged(kind: Tls, tmp_path: Path) -> None:
    """Over every kind of connection, dots and all."""
    with running(kind, tmp_path) as (server, sink):
        outcome = hand_over(server)
    assert isinstance(outcome, Accepted), outcome
    assert outcome.refused == ()
    (mail,) = sink.mails
    assert (mail.mail_from, mail.rcpt_tos, mail.content) == (FROM, [TO], RAW)
    assert (sink.sessions[0].ssl is not None) is (kind is Tls.STARTTLS) or kind is Tls.IMPLICIT


def test_logging_in_happens_only_with_a_user(tmp_path: Path) -> None:
    """A wrong password is its own cause: trying again quickly locks accounts."""
    with running(Tls.STARTTLS, tmp_path, authenticator=authenticator, auth_required=True) as (server, sink):
        assert isinstance(hand_over(server, user="robot", password="pw"), Accepted)
        refused = hand_over(server, user="robot", password="wrong")
        assert isinstance(refused, RefusedNow)
        assert refused.cause == "login"
        assert isinstance(hand_over(server), (RefusedNow, RefusedForGood))
    assert len(sink.mails) == 1


def test_refusals_are_for_now_or_for_good(tmp_path: Path) -> None:
    """4xx is retried, 5xx is not, wherever it is said."""
    with running(Tls.NONE, tmp_path) as (server, sink):
        assert isinstance(hand_over(server, "later@shop.example"), RefusedNow)
        assert isinstance(hand_over(server, "never@shop.example"), RefusedForGood)
        assert isinstance(hand_over(server, raw=b"Subject: busy\r\n\r\n"), RefusedNow)
        assert isinstance(hand_over(server, raw=b"Subject: too-big\r\n\r\n"), RefusedForGood)
        assert isinstance(hand_over(server, "never@shop.example", "later@shop.example"), RefusedNow)
        assert sink.mails == []
        some = hand_over(server, TO, "never@shop.example")
        assert isinstance(some, Accepted)
        assert [address for address, _ in some.refused] == ["never@shop.example"]
        assert sink.mails[0].rcpt_tos == [TO]


def test_one_connection_carries_several_mails(tmp_path: Path) -> None:
    """Also after a refused one."""

    async def deliver(server: Server) -> list[SendResult]:
        async with Courier(server, None, None, timeout=5) as courier:
            return [
                await courier.send(envelope_from=FROM, recipients=[to], raw=raw)
                for to, raw in ((TO, RAW), ("never@x.example", RAW), (TO, b"Subject: busy\r\n\r\n"), (TO, RAW))
            ]

    with running(Tls.NONE, tmp_path) as (server, sink):
        outcomes = asyncio.run(deliver(server))
    assert [type(outcome) for outcome in outcomes] == [Accepted, RefusedForGood, RefusedNow, Accepted]
    assert len({session.peer for session in sink.sessions}) == 1


def test_an_old_connection_that_was_closed_is_opened_again() -> None:
    """A server that hangs up between two mails costs nothing."""

    def one_mail(connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 hello\r\n")
        for line in lines:
            if line.startswith(b"DATA"):
                connection.sendall(b"354 go\r\n")
                while lines.readline() != b".\r\n":
                    pass
                connection.sendall(b"250 taken\r\n")
                connection.shutdown(socket.SHUT_RDWR)
                return
            connection.sendall(b"250 OK\r\n")

    async def deliver(server: Server) -> list[SendResult]:
        async with Courier(server, None, None, timeout=5) as courier:
            first = await courier.send(envelope_from=FROM, recipients=[TO], raw=RAW)
            await asyncio.sleep(0.1)
            return [first, await courier.send(envelope_from=FROM, recipients=[TO], raw=RAW)]

    with scripted(one_mail, connections=2) as server:
        outcomes = asyncio.run(deliver(server))
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted]


def cut_at(word: bytes, *, after_body: bool = False) -> Callable[[socket.socket], None]:
    """A server that drops the connection when it reads this command."""

    def run(connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 hello\r\n")
        for line in lines:
            if line.startswith(b"DATA") and (after_body or word != b"DATA"):
                connection.sendall(b"354 go\r\n")
                while lines.readline() != b".\r\n":
                    pass
                return
            if line.startswith(word):
                return
            connection.sendall(b"250 OK\r\n")

    return run


def test_a_connection_lost_before_data_is_a_refusal_for_now() -> None:
    """Nothing was handed over."""
    for word in (b"MAIL", b"RCPT"):
        with scripted(cut_at(word)) as server:
            outcome = hand_over(server)
        assert isinstance(outcome, RefusedNow)
        assert outcome.cause == "unreachable"


def test_a_connection_lost_after_data_is_unknown() -> None:
    """The server may have taken the mail: nobody may repeat it blindly."""
    with scripted(cut_at(b"DATA", after_body=True)) as server:
        assert isinstance(hand_over(server), Unknown)
    with scripted(cut_at(b"DATA")) as server:
        assert isinstance(hand_over(server), Unknown)


def test_nobody_there_is_a_refusal_for_now() -> None:
    """A closed port, a busy greeting and an unknown name."""
    for server in (
        Server(host="127.0.0.1", port=1, tls=Tls.NONE),
        Server(host="127.0.0.1", port=1, tls=Tls.IMPLICIT),
    ):
        outcome = hand_over(server)
        assert isinstance(outcome, RefusedNow)
        assert outcome.cause == "unreachable"
    with scripted(lambda connection: connection.sendall(b"554 go away\r\n")) as server:
        assert isinstance(hand_over(server), RefusedNow)


def test_connections_that_cannot_be_trusted_get_nothing(tmp_path: Path) -> None:
    """Not the mail and not the password: bad certificate, no STARTTLS, no TLS on an open network."""
    seen: list[bytes] = []

    def without_tls(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        for line in connection.makefile("rb"):
            seen.append(line)
            connection.sendall(b"250 OK\r\n")

    with scripted(without_tls) as server:
        bare = Server(host=server.host, port=server.port, tls=Tls.STARTTLS)
        outcome = hand_over(bare, user="robot", password="pw")
    assert isinstance(outcome, RefusedNow)
    assert outcome.cause == "insecure"
    assert [line for line in seen if not line.startswith((b"EHLO", b"QUIT"))] == []
    for kind in (Tls.IMPLICIT, Tls.STARTTLS):
        with running(kind, tmp_path) as (server, sink):
            outcome = hand_over(Server(host=server.host, port=server.port, tls=kind))
            assert isinstance(outcome, RefusedNow)
            assert (outcome.cause, sink.mails) == ("insecure", [])
    outcome = hand_over(Server(host="192.0.2.1", port=25, tls=Tls.NONE))
    assert isinstance(outcome, RefusedNow)
    assert outcome.cause == "insecure"


@pytest.mark.parametrize("address", ["a@b\r\nRCPT TO:<x@y>", "a b@c", "<a@b>", "a@b\0", "nobody", "@b", "a@"])
def test_addresses_that_are_syntax_are_refused_before_anything_is_sent(address: str) -> None:
    """As recipients and as envelope sender."""
    nowhere = Server(host="127.0.0.1", port=1, tls=Tls.NONE)
    with pytest.raises(UnsafeArgument):
        hand_over(nowhere, TO, address)
    with pytest.raises(UnsafeArgument):
        asyncio.run(send(nowhere, None, None, envelope_from=address, recipients=[TO], raw=RAW))


def test_the_null_sender_is_allowed(tmp_path: Path) -> None:
    """Mail that must not bounce goes out from nobody."""
    with running(Tls.NONE, tmp_path) as (server, sink):
        outcome = asyncio.run(send(server, None, None, envelope_from="", recipients=[TO], raw=RAW))
    assert isinstance(outcome, Accepted)
    assert sink.mails[0].mail_from == "<>"  # how aiosmtpd writes the null path
