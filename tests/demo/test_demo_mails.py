"""The demo's mails say what the story says they say."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime

import pytest

from router.demo.letters import SUPPORT, Letter
from router.demo.mails import AFTER_THE_MOVE, AUTHSERV_ID, LETTERS, POISON_DEPTH, DemoMail, demo_mails

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MAILS = {mail.key: mail for mail in demo_mails(NOW)}

# What is not an ordinary letter: the subject that a reader should see.
SUBJECTS = {
    "vip": "Delivery for the board meeting",
    "forged-vip": "Urgent: change our bank details today",
    "vip-unverified": "Shared price list",
    "odd-no-subject": None,
    "odd-no-message-id": "I would like a refund for order 10290",
    "odd-html-only": "Cancel my subscription",
    "odd-empty": "(no subject)",
    "odd-broken-charset": "Error message on the screen",
    "auto-bounce": "Undelivered Mail Returned to Sender",
    "auto-away": "Automatic reply: Your refund",
    "auto-newsletter": "Upgrade your spring: 30 % off",
    "auto-list": "[lamps] How do I rewire an old lamp?",
    "auto-receipt": "Receipt for your payment 55120",
    "injected-id": "Where can I find the manual?",
    "poison": "Please read",
    "twin-1": "Refund for order 10620 please",
    "twin-2": "Refund for order 10620 please",
}


def parsed(key: str) -> Message:
    return message_from_bytes(MAILS[key].raw)


def subject(message: Message) -> str | None:
    value = message["Subject"]
    return None if value is None else str(make_header(decode_header(value)))


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.key)
def test_a_letter_reads_as_it_was_written(letter: Letter) -> None:
    """Whatever charset and encoding carried it, subject and text come out as in the table."""
    message = parsed(letter.key)
    body = message.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert subject(message) == letter.subject
    assert body.decode(letter.charset).replace("\r\n", "\n").rstrip("\n") == letter.text
    assert message["To"] == SUPPORT
    assert letter.sender in str(make_header(decode_header(message["From"])))
    assert not message.defects


@pytest.mark.parametrize(("key", "expected"), SUBJECTS.items(), ids=SUBJECTS)
def test_an_odd_mail_has_the_intended_subject(key: str, expected: str | None) -> None:
    """Odd, automatic and hostile mails are odd where they should be and nowhere else."""
    assert subject(parsed(key)) == expected


def test_the_eight_bit_header_is_raw_windows_1251() -> None:
    """The subject's bytes are on the wire undeclared, as old webmail sends them."""
    assert "Subject: Возврат денег\r\n".encode("windows-1251") in MAILS["odd-8bit-header"].raw


def test_every_mail_is_a_letter_or_in_the_table() -> None:
    """No mail goes untested, and no key is used twice."""
    keys = Counter(mail.key for mail in demo_mails(NOW))
    assert set(keys) == {letter.key for letter in LETTERS} | set(SUBJECTS) | {"odd-8bit-header"}
    assert set(keys.values()) == {1}
    assert set(keys) >= AFTER_THE_MOVE


def test_there_are_about_sixty_mails_in_five_languages_and_several_charsets() -> None:
    """The inbox looks like a support inbox: many topics, languages and encodings."""
    assert 55 <= len(MAILS) <= 65
    languages = Counter(letter.key.partition("-")[0] for letter in LETTERS)
    assert all(languages[language] >= 6 for language in ("en", "uk", "ru", "sr", "mn"))
    assert {"utf-8", "windows-1251", "koi8-r"} <= {letter.charset for letter in LETTERS}
    assert {letter.encoding for letter in LETTERS} == {"7bit", "8bit", "base64", "quoted-printable"}


def test_all_addresses_are_reserved_for_examples() -> None:
    """Nobody real is written to: every sender's domain ends in .example (RFC 2606)."""
    for letter in LETTERS:
        assert letter.address.endswith(".example"), letter.key


def test_mails_arrived_before_now_and_in_order() -> None:
    """Arrival times lie within the last three hours, oldest first, and agree with the Date header."""
    mails = demo_mails(NOW)
    assert [mail.when for mail in mails] == sorted(mail.when for mail in mails)
    assert mails[-1].when == NOW
    assert NOW - mails[0].when < timedelta(hours=3)
    for mail in mails:
        date = message_from_bytes(mail.raw)["Date"]
        assert date is None or parsedate_to_datetime(date) == mail.when, mail.key


def test_the_same_now_gives_the_same_bytes() -> None:
    """The demo can be run again and compared."""
    assert demo_mails(NOW) == demo_mails(NOW)


def test_lines_end_in_crlf_and_fit_the_first_fetch() -> None:
    """Each mail is valid on the wire and shorter than 64 KB."""
    for mail in MAILS.values():
        assert b"\n" not in mail.raw.replace(b"\r\n", b""), mail.key
        assert len(mail.raw) < 65536


def test_the_twins_are_the_same_bytes() -> None:
    """Two identical mails are two mails."""
    assert MAILS["twin-1"].raw == MAILS["twin-2"].raw


def test_only_our_own_server_vouches_for_the_vip() -> None:
    """The real VIP passes DMARC, the forger fails, the partner brings no result."""
    verdicts = {key: parsed(key)["Authentication-Results"] for key in ("vip", "forged-vip", "vip-unverified")}
    assert verdicts["vip"].startswith(f"{AUTHSERV_ID}; dmarc=pass ")
    assert verdicts["forged-vip"].startswith(f"{AUTHSERV_ID}; dmarc=fail ")
    assert verdicts["vip-unverified"] is None
    assert parsed("vip")["From"] == parsed("forged-vip")["From"]


@pytest.mark.parametrize("key", ["injected-id", "poison"])
def test_a_decoded_message_id_holds_a_command(key: str) -> None:
    """The attack is real: decoding the Message-ID gives a line end and an IMAP command."""
    assert "\r\nA1 DELETE INBOX" in str(make_header(decode_header(parsed(key)["Message-ID"])))


def test_the_poison_is_nested_too_deep_to_follow() -> None:
    """Its text lies below more than fifty parts, and its address is one that crashes parsers."""
    part, depth = parsed("poison"), 0
    while part.is_multipart():
        part, depth = part.get_payload(0), depth + 1
    assert depth == POISON_DEPTH + 1 > 50
    assert parsed("poison")["To"] == "(c):"


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("auto-bounce", "Auto-Submitted"),
        ("auto-away", "Auto-Submitted"),
        ("auto-newsletter", "List-Unsubscribe"),
        ("auto-list", "List-Id"),
        ("auto-receipt", "Auto-Submitted"),
    ],
)
def test_machines_say_that_they_are_machines(key: str, field: str) -> None:
    """Automatic mail carries the field that RFC 3834 or RFC 2369 asks for."""
    assert parsed(key)[field]


def test_a_mail_is_a_value() -> None:
    """Mails compare by content."""
    assert DemoMail(key="a", raw=b"", when=NOW) == DemoMail(key="a", raw=b"", when=NOW)
