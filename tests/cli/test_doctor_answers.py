"""`doctor` looks whether what the team sends lies in this mailbox's Sent: clocks stop there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from router.cli.doctor.answers import Mail, find_answers, judged, looks_answered, talks_of
from router.cli.doctor.findings import Finding
from router.mail.parse import parse
from router.values import Login, Mailbox, Secret, Server
from tests.acceptance.stage import mail
from tests.cli.builders import Shop

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
OWN = frozenset({"support@acme.example"})


def question(number: int, *, answers: str = "", sender: str = "", text: str = "I want my money back.") -> bytes:
    """A customer's mail; each customer has a conversation of their own."""
    sender = sender or f"Jane <jane{number}@client.example>"
    return mail(f"Order {number}", text, sender=sender, message_id=f"<q{number}@client.example>", answers=answers)


def answer(number: int, *, to: str = "", answers: str = "", **headers: str) -> bytes:
    """What the team sent to that customer."""
    return mail(
        f"Re: Order {number}",
        "We have sent it back to your card today.",
        sender="Support <support@acme.example>",
        to=to or f"jane{number}@client.example",
        message_id=f"<a{number}@acme.example>",
        answers=answers or f"<q{number}@client.example>",
        headers=headers,
    )


def said(shop: Shop) -> dict[str, Any]:
    """The one finding about answers."""
    findings = shop.with_config("doctor", "--json").data["findings"]
    words = ("answers found", "looks answered", "to look for answers")
    (found,) = [f for f in findings if any(word in f["text"] for word in words)]
    return dict(found)


# ------------------------------------------------------------------ on a server


@pytest.mark.dovecot
def test_answers_that_are_kept_are_found(shop: Shop) -> None:
    """In INBOX and in the folders that mail is filed into; no flag is changed by looking."""
    shop.once()
    shop.append("INBOX", [question(n) for n in range(3)])
    shop.append("Support/Money", [question(n) for n in range(3, 6)], "(\\Answered)")
    shop.append("Sent", [answer(n) for n in range(5)])
    before = shop.snapshot()
    found = said(shop)
    assert found["level"] == "ok"
    assert found["text"] == "answers found in Sent for 5 of 6 answered among the last 6 conversations"
    assert shop.snapshot() == before


@pytest.mark.dovecot
def test_answers_of_which_none_is_kept_are_broken(shop: Shop) -> None:
    """Several marked as answered and nothing in Sent: said with the setting of the mail clients."""
    shop.once()
    shop.append("INBOX", [question(n) for n in range(4)], "(\\Answered)")
    found = said(shop)
    assert found["level"] == "fail"
    assert found["text"] == "answers found in Sent for none of 4 answered among the last 4 conversations"
    assert "Place a copy in" in found["fix"]


@pytest.mark.dovecot
def test_a_mailbox_without_conversations_has_nothing_to_tell(shop: Shop) -> None:
    """Our own mail, robots' and lists' are no conversations."""
    robot = mail("Backup done", sender="robot@client.example", headers={"Auto-Submitted": "auto-generated"})
    listed = mail("News", sender="news@client.example", headers={"List-Id": "<news.client.example>"})
    ours = mail("Note", sender="support@acme.example")
    shop.append("INBOX", [robot, listed, ours], "(\\Answered)")
    assert (said(shop)["level"], "no conversation" in said(shop)["text"]) == ("ok", True)


# ------------------------------------------------------------------ what counts as answered


def mails(*raws: bytes, answered: bool = False) -> list[Mail]:
    return [Mail(message=parse(raw), at=AT, answered=answered) for raw in raws]


def counted(incoming: list[Mail], sent: list[Mail]) -> tuple[int, int, int]:
    """Conversations, those that look answered, and those whose answer lies in Sent."""
    talks = talks_of(incoming, OWN)
    find_answers(talks, sent, OWN)
    ids = {one.message.message_id for one in sent}
    answered = [talk for talk in talks if looks_answered(talk, ids)]
    return len(talks), len(answered), sum(talk.in_sent for talk in answered)


def test_mails_of_one_conversation_count_once() -> None:
    """By what they answer, and only for the same customer."""
    first, again = question(1), question(2, answers="<q1@client.example>", sender="Jane <jane1@client.example>")
    stranger = question(3, answers="<q1@client.example>", sender="Eve <eve@other.example>")
    assert counted(mails(first, again, stranger), [])[0] == 2


def test_a_reply_to_what_is_not_here_proves_an_answer() -> None:
    """The customer answers a mail that answered theirs, and it lies nowhere: sent, and kept elsewhere."""
    back = question(2, answers="<q1@client.example> <gone@acme.example>", sender="Jane <jane1@client.example>")
    incoming = mails(question(1), back)
    assert counted(incoming, []) == (1, 1, 0)
    assert counted(incoming, mails(answer(1))) == (1, 1, 1)


def test_a_mail_that_answers_a_newsletter_proves_nothing() -> None:
    """Its parent is unknown, and goes back to no mail of theirs."""
    assert counted(mails(question(1, answers="<news@acme.example>")), [])[:2] == (1, 0)


def test_what_is_no_answer_is_none() -> None:
    """To somebody else, by a robot: the thread is right and nobody was answered."""
    colleague = answer(1, to="boss@acme.example")
    robot = answer(1, **{"Auto-Submitted": "auto-replied"})
    assert counted(mails(question(1)), mails(colleague, robot)) == (1, 0, 0)


def test_an_answer_without_ids_is_found_by_its_subject() -> None:
    """A client that drops what it answers."""
    asked = mail("The blue lamp came broken", sender="jane1@client.example")
    bare = mail("Re: The blue lamp came broken", sender="support@acme.example", to="jane1@client.example")
    assert counted(mails(asked), mails(bare)) == (1, 1, 1)


# ------------------------------------------------------------------ what it means


def at(host: str) -> Mailbox:
    login = Login(user="support@acme.example", password=Secret(env="X"))
    return Mailbox(name="support", address="support@acme.example", login=login, imap=Server(host=host, port=993))


def test_microsoft_365_is_told_its_setting() -> None:
    """Copies of “send as” lie in the agent's own Sent."""
    found: Finding = judged(at("outlook.office365.com"), "Sent Items", 30, 12, 0)
    command = (
        "Set-Mailbox support@acme.example -MessageCopyForSentAsEnabled $true -MessageCopyForSendOnBehalfEnabled $true"
    )
    assert (found.level, command in found.fix) == ("fail", True)
    assert "own" in judged(at("imap.gmail.com"), "[Gmail]/Sent Mail", 30, 12, 0).fix
    assert "Set-Mailbox" not in judged(at("mail.acme.example"), "Sent", 30, 12, 0).fix


@pytest.mark.parametrize(
    ("talks", "answered", "kept", "level"),
    [
        (0, 0, 0, "ok"),
        (3, 0, 0, "ok"),  # perhaps nobody had the time yet
        (30, 0, 0, "warn"),
        (30, 2, 0, "warn"),  # by another way, perhaps: the telephone, a forward
        (30, 3, 0, "fail"),
        (30, 20, 10, "warn"),  # half the team
        (30, 20, 17, "warn"),
        (30, 20, 18, "ok"),
        (30, 20, 20, "ok"),
        (1, 1, 1, "ok"),
    ],
)
def test_how_bad_it_is_depends_on_how_many(talks: int, answered: int, kept: int, level: str) -> None:
    """One missing is an accident, several are somebody's client, all are a setting."""
    found = judged(at("mail.acme.example"), "Sent", talks, answered, kept)
    assert found.level == level
    assert bool(found.fix) is (level != "ok")
