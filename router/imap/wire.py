"""The socket under a session: one buffer that commands and IDLE both read from.

imaplib promises that `open`, `read`, `readline`, `send` and `shutdown` may be overridden. Its own buffered file loses
bytes when a read times out, and hides them from IDLE; here every received byte is in `_buffer` until somebody takes it.
"""

from __future__ import annotations

import imaplib
import select
import socket
import ssl
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from imapclient import IMAPClient

from router import tls
from router.errors import InsecureConnection, Unreachable
from router.values import Server, Tls

if TYPE_CHECKING:
    from typing_extensions import Buffer

LONGEST_LINE = 16 * 1024 * 1024  # a SEARCH over two million messages fits
LONGEST_LITERAL = 64 * 1024 * 1024
LONGEST_ANSWER = 256 * 1024 * 1024  # octets to one command: 500 messages of 64 KB are an eighth of it
PATIENCE = 4  # time-outs that an answer may take as a whole: a server at hard work says so now and then
SLOWEST = 4096  # octets a second that buy more time: a large answer on a slow line is no fault
_CHUNK = 64 * 1024
# Notice a dead peer within about two minutes even when nothing is being sent (a NAT forgets after five).
_KEEPALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}


def connect(server: Server, timeout: float) -> socket.socket:
    """A connected socket, inside TLS when the server's `tls` is implicit; raises OSError or InsecureConnection."""
    tls.refuse_open_text(server)
    plain = socket.create_connection((server.host, server.port), timeout)
    try:
        tls.refuse_open_text(replace(server, host=plain.getpeername()[0]))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _KEEPALIVE.items():
            if hasattr(socket, option):
                plain.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
        if server.tls is Tls.IMPLICIT:
            return tls.context(server.ca_file).wrap_socket(plain, server_hostname=server.host)
    except BaseException:
        plain.close()
        raise
    return plain


class Wire(imaplib.IMAP4):
    """imaplib's protocol over our own socket and buffer."""

    def __init__(self, server: Server, timeout: float) -> None:
        self._server = server
        self._seconds = timeout
        self._buffer = bytearray()
        self._begin()
        super().__init__(server.host, server.port, timeout)

    # ---------------------------------------------------------- what imaplib calls

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:  # noqa: ARG002
        """Connect; the address is the one given to the constructor."""
        self.sock = connect(self._server, self._seconds)

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes."""
        if size > LONGEST_LITERAL:
            raise self.abort(f"the server announced {size} bytes at once")
        while len(self._buffer) < size:
            self._wait()
        return self._take(size)

    def readline(self) -> bytes:
        """One line with its end."""
        seen = 0
        while (end := self._buffer.find(b"\n", seen)) < 0:
            seen = len(self._buffer)
            self._refuse_long_line()
            self._wait()
        self._wait(0)  # whole lines, too, must come to an end
        return self._take(end + 1)

    def send(self, data: Buffer) -> None:
        """All of the data; with it the time begins that the answer may take."""
        self.sock.sendall(data)
        self._begin()

    def shutdown(self) -> None:
        """Close the socket; bytes nobody read are dropped."""
        self._buffer.clear()
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the peer was faster
        finally:
            self.sock.close()

    def _log(self, line: str) -> None:
        """Keep nothing: imaplib would hold the LOGIN line, password included, in its ring of last commands."""

    # ---------------------------------------------------------- what we call

    def upgrade(self) -> None:
        """STARTTLS, or InsecureConnection: when it is not offered, is refused, or plain text follows its OK."""
        if "STARTTLS" not in self.capabilities:
            raise InsecureConnection(f"{self._server.host} does not offer STARTTLS")
        answer, _ = self._simple_command("STARTTLS")
        if answer != "OK":
            raise InsecureConnection(f"{self._server.host} refused STARTTLS")
        if self._buffer:
            raise InsecureConnection(f"{self._server.host} sent text between STARTTLS and TLS")
        self.sock = tls.context(self._server.ca_file).wrap_socket(self.sock, server_hostname=self._server.host)
        self._tls_established = True
        self.untagged_responses.clear()  # what was said before TLS is nobody's word
        self._get_capabilities()

    def buffered_line(self) -> bytes | None:
        """The next whole line that has already been received, without its end."""
        end = self._buffer.find(b"\n")
        return None if end < 0 else self._take(end + 1).rstrip(b"\r\n")

    def has_data(self) -> bool:
        """Whether a whole line can be had without waiting for the network."""
        return b"\n" in self._buffer or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0)

    def fill_within(self, seconds: float) -> bool:
        """Receive something within so many seconds; False when nothing came. Raises Unreachable at the end of file.

        Readable does not mean that bytes come out: half a TLS record, or a session ticket, wakes the poll too.
        """
        self._refuse_long_line()
        deadline = time.monotonic() + seconds
        before = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            while True:
                try:
                    self._fill()
                except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError, InterruptedError):
                    left = deadline - time.monotonic()
                    if left <= 0 or not _readable(self.sock, left):
                        return False
                else:
                    return True
        finally:
            self.sock.settimeout(before)

    # ---------------------------------------------------------- how long an answer may take

    def hurry(self, seconds: float) -> None:
        """Wait for nothing longer than this from now on."""
        self._seconds = min(self._seconds, seconds)

    def _begin(self) -> None:
        self._since = time.monotonic()
        self._received = 0

    def _wait(self, least: int = 1) -> None:
        """Receive `least` octets or more, unless the answer as a whole takes too long or grows without bound.

        A time-out for each packet is none: a server that sends an octet now and then would hold us for ever.
        """
        left = self._since + self._seconds * PATIENCE + self._received / SLOWEST - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server's answer did not come to its end in time")
        if self._received > LONGEST_ANSWER:
            raise self.abort("the server's answer has no end")
        if least:
            self.sock.settimeout(min(self._seconds, left))
            self._fill()

    def _refuse_long_line(self) -> None:
        if len(self._buffer) > LONGEST_LINE and b"\n" not in self._buffer:
            raise self.abort("the server sent a line without end")

    def _fill(self) -> None:
        chunk = self.sock.recv(_CHUNK)
        if not chunk:
            raise Unreachable(f"{self._server.host} closed the connection")
        self._received += len(chunk)
        self._buffer += chunk

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def _readable(sock: socket.socket, seconds: float) -> bool:
    poller = select.poll()
    poller.register(sock, select.POLLIN)
    return bool(poller.poll(seconds * 1000))


class Client(IMAPClient):  # type: ignore[misc]  # no type information is published
    """imapclient over a Wire. Folder names go in and come out as the server spells them (modified UTF-7)."""

    def __init__(self, server: Server, timeout: float) -> None:
        self._server = server
        super().__init__(server.host, server.port, ssl=False, timeout=timeout)
        self._imap.debug = 0  # imapclient asks imaplib to format every line for a log that nobody reads
        self.folder_encode = False
        self.normalise_times = False  # else INTERNALDATE comes as naive local time

    def _create_IMAP4(self) -> Wire:  # noqa: N802  # imapclient's name
        return Wire(self._server, self._timeout.read)

    @property
    def wire(self) -> Wire:
        wire: Wire = self._imap
        return wire
