"""What agents do with any client, seen on every server: answers, moves, claims, edited drafts, reminders."""

from __future__ import annotations

import email
import imaplib
import time

from tests.acceptance.stage import mail
from tests.interop.conftest import Offices
from tests.interop.office import Office
from tests.interop.test_filing import BOB, JANE, parsed

ANSWER = mail(
    "Re: Refund please", "We have sent your money back today.\n\nOlha", sender="Support <support@acme.example>",
    to="jane@client.example", message_id="<a1@acme.example>", answers="<jane@client.example>",
)  # fmt: skip


def test_answer_in_sent_stops_the_clock_and_withdraws_the_draft(office: Office) -> None:
    """A mail that a client puts into Sent is an answer; our untouched draft goes to Trash, and nothing comes after."""
    office.append("INBOX", [JANE])
    office.once()
    assert office.thread()["waiting_since"] is not None
    office.append("Sent", [ANSWER], "(\\Seen)")
    office.once()
    assert office.thread()["waiting_since"] is None
    assert (office.messages("Drafts"), len(office.messages("Trash"))) == ({}, 1)
    again = office.once()
    assert (again["seen"], again["drafts"]) == (0, 0)
    assert office.whereabouts(without=("Trash",)) == {JANE: {"Support/Money": 1}, ANSWER: {"Sent": 1}}


def test_answer_seen_before_the_question_counts(office: Office) -> None:
    """While we were down the question came and was answered: no draft, no clock."""
    office.once()
    office.append("INBOX", [JANE])
    office.append("Sent", [ANSWER])
    office.once()
    assert office.messages("Drafts") == {}
    assert office.thread()["waiting_since"] is None


def test_customers_next_mail_waits_again(office: Office) -> None:
    """After the answer the customer writes again: a new clock, and a new draft."""
    office.append("INBOX", [JANE])
    office.once()
    office.append("Sent", [ANSWER])
    office.once()
    office.append("INBOX", [mail("Re: Refund please", "And the refund for 4712?", answers="<a1@acme.example>")])
    office.once()
    assert (office.thread()["clock"], office.thread()["waiting_since"] is not None) == (2, True)
    assert len(office.messages("Drafts")) == 1


def test_answered_flag_is_seen(office: Office) -> None:
    r"""A client that keeps sent mail elsewhere still marks the mail \Answered: the clock stops."""
    office.append("INBOX", [JANE])
    office.once()
    (uid,) = office.messages("Support/Money")
    office.mark("Support/Money", uid, "\\Answered")
    office.once()
    assert office.thread()["waiting_since"] is None
    assert "Answered" in office.thread()["answer_proof"]


def test_move_to_another_category_is_a_correction(office: Office) -> None:
    """It is recognised wherever it lies now, its category changes, and it is learned after ten quiet minutes."""
    office.append("INBOX", [JANE, BOB])
    office.once()
    office.move(next(iter(office.messages("Support/Money"))), "Support/Money", "Support/Parcels")
    office.once()
    assert office.ask("SELECT category, from_folder, to_folder FROM gesture") == [
        ("parcel", "Support/Money", "Support/Parcels")
    ]
    assert office.ask("SELECT DISTINCT category FROM thread") == [("parcel",)]
    again = office.once()
    assert (again["seen"], again["moved"], again["drafts"]) == (0, {}, 0)
    assert office.whereabouts() == {JANE: {"Support/Parcels": 1}, BOB: {"Support/Parcels": 1}}


def test_mail_moved_back_to_the_inbox_stays_there(office: Office) -> None:
    """ "Do not file this": it is recognised, keeps its clock, and is never moved again."""
    office.append("INBOX", [JANE])
    office.once()
    office.move(next(iter(office.messages("Support/Money"))), "Support/Money", "INBOX")
    for _ in range(2):
        result = office.once()
        assert (result["moved"], result["drafts"]) == ({}, 0)
    assert office.whereabouts() == {JANE: {"INBOX": 1}}
    assert (office.thread()["messages"], office.thread()["waiting_since"] is not None) == (1, True)


