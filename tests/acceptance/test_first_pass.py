"""One pass over a real mailbox: filed, drafted, nothing lost, nothing twice."""

from __future__ import annotations

import base64
import email
import email.policy

import pytest

from tests.acceptance.stage import Stage, digests, mail

pytestmark = pytest.mark.dovecot


def test_refund_is_filed_and_answered_by_a_threaded_draft(stage: Stage) -> None:
    """A refund mail lies in its folder, and Drafts holds one answer that threads with it and quotes it."""
    raw = mail(message_id="<q1@client.example>")
    stage.append("INBOX", [raw])
    result = stage.once()
    assert result["moved"] == {"Support/Refunds": 1}
    assert list(stage.messages("Support/Refunds").values()) == [raw]
    drafts = list(stage.messages("Drafts").values())
    assert len(drafts) == 1
    draft = email.message_from_bytes(drafts[0], policy=email.policy.default)
    assert draft["In-Reply-To"] == "<q1@client.example>"
    assert draft["Subject"] == "Re: Refund please"
    assert draft["To"].addresses[0].addr_spec == "jane@client.example"
    assert "> I want my money back for order 4711." in draft.get_content()
    assert stage.flags("Drafts") == {1: {"\\Draft", "\\Seen"}} or "\\Draft" in next(
        iter(stage.flags("Drafts").values())
    )


def test_second_pass_changes_nothing(stage: Stage) -> None:
    """The same pass again adds no draft and moves no mail."""
    stage.append("INBOX", [mail()])
    stage.once()
    before = stage.everything(without=())
    result = stage.once()
    assert result["seen"] == 0
    assert stage.everything(without=()) == before


def test_identical_mails_are_both_filed(stage: Stage) -> None:
    """Two mails that are the same to the byte are two mails."""
    raw = mail()
    stage.append("INBOX", [raw, raw])
    stage.once()
    assert list(stage.messages("Support/Refunds").values()) == [raw, raw]
    assert len(stage.messages("Drafts")) == 1


def test_second_identical_mail_later_is_new(stage: Stage) -> None:
    """A copy that arrives while the first one lies in its folder is a new mail, not a gesture."""
    raw = mail()
    stage.append("INBOX", [raw])
    stage.once()
    stage.append("INBOX", [raw])
    stage.once()
    assert list(stage.messages("Support/Refunds").values()) == [raw, raw]


def test_message_id_that_decodes_to_a_command_deletes_nothing(stage: Stage) -> None:
    """An encoded-word Message-ID holding CR LF and an IMAP command is data, never a command."""
    with stage.client() as client:
        client.create("Precious")
    word = "=?utf-8?q?=3Cx=40y=3E=22=0D=0AA1_DELETE_Precious=0D=0A?="
    raw = mail(headers={}).replace(b"Message-ID: <", b"Message-ID: " + word.encode() + b"\r\nX-Old: <")
    stage.append("INBOX", [raw])
    stage.once()
    stage.once()
    assert "Precious" in stage.folders()
    assert stage.everything() == digests([raw])


def test_robots_get_no_draft(stage: Stage) -> None:
    """A bounce and an out-of-office stay, and nobody drafts an answer."""
    robots = [
        mail(
            "Undelivered Mail Returned to Sender",
            sender="MAILER-DAEMON@mx.example",
            headers={"Auto-Submitted": "auto-replied"},
        ),
        mail("Automatic reply: refund", headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}),
    ]
    stage.append("INBOX", robots)
    stage.once()
    assert stage.messages("Drafts") == {}
    assert stage.everything() == digests(robots)


