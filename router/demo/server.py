"""A mail server in this process: IMAP on one loopback port, an SMTP sink on another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from router.demo.imapd import Imapd

START_SECONDS = 10.0
CALL_SECONDS = 10.0


class _Sink:
    """Takes every mail and keeps it."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        content = envelope.content
        self.sent.append(content if isinstance(content, bytes) else (content or "").encode())
        return "250 OK"


def _anyone(*_: Any) -> AuthResult:
    """The sink lets everybody in: what counts is what arrives."""
    return AuthResult(success=True)


class DemoServer:
    """While entered, serves the given accounts (name → password) over IMAP and records what is sent by SMTP.

    It runs in a thread with an event loop of its own, so blocking clients may use it from the thread that entered it.
    Nothing is written to disk; leaving forgets all mail. TLS is not offered: loopback only.
    """

    host = "127.0.0.1"

    def __init__(self, users: Mapping[str, str]) -> None:
        self._users = dict(users)
        self._imapd: Imapd | None = None
        self._sink = _Sink()
        self._ready = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="demo-mail-server")
        self.imap_port = 0
        self.smtp_port = 0

    @property
    def sent(self) -> list[bytes]:
        """The messages that the SMTP port took, in order, as sent."""
        return list(self._sink.sent)

    def __enter__(self) -> Self:
        self._serving = self._thread.submit(lambda: asyncio.run(self._main()))
        self._serving.add_done_callback(lambda _: self._ready.set())
        if not self._ready.wait(START_SECONDS):
            raise TimeoutError("the demo mail server did not start")
        if self._serving.done():
            self._serving.result()  # raises what went wrong
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._leave.set)
        self._serving.result(CALL_SECONDS)
        self._thread.shutdown()

    def deliver(self, user: str, raw: bytes, when: datetime) -> int:
        """Appends a message to the user's INBOX with `when` (aware) as INTERNALDATE; returns its UID. Wakes IDLE."""
        if self._imapd is None:
            raise RuntimeError("the demo mail server is not running")
        call = self._imapd.deliver(user, raw, when)
        return asyncio.run_coroutine_threadsafe(call, self._loop).result(CALL_SECONDS)

    async def _main(self) -> None:
        self._loop, self._leave = asyncio.get_running_loop(), asyncio.Event()
        imapd = Imapd()
        self.imap_port = await imapd.start()
        for name, password in self._users.items():
            await imapd.add_user(name, password)
        smtpd = await self._loop.create_server(self._smtp_session, self.host, 0)
        self.smtp_port = int(smtpd.sockets[0].getsockname()[1])
        self._imapd = imapd
        self._ready.set()
        await self._leave.wait()
        smtpd.close()
        await imapd.stop()

    def _smtp_session(self) -> SMTP:
        return SMTP(self._sink, hostname="localhost", loop=self._loop, authenticator=_anyone, auth_require_tls=False)
