"""Getting to a mailbox from the command line: which server, which password, said step by step."""

from __future__ import annotations

import os
import re
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

import typer

from router.cli import show
from router.cli.base import FAILED, USAGE, leave
from router.errors import ConfigError, LoginRefused
from router.values import Secret, Server, Tls

if TYPE_CHECKING:
    from router.discovery import Discovery, NotDiscovered, Step
    from router.imap.session import Session
    from router.values import Mailbox

PASSWORD_VARIABLE = "INBOX_ROUTER_PASSWORD"  # noqa: S105 - the name of a variable
TRIES = 3  # of a password, with a person at the terminal
_SERVER = re.compile(
    r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:/\s]+)(?::(?P<port>\d{1,5}))?(?:/(?P<tls>implicit|starttls|none))?"
)
_TLS_BY_PORT = {993: Tls.IMPLICIT, 143: Tls.STARTTLS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mailbox is, and how to log in there; `hint` is what its provider asks of people.

    `user` is '' when the address logs in. `written`: a person has named the server or vouched for it.
    """

    imap: Server
    smtp: Server | None = None
    user: str = ""
    hint: str = ""
    takes_passwords: bool = True
    oauth: str = ""  # "google" or "microsoft", when OAuth 2 works there
    written: bool = False


def server_of(written: str) -> Server:
    """`HOST`, `HOST:PORT` or `HOST:PORT/starttls`: 993 is TLS, 143 STARTTLS, another port of this very machine open."""
    from router.tls import is_loopback

    found = _SERVER.fullmatch(written.strip())
    port = int(found["port"] or 993) if found else 0
    if found is None or not 0 < port < 65536:
        leave(USAGE, f"inbox-router: {show.one_line(written)!r} is no server; write HOST:PORT")
    host = found["host"].strip("[]")
    kind = Tls(found["tls"]) if found["tls"] else _TLS_BY_PORT.get(port)
    if kind is None:
        kind = Tls.NONE if is_loopback(host) else Tls.IMPLICIT
    return Server(host=host, port=port, tls=kind)


# ------------------------------------------------------------------ which server


def named(written: str) -> Place:
    """The place that a person has typed, with what is known about its provider."""
    from router.providers import Passwords, by_server

    imap = server_of(written)
    provider = by_server(imap.host.lower())
    if provider is None:
        return Place(imap=imap, written=True)
    passwords = provider.passwords is not Passwords.NONE
    return Place(imap=imap, hint=provider.hint, takes_passwords=passwords, oauth=provider.oauth, written=True)


def find_servers(address: str, *, ask: bool = False) -> Place:
    """The servers of an address, each step said on standard error as it happens. Raises `MailboxError`.

    With `ask`, a person at the terminal vouches for what only DNS says, and names the server when it is not found.
    """
    from router.discovery import NoImap, NotDiscovered, discover

    with _Steps() as steps:
        try:
            found = (
                discover(address, said=steps.show, agreed=steps.agreed) if ask else discover(address, said=steps.show)
            )
        except NoImap:
            raise
        except NotDiscovered as error:
            if not ask:
                raise
            return _asked(address, error)
    if found.hint:
        show.finding(show.err(), "", found.hint)
    return _place_of(found, address)


def located(mailbox: Mailbox) -> tuple[Mailbox, Server]:
    """The mailbox with its servers, as written or found; and the IMAP server among them. Raises `MailboxError`."""
    from router.connect import with_known_servers

    mailbox = with_known_servers(mailbox)
    if mailbox.imap is None:
        place = find_servers(mailbox.address)
        mailbox = replace(mailbox, imap=place.imap, smtp=mailbox.smtp or place.smtp)
        return mailbox, place.imap
    return mailbox, mailbox.imap


def _place_of(found: Discovery, address: str) -> Place:
    return Place(
        imap=found.imap,
        smtp=found.smtp,
        user=found.user if found.user != address else "",
        hint=found.hint,
        takes_passwords=found.takes_passwords,
        oauth=found.provider.oauth if found.provider else "",
        written=found.agreed,
    )


def _asked(address: str, error: NotDiscovered) -> Place:
    domain = show.one_line(address.rpartition("@")[2])
    typer.echo(f"The server of {domain} could not be found.", err=True)
    return named(str(typer.prompt("IMAP server", default=error.likely.host if error.likely else None, err=True)))


@dataclass(slots=True)
class _Steps:
    """A search on standard error: what is being tried, while it is, then what came of it."""

    _trying: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._trying.close()

    def show(self, step: Step) -> None:
        """One step."""
        from router.discovery import Outcome

        self._trying.close()
        if step.outcome is Outcome.TRYING:
            self._trying.enter_context(show.progress(f"Looking at {step.text}"))
        else:
            show.finding(show.err(), "ok" if step.outcome is Outcome.FOUND else "none", step.text)

    def agreed(self, text: str, server: Server) -> bool:
        """Whether a person vouches for what DNS says."""
        self._trying.close()
        show.finding(show.err(), "warn", f"{text}. DNS can be forged, and your password would go there.")
        return typer.confirm(f"Is {server.host} the right server?", err=True)


# ------------------------------------------------------------------ which password


def refuse_passwords(place: Place, way: str) -> NoReturn:
    """End, before anybody types a password that cannot work; `way` says what works instead."""
    leave(FAILED, f"inbox-router: {place.hint} {way}".rstrip())


def password_for(user: str, *, file: Path | None, env: str = "", configured: Secret | None = None) -> Secret:
    """Where the password is: as named, as configured, in `INBOX_ROUTER_PASSWORD`, or asked for on a terminal."""
    if file is not None:
        return Secret(file=file)
    if env:
        return Secret(env=env)
    if configured is not None and _readable(configured):
        return configured
    if os.environ.get(PASSWORD_VARIABLE):
        return Secret(env=PASSWORD_VARIABLE)
    if not sys.stdin.isatty():
        leave(USAGE, f"inbox-router: no password: use --password-file, or set {PASSWORD_VARIABLE}")
    return _typed(user)


def _typed(user: str) -> Secret:
    from getpass import getpass

    return Secret(literal=getpass(f"App password of {show.one_line(user)} (not shown, not kept): "))


def _readable(secret: Secret) -> bool:
    from router.config.settings import read_secret

    try:
        read_secret(secret)
    except ConfigError:
        return False
    return True


def log_in(mailbox: Mailbox, hint: str = "", *, ask: bool) -> tuple[Session, Mailbox]:
    """A read-only session, and the mailbox with the password that opened it. Raises `MailboxError`.

    With `ask`, a person at the terminal may try another password, three in all. A refusal says what the provider wants.
    """
    from router.connect import open_session

    for tried in range(1, TRIES + 1):
        try:
            return open_session(mailbox, read_only=True), mailbox
        except LoginRefused as error:
            said = "\n".join([str(error), *_advice(str(error), hint, mailbox)])
            if not ask or tried == TRIES:
                raise LoginRefused(said) from error
            show.finding(show.err(), "fail", said)
            mailbox = replace(mailbox, login=replace(mailbox.login, password=_typed(mailbox.login.user)))
    raise AssertionError("the last try returns or raises")


def _advice(refusal: str, hint: str, mailbox: Mailbox) -> list[str]:
    """What a refused login means, as far as the server's words tell, and what the provider asks of people."""
    from router.cli.advice import for_refusal

    return [said for said in (for_refusal(refusal, mailbox), hint) if said]
