"""What agents do in their own mail clients: answer, move, claim, close, flag, bring back."""

from __future__ import annotations

import email
import email.policy
import sqlite3

import pytest

from tests.acceptance.stage import Stage, mail

pytestmark = pytest.mark.dovecot


def thread(stage: Stage) -> sqlite3.Row:
    """The one thread in the store."""
    with sqlite3.connect(stage.state / "router.db") as database:
        database.row_factory = sqlite3.Row
        rows = database.execute("SELECT * FROM thread").fetchall()
    assert len(rows) == 1
    row: sqlite3.Row = rows[0]
    return row


def answer(text: str = "We have sent your money back today.\n\nOlha") -> bytes:
    return mail(
        "Re: Refund please",
        text,
        sender="Support <support@acme.example>",
        to="jane@client.example",
        message_id="<a1@acme.example>",
        answers="<q1@client.example>",
    )


def test_answer_from_any_client_stops_the_clock_and_withdraws_the_draft(stage: Stage) -> None:
    """A mail in Sent to the customer is an answer: no clock, and our untouched draft lies in Trash."""
    stage.append("INBOX", [mail(message_id="<q1@client.example>")])
    stage.once()
    assert thread(stage)["waiting_since"] is not None
    stage.append("Sent", [answer()])
    stage.once()
    assert thread(stage)["waiting_since"] is None
    assert stage.messages("Drafts") == {}
    assert len(stage.messages("Trash")) == 1


def test_forward_to_accounting_is_no_answer(stage: Stage) -> None:
    """A mail in the thread that does not go to the customer leaves the clock alone."""
    stage.append("INBOX", [mail(message_id="<q1@client.example>")])
    stage.once()
    stage.append("Sent", [answer().replace(b"jane@client.example", b"books@acme.example", 1)])
    stage.once()
    assert thread(stage)["waiting_since"] is not None
    assert len(stage.messages("Drafts")) == 1


def test_answer_seen_before_the_question_counts(stage: Stage) -> None:
    """While we were down the question came and was answered: no draft, no clock."""
    stage.once()
    stage.append("INBOX", [mail(message_id="<q1@client.example>")])
    stage.append("Sent", [answer()])
    stage.once()
    assert stage.messages("Drafts") == {}
    assert thread(stage)["waiting_since"] is None


def test_draft_sent_as_it_is_counts_as_sent(stage: Stage) -> None:
    """Clients drop our key header and may change the Message-ID: the text tells that it was our draft."""
    stage.append("INBOX", [mail(message_id="<q1@client.example>")])
    stage.once()
    ((uid, raw),) = stage.messages("Drafts").items()
    draft = email.message_from_bytes(raw, policy=email.policy.default)
    stage.append("Sent", [answer(draft.get_content())])
    with stage.client() as client:
        client.select("Drafts")
        client.uid("STORE", str(uid), "+FLAGS", "\\Deleted")
        client.expunge()
    stage.once()
    with sqlite3.connect(stage.state / "router.db") as database:
        assert database.execute("SELECT state FROM draft").fetchall() == [("sent",)]


def test_next_question_starts_a_new_clock(stage: Stage) -> None:
    """After the answer, the customer's next mail waits again, and gets a draft again."""
    stage.append("INBOX", [mail(message_id="<q1@client.example>")])
    stage.once()
    stage.append("Sent", [answer()])
    stage.once()
    stage.append(
        "INBOX", [mail("Re: Refund please", "And the second refund for order 4712?", answers="<a1@acme.example>")]
    )
    stage.once()
    row = thread(stage)
    assert row["waiting_since"] is not None
    assert row["clock"] == 2
    assert len(stage.messages("Drafts")) == 1


def test_moving_to_done_closes(stage: Stage) -> None:
    """Done means no answer is needed: the clock ends and the draft goes."""
    stage.append("INBOX", [mail()])
    stage.once()
    stage.move(1, "Support/Refunds", "Support/Done")
    stage.once()
    assert thread(stage)["closed_because"] == "done"
    assert stage.messages("Drafts") == {}


def test_deleting_closes_after_two_looks(stage: Stage) -> None:
    """A mail that is nowhere at two looks was deleted; at one look it may be on its way."""
    stage.append("INBOX", [mail()])
    stage.once()
    with stage.client() as client:
        client.select('"Support/Refunds"')
        client.uid("STORE", "1", "+FLAGS", "\\Deleted")
        client.expunge()
    stage.once()
    assert thread(stage)["closed_at"] is None
    stage.once()
    assert thread(stage)["closed_because"] == "deleted"


def test_mail_moved_back_to_the_inbox_stays_there(stage: Stage) -> None:
    """ "Do not file this": it is recognised, keeps its clock, and is never moved again."""
    stage.append("INBOX", [mail()])
    stage.once()
    stage.move(1, "Support/Refunds", "INBOX")
    stage.once()
    stage.once()
    assert len(stage.messages("INBOX")) == 1
    assert len(stage.messages("Drafts")) == 1
    assert thread(stage)["messages"] == 1


