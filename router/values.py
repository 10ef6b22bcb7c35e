"""The frozen values that pass between the stages.

Nothing here does I/O or knows where a value comes from. Every value is a frozen, slotted, keyword-only
dataclass of plain types, so `to_json` and `from_json` can carry each one between processes and into `explain`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def to_json(value: object) -> bytes:
    """One value (or a list of them) as JSON."""
    return msgspec.json.encode(value)


def from_json(data: bytes, kind: type[T]) -> T:
    """The value that `to_json` wrote; raises `msgspec.ValidationError` when it is not one of `kind`."""
    return msgspec.json.decode(data, type=kind)


# ------------------------------------------------------------------ where mail is and how we get there


class Mode(StrEnum):
    """How far we go in a mailbox. watch: only look. suggest: drafts, reminders, tags. file: all, moving included."""

    WATCH = "watch"
    SUGGEST = "suggest"
    FILE = "file"


class Tls(StrEnum):
    """`none` is for loopback only."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One endpoint (IMAP or SMTP)."""

    host: str
    port: int
    tls: Tls = Tls.IMPLICIT
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a password or another secret is; it is read at the moment of use and never kept."""

    env: str | None = None
    file: Path | None = None
    keyring: str | None = None  # the service under which a desktop's keyring holds it, by the login's user name
    literal: str | None = field(default=None, repr=False)  # `try --password-file` and tests; never from YAML


class Issuer(StrEnum):
    """Who hands out access tokens (RFC 6749)."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """How a login gets its access tokens. `token` is None where `login` keeps the grant in the state directory."""

    issuer: Issuer
    client: Secret  # the registered program: JSON as Google's console gives it, or {"client_id", "tenant", …}
    account: str  # who has agreed; for a shared mailbox the person or robot that may open it
    token: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """An access token: whoever bears it is let in (RFC 6750)."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who logs in: with a password, or with access tokens when `oauth` says how to get them."""

    user: str
    password: Secret = Secret()
    oauth: OAuth | None = None

    @property
    def sender(self) -> str:
        """Who logs in at the SMTP server: Microsoft 365 wants the person behind a shared mailbox there."""
        return self.oauth.account if self.oauth else self.user


class Backfill(StrEnum):
    """What to do with mail that was in the inbox before us."""

    ALL = "all"
    MONTH = "30d"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A configured support account. `imap` is None until discovery has found it."""

    name: str
    address: str
    login: Login
    imap: Server | None = None
    smtp: Server | None = None
    mode: Mode = Mode.FILE
    languages: tuple[str, ...] = ("en", "uk", "ru", "sr", "mn")
    authserv_ids: tuple[str, ...] = ()
    backfill: Backfill = Backfill.MONTH
    idle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """Where a message lies: the only name an IMAP server gives it. Folder names use `/` whatever the server says."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMessage:
    """A message as it came from the server: at most the first 64 KB of it."""

    ref: MessageRef
    size: int
    internaldate: datetime  # aware, UTC
    flags: tuple[str, ...]
    raw: bytes
    _fingerprint: str = field(default="", init=False, repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        """What this message is, wherever it lies: sha256 over size, header block and these bytes."""
        if not self._fingerprint:  # asked for more than once, and there may be 64 KB to hash
            digest = hashlib.sha256(b"%d\n" % self.size)
            digest.update(self.raw)
            object.__setattr__(self, "_fingerprint", digest.hexdigest())
        return self._fingerprint

    @property
    def truncated(self) -> bool:
        """Whether the server has more bytes than we fetched."""
        return self.size > len(self.raw)


# ------------------------------------------------------------------ what one message says


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A display name (text a stranger chose) and an address (lower-case, ASCII domain; '' when unreadable)."""

    name: str = ""
    address: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part that is not the message's own text. `size` is in decoded octets where we fetched them, else as encoded."""

    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A typed value found in the new text, with the span [start, end) it came from."""

    kind: str  # order · invoice · ticket · date · promise · question
    value: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one message's bytes say. Text fields hold no control characters but newline and tab."""

    message_id: str = ""  # with angle brackets, or ''
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    subject: str = ""
    sender: Address = Address()
    sender_count: int = 1  # addresses in all From headers: other than 1 is never trusted
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: datetime | None = None
    text: str = ""  # what the sender newly wrote
    full_text: str = ""  # the whole readable body, quotes included, at most 64 KB
    language: str = "und"  # en · uk · ru · sr · mn · … · und
    script: str = ""  # Latn · Cyrl · …
    signed_as: str = ""  # the name in the sign-off, '' when there is none
    greeting: str = ""  # formal · informal · '' when they did not greet
    automatic: bool = False  # RFC 3834, bounces, auto-replies; not lists
    automatic_because: str = ""
    is_list: bool = False
    thanks_only: bool = False  # only greeting, thanks and sign-off
    authentication_results: tuple[str, ...] = ()  # top to bottom, unfolded
    headers: tuple[tuple[str, str], ...] = ()  # decoded, in order, cut: for `header:` conditions
    attachments: tuple[Attachment, ...] = ()
    entities: tuple[Entity, ...] = ()
    defects: tuple[str, ...] = ()
    unreadable: str = ""  # why it goes to quarantine, '' when it does not

    def header(self, name: str) -> str:
        """The first header of that name, '' when there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


class Authentication(StrEnum):
    """What the configured authserv-id said about the From domain (RFC 8601)."""

    PASSED = "passed"
    FAILED = "failed"
    NONE = "none"


# ------------------------------------------------------------------ what we know about its conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadState:
    """A conversation with one customer, as the store knows it when the message arrives."""

    id: int
    mailbox: str
    customer: str  # address
    subject: str = ""
    category: str | None = None  # the category of its last decided message
    waiting_since: datetime | None = None  # the first customer mail that nobody has answered
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    claimed_by: str | None = None
    messages: int = 0  # both directions


# ------------------------------------------------------------------ what it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for a classification, readable by an admin."""

    kind: str  # phrase · example · words · thread · about · sender
    text: str  # "phrase 'money back' in the subject"
    category: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What a message is about: one category, or None when unsure. `top` holds the best guesses even then."""

    category: str | None = None
    confidence: float = 0.0  # in [0, 1]
    decided_by: str = "nobody"  # phrase · example · model · thread · nobody
    top: tuple[tuple[str, float], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    may_move: bool = True  # cold-start scores suggest, they never move mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled text for training. `source`: starter · moved · folder."""

    text: str
    category: str
    language: str = ""
    source: str = "starter"


# ------------------------------------------------------------------ what a draft is


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A rendered answer, ready to be placed in Drafts."""

    reply_id: str  # "refund/first"
    language: str
    body: str  # our text only, without quote; used to recognise it when it is sent
    raw: bytes  # the whole RFC 5322 message, CRLF
    message_id: str
    key: str  # value of X-Inbox-Router-Key


@dataclass(frozen=True, slots=True, kw_only=True)
class NoDraft:
    """Why there is no draft."""

    because: str


# ------------------------------------------------------------------ why


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLine:
    """One step of the way a message took: who looked, what came out, because of what."""

    where: str  # "senders.vip" · "workflows[1] suggest-replies" · "classify" · "draft"
    outcome: str  # hit · missed · done · skipped · error
    because: str = ""


def as_plain(value: object) -> Any:
    """A value as dicts, lists and strings, for `--json` and traces."""
    return msgspec.to_builtins(value)
