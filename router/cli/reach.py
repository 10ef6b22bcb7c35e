"""Getting to a mailbox from the command line: which server, which password, said step by step."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from router.cli import show
from router.cli.base import USAGE, leave
from router.errors import ConfigError
from router.values import Secret, Server, Tls

PASSWORD_VARIABLE = "INBOX_ROUTER_PASSWORD"  # noqa: S105 - the name of a variable
_SERVER = re.compile(
    r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:/\s]+)(?::(?P<port>\d{1,5}))?(?:/(?P<tls>implicit|starttls|none))?"
)
_TLS_BY_PORT = {993: Tls.IMPLICIT, 143: Tls.STARTTLS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mailbox is; `hint` is what its provider asks of people."""

    imap: Server
    smtp: Server | None = None
    hint: str = ""


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


def find_servers(address: str) -> Place:
    """The servers of an address, each step said on standard error. Raises `MailboxError`."""
    from router.discovery import discover

    console = show.err()
    with show.progress(f"Looking for the mail server of {show.one_line(address)}"):
        found = discover(address)
    for step in found.steps[:-1]:
        show.finding(console, "", step)
    show.finding(console, "ok", f"{found.how}: {found.imap.host}:{found.imap.port}")
    if found.hint:
        show.finding(console, "", found.hint)
    return Place(imap=found.imap, smtp=found.smtp, hint=found.hint)


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
    from getpass import getpass

    return Secret(literal=getpass(f"App password of {show.one_line(user)} (not shown, not kept): "))


def _readable(secret: Secret) -> bool:
    from router.config.settings import read_secret

    try:
        read_secret(secret)
    except ConfigError:
        return False
    return True
