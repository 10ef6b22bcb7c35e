"""Waiting for the browser to come back with a person's answer (RFC 8252 §7.3).

The browser may run on this machine, and then reaches the small server here; or on another one, as over ssh, and then a
person pastes the address that it could not open. Whichever comes first counts.
"""

from __future__ import annotations

import hmac
import selectors
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self, TextIO
from urllib.parse import parse_qs, urlsplit

from router.errors import LoginRefused

MINUTES = 10.0
_PAGE = b"Inbox Router has your answer. You can close this page and go back to the terminal.\n"


class Return:
    """A place on this machine that a browser returns to. Use it in a `with`."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Page)
        self.address = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def wait(self, state: str, pasted: TextIO | None, seconds: float = MINUTES * 60) -> str:
        """The address that the browser returned to, with its query; `pasted` may bring it, too.

        Only an address with the `state` that we gave away counts. Raises LoginRefused when nothing came in time.
        """
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._server, selectors.EVENT_READ)
            if pasted is not None:
                waiting.register(pasted, selectors.EVENT_READ)
            while (left := deadline - time.monotonic()) > 0:
                for key, _ in waiting.select(left):
                    if key.fileobj is self._server:
                        self._server.state, self._server.answer = state, ""
                        self._server.handle_request()
                        found = self._server.answer
                    else:
                        found = _pasted(pasted, state, waiting) if pasted is not None else ""
                    if found:
                        return found
        raise LoginRefused(f"no answer came within {seconds / 60:.0f} minutes")


def belongs(address: str, state: str) -> bool:
    """Whether an address answers the request that was made with this state."""
    given = parse_qs(urlsplit(address).query).get("state", [])
    return len(given) == 1 and hmac.compare_digest(given[0].encode(), state.encode())


def _pasted(pasted: TextIO, state: str, waiting: selectors.BaseSelector) -> str:
    line = pasted.readline()
    if not line:
        waiting.unregister(pasted)
        return ""
    address = line.strip()
    return address if address.startswith("http") and belongs(address, state) else ""


class _Server(HTTPServer):
    """Answers one request at a time, and none for longer than a few seconds."""

    timeout = 5
    state = ""
    answer = ""

    def handle_error(self, *_: object) -> None:
        """A browser that hangs up is no news."""


class _Page(BaseHTTPRequestHandler):
    timeout = 5
    server: _Server

    def do_GET(self) -> None:  # http.server's name
        ours = belongs(self.path, self.server.state)
        self.send_response(200 if ours else 404)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(_PAGE if ours else b"Nothing is here.\n")
        if ours:
            self.server.answer = f"http://127.0.0.1:{self.server.server_port}{self.path}"

    def log_message(self, *_: object) -> None:
        """The address holds a code that opens the mailbox: it is written nowhere."""
