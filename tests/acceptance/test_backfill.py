"""Mail that was in the inbox before us: filed as the admin says, never reminded of, drafted only while it is fresh."""

from __future__ import annotations

import os
import sqlite3
import time

import pytest

from tests.acceptance.stage import Stage, mail

pytestmark = pytest.mark.dovecot
DAY = 86400


def deliver_old(stage: Stage, raw: bytes, days: float) -> None:
    """Put a mail into INBOX with an INTERNALDATE in the past: Dovecot takes a Maildir file's time for it."""
    stage.server.deliver(stage.user, raw)
    newest = max((stage.server.maildir(stage.user) / "new").iterdir(), key=lambda p: p.name)
    moment = time.time() - days * DAY
    os.utime(newest, (moment, moment))


@pytest.mark.parametrize(
    ("backfill", "filed"),
    [("", {"fresh", "old"}), ("    backfill: all\n", {"fresh", "old", "ancient"}), ("    backfill: none\n", set())],
    ids=["30 days by default", "all", "none"],
)
def test_backfill(stage: Stage, backfill: str, filed: set[str]) -> None:
    """By default the last 30 days are filed; `all` takes everything; `none` begins with what comes next."""
    stage.write(stage.rules, backfill)
    for name, days in {"fresh": 1, "old": 10, "ancient": 60}.items():
        deliver_old(stage, mail(f"Refund please, {name}", sender=f"{name}@client.example"), days)
    stage.once()
    found = {
        n
        for n in ("fresh", "old", "ancient")
        for raw in stage.messages("Support/Refunds").values()
        if n.encode() in raw
    }
    assert found == filed


def test_mail_from_before_us_is_not_reminded_of_and_drafted_only_when_fresh(stage: Stage) -> None:
    """A mail of yesterday gets a draft, one of last week none, and neither a reminder."""
    deliver_old(stage, mail("Refund please, fresh", sender="fresh@client.example"), 1)
    deliver_old(stage, mail("Refund please, old", sender="old@client.example"), 8)
    stage.once()
    stage.once()
    (draft,) = stage.messages("Drafts").values()
    assert b"fresh@client.example" in draft
    with sqlite3.connect(stage.state / "router.db") as database:
        assert database.execute("SELECT count(*) FROM outbox_mail").fetchone() == (0,)
        assert database.execute("SELECT next_due FROM thread").fetchall() == [(None,), (None,)]


def test_mail_answered_before_us_gets_no_draft(stage: Stage) -> None:
    """What the team had answered before the first run, in Sent or by the flag, is known as answered."""
    deliver_old(stage, mail("Refund please, one", sender="one@client.example", message_id="<one@client.example>"), 1)
    answer = mail(
        "Re: Refund please, one",
        "Done.",
        sender="support@acme.example",
        to="one@client.example",
        answers="<one@client.example>",
        message_id="<a@acme.example>",
    )
    stage.append("Sent", [answer])
    stage.append("INBOX", [mail("Refund please, two", sender="two@client.example")], "\\Answered")
    stage.once()
    assert stage.messages("Drafts") == {}
