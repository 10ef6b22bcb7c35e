"""How many mails the team gets at most, whatever runs away."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Self

import pytest

from router import smtp
from router.act import delivery
from router.store import mailboxes, outbox
from router.store.database import Store
from router.store.ids import next_id
from router.store.records import OutboxMail
from router.values import Login, Mailbox, Mode, Secret, Server

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BOX = Mailbox(
    name="support",
    address="support@acme.example",
    login=Login(user="support", password=Secret(literal="x")),
    smtp=Server(host="localhost", port=25),
)


class Office:
    """Stands where the courier stands; `taken` is everybody who got a mail, `opened` how often it was connected."""

    taken: ClassVar[Counter[str]] = Counter()
    opened: ClassVar[int] = 0

    def __init__(self, *_: object) -> None:
        Office.opened += 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is open."""

    async def send(self, *, envelope_from: str, recipients: list[str], raw: bytes) -> smtp.SendResult:
        Office.taken.update(recipients)
        return smtp.Accepted(answer="250 taken")


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Store, int]:
    """A store with a mailbox, and an office that takes everything."""
    Office.taken, Office.opened = Counter(), 0
    monkeypatch.setattr(smtp, "Courier", Office)
    store = Store.open(f"sqlite:///{tmp_path / 'router.db'}")
    with store.begin() as tx:
        return store, mailboxes.enter(tx, "support", Mode.FILE, NOW).id


def put(store: Store, mailbox_id: int, person: str, count: int) -> None:
    """So many mails to a person wait in the outbox."""
    with store.begin() as tx:
        for number in range(count):
            mail = OutboxMail(
                id=next_id(), mailbox_id=mailbox_id, person=person, recipients=f"{person}@acme.example",
                subject="waiting", raw=b"x", key=f"{person}-{number}-{next_id()}", created_at=NOW, not_before=NOW,
            )  # fmt: skip
            outbox.queue(tx, mail, [])


def deliver(store: Store, mailbox_id: int, now: datetime) -> int:
    return asyncio.run(delivery.deliver(store, {mailbox_id: BOX}, now))


def alerts(store: Store) -> list[str]:
    with store.begin() as tx:
        return [a.text for a in mailboxes.open_alerts(tx) if a.key == delivery.FLOOD]


def test_no_person_is_flooded_and_nothing_is_lost(queued: tuple[Store, int]) -> None:
    """Twenty within an hour, the rest in the next ones, over one connection each; an alert while some wait."""
    store, mailbox_id = queued
    put(store, mailbox_id, "olha", 50)
    put(store, mailbox_id, "bat", 3)
    assert deliver(store, mailbox_id, NOW) == 23
    assert Office.opened == 1
    assert deliver(store, mailbox_id, NOW + timedelta(minutes=30)) == 0
    (text,) = alerts(store)
    assert "30 mails to the team wait" in text
    assert deliver(store, mailbox_id, NOW + timedelta(minutes=61)) == 20
    assert deliver(store, mailbox_id, NOW + timedelta(minutes=123)) == 10
    assert alerts(store) == []
    assert Office.taken == {"olha@acme.example": 50, "bat@acme.example": 3}


def test_a_mailbox_sends_no_more_than_sixty_within_an_hour(queued: tuple[Store, int]) -> None:
    """However many people there are."""
    store, mailbox_id = queued
    for person in ("a", "b", "c", "d"):
        put(store, mailbox_id, person, 20)
    assert deliver(store, mailbox_id, NOW) == delivery.MOST_FROM_A_MAILBOX
    assert deliver(store, mailbox_id, NOW + timedelta(minutes=61)) == 20


def test_a_refused_login_is_not_repeated_for_each_mail(
    queued: tuple[Store, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others would be refused the same, and each try counts towards a locked account."""
    tried: list[str] = []

    async def refuse(self: Office, *, envelope_from: str, recipients: list[str], raw: bytes) -> smtp.SendResult:
        tried.extend(recipients)
        return smtp.RefusedNow(because="535 no", cause="login")

    monkeypatch.setattr(Office, "send", refuse)
    store, mailbox_id = queued
    put(store, mailbox_id, "olha", 5)
    assert deliver(store, mailbox_id, NOW) == 0
    assert len(tried) == 1
