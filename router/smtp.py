"""Sending mail to the team: the only importer of aiosmtplib.

SMTP cannot be exactly once: when the connection goes after DATA was begun, nobody knows whether the mail was taken.
The outcome is therefore a value with four cases, and Unknown is never blindly repeated.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeAlias

from router import tls
from router.errors import InsecureConnection, UnsafeArgument
from router.values import Bearer, Server, Tls

if TYPE_CHECKING:
    import aiosmtplib

# A server may deliver while we wait for its answer to the final dot (RFC 5321 §4.5.3.2.6 allows ten minutes).
_ANSWER_TO_DATA_SECONDS = 120.0
_GOODBYE_SECONDS = 3.0
_UNKNOWN_MECHANISM = 504  # RFC 4954 §4


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The server took the mail for everybody but those in `refused` (address, what it said)."""

    answer: str
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedNow:
    """Not taken; trying later may help. `cause`: server (4xx) · unreachable · login · insecure."""

    because: str
    cause: str = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedForGood:
    """Not taken, and the same mail will not be (5xx)."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The connection went after DATA was begun: the mail may have been taken. Never blindly repeated."""

    because: str


SendResult: TypeAlias = Accepted | RefusedNow | RefusedForGood | Unknown


async def send(
    server: Server,
    user: str | None,
    proof: str | Bearer | None,
    *,
    envelope_from: str,
    recipients: Sequence[str],
    raw: bytes,
    timeout: float = 30,
) -> SendResult:
    """Send one mail over a connection of its own; see Courier.send."""
    async with Courier(server, user, proof, timeout=timeout) as courier:
        return await courier.send(envelope_from=envelope_from, recipients=recipients, raw=raw)


