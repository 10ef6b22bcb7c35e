"""`doctor --clients`: a person on a terminal, and second connections that act as mail clients were measured to act.

What each was seen to do after Send: Thunderbird sends under a new Message-ID, Claws and neomutt
keep a second part as it was, only Roundcube marks the question, neomutt leaves the draft until its next sync.
"""

from __future__ import annotations

import email
import email.policy
import re
import signal
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.acceptance.stage import mail
from tests.cli.builders import Shop
from tests.cli.terminal import Terminal
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.dovecot

# The same command for a client that is quick; `copy` is how long it waits for a copy that does not come.
QUICK = (
    "import router.cli.doctor.clients as c; c.POLL, c.SETTLE, c.COPY, c.RETURN = 0.1, 0.5, {copy}, 0.5;"
    "from router.__main__ import main; main()"
)
KEY = "X-Inbox-Router-Key"


def doctor(shop: Shop, *, copy: float = 30) -> Terminal:
    """`doctor --clients` on a terminal."""
    options = ["doctor", "--clients", "--config", str(shop.config)]
    return Terminal([sys.executable, "-c", QUICK.format(copy=copy), *options], shop.env(), columns=80)


def practised(shop: Shop, client: Callable[[Shop, EmailMessage], None], *, copy: float = 30) -> tuple[int, str]:
    """The exit code and all that was shown when this client sends the draft."""
    with doctor(shop, copy=copy) as terminal:
        terminal.until("[y/N]")
        terminal.type("y")
        terminal.until("Waiting")
        client(shop, waiting(shop))
        return terminal.end(), re.sub(r"\s+", " ", terminal.text)


def waiting(shop: Shop) -> EmailMessage:
    """The draft as a client reads it."""
    (raw,) = (raw for raw in shop.messages("Drafts").values() if b"Inbox Router practice" in raw)
    return email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.SMTP)


def edited(draft: EmailMessage) -> str:
    return draft.get_content().replace("BLUE", "green")


def sent(shop: Shop, outgoing: EmailMessage, *, keep_draft: bool = False) -> None:
    """The mail back in INBOX, the draft expunged; the copy in Sent comes last, so that all is done when it is seen."""
    shop.append("INBOX", [b"Received: from out.acme.example; today\r\n" + outgoing.as_bytes()])
    if not keep_draft:
        expunge_drafts(shop)
    shop.append("Sent", [outgoing.as_bytes()], "(\\Seen)")


def expunge_drafts(shop: Shop) -> None:
    with shop.client() as client:
        client.select("Drafts")
        client.store("1:*", "+FLAGS", "(\\Deleted)")
        client.expunge()


def without(draft: EmailMessage, *names: str) -> EmailMessage:
    for name in names:
        del draft[name]
    return draft


# ------------------------------------------------------------------ the clients


def thunderbird(shop: Shop, draft: EmailMessage) -> None:
    draft.set_content(edited(draft))
    without(draft, KEY, "X-Draft-Info", "Message-ID")["Message-ID"] = "<new@acme.example>"
    sent(shop, draft)


def roundcube(shop: Shop, draft: EmailMessage) -> None:
    """It obeys X-Draft-Info: the question is marked as answered."""
    info = re.search(r"uid=(\d+)", draft["X-Draft-Info"])
    assert info
    with shop.client() as client:
        client.select("INBOX")
        client.uid("STORE", info[1], "+FLAGS", "(\\Answered)")
    draft.set_content(edited(draft))
    sent(shop, without(draft, KEY, "X-Draft-Info"))


def claws_with_a_second_part(shop: Shop, draft: EmailMessage) -> None:
    """A part that somebody's template added goes out as it was, as an attachment."""
    old = draft.get_content()
    draft.set_content(edited(draft))
    draft.add_attachment(f"<p>{old}</p>", subtype="html", filename="attachment.html")
    sent(shop, without(draft, KEY))


def neomutt_with_a_second_part(shop: Shop, draft: EmailMessage) -> None:
    """The second part stays beside the new text, and the draft in its folder until `$`."""
    old = draft.get_content()
    draft.set_content(edited(draft))
    draft.add_alternative(f"<p>{old}</p>", subtype="html")
    sent(shop, draft, keep_draft=True)


