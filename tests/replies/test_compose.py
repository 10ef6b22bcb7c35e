"""A draft threads with the mail it answers, in every client, and looks the same each time."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from router.errors import UnsafeArgument
from router.mail.compose import (
    compose_draft,
    compose_notice,
    draft_info,
    message_id_for,
    reply_recipient,
    reply_subject,
)
from router.values import Address, Classification, Mailbox, MessageRef, NoDraft

from .builders import NOW, a_draft, a_folder, a_library, a_mailbox, a_message, an_order, draft_of, read, text_in

OWN = ("support@acme.example",)


def test_a_draft_is_an_rfc_5322_message_that_a_person_will_send() -> None:
    """CRLF, ASCII on the wire, plain text, our identity, no mark of a robot."""
    draft = a_draft(a_message(language="uk", script="Cyrl", subject="Повернення", entities=(an_order(),)))
    assert draft.raw.isascii()
    assert b"\n" not in draft.raw.replace(b"\r\n", b"")
    mail = read(draft.raw)
    assert (mail["From"], mail["To"]) == ("support@acme.example", "Olha Petrenko <olha@customer.example>")
    assert mail["Subject"] == "Re: Повернення"
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == draft.message_id
    assert mail["X-Inbox-Router-Key"] == draft.key == "draft-1"
    assert mail["Auto-Submitted"] is None
    assert mail.get_content_type() == "text/plain"
    assert text_in(draft.raw).startswith(draft.body)
    assert mail.defects == []


@pytest.mark.parametrize("language", ["en", "mn"])
def test_the_text_survives_the_wire_whatever_its_encoding(language: str) -> None:
    """Quoted-printable for mostly ASCII, base64 for the rest."""
    draft = a_draft(a_message(language=language, full_text="a" * 2000 + " = \t ü\n.\nFrom x\n" + "ж" * 300))
    text = text_in(draft.raw)
    assert "> " + "a" * 2000 + " = \t ü" in text.split("\n")
    assert "> From x" in text.split("\n")
    assert max(len(line) for line in draft.raw.split(b"\r\n")) <= 998


def test_the_same_key_gives_the_same_message_and_another_key_another() -> None:
    """A second attempt after a crash makes no second mail."""
    once, again, other = a_draft(a_message()), a_draft(a_message()), a_draft(a_message(), key="draft-2")
    assert once == again
    assert other.message_id != once.message_id
    assert once.message_id == message_id_for("draft-1", "support@acme.example")
    assert once.message_id.endswith("@acme.example>")


def test_the_companys_name_is_the_senders_name() -> None:
    """And the address is the mailbox's."""
    from dataclasses import replace

    from .builders import shipped

    library = replace(shipped(), facts={**shipped().facts, "name": {"": "Кафе «Львів»"}})
    assert read(a_draft(a_message(), library=library).raw)["From"] == "Кафе «Львів» <support@acme.example>"


# ------------------------------------------------------------------ threading

PARENT = "<parent@customer.example>"


def threading(**more: object) -> tuple[str | None, list[str]]:
    mail = read(a_draft(a_message(message_id=PARENT, **more)).raw)
    return mail["In-Reply-To"], str(mail["References"] or "").split()


def test_references_are_the_parents_and_its_message_id() -> None:
    """RFC 5322 §3.6.4."""
    assert threading(references=("<a@x.example>", "<b@x.example>")) == (
        PARENT,
        ["<a@x.example>", "<b@x.example>", PARENT],
    )


def test_in_reply_to_stands_in_for_missing_references() -> None:
    """Only when it names one message."""
    assert threading(in_reply_to=("<a@x.example>",))[1] == ["<a@x.example>", PARENT]
    assert threading(in_reply_to=("<a@x.example>", "<b@x.example>"))[1] == [PARENT]


def test_a_long_conversation_keeps_its_first_and_newest_messages() -> None:
    """Twenty at most, each on its own line, none of them encoded."""
    ids = tuple(f"<{'n' * 100}{n}@x.example>" for n in range(100))
    parent, known = threading(references=ids)
    assert parent == PARENT
    assert known == [ids[0], *ids[-18:], PARENT]


def test_without_a_message_id_there_is_nothing_to_thread_with() -> None:
    """Neither header is invented."""
    mail = read(a_draft(a_message(message_id="", references=("<a@x.example>",))).raw)
    assert (mail["In-Reply-To"], mail["References"]) == (None, None)


