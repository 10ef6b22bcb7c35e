"""`undo`: what we did and nobody touched goes back, and nothing is learned from it."""

from __future__ import annotations

import sqlite3
from collections import Counter

import pytest

from router.lock import StateLock
from tests.acceptance.stage import digests, mail
from tests.cli.builders import Shop

pytestmark = pytest.mark.dovecot

JANE = mail("Refund please", "I want my money back.", message_id="<jane@client.example>")
BOB = mail(
    "My parcel",
    "Where is my delivery?",
    sender="Bob Stone <bob@client.example>",
    message_id="<bob@client.example>",
)


def filed(shop: Shop) -> None:
    """Two mails in two folders, a draft for each, both marked."""
    shop.append("INBOX", [JANE, BOB])
    report = shop.once()
    assert report["moved"] == {"Support/Money": 1, "Support/Parcels": 1}
    assert report["drafts"] == 2


def rows(shop: Shop, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(shop.state / "router.db") as database:
        return database.execute(query).fetchall()


def test_undo_puts_mails_back_withdraws_drafts_and_takes_marks_away(shop: Shop) -> None:
    """After undo the inbox is as it was: same mails, no marks of ours, drafts in Trash."""
    filed(shop)
    assert any("$label1" in flags for flags in shop.flags("Support/Money").values())
    said = shop.with_config("undo", "--since", "2h", "--json")
    assert said.code == 0, said.err
    result = said.data["mailboxes"]["support"]
    assert (result["moved_back"], result["drafts_withdrawn"], result["left"]) == (2, 2, [])
    assert sorted(shop.messages("INBOX").values()) == sorted([JANE, BOB])
    assert all(not flags & {"$label1", "$Label1", "\\Flagged"} for flags in shop.flags("INBOX").values())
    assert shop.messages("Drafts") == {}
    assert len(shop.messages("Trash")) == 2
    assert shop.everything(without=("Trash",)) == digests([JANE, BOB])


def test_second_undo_does_nothing(shop: Shop) -> None:
    """What is undone is not undone again."""
    filed(shop)
    shop.with_config("undo", "--since", "2h")
    before = shop.snapshot()
    said = shop.with_config("undo", "--since", "2h", "--json")
    result = said.data["mailboxes"]["support"]
    assert (result["moved_back"], result["drafts_withdrawn"], result["unflagged"]) == (0, 0, 0)
    assert shop.snapshot() == before


def test_undo_is_no_gesture_and_the_mail_is_left_to_people(shop: Shop) -> None:
    """The next pass learns nothing from the moves back, and moves nothing again."""
    filed(shop)
    shop.with_config("undo", "--since", "2h")
    report = shop.once()
    assert (report["seen"], report["moved"], report["drafts"]) == (0, {}, 0)
    assert len(shop.messages("INBOX")) == 2
    assert rows(shop, "SELECT * FROM gesture") == rows(shop, "SELECT * FROM example") == []
    assert rows(shop, "SELECT state, hands_off, folder FROM message") == [("left", 1, "INBOX")] * 2


def test_mail_that_an_agent_has_moved_is_left(shop: Shop) -> None:
    """An agent's move wins: that mail stays where she put it, the other goes back."""
    filed(shop)
    shop.move(next(iter(shop.messages("Support/Money"))), "Support/Money", "Support/Parcels")
    said = shop.with_config("undo", "--since", "2h", "--json")
    result = said.data["mailboxes"]["support"]
    assert [move["subject"] for move in result["moves"]] == ["My parcel"]
    assert any("moved it since" in kept["because"] for kept in result["left"])
    assert list(shop.messages("Support/Parcels").values()) == [JANE]
    assert list(shop.messages("INBOX").values()) == [BOB]


def test_draft_that_a_person_has_edited_is_left(shop: Shop) -> None:
    """A draft that is not the message we appended belongs to a person."""
    shop.append("INBOX", [JANE])
    shop.once()
    ((uid, draft),) = shop.messages("Drafts").items()
    edited = draft.replace(b"today", b"tomorrow")
    shop.append("Drafts", [edited], "(\\Draft)")
    with shop.client() as client:
        client.select("Drafts")
        client.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)")
        client.expunge()
    said = shop.with_config("undo", "--since", "2h", "--json")
    assert said.data["mailboxes"]["support"]["drafts_withdrawn"] == 0
    assert list(shop.messages("Drafts").values()) == [edited]
    assert list(shop.messages("INBOX").values()) == [JANE]


def test_what_is_older_than_since_stays(shop: Shop) -> None:
    """Only what was done since then is undone."""
    filed(shop)
    with sqlite3.connect(shop.state / "router.db") as database:
        database.execute("UPDATE intent SET finished_at = '2020-01-01 00:00:00.000000'")
    said = shop.with_config("undo", "--since", "2h", "--json", "--detailed-exitcode")
    assert said.code == 0
    assert said.data["mailboxes"]["support"]["moves"] == []


def test_dry_run_changes_nothing_and_says_what_it_would_do(shop: Shop) -> None:
    """With --dry-run the mailbox stays as it is; with --detailed-exitcode changes are exit code 3."""
    filed(shop)
    before = shop.snapshot()
    said = shop.with_config("undo", "--since", "2h", "--dry-run", "--detailed-exitcode", "--json")
    assert said.code == 3
    assert said.data["mailboxes"]["support"]["moved_back"] == 2
    assert shop.snapshot() == before


@pytest.mark.parametrize("point", ["flags-stored", "moved", "withdrawn", "outcomes-committed"])
def test_undo_that_dies_is_finished_by_the_next_pass(shop: Shop, point: str) -> None:
    """Killed at any point, undo loses and doubles nothing, and the next pass completes it."""
    filed(shop)
    died = shop.run("undo", "--since", "2h", "--config", str(shop.config), INBOX_ROUTER_FAULT_POINT=point)
    assert died.returncode not in (0, 1)
    shop.once()
    shop.with_config("undo", "--since", "2h")
    assert Counter(shop.messages("INBOX").values()) == Counter([JANE, BOB])
    assert shop.messages("Drafts") == {}
    assert shop.everything(without=("Trash",)) == digests([JANE, BOB])
    assert rows(shop, "SELECT * FROM gesture") == []


def test_undo_does_not_work_beside_a_daemon(shop: Shop) -> None:
    """While somebody holds the state directory, undo says so and does nothing."""
    filed(shop)
    lock = StateLock(shop.state)
    try:
        said = shop.with_config("undo", "--since", "2h", "--json")
    finally:
        lock.release()
    assert said.code == 1
    assert "stop it first" in said.err
    assert said.out == ""
    assert shop.messages("INBOX") == {}


def test_since_must_be_a_duration(shop: Shop) -> None:
    """A time that nobody can read is a usage error."""
    said = shop.with_config("undo", "--since", "yesterday")
    assert said.code == 2
    assert "is no duration" in said.err
