"""What a message says, field by field, and what happens when it says it wrongly."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from router.mail import limits, parse
from router.values import Address, Attachment, from_json, to_json
from router.values import Message as ParsedMessage
from tests.mail.builders import a_message, multipart, raw_mail


def test_every_field_of_an_ordinary_answer_is_read() -> None:
    """An ordinary mail gives subject, people, ids, date, text and language."""
    message = a_message(
        "Hello,\n\nwhere is my order #12345?\n\nBest regards,\nJane Miller\n",
        Subject="Re: =?utf-8?q?Order_caf=C3=A9?=",
        Cc="Bob <bob@customer.example>, carol@customer.example",
        Reply_To="<jane.private@customer.example>",
        In_Reply_To="<0@shop.example>",
        References="<a@shop.example>\n <0@shop.example>",
    )
    assert message.subject == "Re: Order café"
    assert message.sender == Address(name="Jane Miller", address="jane@customer.example")
    assert message.sender_count == 1
    assert message.reply_to == (Address(address="jane.private@customer.example"),)
    assert [one.address for one in message.cc] == ["bob@customer.example", "carol@customer.example"]
    assert message.message_id == "<1@customer.example>"
    assert message.in_reply_to == ("<0@shop.example>",)
    assert message.references == ("<a@shop.example>", "<0@shop.example>")
    assert message.date == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert message.text.startswith("Hello,\n\nwhere is")
    assert (message.language, message.script) == ("en", "Latn")
    assert (message.signed_as, message.greeting) == ("Jane Miller", "formal")
    assert ("order", "12345") in [(one.kind, message.text[one.start : one.end]) for one in message.entities]
    assert not message.automatic
    assert not message.defects
    assert not message.unreadable


def test_a_message_survives_the_way_between_processes() -> None:
    """What the parser says can be carried as JSON and comes back the same."""
    message = a_message("Дякую!", Subject="=?koi8-r?B?0NLJ18XU?=")
    assert from_json(to_json(message), ParsedMessage) == message


@pytest.mark.parametrize("field", ["Message_ID", "In_Reply_To", "References", "Subject", "From"])
def test_encoded_line_breaks_never_leave_the_parser(field: str) -> None:
    """An encoded word that decodes to CR, LF and NUL gives values of one line."""
    evil = "=?utf-8?q?<a=0D=0Ax_DELETE_INBOX=00@b>?= <c@d.example>"
    message = a_message(**{field: evil})
    values = [message.message_id, *message.in_reply_to, *message.references, message.subject, message.sender.name]
    values += [value for pair in message.headers for value in pair]
    assert not any(character in value for value in values for character in "\r\n\0")


def test_raw_control_characters_in_an_id_are_removed() -> None:
    """A Message-ID holds printable characters only."""
    assert a_message(Message_ID="<a\x01b\x7f@c>").message_id == "<ab@c>"


def test_at_most_fifty_references_are_kept_the_newest() -> None:
    """A long thread keeps its newest fifty ids."""
    message = a_message(References=" ".join(f"<{n}@x>" for n in range(80)))
    assert len(message.references) == 50
    assert message.references[-1] == "<79@x>"


@pytest.mark.parametrize(
    "date", ["99 Foo 2020", "Tue, 3 Mar 99999 10:00:00 +0100", "", "Mon, 1 Jan 2024 00:00:00 +9999999"]
)
def test_a_bad_date_is_none(date: str) -> None:
    """A date nobody can read is None and not an error."""
    assert a_message(Date=date).date is None


def test_a_date_without_zone_counts_as_utc() -> None:
    """A date without a zone is taken as UTC, so that every date can be compared."""
    assert a_message(Date="Tue, 3 Mar 2026 10:00:00").date == datetime(2026, 3, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("koi8-r", "Здравствуйте, где моя посылка?"),
        ("windows-1251", "Добрий день, де моє замовлення?"),
        ("iso-8859-1", "Où est ma commande ?"),
        ("gb2312", "我的订单在哪里"),
        ("iso-2022-jp", "注文はどこですか"),
        ("euc-kr", "주문이 어디에 있습니까"),
        ("utf-16", "Where is it?"),
        ("tis-620", "คำสั่งซื้อของฉันอยู่ที่ไหน"),
    ],
)
def test_declared_charsets_are_read(charset: str, text: str) -> None:
    """Text in a declared charset comes out as it was written, without a defect."""
    message = a_message(
        base64.encodebytes(text.encode(charset)),
        Content_Type=f"text/plain; charset={charset}",
        Content_Transfer_Encoding="base64",
    )
    assert message.text == text
    assert not message.defects


@pytest.mark.parametrize(
    "declared", [None, "text/plain", "text/plain; charset=us-ascii", "text/plain; charset=x-nonsense"]
)
@pytest.mark.parametrize("really", ["utf-8", "windows-1251", "koi8-r"])
def test_undeclared_and_unknown_charsets_are_guessed(declared: str | None, really: str) -> None:
    """Cyrillic text without a usable charset is read right, and the guess is a defect."""
    text = "Здравствуйте, я до сих пор не получил свой заказ и хочу вернуть деньги"
    message = a_message(text.encode(really), Content_Type=declared)
    assert message.text == text
    assert any("charset" in defect for defect in message.defects)


@pytest.mark.parametrize(
    "name", ["base64", "zip", "rot13", "hex", "idna", "unicode_escape", "undefined", "mbcs", "\0", "x" * 500]
)
def test_codecs_that_are_no_charsets_are_not_used(name: str) -> None:
    """A charset name that Python knows as something else is an unknown charset."""
    assert a_message(b"caf\xe9 please", Content_Type=f"text/plain; charset={name}").text == "café please"
    assert a_message(Subject=f"=?{name}?q?caf=E9?=").subject in ("café", f"=?{name}?q?caf=E9?=".replace("\0", ""))


def test_utf8_that_is_declared_as_latin_is_read_as_utf8() -> None:
    """A mailer that lies about UTF-8 is not believed."""
    assert a_message("Žao mi je".encode(), Content_Type="text/plain; charset=iso-8859-1").text == "Žao mi je"


def test_8_bit_headers_are_read_in_the_bodys_charset() -> None:
    """A raw windows-1251 subject is read with the charset that the body declares."""
    raw = (
        b"From: a@b.example\nSubject: \xcf\xf0\xe8\xe2\xe5\xf2\nContent-Type: text/plain; "
        b"charset=windows-1251\n\n\xcf\xf0"
    )
    assert parse.parse(raw).subject == "Привет"


def test_a_character_split_between_two_encoded_words_is_joined() -> None:
    """Senders cut UTF-8 between words; the subject is whole all the same."""
    both = base64.b64encode("Привіт".encode()[:3]).decode(), base64.b64encode("Привіт".encode()[3:]).decode()
    assert a_message(Subject=f"=?utf-8?b?{both[0]}?=\n =?utf-8?b?{both[1]}?=").subject == "Привіт"


@pytest.mark.parametrize("keep", range(0, 400, 7))
def test_a_message_cut_anywhere_can_be_read(keep: int) -> None:
    """Only the first 64 KB are fetched, so a missing end is normal."""
    encoded = base64.encodebytes(b"Where is my order? " * 20).decode()
    raw = raw_mail(
        f"--x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{encoded}".encode(),
        Content_Type="multipart/mixed; boundary=x",
    )
    cut = raw[: len(raw) - keep]
    message = parse.parse(cut, size=len(raw))
    assert message.subject == "A question"
    assert message.text.startswith("Where is my order?")
    assert not message.unreadable


def test_attachments_have_a_name_a_type_and_a_size() -> None:
    """RFC 2231 names are decoded, folders in names dropped, sizes are of the decoded octets."""
    message = multipart(
        "Content-Type: text/plain\n\nSee attached.",
        "Content-Type: application/pdf\nContent-Disposition: attachment;\n "
        "filename*0*=UTF-8''%D1%80%D0%B0;\n filename*1=x.pdf\n"
        "Content-Transfer-Encoding: base64\n\n" + base64.b64encode(b"x" * 100).decode(),
        'Content-Type: image/png; name="..\\\\..\\\\evil/a.png"\n\nxx',
    )
    assert message.text == "See attached."
    assert message.attachments == (
        Attachment(name="раx.pdf", content_type="application/pdf", size=100),
        Attachment(name="a.png", content_type="image/png", size=2),
    )


def test_a_forwarded_message_is_an_attachment() -> None:
    """The text of a nested message/rfc822 is not what the sender wrote."""
    message = multipart(
        "Content-Type: text/plain\n\nPlease look.",
        "Content-Type: message/rfc822\n\nSubject: inner\nFrom: x@y.example\n\nsecret inner text",
    )
    assert message.text == message.full_text == "Please look."
    assert [one.content_type for one in message.attachments] == ["message/rfc822"]


def test_plain_text_is_preferred_unless_it_is_empty() -> None:
    """The HTML alternative is read only when the plain one says nothing."""
    html = "Content-Type: text/html\n\n<p>from html</p>"
    assert multipart("Content-Type: text/plain\n\nfrom plain", html, subtype="alternative").text == "from plain"
    assert multipart("Content-Type: text/plain\n\n \n", html, subtype="alternative").text == "from html"


def test_base64_with_garbage_in_it_is_read() -> None:
    """Damaged base64 gives what can be read of it, and a defect."""
    message = a_message(b"SGVsbG8g!!d29ybGQ", Content_Type="text/plain", Content_Transfer_Encoding="base64")
    assert message.text == "Hello world"
    assert message.defects


def test_text_that_only_claims_to_be_base64_is_text() -> None:
    """Readable words under a false transfer encoding stay readable."""
    message = a_message(b"Where is my order, please?", Content_Type="text/plain", Content_Transfer_Encoding="base64")
    assert message.text == "Where is my order, please?"


def test_blank_lines_before_the_headers_do_not_hide_them() -> None:
    """Some programs store mail with white space in front."""
    assert parse.parse(b"\n   \n" + raw_mail()).subject == "A question"


def test_text_holds_no_control_characters_but_newline_and_tab() -> None:
    """NUL, escape sequences and odd line ends are gone from the text."""
    message = a_message(b"a\x00b\x1b[31m\r\nc\td\x0c\x7fe")
    assert message.text == "ab[31m\nc\tde"


def test_soft_line_breaks_are_joined() -> None:
    """format=flowed text is one line per paragraph (RFC 3676)."""
    message = a_message(
        "Where is \nmy order?\n\nThanks \nJane", Content_Type="text/plain; format=flowed; charset=utf-8"
    )
    assert message.text == "Where is my order?\n\nThanks Jane"


def test_a_subject_only_mail_has_a_language() -> None:
    """The language of an empty mail is that of its subject."""
    assert a_message("", Subject="Де моє замовлення?").language == "uk"


def test_only_the_first_sixty_headers_are_kept_and_cut() -> None:
    """Conditions look at headers; a stranger cannot make us keep any number of them."""
    message = a_message(**{f"X_{n}": "y" * 2000 for n in range(100)})
    assert len(message.headers) == 60
    assert max(len(value) for _, value in message.headers) == 500


def test_headers_are_found_whatever_their_case() -> None:
    assert a_message(x_PRIORITY="1").header("X-Priority") == "1"


# ------------------------------------------------------------------ too much of something


def _nested(levels: int) -> bytes:
    parts = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(levels))
    return raw_mail(parts.encode() + b"hello", Content_Type="multipart/mixed; boundary=b0")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (
            raw_mail(b"".join(b"--x\n\na\n" for _ in range(100_000)), Content_Type="multipart/mixed; boundary=x"),
            "parts",
        ),
        (_nested(1000), "nested"),
        (_nested(limits.DEEPEST + 2), "nested"),
        (raw_mail().replace(b"\nTo:", b"\nX: y" * 100_000 + b"\nTo:"), "headers"),
        (raw_mail().replace(b"\nTo:", b"\nX: " + b"y" * 300_000 + b"\nTo:"), "headers"),
        (_nested(45) + b"\n" * 1_000_000, "lines"),
    ],
    ids=["parts", "deep", "just too deep", "many headers", "long headers", "lines"],
)
def test_over_limit_mail_says_why_and_still_says_who(raw: bytes, reason: str) -> None:
    """Mail over a limit is unreadable for a reason, yet subject and sender are known."""
    message = parse.parse(raw)
    assert reason in message.unreadable
    assert message.sender.address == "jane@customer.example"
    assert message.subject == "A question" or reason == "headers"


def test_the_size_on_the_server_counts_not_the_octets_fetched() -> None:
    """A message over 25 MB is unreadable although only its start was fetched, and its start is read."""
    message = parse.parse(raw_mail("Where is it?"), size=parse.LARGEST + 1)
    assert "larger than 25 MB" in message.unreadable
    assert message.text == "Where is it?"


def test_a_header_longer_than_what_was_fetched_is_noticed() -> None:
    """The first 64 KB hold no end of the header: nobody knows the body, and the mail says so."""
    raw = raw_mail().replace(b"\nTo:", b"\nX: " + b"y" * 60 + b"\n z" * 30_000 + b"\nTo:")
    message = parse.parse(raw[: limits.LONGEST_PIECE], size=len(raw))
    assert message.unreadable == "headers longer than the 64 KB that were fetched"
    assert message.sender.address == "jane@customer.example"
    assert not parse.parse(raw_mail("x" * 100_000)[: limits.LONGEST_PIECE], size=110_000).unreadable


def test_many_lines_are_only_too_many_in_parts() -> None:
    """The parser keeps every line of a part as an object; an orderly mail is never split into lines."""
    lines = b"a\n" * 700_000
    assert not a_message(lines).unreadable
    assert not a_message(b"--x\n\n" + lines, Content_Type="multipart/mixed; boundary=x").unreadable
    assert a_message(b"--x\n\n" + lines, Content_Type="multipart/digest; boundary=x").unreadable


def test_mail_within_the_limits_is_readable() -> None:
    """Fifty levels and a thousand lines of dashes are odd but allowed."""
    assert not parse.parse(_nested(limits.DEEPEST - 2)).unreadable
    assert not a_message("--- a/file\n" * 2000).unreadable
