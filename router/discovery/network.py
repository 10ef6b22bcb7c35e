"""Questions to the network that a search asks: DNS records, a page over https, whether a server answers.

Every question has a limit in seconds that holds whatever the other side does: a name server that is silent, a web
server that sends a byte now and then.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin, urlsplit

from router import tls
from router.discovery.found import usable

if TYPE_CHECKING:
    from dns.resolver import Resolver

LARGEST = 256 * 1024  # octets of a page
_REDIRECTS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_HTTPS = 443
_GREETING = b"* OK"

Dial = Callable[[str, int, float], socket.socket]  # (IP address, port, seconds) → connected; raises OSError


class Silent(Exception):
    """DNS has not answered, or not so that one could tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a web server answered."""

    status: int
    content: bytes


class Network(Protocol):
    """Who answers the questions of a search."""

    def records(self, name: str, kind: str, seconds: float) -> list[str]:
        """The records of a name ("SRV", "MX", "A", "AAAA") as text, [] when there are none; raises Silent."""

    def page(self, url: str, seconds: float) -> Page | None:
        """What an https address answers; None when nobody trusted does, or too much or too slowly."""

    def greets(self, host: str, port: int, seconds: float) -> bool:
        """Whether an IMAP server answers there over verified TLS. Nothing is sent."""


def _dial(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), seconds)


def _resolver() -> Resolver | None:
    from dns.resolver import NoResolverConfiguration, Resolver

    try:
        return Resolver()
    except (NoResolverConfiguration, OSError):
        return None  # this machine has no name server: every question stays without answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Online:
    """The network of this machine. Certificates are verified against its authorities."""

    resolver: Resolver | None
    dial: Dial = _dial

    # ---------------------------------------------------------------- DNS

    def records(self, name: str, kind: str, seconds: float) -> list[str]:
        """As `Network` says."""
        from dns import exception, resolver

        if self.resolver is None:
            raise Silent
        try:
            answer = self.resolver.resolve(f"{name}.", kind, lifetime=seconds, search=False)
        except (resolver.NXDOMAIN, resolver.NoAnswer):
            return []
        except (exception.DNSException, OSError, ValueError) as error:
            raise Silent from error
        return [record.to_text() for record in answer]

    def _addresses(self, host: str, until: float) -> list[str]:
        found: list[str] = []
        for kind in ("A", "AAAA"):
            with suppress(Silent):
                found += self.records(host, kind, _left(until))
        return found

    # ---------------------------------------------------------------- TLS

    @contextmanager
    def _secured(self, host: str, port: int, until: float) -> Iterator[ssl.SSLSocket]:
        """A verified connection that is cut when the time is up, whoever waits for what; raises OSError."""
        context = tls.context(None)
        plain = self._connected(host, port, until)
        with context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False) as secured:
            cut = threading.Timer(_left(until), _cut, (secured,))
            cut.daemon = True
            cut.start()
            try:
                secured.settimeout(_left(until))
                secured.do_handshake()
                yield secured
            finally:
                cut.cancel()

    def _connected(self, host: str, port: int, until: float) -> socket.socket:
        refused: OSError = ConnectionError(f"{host} has no address")
        for address in self._addresses(host, until):
            try:
                return self.dial(address, port, _left(until))
            except OSError as error:
                refused = error
        raise refused

    def greets(self, host: str, port: int, seconds: float) -> bool:
        """As `Network` says."""
        try:
            with self._secured(host, port, time.monotonic() + seconds) as secured:
                return secured.recv(1024).startswith(_GREETING)
        except (OSError, ValueError):
            return False

    # ---------------------------------------------------------------- https

    def page(self, url: str, seconds: float) -> Page | None:
        """As `Network` says. Redirections are followed three times, only to https and public names."""
        until = time.monotonic() + seconds
        with suppress(OSError, ValueError, http.client.HTTPException):  # unreachable, not trusted, not HTTP, too slow
            for _ in range(_REDIRECTS + 1):
                host = _host_of(url)
                if not host:
                    return None
                page, moved_to = self._got(host, url, until)
                if not moved_to:
                    return page
                url = urljoin(url, moved_to)
        return None

    def _got(self, host: str, url: str, until: float) -> tuple[Page | None, str]:
        with self._secured(host, _HTTPS, until) as secured:
            connection = http.client.HTTPSConnection(host, context=tls.context(None))
            connection.sock = secured
            connection.request("GET", _target_of(url), headers={"Accept": "text/xml", "Connection": "close"})
            response = connection.getresponse()
            if response.status in _MOVED:
                return None, response.headers.get("Location", "")
            content = response.read(LARGEST + 1)
            _left(until)
            if response.length and len(content) <= LARGEST:
                raise ConnectionError(f"{host} has cut its answer")
        return (Page(status=response.status, content=content) if len(content) <= LARGEST else None), ""


def online() -> Network:
    """The network as this machine is configured to use it."""
    return Online(resolver=_resolver())


def _left(until: float) -> float:
    """Seconds until then; raises TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _cut(secured: ssl.SSLSocket) -> None:
    """End a connection from another thread: whoever reads from it gets the end of file."""
    with suppress(OSError):
        socket.socket.shutdown(secured, socket.SHUT_RDWR)  # the socket's own: SSLSocket's would go on in plain text


def _host_of(url: str) -> str:
    """The host of an address that may be asked, else ''."""
    parts = urlsplit(url)
    fine = parts.scheme == "https" and usable(parts.hostname or "") and parts.port in (None, _HTTPS)
    return (parts.hostname or "") if fine else ""


def _target_of(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
