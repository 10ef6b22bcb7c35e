"""An SMTP server on loopback that keeps what it is given, as the team's mail server would."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass(frozen=True)
class Letter:
    """One accepted mail."""

    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def key(self) -> str:
        return str(self.message["X-Inbox-Router-Key"])

    @property
    def text(self) -> str:
        return str(self.message.get_content())


@dataclass
class Postbox:
    """`hang_up` takes the mail and closes the connection before it says so."""

    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    hang_up: bool = False

    @property
    def settings(self) -> str:
        """The keys of a mailbox that sends through it."""
        return f"    smtp: {{host: 127.0.0.1, port: {self.port}, tls: none}}\n"

    def to(self, *recipients: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.recipients == recipients]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's name
        message = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(Letter(tuple(envelope.rcpt_tos), message))
        if self.hang_up:
            server.transport.abort()
        return "250 taken"


def _anybody(server: SMTP, session: Session, envelope: Envelope, mechanism: str, credentials: object) -> AuthResult:
    return AuthResult(success=True)


@contextmanager
def postbox() -> Iterator[Postbox]:
    """A running one; anybody may log in, without TLS, as it is on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    box = Postbox(port=port)
    controller = Controller(
        box, hostname="127.0.0.1", port=port, authenticator=_anybody, auth_require_tls=False, auth_required=False
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
