"""What a search says while it goes on, and what it has found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from router.errors import MailboxError, UnsafeArgument
from router.mail.domains import ascii_form
from router.providers import Passwords, Provider, by_server
from router.tls import is_loopback
from router.values import Server

_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST = 320  # characters of an address (RFC 3696 errata)


class NotDiscovered(MailboxError):
    """The mailbox's servers could not be found."""

    def __init__(self, message: str = "", *, likely: Server | None = None) -> None:
        super().__init__(message)
        self.likely = likely  # it answered, but nobody has said that the mailbox is there


class NoImap(NotDiscovered):
    """The mailbox's provider has no IMAP."""


class Outcome(StrEnum):
    """How far a step is."""

    TRYING = "trying"
    FOUND = "found"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a search: what is being tried, or a sentence about what came of it."""

    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Servers and how to log in there, as somebody publishes them. `user` is empty where the address logs in."""

    imap: Server
    smtp: Server | None = None
    user: str = ""
    oauth_only: bool = False

    @property
    def provider(self) -> Provider | None:
        """The known provider whose server that is."""
        return by_server(self.imap.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Where a mailbox is, and how to log in there.

    `how` is one sentence, `steps` what was tried. `agreed`: a person had to vouch for it, because DNS alone, which
    anybody can forge, named a server outside the address's own domain; it belongs written down.
    """

    imap: Server
    smtp: Server | None
    how: str
    steps: tuple[str, ...]
    user: str
    provider: Provider | None = None
    oauth_only: bool = False
    agreed: bool = False

    @property
    def takes_passwords(self) -> bool:
        """Whether any password can work."""
        return not self.oauth_only and (self.provider is None or self.provider.passwords is not Passwords.NONE)

    @property
    def hint(self) -> str:
        """What the provider asks of people, in sentences; '' when nothing is known."""
        if self.provider is not None:
            return self.provider.hint
        return "This server takes no passwords; it wants OAuth 2." if self.oauth_only else ""


def domain_of(address: str) -> str:
    """The domain of an address as DNS knows it; raises UnsafeArgument when it is no address."""
    local, at, domain = address.rpartition("@")
    ascii_domain = ascii_form(domain.strip())
    if not (local and at) or _CONTROL.search(address) or len(address) > _LONGEST or not _DOMAIN.fullmatch(ascii_domain):
        raise UnsafeArgument(f"{address[:80]!r} is no mail address")
    return ascii_domain


def usable(host: str) -> bool:
    """A public host name: what a stranger's DNS or web server says shall not point us at this machine."""
    return bool(_DOMAIN.fullmatch(host.lower())) and not is_loopback(host)


def usable_user(name: str) -> bool:
    """A login name that a stranger's file may give us."""
    return 0 < len(name) <= _LONGEST and not _CONTROL.search(name)


def within(host: str, domain: str) -> bool:
    """Whether a host belongs to a domain by its name."""
    return host == domain or host.endswith(f".{domain}")
