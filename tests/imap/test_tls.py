"""Whom we trust over TLS, for IMAP and SMTP alike, and what is said about those whom we do not."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from router.errors import InsecureConnection, MailboxError, Unreachable
from router.imap.session import Session
from router.smtp import RefusedNow, send
from router.values import Server, Tls
from tests.servers.certificates import Authority

DAY = timedelta(days=1)
SECONDS = 5.0
Greeting = Callable[[socket.socket], None]


@contextmanager
def listening(greet: Greeting) -> Iterator[int]:
    """A port on which every connection is handed to `greet`."""
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection, suppress(OSError):  # the client leaves, as it should
                    connection.settimeout(SECONDS)
                    greet(connection)

    threading.Thread(target=run, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()


def over_tls(file: Path, *, newest: ssl.TLSVersion | None = None, words: bytes = b"") -> Greeting:
    """Speaks TLS with this certificate, then says its greeting and waits for the client to leave."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    if newest is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = newest
        context.set_ciphers("ALL:@SECLEVEL=0")

    def greet(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.sendall(words)
            while secured.recv(1000):
                pass

    return greet


def in_the_open(words: bytes) -> Greeting:
    def greet(connection: socket.socket) -> None:
        connection.sendall(words)
        connection.recv(1000)

    return greet


def by_imap(server: Server) -> MailboxError:
    """What logging in to this server ends with."""
    with pytest.raises(MailboxError) as raised:
        Session.open(server, "anna", "secret", timeout=SECONDS)
    return raised.value


def by_smtp(server: Server) -> RefusedNow:
    """What handing it a mail ends with."""
    carried = send(
        server, "anna", "secret", envelope_from="a@x.example", recipients=["b@x.example"], raw=b"x", timeout=SECONDS
    )
    result = asyncio.run(carried)
    assert isinstance(result, RefusedNow), result
    return result


def refuses(server: Server, reason: str) -> None:
    """Both adapters distrust it, and say why in words."""
    error = by_imap(server)
    assert isinstance(error, InsecureConnection), repr(error)
    assert reason in str(error)
    result = by_smtp(server)
    assert (result.cause, reason in result.because) == ("insecure", True), result


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("authority"))


BAD: dict[str, tuple[Callable[[Authority], Path], str]] = {
    "expired": (lambda a: a.issued("127.0.0.1", since=-9 * DAY, until=-DAY), "certificate has expired"),
    "not yet valid": (lambda a: a.issued("127.0.0.1", since=DAY, until=9 * DAY), "certificate is not yet valid"),
    "of another host": (lambda a: a.issued("mail.other.example"), "certificate is not valid for '127.0.0.1'"),
    "with the name in the old place only": (lambda a: a.issued(common_name="127.0.0.1"), "is not valid for"),
    "of an authority nobody knows": (
        lambda a: Authority.made(a.file.parent, "Somebody else").issued("127.0.0.1"),
        "unable to get local issuer certificate",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_certificate_is_not_trusted_when_it_is(name: str, authority: Authority) -> None:
    """Expired, early, for another host, for a host in the common name only, or signed by nobody we trust."""
    issue, reason = BAD[name]
    with listening(over_tls(issue(authority))) as port:
        refuses(Server(host="127.0.0.1", port=port, tls=Tls.IMPLICIT, ca_file=authority.file), reason)


def test_without_the_ca_file_the_system_decides(authority: Authority) -> None:
    """A good certificate of an authority that the system does not know is not trusted."""
    with listening(over_tls(authority.issued("127.0.0.1"))) as port:
        refuses(Server(host="127.0.0.1", port=port, tls=Tls.IMPLICIT), "certificate is not trusted")


def test_with_the_ca_file_it_is_trusted(authority: Authority) -> None:
    """The same server, known: what it then says is another matter."""
    with listening(over_tls(authority.issued("127.0.0.1"), words=b"* BYE not now\r\n")) as port:
        error = by_imap(Server(host="127.0.0.1", port=port, tls=Tls.IMPLICIT, ca_file=authority.file))
    assert isinstance(error, Unreachable)


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(newest: ssl.TLSVersion, authority: Authority) -> None:
    """A server (or somebody between) that goes below TLS 1.2 gets no password."""
    with listening(over_tls(authority.issued("127.0.0.1"), newest=newest)) as port:
        refuses(Server(host="127.0.0.1", port=port, tls=Tls.IMPLICIT, ca_file=authority.file), "older than 1.2")


def test_plain_text_on_a_tls_port_is_told_as_that() -> None:
    """The usual mistake in a configuration, and what an attacker who strips TLS looks like."""
    with listening(in_the_open(b"* OK hello\r\n")) as port:
        error = by_imap(Server(host="127.0.0.1", port=port, tls=Tls.IMPLICIT))
    assert isinstance(error, InsecureConnection)
    assert "check port and tls" in str(error)
    with listening(in_the_open(b"220 hello\r\n")) as port:
        result = by_smtp(Server(host="127.0.0.1", port=port, tls=Tls.IMPLICIT))
    assert (result.cause, "check port and tls" in result.because) == ("insecure", True), result


def test_tls_on_a_plain_port_ends_in_time(authority: Authority) -> None:
    """The server waits for our hello and we for its greeting: neither comes, and that is said."""
    server = over_tls(authority.issued("127.0.0.1"))
    with listening(server) as port, pytest.raises(Unreachable):
        Session.open(Server(host="127.0.0.1", port=port, tls=Tls.STARTTLS), "anna", "secret", timeout=0.3)