def test_forged_vip_gets_no_vip_folder(stage: Stage) -> None:
    """A failed authentication never boosts; a passed one does; none at all is filed and marked."""
    stage.write(stage.rules, "    trust: {authserv-id: mx.acme.example}\n")
    results = {"fail": "Forged", "pass": "Real"}
    for verdict, subject in results.items():
        line = f"mx.acme.example; dmarc={verdict} header.from=big.example"
        stage.append("INBOX", [mail(subject, sender="ceo@big.example", headers={"Authentication-Results": line})])
    stage.append("INBOX", [mail("Unverified", sender="ceo@big.example")])
    stage.once()
    subjects = {email.message_from_bytes(raw)["Subject"] for raw in stage.messages("Support/VIP").values()}
    assert subjects == {"Real", "Unverified"}


def test_forged_sender_gets_no_draft(stage: Stage) -> None:
    """Whoever poses as somebody on a list is not answered: the draft could go to the forger's Reply-To."""
    stage.write(stage.rules, "    trust: {authserv-id: mx.acme.example}\n")
    line = "mx.acme.example; dmarc=fail header.from=big.example"
    headers = {"Authentication-Results": line, "Reply-To": "forger@evil.example"}
    stage.append("INBOX", [mail(sender="ceo@big.example", headers=headers)])
    stage.once()
    assert stage.messages("Drafts") == {}
    assert stage.flags("Support/Refunds")[1] >= {"forged-sender"}


def test_watch_mode_changes_nothing(stage: Stage) -> None:
    """In `mode: watch` no folder is made, no flag changes, no mail moves, no draft appears."""
    stage.write(stage.rules, "    mode: watch\n")
    stage.append("INBOX", [mail()])
    before = sorted(stage.folders()), stage.flags("INBOX")
    assert stage.once()["seen"] == 1
    assert (sorted(stage.folders()), stage.flags("INBOX")) == before
    assert stage.messages("Drafts") == {}


def test_suggest_mode_drafts_but_does_not_move(stage: Stage) -> None:
    """In `mode: suggest` the draft waits and the mail stays; `mode: file` then moves what was decided."""
    stage.write(stage.rules, "    mode: suggest\n")
    stage.append("INBOX", [mail()])
    stage.once()
    assert len(stage.messages("Drafts")) == 1
    assert len(stage.messages("INBOX")) == 1
    stage.write(stage.rules, "    mode: file\n")
    stage.once()
    assert len(stage.messages("Support/Refunds")) == 1
    assert len(stage.messages("Drafts")) == 1


def test_new_folders_are_subscribed(stage: Stage) -> None:
    """Every configured folder exists and is subscribed: clients hide the others."""
    stage.append("INBOX", [mail()])
    stage.once()
    with stage.client() as client:
        subscribed = b"\n".join(client.lsub()[1])
    for name in (b"Support/Refunds", b"Support/VIP", b"Support/Done", b"Support/Could not read"):
        assert name in subscribed


def test_mail_waits_when_its_folder_was_renamed(stage: Stage) -> None:
    """A folder that an agent renamed is not made again; its mail is held until it is back."""
    stage.once()
    with stage.client() as client:
        client.rename('"Support/Refunds"', "Elsewhere")
    stage.append("INBOX", [mail()])
    done = stage.run("once", "--config", str(stage.config), "--json")
    assert done.returncode == 1
    assert len(stage.messages("INBOX")) == 1
    with stage.client() as client:
        client.rename("Elsewhere", '"Support/Refunds"')
    stage.once()
    assert len(stage.messages("Support/Refunds")) == 1


def test_draft_names_the_place_of_the_mail_it_answers(stage: Stage) -> None:
    """Roundcube marks the customer's mail as answered by this header: it must name where the mail lies now."""
    stage.append("INBOX", [mail()])
    stage.once()
    (uid,) = stage.messages("Support/Refunds")
    (draft,) = stage.messages("Drafts").values()
    folder = base64.b64encode(b"Support/Refunds").decode()
    assert email.message_from_bytes(draft)["X-Draft-Info"] == f"type=reply; uid={uid}; folder=B::{folder}"
    assert "$label1" in {flag.lower() for flag in stage.flags("Support/Refunds")[uid]}
