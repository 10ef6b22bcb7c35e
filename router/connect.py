"""From a configured mailbox to a session: finds its servers, gets its password or token, logs in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from router.config.settings import read_secret, settings
from router.errors import ConfigError, LoginRefused
from router.imap.session import Session
from router.store import mailboxes
from router.store.database import Store
from router.values import Bearer, Issuer, Login, Mailbox, Server, from_json, to_json

if TYPE_CHECKING:
    from router.oauth.tokens import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What was discovered about a mailbox, as it is remembered."""

    imap: Server
    smtp: Server | None
    user: str  # the login name, as the domain publishes it


def with_known_servers(mailbox: Mailbox) -> Mailbox:
    """The mailbox with the servers that need no search: as written, or those of whoever issues its access tokens.

    A domain's MX records may name a filter in front of Google or Microsoft 365; the tokens tell where the mailbox is.
    Microsoft's SMTP is not taken for granted: it is switched off unless an administrator says otherwise, and without
    it reminders are put into the mailbox's own INBOX.
    """
    if mailbox.imap is not None or mailbox.login.oauth is None:
        return mailbox
    from router.providers import by_issuer

    provider = by_issuer(mailbox.login.oauth.issuer)
    usual = provider.smtp if mailbox.login.oauth.issuer is Issuer.GOOGLE else None
    return replace(mailbox, imap=provider.imap, smtp=mailbox.smtp or usual)


def located(mailbox: Mailbox, store: Store, now: datetime) -> Mailbox:
    """The mailbox with its servers: as written, as found before, or found now. Raises `MailboxError`."""
    mailbox = with_known_servers(mailbox)
    if mailbox.imap is not None:
        return mailbox
    with store.begin() as tx:
        record = mailboxes.enter(tx, mailbox.name, mailbox.mode, now)
        found = mailboxes.servers_found(tx, record.id)
    if not found.startswith("{"):  # nothing yet, or in the form of an early version
        from router import discovery  # DNS and HTTP, only for who has not written down the servers

        discovered = discovery.discover(mailbox.address)
        found = to_json(_Found(imap=discovered.imap, smtp=discovered.smtp, user=discovered.user)).decode()
        with store.begin() as tx:
            mailboxes.remember_servers(tx, record.id, found)
    known = from_json(found.encode(), _Found)
    login = mailbox.login
    if login.user == mailbox.address and known.user:
        login = replace(login, user=known.user)
    return replace(mailbox, imap=known.imap, smtp=mailbox.smtp or known.smtp, login=login)


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