def test_a_client_under_which_all_survives(shop: Shop) -> None:
    """Thunderbird: its own Message-ID is fine, threading is kept; every practice mail ends in Trash, no other does."""
    shop.once()
    shop.append("INBOX", [mail()])
    shop.append("Sent", [mail(subject="Re: something", sender="support@acme.example", to="jane@client.example")])
    code, shown = practised(shop, thunderbird)
    assert code == 0, shown
    assert "✓ threading survived" in shown
    assert "the Message-ID is the client's own and X-Inbox-Router-Key was dropped" in shown
    assert "✓ your edit was sent, and there is no other text beside it" in shown
    assert "sent after an edit" in shown
    assert "was not marked as answered" in shown
    assert "✓ the draft is gone from Drafts" in shown
    assert "✓ 3 practice mails moved to Trash" in shown
    assert "All is well." in shown
    assert [len(shop.messages(name)) for name in ("INBOX", "Drafts", "Sent", "Trash")] == [1, 0, 1, 3]
    assert not any(b"practice" in raw for name in ("INBOX", "Sent") for raw in shop.messages(name).values())


def test_a_client_that_marks_the_question(shop: Shop) -> None:
    """Roundcube obeys the header that says what the draft answers."""
    shop.once()
    code, shown = practised(shop, roundcube)
    assert code == 0, shown
    assert "✓ the question was marked as answered" in shown
    assert "the Message-ID is ours" in shown


@pytest.mark.parametrize("client", [claws_with_a_second_part, neomutt_with_a_second_part])
def test_an_old_text_beside_the_new_one_is_found(
    shop: Shop, client: Callable[[Shop, EmailMessage], None]
) -> None:
    """The customer would read what the agent has changed: exit code 1 and what to do."""
    shop.once()
    code, shown = practised(shop, client)
    assert code == 1, shown
    assert "✗ the customer may read the old text: text/plain holds the edit," in shown
    assert "1 thing to mend" in shown
    left = client is neomutt_with_a_second_part
    assert ("! the draft still lies in Drafts after it was sent" in shown) is left
    assert shop.messages("Drafts") == {}  # cleaned up by us then


def test_lost_threading_is_found(shop: Shop) -> None:
    """A client that begins anew: found by the subject, told as broken."""
    shop.once()

    def begins_anew(shop: Shop, draft: EmailMessage) -> None:
        draft.set_content(edited(draft))
        sent(shop, without(draft, "In-Reply-To", "References", "Message-ID", KEY))

    code, shown = practised(shop, begins_anew)
    assert code == 1
    assert "✗ threading was lost" in shown
    assert "practice mails moved to Trash" in shown


def test_a_copy_that_lies_elsewhere_is_told(shop: Shop) -> None:
    """The mail comes back and nothing comes to Sent: that is why clocks would not stop."""
    shop.once()

    def keeps_it_to_itself(shop: Shop, draft: EmailMessage) -> None:
        draft.set_content(edited(draft))
        shop.append("INBOX", [draft.as_bytes()])
        expunge_drafts(shop)

    code, shown = practised(shop, keeps_it_to_itself, copy=1)
    assert code == 1
    assert "✗ the draft has left Drafts, and no copy of the answer came to Sent" in shown
    assert "Place a copy in" in shown
    assert shop.messages("INBOX") == {}


def test_saying_no_changes_nothing(shop: Shop) -> None:
    """Without consent nothing is placed; the answer is no by default."""
    shop.once()
    before = shop.snapshot()
    with doctor(shop) as terminal:
        terminal.until("[y/N]")
        terminal.type("")
        assert terminal.end() == 0
        assert "Nothing was done." in terminal.text
    assert shop.snapshot() == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_stops_leaves_nothing_behind(shop: Shop, number: int) -> None:
    """Ctrl-C, a polite end and a closed window take back what was placed."""
    shop.once()
    with doctor(shop) as terminal:
        terminal.until("[y/N]")
        terminal.type("y")
        terminal.until("Waiting")
        terminal.interrupt(number)
        assert terminal.end() == 0, terminal.text
        assert "stopped before the draft was sent" in terminal.text
    assert [shop.messages(name) for name in ("INBOX", "Drafts")] == [{}, {}]
    assert len(shop.messages("Trash")) == 2