def test_a_message_id_too_long_to_fold_stays_whole() -> None:
    """Python's own folder would make an encoded word of it, and no client would thread."""
    long = "<" + "x" * 300 + "@customer.example>"
    draft = a_draft(a_message(message_id=long))
    assert f"In-Reply-To: {long}\r\n".encode() in draft.raw


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Refund", "Re: Refund"),
        ("Re: Refund", "Re: Refund"),
        ("RE: re: Re[2]: Refund", "Re: Refund"),
        ("Відп: Ответ: AW: SV: Refund", "Re: Refund"),
        ("Fwd: Refund", "Re: Fwd: Refund"),
        ("Receipt: 1", "Re: Receipt: 1"),
        ("", "Re:"),
        ("Re:", "Re:"),
        ("  a \t b  ", "Re: a b"),
    ],
)
def test_re_is_said_once(subject: str, expected: str) -> None:
    """Whatever clients in other languages put before it."""
    assert reply_subject(subject) == expected


def test_roundcube_learns_what_the_draft_answers() -> None:
    """Its own format, the folder's name as IMAP writes it."""
    ref = MessageRef(mailbox="support", folder="Support/Повернення & R", uidvalidity=1, uid=7)
    info = draft_info(ref)
    assert info.startswith("type=reply; uid=7; folder=B::")
    name = base64.b64decode(info.partition("B::")[2]).decode()
    assert name == "Support/&BB8EPgQyBDUEQAQ9BDUEPQQ9BE8- &- R"
    inbox = MessageRef(mailbox="support", folder="INBOX", uidvalidity=1, uid=1)
    assert draft_info(inbox) == "type=reply; uid=1; folder=B::SU5CT1g="
    assert b"\r\nX-Draft-Info: type=reply; uid=7; folder=B::" in a_draft(a_message(), raw_ref=ref).raw
    assert read(a_draft(a_message(), raw_ref=None).raw)["X-Draft-Info"] is None


# ------------------------------------------------------------------ who gets it


@pytest.mark.parametrize(
    ("reply_to", "expected"),
    [
        ((), "olha@customer.example"),
        (("other@x.example",), "other@x.example"),
        (("one@x.example", "two@x.example"), "olha@customer.example"),
        (("Support@Acme.example",), "olha@customer.example"),
        (("",), "olha@customer.example"),
    ],
)
def test_the_answer_goes_to_one_address_that_is_not_ours(reply_to: tuple[str, ...], expected: str) -> None:
    """Reply-To when it names exactly one, else From."""
    found = reply_recipient(a_message(reply_to=tuple(Address(address=one) for one in reply_to)), OWN)
    assert isinstance(found, Address)
    assert found.address == expected


@pytest.mark.parametrize(
    ("address", "because"),
    [
        ("", "the sender's address cannot be read"),
        ("olha", "the sender's address cannot be read"),
        ("olha@", "the sender's address cannot be read"),
        ("ольга@customer.example", "the sender's address cannot be read"),
        ("olha@customer.example\r\nBcc: x@y.example", "the sender's address cannot be read"),
        ("support@acme.example", "the mail is from our own address"),
    ],
)
def test_without_a_usable_address_there_is_no_draft(address: str, because: str) -> None:
    """And the reason says so."""
    assert draft_of(a_message(sender=Address(name="X", address=address))) == NoDraft(because=because)


def test_robots_and_lists_get_no_draft() -> None:
    """Nobody reads the answer."""
    automatic = draft_of(a_message(automatic=True, automatic_because="Auto-Submitted: auto-replied"))
    assert automatic == NoDraft(because="automatic mail gets no draft: Auto-Submitted: auto-replied")
    assert draft_of(a_message(is_list=True)) == NoDraft(because="list mail gets no draft")


def test_the_login_name_of_the_mailbox_is_ours_too() -> None:
    """A shared mailbox has two addresses."""
    from dataclasses import replace

    mailbox: Mailbox = a_mailbox()
    mailbox = replace(mailbox, login=replace(mailbox.login, user="robot@acme.example"))
    found = draft_of(a_message(sender=Address(address="robot@acme.example")), mailbox=mailbox)
    assert isinstance(found, NoDraft)


# ------------------------------------------------------------------ the quote

