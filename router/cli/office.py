"""Working on a mailbox from the command line: with the state lock, so that no daemon works beside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from router.cli.base import FAILED, USAGE, configuration_of, leave, store_of
from router.errors import AlreadyRunning

if TYPE_CHECKING:
    from router.act.desk import Desk
    from router.config.loading import Configuration
    from router.config.settings import Settings
    from router.store.database import Store
    from router.store.records import Intent, MailboxRecord
    from router.values import Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What these commands work with while no daemon can."""

    configuration: Configuration
    store: Store
    now: datetime


@contextmanager
def open_office(config: Any, found: Settings) -> Iterator[Office]:
    """The store, under the state lock; ends with one clear line when a daemon holds it."""
    from router.daemon import now as clock
    from router.lock import StateLock

    configuration = configuration_of(config)
    try:
        lock = StateLock(found.state)
    except AlreadyRunning as error:
        leave(FAILED, f"inbox-router: {error}: stop it first")
    store = store_of(found)
    try:
        yield Office(configuration=configuration, store=store, now=clock())
    finally:
        store.close()
        lock.release()


@contextmanager
def desk_at(office: Office, mailbox: Mailbox, record: MailboxRecord, *, read_only: bool = False) -> Iterator[Desk]:
    """A desk in a mailbox on which an admin's order is carried out; what a dead process has begun is finished first."""
    from router.act.desk import PassReport, Workbench
    from router.classify.classifier import Classifier
    from router.connect import located, open_session
    from router.mail.worker import ParseWorker
    from router.pipeline import recover, sit_down
    from router.replies.library import Library
    from router.store import mailboxes
    from router.values import Mode

    store = office.store
    there = located(mailbox, store, office.now)
    with store.begin() as tx:
        fence = mailboxes.take_fence(tx, record.id)
    rules = office.configuration.rules
    bench = Workbench(
        store=store, parser=ParseWorker(), rules=rules, library=Library(), classifier=Classifier(rules.categories[:0])
    )
    with open_session(there, read_only=read_only) as session:
        # Sitting down as a watcher creates no folders.
        desk = sit_down(session, replace(there, mode=Mode.WATCH), bench, office.now, fence, None)
        if not read_only:
            recover(desk, PassReport())
        yield desk


def known_mailboxes(office: Office, only: str = "") -> list[tuple[Mailbox, MailboxRecord]]:
    """Configured mailboxes that have been served before."""
    from router.store import mailboxes

    if only and office.configuration.mailbox(only) is None:
        leave(USAGE, f"inbox-router: {office.configuration.path} has no mailbox {only!r}")
    with office.store.begin() as tx:
        records = {m.name: m for m in mailboxes.all_mailboxes(tx)}
    wanted = [m for m in office.configuration.mailboxes if not only or m.name == only]
    return [(m, records[m.name]) for m in wanted if m.name in records]


def carry_out(desk: Desk, planned: list[Intent]) -> list[Intent]:
    """Do what is promised already; returns the intents as they are afterwards."""
    from router import pipeline
    from router.act.desk import PassReport
    from router.imap import folders
    from router.store import intents

    trash = desk.places.trash
    if any(i.kind == "withdraw" for i in planned) and trash not in desk.statuses:
        folders.ensure(desk.session, [trash])
    pipeline.carry_out(desk, planned, PassReport())
    with desk.store.begin() as tx:
        return intents.get_many(tx, [i.id for i in planned])