def test_it_needs_a_terminal_and_one_mailbox(shop: Shop) -> None:
    """Without them it says what to do and touches nothing."""
    said = shop.with_config("doctor", "--clients")
    assert (said.code, "terminal" in said.err) == (2, True)
    shop.write(
        "  other:\n    address: other@acme.example\n    imap: {host: 127.0.0.1, port: 1, tls: none}\n"
        "    login: {password: {env: STAGE_PASSWORD}}\n" + shop.rules
    )
    with doctor(shop) as terminal:
        assert terminal.end() == 2
        assert "--mailbox: support, other" in terminal.text


def test_the_daemon_takes_practice_mails_for_its_own(shop: Shop) -> None:
    """Passes before, during and after: no practice mail is filed, answered or learned from, and nobody waits."""
    shop.once()

    def slow(shop: Shop, draft: EmailMessage) -> None:
        assert shop.once()["moved"] == {}
        thunderbird(shop, draft)
        result = shop.once()
        assert (result["moved"], result["drafts"], result["quarantined"]) == ({}, 0, 0)

    code, shown = practised(shop, slow)
    assert code == 0, shown
    after = shop.once()
    assert (after["moved"], after["drafts"]) == ({}, 0)
    status = shop.with_config("status", "--json").data["mailboxes"]["support"]
    assert (status["waiting"], status["drafts"]) == ([], 0)
    assert len(shop.messages("Trash")) == 3


def test_a_connection_that_is_lost_meanwhile_is_made_again(tmp_path: Path, user: str) -> None:
    """A person takes their time, and servers restart."""
    with Dovecot() as server:
        shop = Shop(server=server, user=user, root=tmp_path)
        shop.once()

        def after_a_restart(shop: Shop, draft: EmailMessage) -> None:
            server.signal_sessions(signal.SIGKILL)
            server.stop()
            server.start()
            thunderbird(shop, draft)

        code, shown = practised(shop, after_a_restart)
        assert code == 0, shown
        assert "✓ 3 practice mails moved to Trash" in shown


def test_a_draft_that_is_saved_first_is_still_known(shop: Shop) -> None:
    """Saving makes another mail of it: the person is told to go on, and every one of them is cleaned up."""
    shop.once()
    with doctor(shop) as terminal:
        terminal.until("[y/N]")
        terminal.type("y")
        terminal.until("Waiting")
        draft = waiting(shop)
        draft.set_content(edited(draft))
        sent_later = email.message_from_bytes(draft.as_bytes(), _class=EmailMessage, policy=email.policy.SMTP)
        with shop.client() as client:
            client.select("Drafts")
            client.append("Drafts", "", "", without(draft, KEY, "X-Draft-Info").as_bytes())
            client.store("1", "+FLAGS", "(\\Deleted)")
            client.expunge()
        terminal.until("saved the draft anew")
        sent(shop, sent_later)
        assert terminal.end() == 0, terminal.text
        assert "✓ threading survived" in terminal.text
    assert len(shop.messages("Trash")) == 3


def test_a_server_that_offers_little(tmp_path: Path, user: str) -> None:
    """Without UIDPLUS and MOVE what was placed is looked up, and marked as deleted where it cannot be taken out."""
    with Dovecot(hidden=("UIDPLUS", "MOVE")) as server:
        shop = Shop(server=server, user=user, root=tmp_path)
        shop.once()
        code, shown = practised(shop, thunderbird)
        assert code == 0, shown
        assert "✓ threading survived" in shown
        assert "marked as deleted where they lay" in shown
        assert len(shop.messages("Trash")) == 3
        assert {frozenset(flags) >= {"\\Deleted"} for flags in shop.flags("INBOX").values()} == {True}
