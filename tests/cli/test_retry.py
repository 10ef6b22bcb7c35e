"""`retry`: mail in quarantine gets another chance."""

from __future__ import annotations

import sqlite3

import pytest

from tests.acceptance.stage import digests, mail
from tests.cli.builders import Shop, unreadable

pytestmark = pytest.mark.dovecot

QUARANTINE = "Support/Could not read"


def in_quarantine(shop: Shop) -> None:
    shop.append("INBOX", [unreadable()])
    assert shop.once()["quarantined"] == 1
    assert len(shop.messages(QUARANTINE)) == 1


def test_without_arguments_quarantine_is_listed_and_nothing_happens(shop: Shop) -> None:
    """The list names each mail and why it is there."""
    in_quarantine(shop)
    said = shop.with_config("retry", "--json")
    (listed,) = said.data["mailboxes"]["support"]["quarantined"]
    assert listed["subject"] == "Please read"
    assert listed["because"]
    assert len(shop.messages(QUARANTINE)) == 1


@pytest.mark.parametrize("which", ["<deep@client.example>", "deep@client.example", "--all"])
def test_retried_mail_is_new_to_the_next_pass(shop: Shop, which: str) -> None:
    """It goes back to INBOX and walks the whole way again; what is still unreadable is quarantined again."""
    in_quarantine(shop)
    said = shop.with_config("retry", which, "--json")
    assert said.code == 0, said.err
    assert said.data["mailboxes"]["support"]["back"] == 1
    assert list(shop.messages("INBOX").values()) == [unreadable()]
    report = shop.once()
    assert (report["seen"], report["quarantined"]) == (1, 1)
    assert shop.everything() == digests([unreadable()])
    with sqlite3.connect(shop.state / "router.db") as database:
        assert database.execute("SELECT * FROM gesture").fetchall() == []


def test_retry_works_again_and_again(shop: Shop) -> None:
    """Each try has an intent of its own."""
    in_quarantine(shop)
    for _ in range(2):
        assert shop.with_config("retry", "--all", "--json").data["mailboxes"]["support"]["back"] == 1
        assert shop.once()["quarantined"] == 1


@pytest.mark.parametrize("point", ["moved", "outcomes-committed"])
def test_retry_that_dies_is_finished_by_the_next_pass(shop: Shop, point: str) -> None:
    """Killed after the move, the mail is still seen as new, once."""
    in_quarantine(shop)
    died = shop.run("retry", "--all", "--config", str(shop.config), INBOX_ROUTER_FAULT_POINT=point)
    assert died.returncode < 0
    assert shop.once()["seen"] == 1
    assert shop.everything() == digests([unreadable()])


def test_in_watch_mode_the_mail_is_read_again_where_it_lies(shop: Shop) -> None:
    """Mail that was never moved is simply read again; nothing else is."""
    shop.write(shop.rules, "    mode: watch\n")
    shop.append("INBOX", [mail(), unreadable(), mail("My parcel", "Where is my delivery?")])
    shop.once()
    before = shop.snapshot()
    assert shop.with_config("retry", "--all", "--json").data["mailboxes"]["support"]["again"] == 1
    assert shop.once()["seen"] == 1
    assert shop.snapshot() == before


def test_mail_that_is_not_in_quarantine_cannot_be_retried(shop: Shop) -> None:
    """An unknown Message-ID is said plainly."""
    in_quarantine(shop)
    said = shop.with_config("retry", "<other@client.example>")
    assert said.code == 1
    assert "in quarantine" in said.err