def test_move_that_waits_for_its_expunge_is_a_move(office: Office) -> None:
    """Outlook and others copy, mark the original as deleted, and expunge when they like: it is no deletion then."""
    office.append("INBOX", [JANE, BOB])
    office.once()
    (uid,) = office.messages("Support/Money")
    office.copy(uid, "Support/Money", "Support/Parcels")
    office.mark("Support/Money", uid, "\\Deleted")
    office.once()
    assert office.ask("SELECT category, to_folder FROM gesture") == [("parcel", "Support/Parcels")]
    office.delete("Support/Money", uid)
    for _ in range(2):
        office.once()
    assert office.ask("SELECT count(*) FROM thread WHERE waiting_since IS NULL OR closed_at IS NOT NULL") == [(0,)]
    assert office.ask("SELECT count(*) FROM message WHERE state IN ('gone', 'missing')") == [(0,)]
    assert office.whereabouts() == {JANE: {"Support/Parcels": 1}, BOB: {"Support/Parcels": 1}}


def test_mail_on_its_way_back_to_the_inbox_stays_there(office: Office) -> None:
    """The same towards the inbox: the copy is the old mail, not a new one to be filed away again."""
    office.append("INBOX", [JANE])
    office.once()
    (uid,) = office.messages("Support/Money")
    office.copy(uid, "Support/Money", "INBOX")
    office.mark("Support/Money", uid, "\\Deleted")
    result = office.once()
    assert (result["moved"], result["drafts"]) == ({}, 0)
    office.delete("Support/Money", uid)
    office.once()
    assert office.whereabouts() == {JANE: {"INBOX": 1}}
    assert (office.thread()["messages"], office.thread()["closed_at"]) == (1, None)


def test_claim_folder_names_the_one_who_is_reminded(office: Office) -> None:
    """Moving to Support/@Olha claims, also when the folder was made a moment ago; moving out of it unclaims."""
    office.append("INBOX", [JANE])
    office.once()
    office.create("Support/@Olha")
    office.move(next(iter(office.messages("Support/Money"))), "Support/Money", "Support/@Olha")
    office.once()
    office.once()
    assert (office.thread()["claimed_by"], office.thread()["closed_at"]) == ("olha", None)
    office.move(next(iter(office.messages("Support/@Olha"))), "Support/@Olha", "Support/Money")
    office.once()
    assert office.thread()["claimed_by"] is None
    assert office.whereabouts() == {JANE: {"Support/Money": 1}}


def test_moving_to_done_closes(office: Office) -> None:
    """Done means no answer is needed: the clock ends and the draft goes."""
    office.append("INBOX", [JANE])
    office.once()
    office.move(next(iter(office.messages("Support/Money"))), "Support/Money", "Support/Done")
    office.once()
    assert office.thread()["closed_because"] == "done"
    assert office.messages("Drafts") == {}


def test_deleting_closes_after_two_looks(office: Office) -> None:
    """A mail that is nowhere at two looks was deleted; at one look it may be on its way."""
    office.append("INBOX", [JANE])
    office.once()
    office.delete("Support/Money", next(iter(office.messages("Support/Money"))))
    office.once()
    assert office.thread()["closed_at"] is None
    office.once()
    assert office.thread()["closed_because"] == "deleted"


def test_edited_draft_is_left_alone(office: Office) -> None:
    """A draft that a person has saved anew is theirs: not withdrawn, and no other comes beside it."""
    office.append("INBOX", [JANE])
    office.once()
    ((uid, raw),) = office.messages("Drafts").items()
    edited = raw.replace(b"X-Inbox-Router-Key", b"X-Client-Id").replace(b"today", b"tomorrow")
    office.append("Drafts", [edited], "(\\Draft)")
    office.delete("Drafts", uid)
    office.once()
    assert office.ask("SELECT state FROM draft") == [("edited",)]
    office.append("INBOX", [mail("Re: Refund please", "Any news on my refund?", answers="<jane@client.example>")])
    office.once()
    assert list(office.messages("Drafts").values()) == [edited]
    office.append("Sent", [ANSWER])
    office.once()
    assert list(office.messages("Drafts").values()) == [edited]