def test_copied_first_and_removed_later_is_a_move(stage: Stage) -> None:
    """Clients without MOVE copy, and expunge when they leave: a correction, not a deletion; the clock runs on."""
    stage.append("INBOX", [mail()])
    stage.once()
    with stage.client() as client:
        client.select('"Support/Refunds"')
        client.uid("COPY", "1", '"Support/Cancellations"')
        client.uid("STORE", "1", "+FLAGS", "\\Deleted")
        stage.once()
        client.expunge()
    stage.once()
    stage.once()
    with sqlite3.connect(stage.state / "router.db") as database:
        assert database.execute("SELECT folder, category FROM message").fetchall() == [
            ("Support/Cancellations", "cancel")
        ]
    assert thread(stage)["waiting_since"] is not None
    assert len(stage.messages("Drafts")) == 1


def test_claim_folder_names_the_one_who_is_reminded(stage: Stage) -> None:
    """Moving to Support/@Olha claims; moving out of it unclaims."""
    stage.append("INBOX", [mail()])
    stage.once()
    with stage.client() as client:
        client.create('"Support/@Olha"')
    stage.once()
    stage.move(1, "Support/Refunds", "Support/@Olha")
    stage.once()
    assert thread(stage)["claimed_by"] == "olha"
    stage.move(1, "Support/@Olha", "Support/Refunds")
    stage.once()
    assert thread(stage)["claimed_by"] is None


def test_edited_draft_is_left_alone(stage: Stage) -> None:
    """A draft that a person has saved anew is theirs: not withdrawn, and no other beside it."""
    stage.append("INBOX", [mail(message_id="<q1@client.example>")])
    stage.once()
    ((uid, raw),) = stage.messages("Drafts").items()
    with stage.client() as client:
        client.select("Drafts")
        client.uid("STORE", str(uid), "+FLAGS", "\\Deleted")
        client.expunge()
    stage.append("Drafts", [raw.replace(b"X-Inbox-Router-Key", b"X-Client-Id")], "\\Draft")
    stage.once()
    stage.append("INBOX", [mail("Re: Refund please", "Any news on my refund?", answers="<q1@client.example>")])
    stage.once()
    assert len(stage.messages("Drafts")) == 1


def test_flagged_mail_is_not_moved(stage: Stage) -> None:
    """A star by a person means hands off."""
    stage.append("INBOX", [mail()], "\\Flagged")
    stage.once()
    assert len(stage.messages("INBOX")) == 1


def test_stranger_who_quotes_our_thread_joins_nothing(stage: Stage) -> None:
    """Another sender with the same References gets a thread and a draft of his own."""
    stage.append("INBOX", [mail(message_id="<q1@client.example>")])
    stage.once()
    stage.append(
        "INBOX",
        [mail("Re: Refund please", "Refund me too", sender="evil@other.example", answers="<q1@client.example>")],
    )
    stage.once()
    assert len(stage.messages("Drafts")) == 2
    recipients = sorted(email.message_from_bytes(raw)["To"] for raw in stage.messages("Drafts").values())
    assert "evil@other.example" in recipients[0] or "evil@other.example" in recipients[1]


def test_answered_flag_is_weaker_proof(stage: Stage) -> None:
    """A client that keeps sent mail elsewhere still marks the mail as answered: the clock stops, and says by what."""
    stage.append("INBOX", [mail()])
    stage.once()
    with stage.client() as client:
        client.select('"Support/Refunds"')
        client.uid("STORE", "1", "+FLAGS", "\\Answered")
    stage.once()
    assert thread(stage)["waiting_since"] is None
    assert "Answered" in thread(stage)["answer_proof"]


def test_web_form_that_sends_as_us_is_a_customer(stage: Stage) -> None:
    """A contact form sends From our own address with the visitor in Reply-To: the visitor is the customer."""
    form = mail(sender="support@acme.example", headers={"Reply-To": "visitor@client.example"})
    stage.append("INBOX", [form])
    stage.once()
    assert thread(stage)["customer"] == "visitor@client.example"
    (draft,) = stage.messages("Drafts").values()
    assert email.message_from_bytes(draft)["To"] == "visitor@client.example"


def test_corrected_kind_is_right_next_time(stage: Stage) -> None:
    """An agent moves a wrongly filed mail; after ten quiet minutes the next one of its kind lands there at once."""
    text = "Could you tell me how I use the gift card that my aunt bought from you last week in the old town shop?"
    stage.append("INBOX", [mail("Gift card", text)])
    stage.once()
    (folder,) = [f for f in ("INBOX", "Support/FAQ", "Support/Refunds") if stage.messages(f)]
    target = "Support/Cancellations"
    stage.move(next(iter(stage.messages(folder))), folder, target)
    stage.once()
    with sqlite3.connect(stage.state / "router.db") as database:
        database.execute("UPDATE gesture SET seen_at = datetime(seen_at, '-11 minutes')")
    stage.once()
    stage.append("INBOX", [mail("Gift card again", text.replace("aunt", "uncle"), sender="bo@client.example")])
    stage.once()
    assert len(stage.messages(target)) == 2
