"""What one pass over one mailbox works with."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from router.act.planning import Places
from router.classify.classifier import Classifier
from router.decide.answers import claimer
from router.decide.rules import FileInto, Rules
from router.errors import CommandRefused, FolderMissing
from router.imap import folders
from router.imap.folders import FolderStatus
from router.imap.session import Session
from router.mail.worker import ParseWorker
from router.replies.library import Library
from router.store.database import Store
from router.store.records import FolderRecord, MailboxRecord
from router.values import Mailbox, Mode

log = logging.getLogger(__name__)
INBOX = "INBOX"
MISSING_SPECIALS = {"drafts": "Drafts", "trash": "Trash"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """What every pass shares. A reload makes a new one; a pass never sees half of each."""

    store: Store
    parser: ParseWorker
    rules: Rules
    library: Library
    classifier: Classifier


@dataclass(slots=True)
class PassReport:
    """What one pass did, as `once --json` prints it."""

    seen: int = 0
    moved: Counter[str] = field(default_factory=Counter)
    left: int = 0
    drafts: int = 0
    quarantined: int = 0
    learned: int = 0
    held: int = 0
    special: Mapping[str, str] = field(default_factory=dict)  # folder by use, for the quick passes that follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One mailbox during one pass."""

    session: Session
    mailbox: Mailbox
    record: MailboxRecord
    bench: Workbench
    places: Places
    special: Mapping[str, str]
    known: Mapping[str, FolderRecord]
    statuses: Mapping[str, FolderStatus]  # empty in a quick pass
    now: datetime
    fence: int

    @property
    def watching(self) -> bool:
        """Whether the mailbox is only looked at."""
        return self.mailbox.mode is Mode.WATCH

    @property
    def own(self) -> frozenset[str]:
        """Addresses that are ours."""
        return frozenset({self.mailbox.address.lower(), self.mailbox.login.user.lower()})

    @property
    def rules(self) -> Rules:
        return self.bench.rules

    @property
    def store(self) -> Store:
        return self.bench.store


def survey(
    session: Session, rules: Rules, mailbox: Mailbox, known: Mapping[str, FolderRecord], now: datetime
) -> dict[str, FolderStatus]:
    """The server's folders. The first pass that may move creates and subscribes what the rules name; later ones never
    do: that would bring back a folder which an agent has renamed."""
    wanted = wanted_folders(rules)

    def look() -> dict[str, FolderStatus]:
        return folders.survey(session, wanted, also=lambda n: bool(claimer(n, rules)), turn=now.timestamp())

    statuses = look()
    if mailbox.mode is Mode.WATCH:
        return statuses
    uses = {s.use for s in statuses.values()}
    missing = [name for use, name in MISSING_SPECIALS.items() if use not in uses and name not in statuses]
    if mailbox.mode is Mode.FILE:
        missing += [name for name in wanted if name not in statuses and name not in known]
    if not missing:
        return statuses
    for name in missing:
        try:
            folders.ensure(session, [name])
        except (CommandRefused, FolderMissing) as error:  # its mail is held and an alert says so; all other goes on
            log.warning("the folder %r cannot be made: %s", name, error)
    return look()


def wanted_folders(rules: Rules) -> tuple[str, ...]:
    """Every folder that the rules can file into."""
    named = [c.folder for c in rules.categories] + [s.folder for s in rules.senders]
    named += [a.folder for w in rules.workflows for a in w.actions if isinstance(a, FileInto)]
    named += [rules.folders.done, rules.folders.quarantine]
    return tuple(dict.fromkeys(n for n in named if n and n != INBOX))


def places(
    special: Mapping[str, str], known: Mapping[str, FolderRecord], statuses: Mapping[str, FolderStatus]
) -> Places:
    """Where things go. A UIDNEXT that is older than the truth is safe: recovery then looks at more messages."""
    asked = {n: s for n, s in statuses.items() if s.uidvalidity}
    return Places(
        drafts=special.get("drafts", "Drafts"),
        trash=special.get("trash", "Trash"),
        uidnext={n: f.next_uid for n, f in known.items()} | {n: s.uidnext for n, s in asked.items()},
        uidvalidity={n: f.uidvalidity for n, f in known.items()} | {n: s.uidvalidity for n, s in asked.items()},
    )