ATTRIBUTIONS = {
    ("en", "Latn"): "On 2026-11-21 at 14:05, Olha Petrenko wrote:",
    ("uk", "Cyrl"): "21.11.2026 о 14:05 Olha Petrenko пише:",
    ("ru", "Cyrl"): "21.11.2026 в 14:05 Olha Petrenko пишет:",
    ("sr", "Cyrl"): "21.11.2026 у 14:05 Olha Petrenko пише:",
    ("sr", "Latn"): "21.11.2026 u 14:05 Olha Petrenko piše:",
    ("mn", "Cyrl"): "2026.11.21 14:05 цагт Olha Petrenko бичсэн нь:",
    ("de", "Latn"): "On 2026-11-21 at 14:05, Olha Petrenko wrote:",
}


@pytest.mark.parametrize(("language", "script"), ATTRIBUTIONS)
def test_the_customers_mail_is_quoted_below_in_their_language(language: str, script: str) -> None:
    """With their own wall clock."""
    text = text_in(a_draft(a_message(language=language, script=script, full_text="One\n\n> two\n")).raw)
    assert text.endswith(f"\n\n{ATTRIBUTIONS[language, script]}\n> One\n>\n>> two\n")


def test_an_undated_or_nameless_mail_is_still_quoted() -> None:
    """With what is known."""
    message = a_message(date=None, sender=Address(address="olha@customer.example"))
    assert "\nolha@customer.example wrote:\n> I want" in text_in(a_draft(message).raw)


def test_a_mail_without_text_is_not_quoted_and_a_long_one_is_cut() -> None:
    """Two hundred lines are enough to remember."""
    assert "wrote:" not in text_in(a_draft(a_message(full_text=" \n\n")).raw)
    long = text_in(a_draft(a_message(full_text="x\n" * 5000)).raw)
    assert long.count("\n> x") == 200
    assert long.endswith("\n> …\n")


# ------------------------------------------------------------------ attachments and notices


def test_a_reply_brings_its_attachments(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Files of the replies' folder; one that disappeared means no draft."""
    a_folder(tmp_path, {"guide.pdf": "%PDF"})
    library = a_library(tmp_path, {"faq/first.md": "---\nattach: guide.pdf\n---\nSee the guide.\n"})
    arguments = {"library": library, "classification": Classification(category="faq")}
    parts = list(read(a_draft(a_message(), **arguments).raw).iter_attachments())
    assert [(part.get_filename(), part.get_content_type(), part.get_content()) for part in parts] == [
        ("guide.pdf", "application/pdf", b"%PDF")
    ]
    (tmp_path / "replies" / "guide.pdf").unlink()
    gone = draft_of(a_message(), **arguments)
    assert gone == NoDraft(because="faq/first: an attachment cannot be read: No such file or directory")


def a_notice(**more: object) -> bytes:
    arguments = {
        "body": "One mail waits.\n",
        "subject": "Waiting: Повернення",
        "sender": Address(name="Inbox Router", address="support@acme.example"),
        "recipients": (Address(address="olha@acme.example"), Address(address="bat@acme.example")),
        "message_id": "<n1@acme.example>",
        "key": "remind-1",
        "date": datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    }
    return compose_notice(**{**arguments, **more})  # type: ignore[arg-type]


def test_a_notice_says_that_a_robot_wrote_it() -> None:
    """So that no robot answers it (RFC 3834)."""
    mail = read(a_notice())
    assert mail["To"] == "olha@acme.example, bat@acme.example"
    assert mail["Subject"] == "Waiting: Повернення"
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert (mail["Message-ID"], mail["X-Inbox-Router-Key"]) == ("<n1@acme.example>", "remind-1")
    assert text_in(a_notice()) == "One mail waits.\n"
    assert a_notice() == a_notice()


def test_a_notice_without_anybody_to_read_it_is_refused() -> None:
    """Addresses of the configuration are checked before, so this is our mistake."""
    with pytest.raises(UnsafeArgument):
        a_notice(recipients=(Address(address="nobody"),))


def test_a_mailbox_address_that_cannot_be_written_means_no_draft() -> None:
    """It never becomes a broken header."""
    found = compose_draft(
        body="x",
        message=a_message(),
        sender=Address(address="a\r\nBcc: x@y.example"),
        recipient=Address(address="olha@customer.example"),
        message_id="<a@b.example>",
        key="k",
        date=NOW,
    )
    assert isinstance(found, NoDraft)
