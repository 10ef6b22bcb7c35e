"""Values for tests of replies and drafts: everything has a sensible default, a test names what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from functools import cache
from pathlib import Path
from typing import Any

from router.replies.draft import write_draft
from router.replies.library import Library, load_library
from router.values import (
    Address,
    Classification,
    Draft,
    Entity,
    Login,
    Mailbox,
    Message,
    MessageRef,
    NoDraft,
    Secret,
)

SHIPPED = Path(__file__).parents[2] / "replies"
LANGUAGES = ("en", "uk", "ru", "sr", "mn")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
KYIV = timezone(timedelta(hours=2))


def a_message(**more: Any) -> Message:
    message = Message(
        message_id="<first@customer.example>",
        subject="Money back",
        sender=Address(name="Olha Petrenko", address="olha@customer.example"),
        date=datetime(2026, 11, 21, 14, 5, tzinfo=KYIV),
        text="I want my money back.",
        full_text="I want my money back.\n\nOlha",
        language="en",
        script="Latn",
        signed_as="Olha",
    )
    return replace(message, **more)


def an_order(number: str = "4711") -> Entity:
    return Entity(kind="order", value=number)


def a_mailbox(**more: Any) -> Mailbox:
    login = Login(user="support@acme.example", password=Secret(env="PASSWORD"))
    return replace(Mailbox(name="support", address="support@acme.example", login=login), **more)


def a_folder(tmp_path: Path, files: dict[str, str]) -> Path:
    """A folder `replies` with these files."""
    root = tmp_path / "replies"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def a_library(tmp_path: Path, files: dict[str, str]) -> Library:
    library = load_library(a_folder(tmp_path, files))
    assert not library.problems, [problem.headline for problem in library.problems]
    return library


@cache
def shipped() -> Library:
    return load_library(SHIPPED)


def draft_of(message: Message, **more: Any) -> Draft | NoDraft:
    arguments: dict[str, Any] = {
        "library": shipped(),
        "raw_ref": MessageRef(mailbox="support", folder="Support/Refunds", uidvalidity=1, uid=7),
        "thread": None,
        "classification": Classification(category="refund", confidence=0.9, decided_by="phrase"),
        "wanted": "best",
        "mailbox": a_mailbox(),
        "now": NOW,
        "key": "draft-1",
    }
    return write_draft(message=message, **{**arguments, **more})


def a_draft(message: Message, **more: Any) -> Draft:
    draft = draft_of(message, **more)
    assert isinstance(draft, Draft), draft
    return draft


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=modern)
    assert isinstance(message, EmailMessage)
    return message


def text_in(raw: bytes) -> str:
    """The text a reader sees; CRLF must be the only line end on the wire."""
    body = read(raw).get_body(("plain",))
    assert isinstance(body, EmailMessage)
    text = str(body.get_content())
    assert "\r" not in text.replace("\r\n", "")
    return text.replace("\r\n", "\n")
