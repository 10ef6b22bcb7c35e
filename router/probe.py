"""Looks at a server from outside: its addresses, whether they answer, its certificate. Nothing secret is ever said.

Logging in tells that something is wrong; this tells what, and until when all is well.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from router import tls
from router.errors import InsecureConnection, Unreachable
from router.values import Server, Tls

SECONDS = 10.0  # for each connection, handshake included
MOST_ADDRESSES = 4  # of one family
TIMED_OUT = "no answer in time"
_LONGEST_LINE = 4096
_MOST_LINES = 100
_FAMILIES = {socket.AF_INET: "IPv4", socket.AF_INET6: "IPv6"}
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which `ssl` does not name
_RFC5322_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC)")


class Protocol(StrEnum):
    """Whose greeting and STARTTLS are spoken."""

    IMAP = "imap"
    SMTP = "smtp"


class Unknown(Unreachable):
    """The host's name leads to no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a certificate says of itself. `names` are the hosts that it speaks for."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a server showed. `untrusted` is why its certificate is not believed, '' when it is."""

    version: str = ""  # "TLSv1.3"; '' without TLS
    certificate: Certificate | None = None
    untrusted: str = ""
    greeting: str = ""
    offers: tuple[str, ...] = ()  # the lines of its answer to EHLO; SMTP only

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """The mechanisms of AUTH (RFC 4954) in upper case."""
        lines = [line.upper().replace("=", " ").split() for line in self.offers]
        return tuple(dict.fromkeys(name for words in lines if words[:1] == ["AUTH"] for name in words[1:]))

    @property
    def said_at(self) -> datetime | None:
        """The moment that the greeting names, as Exchange and sendmail do."""
        found = _RFC5322_DATE.search(self.greeting)
        return parsedate_to_datetime(found[0]).astimezone(UTC) if found else None


# ------------------------------------------------------------------ names and ports


def addresses(host: str) -> tuple[str, ...]:
    """The host's addresses, as this machine's resolver gives them. Raises `Unknown` with what each family met."""
    found: list[str] = []
    failures: dict[str, str] = {}
    for family, name in _FAMILIES.items():
        try:
            records = socket.getaddrinfo(host, None, family, socket.SOCK_STREAM)
        except socket.gaierror as error:
            failures[name] = str(error.strerror or error)
        except UnicodeError:
            failures[name] = "this is no host name"
        else:
            found += list(dict.fromkeys(str(record[4][0]) for record in records))[:MOST_ADDRESSES]
    if not found:
        said = {why: [name for name, one in failures.items() if one == why] for why in failures.values()}
        raise Unknown("; ".join(f"{' and '.join(names)}: {why}" for why, names in said.items()))
    return tuple(found)


def answering(server: Server, found: tuple[str, ...], seconds: float = SECONDS) -> Mapping[str, str]:
    """Address → '' when something answers on the server's port, else why not."""
    return {address: _why_silent(address, server.port, seconds) for address in found}


def _why_silent(address: str, port: int, seconds: float) -> str:
    try:
        socket.create_connection((address, port), seconds).close()
    except TimeoutError:
        return TIMED_OUT
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return ""


# ------------------------------------------------------------------ what it shows


def look(server: Server, protocol: Protocol, *, name: str = "localhost", seconds: float = SECONDS) -> Look:
    """Connect, go over to TLS as the server is configured, and say what was shown; `name` is ours in EHLO.

    A certificate that is not believed is described, and the connection ends there. Raises Unreachable, and
    InsecureConnection when there is no TLS to be had.
    """
    trusted = tls.context(server.ca_file)
    try:
        with _ready(server, protocol, name, seconds) as talk:
            if server.tls is Tls.NONE:
                return Look(greeting=talk.greeted, offers=talk.offers(protocol, name))
            return _over_tls(talk, server, protocol, trusted, name)
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message or str(error)
        return Look(untrusted=why, certificate=_described(server, protocol, name, seconds))


@contextmanager
def _ready(server: Server, protocol: Protocol, name: str, seconds: float) -> Iterator[_Talk]:
    """A connection at the point where TLS begins, or where it is used in the open."""
    tls.refuse_open_text(server)
    place = f"{server.host}:{server.port}"
    try:
        with socket.create_connection((server.host, server.port), seconds) as plain:
            talk = _Talk(plain, time.monotonic() + seconds)
            if server.tls is not Tls.IMPLICIT:
                talk.greet(protocol)
            if server.tls is Tls.STARTTLS:
                talk.start_tls(protocol, name)
            yield talk
    except ssl.SSLCertVerificationError:
        raise
    except ssl.SSLError as error:
        why = (error.reason or str(error)).replace("_", " ").lower()
        raise InsecureConnection(f"{place}: no TLS could be agreed on ({why})") from error
    except TimeoutError:
        raise Unreachable(f"{place}: {TIMED_OUT}") from None
    except OSError as error:
        raise Unreachable(f"{place}: {(error.strerror or str(error)).lower()}") from error


