"""Reminders leave by XOAUTH2, and a refused login is not tried in other spellings."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import MISSING, SMTP, AuthResult, Envelope, LoginPassword, Session

from router.smtp import Accepted, Courier, RefusedNow, SendResult
from router.values import Bearer, Server, Tls
from tests.servers.certificates import Authority

GOOD = Bearer(token="good-token")


class Office(SMTP):
    """Takes tokens and passwords; `seen` holds who tried with what."""

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:  # noqa: N802  # aiosmtpd's name
        from base64 import b64decode

        said = b64decode(arguments[1]).decode()
        self.event_handler.seen.append(("XOAUTH2", said))
        if said == "user=robot@acme.example\x01auth=Bearer good-token\x01\x01":
            return AuthResult(success=True)
        answer = await self.challenge_auth(b'{"status":"401"}')
        assert answer in (b"", MISSING)
        return AuthResult(success=False, handled=False)


class Sink:
    """What came in."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.mails: list[Envelope] = []
        self.sessions: set[int] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        self.sessions.add(id(session))
        return "250 taken"


@contextmanager
def office(directory: Path, *, without: tuple[str, ...] = ()) -> Iterator[tuple[Server, Sink]]:
    """An SMTP server with STARTTLS that lets nobody send without a login."""
    authority, sink = Authority.made(directory), Sink()
    file = authority.issued("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
        assert isinstance(given, LoginPassword)
        sink.seen.append((mechanism, given.login.decode()))
        return AuthResult(success=given.password == "пароль".encode(), handled=False)

    class Desk(Controller):
        def factory(self) -> SMTP:
            options = {"require_starttls": True, "tls_context": context, "auth_required": True, "authenticator": check}
            return Office(self.handler, auth_exclude_mechanism=without, **options)

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Desk(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield Server(host="127.0.0.1", port=port, tls=Tls.STARTTLS, ca_file=authority.file), sink
    finally:
        controller.stop()


def carried(server: Server, user: str, proof: str | Bearer, count: int = 1) -> list[SendResult]:
    """What became of some mails over one courier."""

    async def carry() -> list[SendResult]:
        async with Courier(server, user, proof, timeout=5) as courier:
            mail = {"envelope_from": "support@acme.example", "recipients": ["olha@acme.example"], "raw": b"x\r\n"}
            return [await courier.send(**mail) for _ in range(count)]  # type: ignore[arg-type]

    return asyncio.run(carry())


def test_a_token_opens_the_server_and_one_connection_carries_all(tmp_path: Path) -> None:
    """The person behind a shared mailbox logs in; five mails, one login."""
    with office(tmp_path) as (server, sink):
        results = carried(server, "robot@acme.example", GOOD, count=5)
    assert all(isinstance(result, Accepted) for result in results), results
    assert (len(sink.mails), len(sink.sessions), len(sink.seen)) == (5, 1, 1)


def test_a_refused_token_is_a_refused_login(tmp_path: Path) -> None:
    """The challenge with the reason gets an empty answer, and the token is not repeated."""
    with office(tmp_path) as (server, sink):
        (result,) = carried(server, "robot@acme.example", Bearer(token="old-token"))
    assert isinstance(result, RefusedNow)
    assert (result.cause, len(sink.seen)) == ("login", 1)
    assert "old-token" not in result.because


@pytest.mark.parametrize("without", [(), ("PLAIN",), ("LOGIN",)])
def test_a_password_goes_by_the_mechanism_that_is_there(without: tuple[str, ...], tmp_path: Path) -> None:
    """PLAIN or LOGIN, letters of any script."""
    with office(tmp_path, without=without) as (server, sink):
        (result,) = carried(server, "robot", "пароль")
    assert isinstance(result, Accepted), result
    assert [name for name, _ in sink.seen] == ["LOGIN" if "PLAIN" in without else "PLAIN"]


def test_a_refused_password_is_tried_once(tmp_path: Path) -> None:
    """Not in every mechanism: three refusals in a second lock accounts."""
    with office(tmp_path) as (server, sink):
        (result,) = carried(server, "robot", "wrong")
    assert isinstance(result, RefusedNow)
    assert (result.cause, sink.seen) == ("login", [("PLAIN", "robot")])


@pytest.mark.parametrize(("without", "proof"), [(("XOAUTH2",), GOOD), (("PLAIN", "LOGIN"), "пароль")])
def test_nothing_is_sent_where_nothing_fits(without: tuple[str, ...], proof: str | Bearer, tmp_path: Path) -> None:
    """A server that takes no tokens never sees one, nor one without passwords a password."""
    with office(tmp_path, without=without) as (server, sink):
        (result,) = carried(server, "robot@acme.example", proof)
    assert isinstance(result, RefusedNow)
    assert (result.cause, sink.seen, "takes no" in result.because) == ("login", [], True), result
