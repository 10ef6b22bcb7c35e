"""`forget` and `export`: what is kept about a person, and that nothing of it stays."""

from __future__ import annotations

import sqlite3

import pytest

from router.act.forget import address_of, without
from tests.acceptance.stage import digests, mail
from tests.cli.builders import Shop

JANE = mail("Refund please", "I want my money back.", message_id="<q1@client.example>")
ANSWERED = mail("Refund again", "A refund, please.", message_id="<q2@client.example>")
BOB = mail(
    "My parcel", "Where is my delivery?", sender="Bob Stone <bob@other.example>", message_id="<b1@other.example>"
)
OUR_ANSWER = mail(
    "Re: Refund again",
    "We have sent it back.",
    sender="Support <support@acme.example>",
    to="jane@client.example",
    message_id="<a1@acme.example>",
    answers="<q2@client.example>",
)


def served(shop: Shop) -> None:
    shop.append("Sent", [OUR_ANSWER])
    shop.append("INBOX", [JANE, ANSWERED, BOB])
    shop.once()


def occurrences(shop: Shop, text: bytes) -> int:
    """How often a text is in the database's files, log included."""
    return sum(path.read_bytes().lower().count(text) for path in shop.state.glob("router.db*"))


@pytest.mark.dovecot
def test_nothing_of_a_forgotten_person_is_in_the_database_files(shop: Shop) -> None:
    """After forget neither address nor name, subject or Message-ID is left, not even in free pages."""
    served(shop)
    assert occurrences(shop, b"jane@client.example") > 0
    said = shop.with_config("forget", "Jane@Client.example", "--yes", "--json")
    assert said.code == 0, said.err
    assert said.data["erased"]["message"] == 3
    assert said.data["drafts_withdrawn"] == 1
    for trace in (b"jane", b"refund again", b"q1@client.example", b"a1@acme.example"):
        assert occurrences(shop, trace) == 0, trace
    assert occurrences(shop, b"bob@other.example") > 0


@pytest.mark.dovecot
def test_forget_touches_no_mail_and_takes_only_our_own_draft(shop: Shop) -> None:
    """Every mail stays where it is; our untouched draft to the person lies in Trash, the other one waits."""
    served(shop)
    shop.with_config("forget", "jane@client.example", "--yes")
    assert shop.everything(without=("Drafts", "Trash")) == digests([JANE, ANSWERED, BOB, OUR_ANSWER])
    (draft,) = shop.messages("Drafts").values()
    assert b"bob@other.example" in draft
    (withdrawn,) = shop.messages("Trash").values()
    assert b"jane@client.example" in withdrawn


@pytest.mark.dovecot
def test_forgotten_mail_is_not_read_again(shop: Shop) -> None:
    """The next pass does not take up what was forgotten."""
    served(shop)
    shop.with_config("forget", "jane@client.example", "--yes")
    report = shop.once()
    assert (report["seen"], report["drafts"]) == (0, 0)
    assert occurrences(shop, b"jane@client.example") == 0


@pytest.mark.dovecot
def test_forget_asks_before_it_erases(shop: Shop) -> None:
    """Where nobody can answer, --yes is needed."""
    served(shop)
    said = shop.with_config("forget", "jane@client.example")
    assert said.code == 2
    assert "--yes" in said.err
    assert occurrences(shop, b"jane@client.example") > 0


@pytest.mark.dovecot
def test_forget_says_what_it_cannot_reach(shop: Shop) -> None:
    """The mails, backups, and a configuration that names the person are named."""
    served(shop)
    shop.write(shop.rules + "senders: {vip: {from: [jane@client.example]}}\n")
    said = shop.with_config("forget", "jane@client.example", "--yes", "--json")
    text = "\n".join(said.data["not_reached"])
    assert "mails themselves" in text
    assert "backups" in text
    assert "workflows.yaml names this address" in text


@pytest.mark.dovecot
def test_a_waiting_reminder_keeps_the_others_and_loses_the_person(shop: Shop) -> None:
    """A mail to the team that gathers several customers is sent without the one who was forgotten."""
    served(shop)
    with sqlite3.connect(shop.state / "router.db") as database:
        threads = database.execute("SELECT id, mailbox_id FROM thread ORDER BY customer").fetchall()
        database.execute(
            "INSERT INTO outbox_mail (id, mailbox_id, person, recipients, subject, raw, key, state, attempts,"
            " created_at, not_before, last_error)"
            " VALUES (1, ?, 'team', 'olha@acme.example', '2 customers', ?, 'k', 'queued', 0,"
            " '2026-01-01', '2099-01-01', '')",
            (
                threads[0][1],
                mail("2 customers", "bob@other.example waits\njane@client.example waits\n", sender="r@acme.example"),
            ),
        )
        for number, (thread, _) in enumerate(threads):
            values = (number, thread, f"l{number}")
            database.execute(
                "INSERT INTO outbox_line (id, mail_id, thread_id, kind, step, key) VALUES (?, 1, ?, 'remind', '', ?)",
                values,
            )
    shop.with_config("forget", "jane@client.example", "--yes")
    with sqlite3.connect(shop.state / "router.db") as database:
        ((raw, state),) = database.execute("SELECT raw, state FROM outbox_mail").fetchall()
    assert state == "queued"
    assert b"bob@other.example waits" in raw
    assert b"(erased) waits" in raw
    assert occurrences(shop, b"jane@client.example") == 0


@pytest.mark.dovecot
def test_export_prints_what_is_kept_and_nothing_of_others(shop: Shop) -> None:
    """One JSON document with the person's conversations, messages and drafts."""
    served(shop)
    said = shop.call("export", "jane@client.example")
    data = said.data
    assert {m["subject"] for m in data["messages"]} == {"Refund please", "Refund again", "Re: Refund again"}
    assert len(data["drafts"]) == 1
    assert "bob@other.example" not in said.out
    assert shop.call("export", "nobody@client.example").data["messages"] == []


def test_addresses_are_compared_as_the_store_keeps_them() -> None:
    """Lower case, the domain in ASCII; what is no address is refused."""
    assert address_of(" <Jane@Client.Example> ") == "jane@client.example"
    assert address_of("olha@пошта.example") == "olha@xn--80a1acn3a.example"
    assert address_of("jane") == ""


def test_a_rewritten_reminder_is_still_a_mail() -> None:
    """Headers stay, the text loses what is given."""
    raw = without(mail("Two wait", "Jane Miller waits\nBob waits\n"), ("Jane Miller",))
    assert b"Subject: Two wait" in raw
    assert b"(erased) waits" in raw
    assert b"Bob waits" in raw
