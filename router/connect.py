"""From a configured mailbox to a session: finds its servers, reads its password, logs in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from router.config.settings import read_secret
from router.errors import ConfigError, LoginRefused
from router.imap.session import Session
from router.store import mailboxes
from router.store.database import Store
from router.values import Mailbox, Server, from_json, to_json


def located(mailbox: Mailbox, store: Store, now: datetime) -> Mailbox:
    """The mailbox with its servers: as written, as found before, or found now. Raises `MailboxError`."""
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
    """Log in to a located mailbox. Raises `MailboxError`; a password that cannot be read is a `LoginRefused`."""
    if mailbox.imap is None:
        raise LoginRefused(f"the servers of {mailbox.name} are not known")
    try:
        password = read_secret(mailbox.login.password)
    except ConfigError as error:
        raise LoginRefused(str(error)) from error
    return Session.open(mailbox.imap, mailbox.login.user, password, timeout=timeout, read_only=read_only)
