"""Decides about mail exactly as a pass does, and does nothing: what `try` and `explain` show.

The same `Batch` that the daemon runs decides here, in mode `file`, so that what is shown is what would happen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from router.act.desk import Desk, Workbench, places
from router.act.inbox import Batch, Pair
from router.act.planning import Plan
from router.cli.show import progress
from router.config.loading import Configuration
from router.config.settings import Settings
from router.imap.folders import FolderStatus
from router.imap.session import Session
from router.store import intents, messages
from router.store.conversations import Conversations
from router.store.database import Store, sqlite_url
from router.store.records import MailboxRecord
from router.values import FetchedMessage, Mailbox, Message, MessageRef, Mode, TraceLine, from_json

if TYPE_CHECKING:
    from router.assembly import Assembly
    from router.mail.worker import ParseWorker


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One mail and what would be done about it."""

    fetched: FetchedMessage
    message: Message
    plan: Plan

    @property
    def trace(self) -> list[TraceLine]:
        return trace_of(self.plan.row.trace)

    @property
    def draft(self) -> bytes | None:
        """The draft as it would lie in Drafts."""
        return next((i.payload for i in self.plan.intents if i.kind == "draft"), None)

    @property
    def tags(self) -> list[str]:
        """Tags and flags that the mail would get."""
        return [tag for i in self.plan.intents if i.kind == "flags" for tag in i.add_flags.split()]


def trace_of(stored: str) -> list[TraceLine]:
    """The lines of a stored trace."""
    return from_json(stored.encode(), list[TraceLine]) if stored else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What a workbench is made from; mail can be parsed before it is there."""

    assembly: Assembly
    configuration: Configuration
    spare: Store  # empty, and thrown away at the end

    @property
    def parser(self) -> ParseWorker:
        return self.assembly.parser

    def fitting(self) -> AbstractContextManager[Callable[[], None]]:
        """Fit a missing model beside what the block does; gives a function that waits for it."""
        return self.assembly.fitting(self.configuration)

    def workbench(self, *, keep: bool, dictionaries: bool = True) -> Workbench:
        """`keep`: with the deployment's own store, which is only read; else with the empty one.

        A missing model is fitted first, into the state directory, where the daemon will find it. `dictionaries` as in
        `Assembly.workbench`.
        """
        with progress("Getting the model ready (once)"):
            bench = self.assembly.workbench(self.configuration, fit=True, dictionaries=dictionaries)
        return bench if keep else replace(bench, store=self.spare)


@contextmanager
def preparing(found: Settings | None, configuration: Configuration) -> Iterator[Preparation]:
    """With what the deployment has learned; without `found`, with nothing, and leaving nothing behind."""
    from router.assembly import Assembly
    from router.mail.worker import ParseWorker

    with tempfile.TemporaryDirectory(prefix="inbox-router-") as folder, ExitStack() as closing:
        spare = Store.open(sqlite_url(Path(folder)))
        closing.callback(spare.close)
        own = Store.open(found.database_url) if found and database_exists(found) else spare
        closing.callback(own.close)
        parser = ParseWorker()
        closing.callback(parser.close)
        assembly = Assembly(state=found.state if found else Path(folder), store=own, parser=parser)
        yield Preparation(assembly=assembly, configuration=configuration, spare=spare)


@contextmanager
def workbench(found: Settings | None, configuration: Configuration, *, keep: bool) -> Iterator[Workbench]:
    """A workbench of the deployment, at once. `keep` as in `Preparation.workbench`."""
    with preparing(found, configuration) as preparation:
        yield preparation.workbench(keep=keep)


def database_exists(found: Settings) -> bool:
    """Whether there is something to read: an SQLite file, or a server that keeps it."""
    scheme, _, path = found.database_url.partition(":///")
    return scheme != "sqlite" or Path(path).is_file()


def desk_of(
    bench: Workbench,
    mailbox: Mailbox,
    record: MailboxRecord,
    now: datetime,
    *,
    session: Session | None = None,
    statuses: dict[str, FolderStatus] | None = None,
    special: dict[str, str] | None = None,
) -> Desk:
    """A desk on which mail is decided about as in mode `file`."""
    return Desk(
        session=cast("Session", session),  # deciding needs no server
        mailbox=replace(mailbox, mode=Mode.FILE),
        record=record,
        bench=bench,
        places=places(special or {}, {}, statuses or {}),
        special=special or {},
        known={},
        statuses=statuses or {},
        now=now,
        fence=0,
    )


def rehearse(desk: Desk, pairs: Sequence[Pair], *, remember: bool) -> list[Rehearsed]:
    """Decide about a batch; `remember` writes conversations and rows, for the batches that follow."""
    since = min((f.internaldate for f, _ in pairs), default=None)
    with desk.store.begin() as tx:
        open_drafts = intents.open_drafts(tx, desk.record.id)
        batch = Batch(
            desk=desk,
            notices=intents.notice_keys(tx, desk.record.id),
            conversations=Conversations.load(tx, desk.record.id, [m for _, m in pairs], since),
            with_draft={d.thread_id for d in open_drafts},
            # Nothing is placed in a rehearsal: what is planned would be waiting by the next batch.
            drafts_left=desk.rules.drafts_at_most_open
            - sum(1 for d in open_drafts if d.state in ("planned", "waiting")),
        )
    batch.decide_all(pairs)
    if remember:
        with desk.store.begin() as tx:
            batch.conversations.save(tx)
            messages.add(tx, [p.row for p in batch.plans])
            intents.add_drafts(tx, [p.draft for p in batch.plans if p.draft])
    return [Rehearsed(fetched=f, message=m, plan=p) for (f, m), p in zip(pairs, batch.plans, strict=True)]


def as_arrived(raw: bytes, now: datetime) -> FetchedMessage:
    """A file's bytes as if they had arrived in INBOX now."""
    from router.imap.fetch import FIRST_BYTES

    ref = MessageRef(mailbox="", folder="INBOX", uidvalidity=0, uid=1)
    return FetchedMessage(ref=ref, size=len(raw), internaldate=now, flags=(), raw=raw[:FIRST_BYTES])


def shown_draft(raw: bytes) -> dict[str, Any]:
    """A draft's header fields and text, as a mail client shows them."""
    import email
    import email.policy

    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    body = parsed.get_body(("plain", "html"))
    return {
        "from": str(parsed.get("From", "")),
        "to": str(parsed.get("To", "")),
        "subject": str(parsed.get("Subject", "")),
        "in_reply_to": str(parsed.get("In-Reply-To", "")),
        "text": body.get_content() if body is not None else "",
    }
