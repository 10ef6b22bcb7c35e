"""Filing, drafts, marks, quarantine and folders: the same on every server, over a clean wire."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import pytest

from router.errors import Unreachable
from tests.acceptance.forked import Forks
from tests.acceptance.stage import mail
from tests.cli.builders import unreadable
from tests.interop.conftest import Offices
from tests.interop.office import RULES, Office
from tests.interop.setups import Setup

JANE = mail("Refund please", "I want my money back.", message_id="<jane@client.example>")
BOB = mail("My parcel", "Where is my delivery?", sender="Bob <bob@client.example>", message_id="<bob@client.example>")
EVE = mail("Hello", "Qwerty asdf.", sender="Eve <eve@client.example>")
OLYA = mail("Refund, будь ласка", "Поверніть гроші. Refund!", sender="Оля <olya@client.example>")
READING = {
    "CAPABILITY", "LOGIN", "NAMESPACE", "LIST", "LSUB", "STATUS", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT",
}  # fmt: skip


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_mail_is_filed_byte_for_byte(office: Office) -> None:
    """Every mail lies in exactly one folder, with the bytes it came with; twins are two mails; the unsure one stays."""
    office.append("INBOX", [JANE, BOB, JANE, OLYA, EVE])
    result = office.once()
    assert (result["seen"], result["moved"], result["left"]) == (5, {"Support/Money": 3, "Support/Parcels": 1}, 1)
    assert office.whereabouts() == {
        JANE: {"Support/Money": 2},
        BOB: {"Support/Parcels": 1},
        OLYA: {"Support/Money": 1},
        EVE: {"INBOX": 1},
    }


def test_large_mail_is_filed_byte_for_byte(office: Office) -> None:
    """A mail longer than what we read of it, with long lines and 8-bit octets, is not touched by its move."""
    body = "".join(f"{number} money back \N{EURO SIGN} {'x' * 900}\r\n" for number in range(150))
    large = JANE.partition(b"\r\n\r\n")[0].replace(b"7bit", b"8bit") + b"\r\n\r\n" + body.encode()
    assert len(large) > 2 * 65536
    office.append("INBOX", [large])
    assert office.once()["moved"] == {"Support/Money": 1}
    assert office.whereabouts() == {large: {"Support/Money": 1}}


def test_batch_of_mail_is_filed_in_few_commands(offices: Offices) -> None:
    """60 mails go over in two UID ranges, each once."""
    office = offices(rules=RULES + "drafts: {at_most_open: 1}\n")
    mails = [mail(f"Refund {n}", "I want my money back.", sender=f"c{n}@client.example") for n in range(60)]
    office.append("INBOX", mails)
    assert office.once()["moved"] == {"Support/Money": 60}
    assert office.whereabouts() == {raw: {"Support/Money": 1} for raw in mails}
    moving = [c for c in office.wire.commands if c.name in ("UID MOVE", "UID COPY")]
    assert len(moving) == 2


def test_second_pass_changes_nothing(office: Office) -> None:
    """The same pass again adds no draft, moves no mail and sets no flag."""
    office.append("INBOX", [JANE, BOB, EVE])
    office.once()
    before = office.snapshot()
    result = office.once()
    assert (result["seen"], result["moved"], result["drafts"]) == (0, {}, 0)
    assert office.snapshot() == before


def test_folders_are_made_and_subscribed(office: Office) -> None:
    """Every configured folder exists and is subscribed, with Drafts and Trash: clients hide the others."""
    office.once()
    wanted = {"Support/Money", "Support/Parcels", "Support/Done", "Support/Could not read", "Drafts", "Trash"}
    assert wanted <= set(office.folders())
    assert {name for name in wanted if name.startswith("Support")} <= office.subscribed()


def test_draft_waits_in_drafts_and_threads(office: Office) -> None:
    r"""One draft, in the folder that the server means for drafts, with \Draft, in the customer's thread."""
    office.append("INBOX", [JANE])
    assert office.once()["drafts"] == 1
    ((uid, raw),) = office.messages("Drafts").items()
    draft = parsed(raw)
    assert (draft["In-Reply-To"], draft["References"]) == ("<jane@client.example>", "<jane@client.example>")
    assert (draft["Subject"], draft["To"].addresses[0].addr_spec) == ("Re: Refund please", "jane@client.example")
    assert "We are checking this" in draft.get_content()
    assert office.flags("Drafts")[uid] >= {"\\Draft", "\\Seen"}


def test_draft_names_the_place_of_the_mail_it_answers(office: Office) -> None:
    """Roundcube marks the customer's mail as answered by this header: it must name where the mail lies now."""
    office.append("INBOX", [BOB, JANE])
    office.once()
    (uid,) = office.messages("Support/Money")
    (draft,) = [d for d in map(parsed, office.messages("Drafts").values()) if "Refund" in d["Subject"]]
    assert draft["X-Draft-Info"].startswith(f"type=reply; uid={uid}; folder=B::")


def test_marks_tags_and_flags_are_kept(offices: Offices) -> None:
    """A waiting draft, a tag and a star of ours are on the mail where it lies now."""
    workflow = "workflows:\n  - name: tagged\n    when: {subject: refund}\n    do: {tag: Urgent-Refund, flag: true}\n"
    office = offices(rules=RULES + workflow)
    office.append("INBOX", [JANE])
    office.once()
    (flags,) = office.flags("Support/Money").values()
    assert {flag.lower() for flag in flags} >= {"$label1", "urgent-refund", "\\flagged"}
    assert "\\Seen" not in flags


