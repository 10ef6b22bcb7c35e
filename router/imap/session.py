"""One logged-in connection to one mailbox. Blocking; not thread-safe, by design: one pass at a time."""

from __future__ import annotations

import imaplib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from router.errors import (
    CommandRefused,
    InsecureConnection,
    LoginRefused,
    MailboxError,
    RouterError,
    Unreachable,
    UnsafeArgument,
)
from router.imap import refusals, responses
from router.values import Bearer, Server, Tls

if TYPE_CHECKING:
    from router.imap.responses import Piece
    from router.imap.wire import Client

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NO_NAME = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # half a character can neither be shown nor written down
_CONTROL_BYTES = re.compile(rb"[\x00-\x1f\x7f]")
_PLAIN_ATOM = re.compile(r"[A-Za-z0-9_.@+=/-]+")
_LOOKALIKE = "\N{DIVISION SLASH}"  # stands for a `/` inside a name on servers that separate with something else
_GOODBYE_SECONDS = 3.0


class Octets(bytes):
    """The bytes of a whole message: the one argument that may hold control characters, as it travels as a literal."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """The selected folder as it was when it was opened.

    `uidnext` is 0 where the server does not say it (`folders.next_uid` asks), `highestmodseq` None where it keeps none.
    """

    folder: str
    uidvalidity: int
    uidnext: int
    exists: int
    permanent_flags: tuple[str, ...]
    highestmodseq: int | None
    readonly: bool


def refuse_control_characters(argument: object) -> None:
    """Raise UnsafeArgument when an argument of a command holds control characters: CR LF would begin a new command."""
    match argument:
        case Octets():
            if argument.count(b"\0"):
                raise UnsafeArgument("a message holds a NUL, which no IMAP literal may")
        case str():
            if _CONTROL.search(argument):
                raise UnsafeArgument(f"control characters in {argument[:80]!r}")
        case bytes():
            if _CONTROL_BYTES.search(argument):
                raise UnsafeArgument(f"control characters in {argument[:80]!r}")
        case list() | tuple():
            for part in argument:
                refuse_control_characters(part)
        case int() | float() | datetime() | None:
            pass
        case _:
            raise UnsafeArgument(f"a {type(argument).__name__} is no argument of a command")


class Session:
    """A connection that is logged in.

    After Unreachable it is dead: `alive` is False and every call raises Unreachable.
    """

    def __init__(self, client: Client, server: Server, *, timeout: float, read_only: bool) -> None:
        self.client = client
        self.server = server
        self.timeout = timeout
        self.read_only = read_only
        self.alive = True
        self.capabilities: frozenset[str] = frozenset()
        self.separator = "/"
        self.prefix = ""
        self.selected: Selected | None = None
        self.arrived: list[bytes] = []  # EXISTS lines that came with other answers since the last search
        self._spelled: dict[str, str] = {}  # our name → the server's own spelling, where it listed one

    # ------------------------------------------------------------------ life

    @classmethod
    def open(
        cls, server: Server, user: str, proof: str | Bearer, *, timeout: float = 30, read_only: bool = False
    ) -> Session:
        """Connect, verify, log in with a password or an access token.

        `timeout` is in seconds, for connecting and for each wait. Raises Unreachable, Throttled, InsecureConnection,
        LoginRefused or UnsafeArgument. `read_only` opens folders with EXAMINE only and refuses every writing call.
        """
        from router.imap import bearer
        from router.imap.wire import Client

        secret = proof.token if isinstance(proof, Bearer) else proof
        if _CONTROL.search(server.host + user + secret):
            raise UnsafeArgument("control characters in the host, user name or password")  # and never which password
        try:
            session = cls(Client(server, timeout), server, timeout=timeout, read_only=read_only)
        except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
            # A greeting without OK is imaplib's plain error; here nothing but "not now" can be meant by it.
            raise refusals.translate(error, refused=Unreachable) from error
        try:
            session._secure()
            if isinstance(proof, Bearer):
                bearer.log_in(session, user, proof)
            else:
                session._login(user, proof)
            session._look_around()
        except RouterError:
            session._die()
            raise
        return session

    def _secure(self) -> None:
        if self.client.wire.state != "NONAUTH":
            raise InsecureConnection(f"{self.server.host} says that we are logged in already (PREAUTH)")
        if self.server.tls is Tls.STARTTLS:
            with self._answered(refused=InsecureConnection):
                self.client.wire.upgrade()

    def _login(self, user: str, password: str) -> None:
        from router.imap import bearer

        wire = self.client.wire
        plain = "AUTH=PLAIN" in wire.capabilities
        if "LOGINDISABLED" in wire.capabilities and not plain and bearer.offered(wire.capabilities):
            raise LoginRefused(
                f"{self.server.host} takes access tokens only, no passwords: write login: {{oauth: …}} and run "
                "`inbox-router login`"
            )
        if "LOGINDISABLED" in wire.capabilities and not plain:
            raise InsecureConnection(f"{self.server.host} takes no password over this connection")
        with self._answered(refused=LoginRefused):
            if plain and ("LOGINDISABLED" in wire.capabilities or not (user + password).isascii()):
                self.client.plain_login(user, password)  # the only way to say non-ASCII (RFC 4616)
            else:
                self.client.login(user if _PLAIN_ATOM.fullmatch(user) else quote(user), password)

    def _look_around(self) -> None:
        with self._answered(refused=CommandRefused):
            self.capabilities = frozenset(c.decode("latin-1") for c in self.client.capabilities())
        self.client.wire.untagged_responses.clear()
        if "NAMESPACE" in self.capabilities:
            for personal, *_ in responses.parse(self.run("NAMESPACE", answer="NAMESPACE")):
                match personal:
                    case [[bytes(prefix), bytes(separator), *_], *_]:
                        self.prefix, self.separator = prefix.decode("latin-1"), separator.decode("latin-1") or "/"
                        return
        # LIST "" "" asks for the separator only (RFC 3501 §6.3.8).
        for response in responses.parse(self.run("LIST", '""', '""', answer="LIST")):
            if len(response) > 1 and isinstance(response[1], bytes):
                self.separator = response[1].decode("latin-1") or "/"

    def close(self) -> None:
        """Log out if that is quick, and close the socket. Never raises; twice is once."""
        wire = self.client.wire
        with suppress(imaplib.IMAP4.error, OSError, ValueError):
            if self.alive:
                wire.hurry(_GOODBYE_SECONDS)
                self.client.logout()
        self._die()

    def interrupt(self) -> None:
        """Cut the connection from another thread; the call that waits on it raises Unreachable."""
        import socket

        with suppress(OSError):
            self.client.wire.sock.shutdown(socket.SHUT_RDWR)

    def _die(self) -> None:
        self.alive = False
        self.selected = None
        with suppress(OSError):
            self.client.wire.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------------ commands

    def call(
        self, method: str, *arguments: Any, writes: bool = False, refused: type[MailboxError] = CommandRefused
    ) -> Any:
        """The answer of one imapclient method: the gate that every argument of a command passes.

        Raises UnsafeArgument before anything is sent; `refused` when the server says NO or BAD without a telling code.
        """
        self._check(arguments, writes=writes)
        self._forget_old_answers()
        with self._answered(refused=refused):
            return getattr(self.client, method)(*arguments)

    def run(self, name: str, *arguments: str, answer: str, writes: bool = False) -> list[Piece]:
        """The untagged `answer` responses to one command that imapclient has no method for. Same gate, same errors."""
        self._check((name, *arguments), writes=writes)
        self._forget_old_answers()
        with self._answered(refused=CommandRefused):
            wire = self.client.wire
            status, text = wire._simple_command(name, *arguments)
            # Others expunged some of what we asked for; the rest was delivered (RFC 5530 §3).
            if status != "OK" and b"[EXPUNGEISSUED]" not in text[0]:
                raise imaplib.IMAP4.error(text[0].decode("utf-8", "replace"))
            return self.take(answer)

    def take(self, answer: str) -> list[Piece]:
        """The untagged responses or response codes of that name that came with the last command."""
        return list(self.client.wire.untagged_responses.pop(answer, []))

    def _check(self, arguments: Iterable[Any], *, writes: bool) -> None:
        refuse_control_characters(tuple(arguments))
        if writes:
            self.refuse_if_read_only()
        if not self.alive:
            raise Unreachable("the connection is closed")

    def refuse_if_read_only(self) -> None:
        """Raise CommandRefused when this session must not change anything."""
        if self.read_only:
            raise CommandRefused("this session is read-only")

    def _forget_old_answers(self) -> None:
        """imaplib piles up untagged responses: a stale COPYUID would be read as the answer to the next MOVE."""
        waiting = self.client.wire.untagged_responses
        if self.selected:
            counts = [count for count in waiting.get("EXISTS", ()) if isinstance(count, bytes)]
            self.arrived = [b"* " + count + b" EXISTS" for count in counts[-1:]] or self.arrived
        waiting.clear()

    def heard(self) -> list[bytes]:
        """EXISTS lines since the last search, and forget them: IDLE does not repeat what was said before it."""
        self._forget_old_answers()
        lines, self.arrived = self.arrived, []
        return lines

    @contextmanager
    def _answered(self, *, refused: type[MailboxError]) -> Iterator[None]:
        try:
            yield
        except (imaplib.IMAP4.error, OSError, ValueError, RecursionError) as error:
            known = refusals.translate(error, refused=refused)
            if isinstance(known, Unreachable) or (
                isinstance(error, imaplib.IMAP4.abort) and not isinstance(error, imaplib.IMAP4.readonly)
            ):
                self._die()
            if isinstance(error, RouterError):
                raise
            raise known from error

    # ------------------------------------------------------------------ names

    def spell(self, name: str) -> str:
        """A folder's name as this server spells it (separator, prefix, modified UTF-7), not quoted.

        Raises UnsafeArgument for control characters, CommandRefused for a name that cannot exist here.
        """
        from imapclient import imap_utf7

        refuse_control_characters(name)
        name = unicodedata.normalize("NFC", name)
        if name.upper() == "INBOX":
            return "INBOX"
        if name in self._spelled:
            return self._spelled[name]
        if not all(name.split("/")):
            raise CommandRefused(f"{name!r} has an empty part")
        if self.separator != "/":
            if self.separator in name:
                raise CommandRefused(f"{name!r}: this server separates folders with {self.separator!r}")
            name = name.replace("/", self.separator).replace(_LOOKALIKE, "/")
        try:
            spelled: bytes = imap_utf7.encode(name)
        except UnicodeError as error:
            raise UnsafeArgument(f"{name!r} cannot be written in a command") from error
        return self.prefix + spelled.decode("ascii")

    def unspell(self, spelled: bytes) -> str | None:
        """Our name for a folder that the server listed; None outside our own namespace. Remembered for `spell`."""
        from imapclient import imap_utf7

        text = spelled.decode("latin-1")
        if text.upper() == "INBOX":
            return "INBOX"
        inside = text.removeprefix(self.prefix)
        if self.prefix and inside == text:
            return None
        try:
            name = imap_utf7.decode(inside.encode("latin-1")) if text.isascii() else inside.encode("latin-1").decode()
        except ValueError:  # not modified UTF-7, not UTF-8
            name = inside
        if self.separator != "/":
            name = name.replace("/", _LOOKALIKE).replace(self.separator, "/")
        name = unicodedata.normalize("NFC", name)
        if not name or _NO_NAME.search(name):
            return None
        if text.isascii():
            self._spelled[name] = text
        return name


def quote(text: str) -> str:
    """A quoted string (RFC 3501 §9)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