def _over_tls(talk: _Talk, server: Server, protocol: Protocol, context: ssl.SSLContext, name: str) -> Look:
    with context.wrap_socket(talk.socket, server_hostname=server.host) as secured:
        inside = _Talk(secured, talk.deadline, greeted=talk.greeted)
        if server.tls is Tls.IMPLICIT:
            inside.greet(protocol)
        return Look(
            version=secured.version() or "",
            certificate=read(secured.getpeercert()),
            greeting=inside.greeted,
            offers=inside.offers(protocol, name),
        )


def _described(server: Server, protocol: Protocol, name: str, seconds: float) -> Certificate | None:
    """The certificate of a server that we do not believe: read, and no word is said over the connection.

    The standard library describes only what it has verified. So the certificate is fetched, and then taken as its own
    authority, whatever its date and its names.
    """
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    try:
        with _ready(server, protocol, name, seconds) as talk, _wrapped(blind, talk, server) as shown:
            octets = shown.getpeercert(binary_form=True) or b""
        itself = ssl.create_default_context(cadata=octets)
        itself.check_hostname = False
        itself.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
        with _ready(server, protocol, name, seconds) as talk, _wrapped(itself, talk, server) as shown:
            return read(shown.getpeercert())
    except (Unreachable, InsecureConnection, ssl.SSLError):  # what is amiss is known already
        return None


def _wrapped(context: ssl.SSLContext, talk: _Talk, server: Server) -> ssl.SSLSocket:
    return context.wrap_socket(talk.socket, server_hostname=server.host)


def read(described: Mapping[str, Any] | None) -> Certificate | None:
    """What the standard library says of a certificate, as a value; None when it says nothing."""
    if not described or "notAfter" not in described:
        return None
    return Certificate(
        subject=_called(described.get("subject", ())),
        issuer=_called(described.get("issuer", ())),
        names=tuple(str(value) for _, value in described.get("subjectAltName", ())),
        since=_moment(described["notBefore"]),
        until=_moment(described["notAfter"]),
    )


def authorities(ca_file: Path) -> tuple[Certificate, ...]:
    """The certificates of a CA file. Raises InsecureConnection when it holds none."""
    trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        trusted.load_verify_locations(ca_file)
    except OSError as error:  # ssl.SSLError is one too: not a certificate file
        raise InsecureConnection(f"the CA file {ca_file} cannot be used: {error.strerror or error}") from error
    found = (read(described) for described in trusted.get_ca_certs())
    return tuple(one for one in found if one is not None)


def _called(name: tuple[tuple[tuple[str, str], ...], ...]) -> str:
    """The common name of a distinguished name, with the organisation that bears it."""
    parts = {key: value for relative in name for key, value in relative}
    common, organisation = parts.get("commonName", ""), parts.get("organizationName", "")
    return f"{common} ({organisation})" if common and organisation else common or organisation


def _moment(written: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(written), UTC)


# ------------------------------------------------------------------ the few words that are spoken


class _Talk:
    """Lines to and from a server, all of them before the deadline. Reads no octet beyond a line: TLS may follow it."""

    def __init__(self, connection: socket.socket, deadline: float, *, greeted: str = "") -> None:
        self.socket = connection
        self.deadline = deadline
        self.greeted = greeted

    def greet(self, protocol: Protocol) -> None:
        """Hear the greeting."""
        self.greeted = self._line() if protocol is Protocol.IMAP else " ".join(self._answer())

    def offers(self, protocol: Protocol, name: str) -> tuple[str, ...]:
        """What the server offers in its answer to EHLO; an IMAP session asks for itself."""
        return tuple(self._said(f"EHLO {name}")) if protocol is Protocol.SMTP else ()

    def start_tls(self, protocol: Protocol, name: str) -> None:
        """Ask for TLS. Raises InsecureConnection when it is not granted."""
        if protocol is Protocol.IMAP:
            self._send("S1 STARTTLS")
            answer = self._until_tagged("S1")
            granted = answer.upper().startswith("S1 OK")
        else:
            self._said(f"EHLO {name}")
            self._send("STARTTLS")
            lines = self._answer(code="220")
            answer, granted = " ".join(lines), bool(lines)
        if not granted:
            raise InsecureConnection(f"the server does not grant STARTTLS: {answer or 'refused'}")

    def _said(self, command: str) -> list[str]:
        self._send(command)
        return self._answer()

    def _send(self, line: str) -> None:
        self.socket.sendall(f"{line}\r\n".encode("ascii"))

    def _answer(self, code: str = "2") -> list[str]:
        """The texts of an SMTP answer that begins so; [] of another one."""
        texts: list[str] = []
        for _ in range(_MOST_LINES):
            line = self._line()
            texts.append(line[4:])
            if line[3:4] != "-":
                return texts if line.startswith(code) else []
        return []

    def _until_tagged(self, tag: str) -> str:
        for _ in range(_MOST_LINES):
            line = self._line()
            if line.startswith(f"{tag} "):
                return line
        return ""

    def _line(self) -> str:
        line = bytearray()
        while not line.endswith(b"\n"):
            if len(line) == _LONGEST_LINE:
                raise ConnectionAbortedError("the server sends a line without end")
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.socket.settimeout(left)
            octet = self.socket.recv(1)
            if not octet:
                raise ConnectionResetError("the server closed the connection")
            line += octet
        return line.decode("utf-8", "replace").strip()
