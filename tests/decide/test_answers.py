"""What a sent mail and a move mean."""

from __future__ import annotations

import pytest

from router.decide.answers import (
    Claimed,
    Closed,
    Correction,
    Elsewhere,
    Gesture,
    SenderFolder,
    SentBack,
    claimer,
    gesture_of,
    is_answer,
)
from router.decide.rules import Category, Folders, Rules
from router.values import Message

from .builders import a_message, the_rules

CUSTOMER = "oksana@client.example"
OWN = ("support@acme.example", "olha@acme.example")
SPECIAL = {"drafts": "Drafts", "sent": "Sent", "junk": "Junk", "trash": "Trash", "archive": "Archives"}


def from_us(**more: object) -> Message:
    return a_message(**{"sender": "olha@acme.example", "to": CUSTOMER, "text": "Done.", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        (from_us(), True),
        (from_us(to="boss@client.example", cc=CUSTOMER), True),
        (from_us(to="Oksana@CLIENT.example"), True),
        (from_us(to="accounting@acme.example"), False),  # a forward inside the team
        (from_us(automatic=True), False),  # an out-of-office note of ours
        (from_us(thanks_only=True), False),
        (from_us(sender="alias@acme.example"), True),  # it lies in Sent, so it is ours
        (from_us(sender=CUSTOMER), False),
    ],
)
def test_what_answers_a_customer(message: Message, answers: bool) -> None:
    """A person wrote it, the customer is in To or Cc, and it says more than thanks."""
    assert is_answer(message, CUSTOMER, OWN) is answers


def test_outside_sent_only_our_own_addresses_answer() -> None:
    """A stranger who copies the customer answers nothing for us."""
    stranger, colleague = from_us(sender="stranger@client.example"), from_us()
    assert not is_answer(stranger, CUSTOMER, OWN, found_in_sent=False)
    assert is_answer(colleague, CUSTOMER, OWN, found_in_sent=False)


def test_nobody_is_answered_by_an_unknown_customer() -> None:
    """Without a customer's address there is no answer."""
    assert not is_answer(from_us(to=""), "", OWN)


@pytest.mark.parametrize(
    ("from_folder", "to_folder", "meaning"),
    [
        ("Support/FAQ", "Support/Refunds", Correction(category="refund")),
        ("INBOX", "Support/FAQ", Correction(category="faq")),
        ("INBOX", "support/faq", Correction(category="faq")),
        ("Support/Refunds", "INBOX", SentBack()),
        ("Support/VIP", "Inbox", SentBack()),
        ("Support/@Olha", "INBOX", Elsewhere()),  # released, not rejected
        ("Junk", "INBOX", Elsewhere()),  # rescued
        ("Support/Done", "INBOX", Elsewhere()),  # taken up again
        ("Support/Refunds", "Support/Done", Closed(reason="done")),
        ("INBOX", "Junk", Closed(reason="junk")),
        ("INBOX", "Trash", Closed(reason="trash")),
        ("INBOX", "Archives", Closed(reason="archive")),
        ("INBOX", "Archives/2026", Closed(reason="archive")),  # Thunderbird archives by year
        ("INBOX", "Archives of 2026", Elsewhere()),
        ("INBOX", None, Closed(reason="deleted")),
        ("Support/Refunds", "Support/@Olha", Claimed(by="olha")),
        ("Support/@Olha", "Support/@Bat", Claimed(by="bat")),
        ("Support/@Olha", "Support/Refunds", Correction(category="refund")),
        ("Support/Refunds", "Support/VIP", SenderFolder(senders="vip")),
        ("Support/Refunds", "Support/Refunds", Elsewhere()),
        ("INBOX", "Private", Elsewhere()),
        ("INBOX", "Sent", Elsewhere()),
    ],
)
def test_what_a_move_means(from_folder: str, to_folder: str | None, meaning: Gesture) -> None:
    """Each row is a line of what agents do in their mail client."""
    assert gesture_of(from_folder, to_folder, the_rules(), SPECIAL) == meaning


def test_closing_teaches_nothing() -> None:
    """Spam is not a category."""
    gesture = gesture_of("INBOX", "Junk", the_rules(), SPECIAL)
    assert isinstance(gesture, Closed)
    assert not gesture.teaches


def test_a_folder_of_two_categories_corrects_nothing() -> None:
    """Nobody can tell which of them was meant."""
    rules = Rules(categories=(Category(name="a", folder="Support/AB"), Category(name="b", folder="Support/AB")))
    assert gesture_of("INBOX", "Support/AB", rules, SPECIAL) == Elsewhere()


def test_a_server_without_special_folders_has_none() -> None:
    """What is not known closes nothing."""
    assert gesture_of("INBOX", "Trash", the_rules(), {}) == Elsewhere()


@pytest.mark.parametrize(
    ("folder", "by"),
    [("Support/@Olha", "olha"), ("Support/@olha/later", "olha"), ("Support/@", None), ("Support/Olha", None)],
)
def test_whose_claim_folder(folder: str, by: str | None) -> None:
    """The name after the `@`, lower case."""
    assert claimer(folder, the_rules()) == by


def test_claims_may_lie_elsewhere() -> None:
    """The star says where the name stands."""
    assert claimer("Team/Bat/Mine", the_rules(folders=Folders(claims="Team/*/Mine"))) == "bat"