def test_deleted_draft_does_not_come_back(office: Office) -> None:
    """A draft that an agent threw away was not wanted."""
    office.append("INBOX", [JANE])
    office.once()
    office.delete("Drafts", next(iter(office.messages("Drafts"))))
    office.once()
    office.once()
    assert office.messages("Drafts") == {}
    assert office.ask("SELECT state FROM draft") == [("taken",)]


def test_draft_sent_as_it_is_counts_as_sent(office: Office) -> None:
    """Clients drop our key header and change the Message-ID: the text tells that it was our draft."""
    office.append("INBOX", [JANE])
    office.once()
    ((uid, raw),) = office.messages("Drafts").items()
    text = parsed(raw).get_content()
    sent = email.message_from_bytes(ANSWER, policy=email.policy.default)
    sent.set_content(text)
    office.append("Sent", [sent.as_bytes(policy=email.policy.SMTP)], "(\\Seen)")
    office.delete("Drafts", uid)
    office.once()
    assert office.ask("SELECT state FROM draft") == [("sent",)]


def test_reminder_without_smtp_lies_in_the_inbox_once(office: Office) -> None:
    """It is appended unread; later passes know it as ours: not filed, no draft, no clock, no second one."""
    office.once()
    office.change("UPDATE mailbox SET first_run_at = '2020-01-01 00:00:00.000000'")
    office.append("INBOX", [JANE], when=imaplib.Time2Internaldate(time.time() - 4.67 * 3600))
    office.once()
    (notice,) = office.messages("INBOX").values()
    assert parsed(notice)["To"] == "olha@acme.example"
    assert "\\Seen" not in next(iter(office.flags("INBOX").values()))
    office.once()
    office.once()
    assert list(office.messages("INBOX").values()) == [notice]
    assert len(office.messages("Drafts")) == 1
    assert office.ask("SELECT count(*) FROM thread") == [(1,)]


def test_mail_from_before_us_is_left_alone(offices: Offices) -> None:
    """With `backfill: none` nothing that lay in the inbox before the first pass is touched; what comes after is."""
    office = offices(mailbox="    backfill: none\n")
    office.append("INBOX", [JANE])
    assert office.once()["seen"] == 0
    office.append("INBOX", [BOB])
    assert office.once()["moved"] == {"Support/Parcels": 1}
    assert office.whereabouts() == {JANE: {"INBOX": 1}, BOB: {"Support/Parcels": 1}}


def test_full_folders_of_before_are_not_read(office: Office) -> None:
    """Folders that were there before us are noted by their numbers; their mail is not fetched, now nor later."""
    old = [mail(f"Old {n}", "Old.", sender=f"old{n}@client.example") for n in range(20)]
    office.append("Archive 2019", old)
    office.append("INBOX", [JANE])
    office.once()
    office.once()
    opened = [c.text for c in office.wire.commands if c.name in ("SELECT", "EXAMINE") and "Archive" in c.text]
    assert opened == []


def test_mail_that_a_person_has_expunged_is_not_moved(office: Office) -> None:
    """Gone before we came to it, while the next one is new: nothing is copied twice and nothing is invented."""
    office.once()
    raws = [mail(f"Refund {n}", "I want my money back.", sender=f"c{n}@client.example") for n in range(3)]
    office.append("INBOX", raws)
    office.delete("INBOX", 2)
    assert office.once()["moved"] == {"Support/Money": 2}
    assert office.whereabouts() == {raws[0]: {"Support/Money": 1}, raws[2]: {"Support/Money": 1}}
