"""From a configured mailbox to a session: finds its servers, gets its password or token, logs in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from router.config.settings import read_secret, settings
from router.errors import ConfigError, LoginRefused
from router.imap.session import Session
from router.store import mailboxes
from router.store.database import Store
from router.values import Bearer, Login, Mailbox, Server, from_json, to_json

if TYPE_CHECKING:
    from router.oauth.tokens import Tokens


def with_known_servers(mailbox: Mailbox) -> Mailbox:
    """The mailbox with the servers that need no search: as written, or those of whoever issues its access tokens.

    A domain's MX records may name a filter in front of Google or Microsoft 365; the tokens tell where the mailbox is.
    """
    if mailbox.imap is not None or mailbox.login.oauth is None:
        return mailbox
    from router.providers import by_issuer

    provider = by_issuer(mailbox.login.oauth.issuer)
    return replace(mailbox, imap=provider.imap, smtp=mailbox.smtp or provider.smtp)


def located(mailbox: Mailbox, store: Store, now: datetime) -> Mailbox:
    """The mailbox with its servers: as written, as found before, or found now. Raises `MailboxError`."""
    mailbox = with_known_servers(mailbox)
    if mailbox.imap is not None:
        return mailbox
    with store.begin() as tx:
        record = mailboxes.enter(tx, mailbox.name, mailbox.mode, now)
        found = mailboxes.servers_found(tx, record.id)
    if not found:
        from router import discovery  # DNS and HTTP, only for who has not written down the servers

        discovered = discovery.discover(mailbox.address)
        found = to_json([discovered.imap, discovered.smtp]).decode()
        with store.begin() as tx:
            mailboxes.remember_servers(tx, record.id, found)
    imap, smtp = from_json(found.encode(), tuple[Server, Server | None])
    return replace(mailbox, imap=imap, smtp=mailbox.smtp or smtp)


def open_session(mailbox: Mailbox, *, timeout: float = 30, read_only: bool = False) -> Session:
    """Log in to a located mailbox. Raises `MailboxError`; a secret that cannot be read is a `LoginRefused`."""
    if mailbox.imap is None:
        raise LoginRefused(f"the servers of {mailbox.name} are not known")
    proof = credential(mailbox.login)
    try:
        return Session.open(mailbox.imap, mailbox.login.user, proof, timeout=timeout, read_only=read_only)
    except LoginRefused:
        if isinstance(proof, str):
            raise
    distrust(mailbox.login, proof)  # revoked before its time, perhaps: a new one is asked for, once
    return Session.open(
        mailbox.imap, mailbox.login.user, credential(mailbox.login), timeout=timeout, read_only=read_only
    )


def credential(login: Login) -> str | Bearer:
    """What proves who logs in: the password, or an access token that is good for minutes. Raises `MailboxError`."""
    try:
        if login.oauth is None:
            return read_secret(login.password, user=login.user)
        return tokens().bearer(login)
    except ConfigError as error:
        raise LoginRefused(str(error)) from error


def distrust(login: Login, proof: str | Bearer) -> None:
    """A server refused this proof: a token is not used again."""
    if isinstance(proof, Bearer):
        tokens().drop(login, proof)


def tokens() -> Tokens:
    """The process's access tokens: shared, so that mailboxes of one account ask for one token."""
    return _tokens(settings().state)


@lru_cache(maxsize=8)
def _tokens(state: Path) -> Tokens:
    from router.oauth.tokens import Tokens  # the libraries behind it are loaded only where tokens are used

    return Tokens(state)
