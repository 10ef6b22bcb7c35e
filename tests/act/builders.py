"""A desk with a real store and no server, and the mails that lie on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from router.act.desk import Desk, Workbench
from router.act.planning import Places
from router.classify.classifier import Classifier
from router.decide.rules import Category, Hours, Person, PlaceDraft, Rules, Step, Target, Workflow
from router.imap.folders import FolderStatus
from router.imap.session import Session
from router.mail.worker import ParseWorker
from router.replies.library import Library
from router.store import mailboxes
from router.store.database import Store
from router.values import (
    Address,
    Classification,
    FetchedMessage,
    Login,
    Mailbox,
    Message,
    MessageRef,
    Mode,
    Secret,
    Server,
    ThreadState,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday
ALWAYS = Hours(name="always", always=True)
JANE = Address(name="Jane Miller", address="jane@client.example")
FOLDERS = ("INBOX", "Drafts", "Sent", "Trash", "Support/Refunds", "Support/Done", "Support/Could not read")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


STEPS = (
    Step(at=0.5, tag="due-soon"),
    Step(at=0.75, remind="team"),
    Step(at=1.0, tag="overdue", flag=True, escalate="lead", repeat=hours(2), at_most=3),
)
PEOPLE = (
    Person(name="team", emails=("olha@acme.example", "bat@acme.example")),
    Person(name="lead", emails=("lead@acme.example",)),
)


def a_target(length: float = 6, *, name: str = "reply_within", steps: Sequence[Step] = STEPS) -> Target:
    return Target(name=name, within=hours(length), hours=ALWAYS, steps=tuple(steps))


def the_rules(**more: Any) -> Rules:
    suggest = Workflow(name="suggest-replies", when=all_mail(), actions=(PlaceDraft(reply="best"),))
    blocks: dict[str, Any] = {
        "categories": (Category(name="refund", folder="Support/Refunds"),),
        "people": PEOPLE,
        "reply_within": a_target(),
        "workflows": (suggest,),
    }
    return Rules(**{**blocks, **more})


def all_mail() -> Any:
    from router.decide.rules import AllOf

    return AllOf(parts=())


def a_mailbox(**more: Any) -> Mailbox:
    plain: dict[str, Any] = {
        "name": "support",
        "address": "support@acme.example",
        "login": Login(user="support@acme.example", password=Secret(literal="x")),
        "smtp": Server(host="127.0.0.1", port=25),
    }
    return Mailbox(**{**plain, **more})


def a_status(name: str) -> FolderStatus:
    return FolderStatus(name=name, uidvalidity=1, uidnext=100, messages=0)


def the_places(folders: Sequence[str] = FOLDERS) -> Places:
    numbers = {"uidnext": dict.fromkeys(folders, 100), "uidvalidity": dict.fromkeys(folders, 1)}
    return Places(drafts="Drafts", trash="Trash", **numbers)


@dataclass
class Oracle:
    """A classifier that has been told what each subject is about."""

    verdicts: Mapping[str, Classification] = field(default_factory=dict)

    def classify(self, messages: Sequence[Message], _threads: Sequence[ThreadState | None]) -> list[Classification]:
        return [self.verdicts.get(m.subject, Classification()) for m in messages]


def a_desk(
    store: Store,
    *,
    now: datetime = NOW,
    rules: Rules | None = None,
    mailbox: Mailbox | None = None,
    folders: Sequence[str] = FOLDERS,
    first_run: datetime | None = None,
    library: Library | None = None,
    oracle: Oracle | None = None,
) -> Desk:
    """A desk at `now`; the mailbox is entered on its first use."""
    mailbox = mailbox or a_mailbox()
    with store.begin() as tx:
        record = mailboxes.enter(tx, mailbox.name, mailbox.mode, first_run or NOW - timedelta(days=30))
    bench = Workbench(
        store=store,
        parser=cast("ParseWorker", None),
        rules=rules or the_rules(),
        library=library or Library(),
        classifier=cast("Classifier", oracle or Oracle()),
    )
    return Desk(
        session=cast("Session", None),
        mailbox=mailbox,
        record=record,
        bench=bench,
        places=the_places(folders),
        special={"drafts": "Drafts", "sent": "Sent", "trash": "Trash"},
        known={},
        statuses={name: a_status(name) for name in folders},
        now=now,
        fence=1,
    )


def a_fetched(uid: int, *, at: datetime = NOW, flags: tuple[str, ...] = (), raw: bytes = b"") -> FetchedMessage:
    ref = MessageRef(mailbox="support", folder="INBOX", uidvalidity=1, uid=uid)
    return FetchedMessage(ref=ref, size=100, internaldate=at, flags=flags, raw=raw or b"mail %d" % uid)


def a_message(number: int = 1, **more: Any) -> Message:
    plain: dict[str, Any] = {
        "message_id": f"<q{number}@client.example>",
        "sender": JANE,
        "to": (Address(address="support@acme.example"),),
        "subject": "Refund please",
        "text": "I want my money back.",
        "language": "en",
    }
    return Message(**{**plain, **more})


REFUND = Classification(category="refund", confidence=0.95, decided_by="phrase")
WATCH, SUGGEST, FILE = Mode.WATCH, Mode.SUGGEST, Mode.FILE
