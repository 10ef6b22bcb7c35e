"""A DNS server and a web server on loopback that answer as they are told, and certificates of our own authority."""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from router.discovery.network import Online

HOST = "127.0.0.1"

# ------------------------------------------------------------------ certificates


@dataclass(frozen=True)
class Authority:
    """A certificate authority in a folder; `bundle` is what clients trust."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    @classmethod
    def make(cls, folder: Path) -> Self:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
        made = cls(folder, key, name)
        signed = made._signed(key, name, x509.BasicConstraints(ca=True, path_length=None))
        made.bundle.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        return made

    @property
    def bundle(self) -> Path:
        return self.folder / "authority.pem"

    def certificate(self, *hosts: str) -> tuple[Path, Path]:
        """Files with a certificate for these hosts, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64])])
        signed = self._signed(key, name, x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]))
        chain, secret = self.folder / f"{hosts[0]}.pem", self.folder / f"{hosts[0]}.key"
        chain.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        private = serialization.PrivateFormat.PKCS8
        secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()))
        return chain, secret

    def context(self, *hosts: str) -> ssl.SSLContext:
        """What a server of these hosts speaks TLS with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate(*hosts))
        return context

    def _signed(
        self, key: ec.EllipticCurvePrivateKey, name: x509.Name, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(extension, critical=False)
            .sign(self.key, hashes.SHA256())
        )


# ------------------------------------------------------------------ DNS

SERVFAIL, SILENT, GARBAGE, TRUNCATED = "SERVFAIL", "silent", "garbage", "truncated"


@dataclass
class Dns:
    """A name server over UDP and TCP. (name, type) → records as text, or how to misbehave; other names do not exist.

    `truncated` before the records: over UDP the answer says that it is cut, over TCP it is whole.
    """

    zone: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    misbehaves: str = ""  # whatever is asked
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    def answer(self, query: bytes, *, over_udp: bool) -> bytes | None:
        message = dns.message.from_wire(query)
        question = message.question[0]
        name, kind = question.name.to_text().rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        found = [self.misbehaves] if self.misbehaves else list(self.zone.get((name, kind), []))
        if SILENT in found:
            return None
        if GARBAGE in found:
            return query[:2] + b"\xff" * 40
        response = dns.message.make_response(message)
        if SERVFAIL in found:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif over_udp and TRUNCATED in found:
            response.flags |= dns.flags.TC
        elif records := [record for record in found if record != TRUNCATED]:
            response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
        elif all(known != name for known, _ in self.zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()

    def resolver(self) -> dns.resolver.Resolver:
        """One that asks here."""
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = [HOST], self.port
        return resolver


def _udp(server: Dns) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            if (said := server.answer(self.request[0], over_udp=True)) is not None:
                self.request[1].sendto(said, self.client_address)

    return Handler


def _tcp(server: Dns) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            (length,) = struct.unpack("!H", self.rfile.read(2))
            if (said := server.answer(self.rfile.read(length), over_udp=False)) is not None:
                self.wfile.write(struct.pack("!H", len(said)) + said)

    return Handler


# ------------------------------------------------------------------ https

Answer = bytes | Callable[[ssl.SSLSocket, threading.Event], None]  # the whole response, or what to do instead


def page(content: bytes | str, status: str = "200 OK", **headers: str) -> bytes:
    """A response."""
    body = content.encode() if isinstance(content, str) else content
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body


def drip(first: bytes) -> Callable[[ssl.SSLSocket, threading.Event], None]:
    """An answer that goes on for ever, a byte at a time."""

    def respond(connection: ssl.SSLSocket, over: threading.Event) -> None:
        connection.sendall(first)
        while not over.wait(0.05):
            connection.sendall(b"x")

    return respond


@dataclass
class Web:
    """A web server. URL → answer; 404 for others. `hosts` are those that its certificate is for."""

    authority: Authority
    hosts: Sequence[str]
    pages: Mapping[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def serve(self, plain: socket.socket, context: ssl.SSLContext) -> None:
        with suppress(OSError, ValueError), context.wrap_socket(plain, server_side=True) as connection:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (received := connection.recv(4096)):
                    return
                head += received
            lines = head.decode().split("\r\n")
            host = next(line.partition(": ")[2] for line in lines if line.lower().startswith("host:"))
            url = f"https://{host}{lines[0].split()[1]}"
            self.asked.append(url)
            answer = self.pages.get(url, page("nothing here", "404 Not Found"))
            if callable(answer):
                answer(connection, self.over)
            else:
                connection.sendall(answer)


def _web(server: Web, context: ssl.SSLContext) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            server.serve(self.request, context)

    return Handler


# ------------------------------------------------------------------ both


class _Threads(socketserver.ThreadingMixIn):
    daemon_threads = True
    allow_reuse_address = True


class _UdpServer(_Threads, socketserver.UDPServer):
    pass


class _TcpServer(_Threads, socketserver.TCPServer):
    pass


@dataclass
class World:
    """A DNS and a web server, running inside `with`, and the network that asks them."""

    dns: Dns
    web: Web
    _running: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        for server in self._name_servers():
            self._run(server)
        web = self._run(_TcpServer((HOST, 0), _web(self.web, self.web.authority.context(*self.web.hosts))))
        self.web.port = web.server_address[1]
        self._running.callback(self.web.over.set)
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def _name_servers(self) -> tuple[socketserver.BaseServer, socketserver.BaseServer]:
        """On one port that is free for both."""
        while True:
            udp = _UdpServer((HOST, 0), _udp(self.dns))
            self.dns.port = udp.server_address[1]
            try:
                return udp, _TcpServer((HOST, self.dns.port), _tcp(self.dns))
            except OSError:  # somebody else has that port for TCP
                udp.server_close()

    def _run(self, server: socketserver.BaseServer) -> socketserver.BaseServer:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self._running.callback(server.server_close)
        self._running.callback(server.shutdown)
        return server

    @property
    def network(self) -> Online:
        return network(self.dns.port, self.web.port)


def network(dns_port: int, web_port: int, imaps_port: int = 993) -> Online:
    """The real network code, asking the stubs: every address is this machine, and well-known ports are theirs."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [HOST], dns_port
    ports = {443: web_port, 993: imaps_port}

    def dial(_address: str, port: int, seconds: float) -> socket.socket:
        return socket.create_connection((HOST, ports.get(port, port)), seconds)

    return Online(resolver=resolver, dial=dial)