def test_mail_that_nobody_can_read_goes_to_quarantine(office: Office) -> None:
    """It lies byte for byte in a folder that agents see, and delays no other mail."""
    office.append("INBOX", [unreadable(), JANE])
    result = office.once()
    assert (result["quarantined"], result["moved"]) == (1, {"Support/Money": 1})
    assert office.whereabouts() == {unreadable(): {"Support/Could not read": 1}, JANE: {"Support/Money": 1}}


def test_flagged_mail_is_left_alone(office: Office) -> None:
    """A star by a person means hands off; a mail marked as deleted is somebody's decision too."""
    office.append("INBOX", [JANE], "(\\Flagged)")
    office.append("INBOX", [BOB], "(\\Deleted)")
    result = office.once()
    assert (result["moved"], result["left"]) == ({}, 2)
    assert office.messages("Drafts").keys() <= {1}
    assert {uid: "\\Deleted" in flags for uid, flags in office.flags("INBOX").items()} == {1: False, 2: True}


def test_mail_waits_while_its_folder_is_renamed(office: Office, refusals: list[str]) -> None:
    """A folder that an agent renamed is not made again; its mail is held in the inbox until it is back."""
    refusals.append(r"^UID (MOVE|COPY) 1 .*Support.Money. -> NO \[TRYCREATE\]")
    office.once()
    office.rename("Support/Money", "Elsewhere")
    office.append("INBOX", [JANE])
    assert office.once()["held"] == 1
    assert "Support/Money" not in office.folders()
    assert office.whereabouts() == {JANE: {"INBOX": 1}}
    office.rename("Elsewhere", "Support/Money")
    assert office.once()["moved"] == {"Support/Money": 1}
    assert office.whereabouts() == {JANE: {"Support/Money": 1}}


def test_undo_puts_back(office: Office) -> None:
    """After undo the inbox is as it was: same mails, no marks of ours, drafts in Trash; the next pass leaves it so."""
    office.append("INBOX", [JANE, BOB])
    office.once()
    result = office.with_config("undo", "--since", "2h", "--json").data["mailboxes"]["support"]
    assert (result["moved_back"], result["drafts_withdrawn"], result["left"]) == (2, 2, [])
    assert office.whereabouts(without=("Drafts", "Trash")) == {JANE: {"INBOX": 1}, BOB: {"INBOX": 1}}
    ours = {"$label1", "\\flagged"}
    assert all(not {f.lower() for f in flags} & ours for flags in office.flags("INBOX").values())
    assert (office.messages("Drafts"), len(office.messages("Trash"))) == ({}, 2)
    again = office.once()
    assert (again["seen"], again["moved"], again["drafts"]) == (0, {}, 0)
    assert office.ask("SELECT count(*) FROM gesture") == [(0,)]


def test_killed_pass_is_finished_by_the_next(office: Office, forks: Forks) -> None:
    """Nothing is lost or twice, and there is one draft, whatever the server tells about where a mail has gone."""
    office.append("INBOX", [JANE, JANE, BOB])
    office.kill_at("moved", forks)
    office.once()
    again = office.once()
    assert (again["seen"], again["moved"], again["drafts"]) == (0, {}, 0)
    assert office.whereabouts() == {JANE: {"Support/Money": 2}, BOB: {"Support/Parcels": 1}}
    assert len(office.messages("Drafts")) == 2


@pytest.mark.parametrize("command", ["APPEND", "UID (MOVE|COPY)", "UID STORE"])
def test_connection_that_ends_is_no_loss(office: Office, command: str) -> None:
    """The network went before a command was sent: the next pass looks, and does what is left to do, once."""
    office.append("INBOX", [JANE])
    office.wire.cut_before = command
    with pytest.raises(Unreachable):
        office.once()
    assert office.wire.cut_before == "", "the command was not reached"
    for _ in range(2):
        office.once()
        assert office.whereabouts() == {JANE: {"Support/Money": 1}}
        assert len(office.messages("Drafts")) == 1


def test_try_changes_nothing(office: Office, setup: Setup) -> None:
    """A first look: folders, subscriptions, messages and flags are the same afterwards, and it only ever examined."""
    office.append("INBOX", [JANE, BOB, EVE])
    office.append("Sent", [mail("Re: My parcel", "Soon.", to="bob@client.example", answers="<bob@client.example>")])
    before = office.snapshot()
    said = office.look("--json")
    assert said.code == 0, said.err
    assert {name: group["count"] for name, group in said.data["folders"].items()} == {
        "Support/Money": 1,
        "Support/Parcels": 1,
    }
    assert office.snapshot() == before
    assert {command.name for command in office.wire.commands} <= READING


def test_watch_mode_changes_nothing(offices: Offices) -> None:
    """In `mode: watch` no folder is made, no flag changes, no mail moves, no draft appears, on the wire neither."""
    office = offices(mailbox="    mode: watch\n")
    office.append("INBOX", [JANE, unreadable()])
    before = office.snapshot()
    assert office.once()["seen"] == 2
    assert office.once()["seen"] == 0
    assert office.snapshot() == before
    assert {command.name for command in office.wire.commands} <= READING


def test_mail_is_moved_by_the_best_means_offered(office: Office, setup: Setup) -> None:
    """MOVE where there is one; elsewhere COPY, then UID EXPUNGE of exactly what was copied."""
    office.append("INBOX", [JANE])
    office.mark("INBOX", 1, "\\Seen")
    office.append("INBOX", [BOB], "(\\Deleted)")
    office.once()
    assert office.wire.used("UID MOVE") == setup.moves
    assert office.wire.used("UID COPY") == office.wire.used("UID EXPUNGE") == (not setup.moves)
    assert list(office.flags("INBOX")) == [2], "what somebody else has marked as deleted stays"
    (flags,) = office.flags("Support/Money").values()
    assert "\\Seen" in flags
