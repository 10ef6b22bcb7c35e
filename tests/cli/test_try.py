"""`try`: a first look that changes nothing at all."""

from __future__ import annotations

import imaplib
from datetime import UTC, datetime, timedelta

import pytest

from tests.acceptance.stage import mail
from tests.cli.builders import Shop, on_disk, unreadable

pytestmark = pytest.mark.dovecot


def deliver(shop: Shop, raw: bytes, *, hours: float = 0, folder: str = "INBOX", flags: str = "") -> None:
    """A mail that arrived some hours ago."""
    when = imaplib.Time2Internaldate(datetime.now(UTC) - timedelta(hours=hours))
    with shop.client() as client:
        assert client.append(folder, flags, when, raw)[0] == "OK"


def a_week(shop: Shop) -> None:
    """A refund, a parcel, an answered one, one nobody knows, a robot, a poison mail, and one from last month."""
    deliver(shop, mail(message_id="<r1@client.example>"), hours=10)
    deliver(shop, mail("My parcel", "Where is it?", sender="Bob <bob@client.example>"), hours=2)
    deliver(
        shop, mail("Delivery", "When?", sender="Ann <ann@client.example>", message_id="<d1@client.example>"), hours=30
    )
    answer = mail(
        "Re: Delivery", "Soon.", sender="support@acme.example", to="ann@client.example", answers="<d1@client.example>"
    )
    deliver(shop, answer, hours=29, folder="Sent")
    deliver(shop, mail("Delivery?", "When?", sender="Kim <kim@client.example>"), hours=30, flags="(\\Answered)")
    deliver(shop, mail("Hello", "Qwerty asdf.", sender="Eve <eve@client.example>"), hours=1)
    deliver(shop, mail("Out of office", "I am away.", headers={"Auto-Submitted": "auto-replied"}), hours=1)
    deliver(shop, unreadable(), hours=1)
    deliver(shop, mail("Refund of last month", "A refund."), hours=24 * 30)


def test_try_changes_nothing_a_client_can_see(shop: Shop) -> None:
    """Folders, subscriptions, messages and flags are the same before and after."""
    a_week(shop)
    before = shop.snapshot()
    said = shop.look("--json")
    assert said.code == 0, said.err
    assert shop.snapshot() == before


def test_try_leaves_the_files_of_the_account_as_they_are(shop: Shop) -> None:
    """Seen on the server's disk, for several batches of mail: no name (which holds the flags), no folder differs."""
    mails = (mail(f"Order {n}", f"Where is parcel {n}?", sender=f"Ann <ann{n}@client.example>") for n in range(240))
    shop.server.deliver(shop.user, *mails)
    deliver(shop, mail("Delivery", "When?"), flags="(\\Seen \\Flagged $Label1 Urgent)")
    deliver(shop, mail("Re: Delivery", "Soon.", sender="support@acme.example", to="a@client.example"), folder="Sent")
    shop.snapshot()  # the server makes its folders and numbers the mail for the first client that comes
    before = on_disk(shop.server, shop.user)
    assert sum("/cur/" in name or "/new/" in name for name in before) == 242
    said = shop.look("--json")
    assert said.data["mails"] == 241, said.err
    assert on_disk(shop.server, shop.user) == before


def test_try_says_what_would_go_where_and_why(shop: Shop) -> None:
    """Counts by folder with reasons, what stays, who waits, and a draft in full."""
    a_week(shop)
    data = shop.look("--json").data
    assert data["mails"] == 7
    folders = {name: group["count"] for name, group in data["folders"].items()}
    assert folders == {"Support/Money": 1, "Support/Parcels": 3}
    assert "refund" in data["folders"]["Support/Money"]["examples"][0]["because"]
    assert data["unsure"]["count"] == data["automatic"]["count"] == data["unreadable"]["count"] == 1
    assert [w["customer"] for w in data["waiting"]] == ["jane@client.example"]
    assert data["draft"]["to"].endswith("<jane@client.example>") or "bob@" in data["draft"]["to"]
    assert "We are checking this" in data["draft"]["text"]


def test_the_first_look_of_all_fits_the_model_and_leaves_it_for_the_daemon(shop: Shop) -> None:
    """Starter rules and an empty state directory: nothing else is kept."""
    deliver(shop, mail("Lampe kaputt", "Where do I find the invoice for my last order?"))
    where = ["--imap", f"127.0.0.1:{shop.server.imap_port}", "--user", shop.user]
    said = shop.call("try", "support@acme.example", *where, "--json", INBOX_ROUTER_PASSWORD=shop.server.password)
    assert said.code == 0, said.err
    assert sum(group["count"] for group in said.data["folders"].values()) + said.data["unsure"]["count"] == 1
    assert [path.name for path in (shop.state / "models").iterdir() if (path / "manifest.json").is_file()]
    assert {path.name for path in shop.state.iterdir()} == {"models", ".gitignore"}


def test_no_more_drafts_are_promised_than_would_wait(shop: Shop) -> None:
    """`drafts: {at-most-open: 50}` counts over all batches of mail, as it does in the daemon's passes."""
    senders = (f"Ann <ann{n}@client.example>" for n in range(130))
    shop.server.deliver(shop.user, *(mail("My parcel", "Where is it?", sender=sender) for sender in senders))
    said = shop.look("--json")
    assert said.data["folders"]["Support/Parcels"]["count"] == 130, said.err
    assert said.data["drafts"] == 50


def test_days_say_how_far_back(shop: Shop) -> None:
    """With --days 60 last month's mail is there too."""
    a_week(shop)
    assert shop.look("--json", "--days", "60").data["mails"] == 8


def test_hostile_mail_is_shown_harmlessly(shop: Shop) -> None:
    """Escape sequences, markup and bidirectional overrides of a subject reach no terminal."""
    deliver(shop, mail("=?utf-8?q?Refund_=1B=5B31mred_[bold]loud[/bold]_=E2=80=AEback?=", "A refund."), hours=8)
    said = shop.look()
    assert "[bold]loud[/bold]" in said.out
    for character in "\x1b\x9b\u202e":
        assert character not in said.out + said.err


def test_data_and_words_do_not_mix(shop: Shop) -> None:
    """Standard output holds the result, standard error everything else."""
    said = shop.look()
    assert said.out == ""
    assert "no mail" in said.err


def test_a_refused_login_and_a_silent_port_are_unreachable(shop: Shop) -> None:
    """Exit code 75, one clear line, nothing on standard output."""
    address, config = "support@acme.example", str(shop.config)
    port = f"127.0.0.1:{shop.server.imap_port}"
    wrong = shop.call("try", address, "-c", config, "--imap", port, INBOX_ROUTER_PASSWORD="wrong", STAGE_PASSWORD="")
    closed = shop.call("try", address, "-c", config, "--imap", "127.0.0.1:1/none")
    for said in (wrong, closed):
        assert (said.code, said.out) == (75, "")
        assert "inbox-router: " in said.err


def test_what_is_no_address_is_a_usage_error(shop: Shop) -> None:
    """Without rules of one's own the address is the first thing that is checked."""
    assert shop.call("try", "no address", "--imap", "127.0.0.1:1").code == 2