class Courier:
    """Carries several mails over one connection, which it opens when first needed and again when it was lost.

    `timeout` is in seconds for each step. It logs in only when a user is given.
    """

    def __init__(
        self, server: Server, user: str | None, proof: str | Bearer | None, *, timeout: float = 30
    ) -> None:
        self._server = server
        self._user = user
        self._proof = proof
        self._timeout = timeout
        self._connection: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def send(self, *, envelope_from: str, recipients: Sequence[str], raw: bytes) -> SendResult:
        """Hand one mail to the server. Raises only UnsafeArgument, before anything is sent."""
        _refuse_unsafe(self._server.host, self._user or "", _text_of(self._proof))
        _refuse_unsafe_addresses((envelope_from, *recipients))
        if not recipients:
            raise UnsafeArgument("a mail without recipients")
        reused = self._connection is not None
        ready = await self._prepared(envelope_from, recipients, raw)
        if reused and isinstance(ready, RefusedNow) and ready.cause == "unreachable":
            ready = await self._prepared(envelope_from, recipients, raw)  # it had only grown old
        if isinstance(ready, (RefusedNow, RefusedForGood)):
            return ready
        return await self._handed_over(raw, ready)

    async def probe(self, *, envelope_from: str) -> RefusedNow | RefusedForGood | None:
        """Connect, log in, ask whether a mail from there to there would be taken, send nothing; None when it would."""
        _refuse_unsafe(self._server.host, self._user or "", _text_of(self._proof))
        _refuse_unsafe_addresses((envelope_from,))
        ready = await self._prepared(envelope_from, (envelope_from,), b"")
        await self.close()
        return ready if isinstance(ready, (RefusedNow, RefusedForGood)) else None

    async def close(self) -> None:
        """End the connection politely if that is quick. Never raises."""
        import aiosmtplib

        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            await connection.quit(timeout=_GOODBYE_SECONDS)
        except (aiosmtplib.SMTPException, OSError):
            pass  # nothing depends on it
        finally:
            connection.close()

    # ------------------------------------------------------------------ the three steps

    async def _prepared(
        self, envelope_from: str, recipients: Sequence[str], raw: bytes
    ) -> tuple[tuple[str, str], ...] | RefusedNow | RefusedForGood:
        """Connect and say from whom and to whom; returns the recipients that were refused beside accepted ones."""
        import aiosmtplib

        try:
            connection = self._connection or await self._connected(envelope_from)
            options = _options(connection, (envelope_from, *recipients), raw)
            await connection.mail(envelope_from, options=options, encoding=_encoding(connection))
            return await self._addressed(connection, recipients)
        except InsecureConnection as error:
            self._drop()
            return RefusedNow(because=str(error), cause="insecure")
        except aiosmtplib.SMTPAuthenticationError as error:
            self._drop()
            return RefusedNow(because=f"{error.code} {error.message}", cause="login")
        except aiosmtplib.SMTPConnectError as error:
            self._drop()
            why = tls.distrust(error)
            return RefusedNow(because=why or str(error), cause="insecure" if why else "unreachable")
        except aiosmtplib.SMTPResponseException as error:
            await self._reset()
            return _refused(error.code, error.message)
        except UnicodeError:
            await self._reset()
            return RefusedForGood(because="an address is not ASCII and the server has no SMTPUTF8")
        except (aiosmtplib.SMTPException, OSError) as error:
            self._drop()
            return RefusedNow(because=str(error) or type(error).__name__, cause="unreachable")

    async def _connected(self, envelope_from: str) -> aiosmtplib.SMTP:
        import aiosmtplib

        tls.refuse_open_text(self._server)
        kind = self._server.tls
        connection = aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            local_hostname=_own_name(envelope_from),
            timeout=self._timeout,
            use_tls=kind is Tls.IMPLICIT,
            start_tls=False,
            tls_context=None if kind is Tls.NONE else tls.context(self._server.ca_file),
        )
        self._connection = connection
        await connection.connect()
        if kind is Tls.STARTTLS:
            await self._secured(connection)
        if self._user:
            await self._authenticated(connection, self._user)
        return connection

    async def _authenticated(self, connection: aiosmtplib.SMTP, user: str) -> None:
        """Log in by the first of our mechanisms that the server offers.

        A refused password is not tried again in another spelling: three refusals in a second lock accounts.
        """
        import aiosmtplib

        await connection.ehlo()
        offered = connection.server_auth_methods if connection.supports_extension("auth") else []
        last: aiosmtplib.SMTPAuthenticationError | None = None
        for name in (name for name in _mechanisms(self._proof) if name in offered):
            log_in = getattr(connection, f"auth_{name.replace('-', '')}")
            try:
                await log_in(user.encode(), _text_of(self._proof).encode())
            except aiosmtplib.SMTPAuthenticationError as error:
                if error.code != _UNKNOWN_MECHANISM:
                    raise
                last = error
            else:
                return
        kind = "access tokens (XOAUTH2)" if isinstance(self._proof, Bearer) else "passwords"
        said = f"the server takes no {kind} over this connection"
        raise last or aiosmtplib.SMTPAuthenticationError(_UNKNOWN_MECHANISM, said)

    async def _secured(self, connection: aiosmtplib.SMTP) -> None:
        import aiosmtplib

        await connection.ehlo()
        if not connection.supports_extension("starttls"):
            raise InsecureConnection(f"{self._server.host} does not offer STARTTLS")
        try:
            await connection.starttls()
        except ssl.SSLError as error:
            raise InsecureConnection(f"{self._server.host}: {tls.distrust(error) or error}") from error
        except aiosmtplib.SMTPException as error:
            if isinstance(error, (ConnectionError, TimeoutError)) and not isinstance(error.__cause__, ssl.SSLError):
                raise
            why = tls.distrust(error) or f"STARTTLS failed: {error}"
            raise InsecureConnection(f"{self._server.host}: {why}") from error

    async def _addressed(
        self, connection: aiosmtplib.SMTP, recipients: Sequence[str]
    ) -> tuple[tuple[str, str], ...] | RefusedNow | RefusedForGood:
        import aiosmtplib

        refusals: list[tuple[str, aiosmtplib.SMTPRecipientRefused]] = []
        for recipient in recipients:
            try:
                await connection.rcpt(recipient, encoding=_encoding(connection))
            except aiosmtplib.SMTPRecipientRefused as error:
                refusals.append((recipient, error))
        if len(refusals) == len(recipients):
            await self._reset()
            softest = min(refusals, key=lambda refusal: refusal[1].code)[1]
            return _refused(softest.code, softest.message)
        return tuple((recipient, f"{error.code} {error.message}") for recipient, error in refusals)

    async def _handed_over(self, raw: bytes, refused: tuple[tuple[str, str], ...]) -> SendResult:
        import aiosmtplib

        connection = self._connection
        assert connection is not None  # noqa: S101  # _prepared has just used it
        try:
            answer = await connection.data(raw, timeout=max(self._timeout, _ANSWER_TO_DATA_SECONDS))
        except aiosmtplib.SMTPDataError as error:
            await self._reset()
            return _refused(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            self._drop()
            return Unknown(because=str(error) or type(error).__name__)
        return Accepted(answer=f"{answer.code} {answer.message}", refused=refused)

    # ------------------------------------------------------------------ the connection

    async def _reset(self) -> None:
        """Make the connection fit for the next mail, or drop it."""
        import aiosmtplib

        try:
            if self._connection is not None:
                await self._connection.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _mechanisms(proof: str | Bearer | None) -> tuple[str, ...]:
    return ("xoauth2",) if isinstance(proof, Bearer) else ("plain", "login", "cram-md5")


def _text_of(proof: str | Bearer | None) -> str:
    return proof.token if isinstance(proof, Bearer) else proof or ""


def _refused(code: int, message: str) -> RefusedNow | RefusedForGood:
    because = f"{code} {message}"
    return RefusedForGood(because=because) if code >= 500 else RefusedNow(because=because)


def _options(connection: aiosmtplib.SMTP, addresses: Sequence[str], raw: bytes) -> list[str]:
    """What MAIL FROM must announce (RFC 6152, RFC 6531)."""
    options: list[str] = []
    international = not all(address.isascii() for address in addresses)
    if international and connection.supports_extension("smtputf8"):
        options.append("SMTPUTF8")
    if not raw.isascii() and connection.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    return options


def _encoding(connection: aiosmtplib.SMTP) -> str:
    return "utf-8" if connection.supports_extension("smtputf8") else "ascii"


def _own_name(envelope_from: str) -> str:
    """What we call ourselves in EHLO: the sender's domain. Asking the resolver for our own name can take a minute."""
    domain = envelope_from.rpartition("@")[2]
    return domain if domain and domain.isascii() else "localhost"


def _refuse_unsafe(*texts: str) -> None:
    if any(ord(character) < 32 or ord(character) == 127 for text in texts for character in text):
        raise UnsafeArgument("control characters in the host, user name or password")


def _refuse_unsafe_addresses(addresses: Sequence[str]) -> None:
    for address in addresses:
        if any(ord(character) <= 32 or character in "<>\x7f" for character in address):
            raise UnsafeArgument(f"{address[:80]!r} is no address")
        if address and not all(address.rpartition("@")[::2]):
            raise UnsafeArgument(f"{address[:80]!r} is no address")
