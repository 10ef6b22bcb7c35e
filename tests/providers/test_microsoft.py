"""Microsoft 365's shape: no keywords, no special uses, sizes that are guesses, mail that is written anew."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta

import pytest

from router.imap import fetch, folders
from router.pipeline import run_pass
from router.store import intents
from tests.acceptance.stage import mail
from tests.providers.office import MakeOffice, Office
from tests.servers.shapes.microsoft import LANGUAGES, Microsoft

QUESTION = "<q1@client.example>"
REFUNDS, CANCELLATIONS = "Support/Refunds", "Support/Cancellations"
MARKED = """
people: {team: [olha@acme.example]}
hours: {a: 24/7}
reply_within: {target: 6h, steps: [{at: 50%, tag: due-soon}, {at: 100%, tag: overdue, flag: true}]}
categories: {refund: Support/Refunds, cancel: Support/Cancellations}
"""


def an_answer(to: str = "jane@client.example") -> bytes:
    return mail(
        "Re: Refund please", "The money is on its way.", sender="support@acme.example", to=to, answers=QUESTION,
        message_id="<a1@acme.example>",
    )  # fmt: skip


def filed(office: MakeOffice, microsoft: Microsoft, **more: object) -> Office:
    """An office in which one refund question has been filed and drafted."""
    at = office(microsoft, **more)
    at.run()
    microsoft.account.deliver(mail(message_id=QUESTION))
    report = at.run()
    assert (report.moved, report.drafts) == ({REFUNDS: 1}, 1)
    return at


# ------------------------------------------------------------------ folders


@pytest.mark.parametrize("language", LANGUAGES)
def test_special_folders_are_known_by_their_names(office: MakeOffice, language: str) -> None:
    """The server says no uses: drafts, answers, junk and trash are found in Ukrainian, Russian, German and English."""
    microsoft = Microsoft(language)
    at = filed(office, microsoft)
    with at.session() as session:
        found = folders.specials(folders.listing(session))
    assert found == {"inbox": "INBOX", **microsoft.place}
    assert len(microsoft.account.held(microsoft.place["drafts"])) == 1
    microsoft.account.put(microsoft.place["sent"], microsoft.account.new(an_answer()))
    at.run()
    assert at.thread().waiting_since is None
    assert len(microsoft.account.held(microsoft.place["trash"])) == 1
    assert at.imapd.refused() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_calendar_and_contacts_are_left_alone(office: MakeOffice, language: str) -> None:
    """They are listed like mail folders, and what lies in them is no mail: never opened, never asked about."""
    microsoft = Microsoft(language)
    at = filed(office, microsoft)
    for _ in range(4):
        at.run()
    asked = [s.line for s in at.imapd.said("STATUS", "SELECT", "EXAMINE")]
    spelled = [microsoft.spelled(name).decode().strip('"') for name in microsoft.no_mail]
    assert not [line for line in asked if any(f'"{name}"' in line for name in spelled)]
    assert not set(microsoft.no_mail) & at.imapd.opened()


def test_the_second_pass_does_not_read_the_whole_mailbox(office: MakeOffice) -> None:
    """Old mail in the archive and in folders of the team's own is not news, at whichever pass they are first asked."""
    microsoft = Microsoft()
    for name in ("Projects", "Projects/2019"):
        microsoft.account.make(name)
    for name in ("Archive", "Projects", "Projects/2019"):
        for n in range(20):
            microsoft.account.put(name, microsoft.account.new(mail(f"Old {n}", f"Old news {n} of {name}")))
    at = office(microsoft)
    for _ in range(4):
        at.run()
    assert at.imapd.said("UID FETCH") == []
    assert at.rows() == []


def test_many_folders_are_asked_in_turn(office: MakeOffice) -> None:
    """Without LIST-STATUS every folder costs a command: the ones that matter each time, twenty of the others a pass;
    in the end all of them, and a mail that went to one of them is not lost."""
    microsoft = Microsoft()
    team = {f"Team/{n:02}" for n in range(40)}
    for name in sorted(team):
        microsoft.account.make(name)
    at = filed(office, microsoft, now=datetime(2026, 11, 24, 12, tzinfo=UTC))  # the draw is one of the time
    before = len(at.imapd.said("STATUS"))
    at.run()
    assert len(at.imapd.said("STATUS")) - before == 30  # INBOX, five special ones, four that the rules name, twenty
    microsoft.carry(REFUNDS, "Team/37")
    for _ in range(12):
        at.run()
    assert (at.row().folder, at.row().state) == ("Team/37", "left")
    assert at.thread().waiting_since is not None
    assert team <= {s.line.split('"')[1] for s in at.imapd.said("STATUS")}


def test_a_claim_folder_is_asked_every_time(office: MakeOffice) -> None:
    """Somebody has made one beside forty others: the claim is seen at the next pass."""
    microsoft = Microsoft()
    for n in range(40):
        microsoft.account.make(f"Team/{n:02}")
    at = filed(office, microsoft)
    microsoft.account.make("Support/@Olha")
    at.run()
    microsoft.carry(REFUNDS, "Support/@Olha")
    at.run()
    assert at.thread().claimed_by == "olha"


# ------------------------------------------------------------------ flags


@pytest.mark.parametrize(
    ("mark", "shown"), [("$label1", set()), ("keyword", set()), ("flagged", {"\\Flagged"}), ("none", set())]
)
def test_no_keyword_is_ever_sent(office: MakeOffice, mark: str, shown: set[str]) -> None:
    r"""Exchange keeps system flags only: tags and marks that it would refuse are skipped, \Flagged works."""
    microsoft = Microsoft()
    at = filed(office, microsoft, rules=MARKED + f"drafts: {{mark: {mark}}}\n")
    assert microsoft.account.flags(REFUNDS) == [shown]
    at.run(minutes=240)
    at.run(minutes=240)
    assert microsoft.account.flags(REFUNDS) == [{"\\Flagged"}]
    stores = [s.line for s in at.imapd.said("UID STORE")]
    assert stores
    assert not [line for line in stores if "$" in line or "overdue" in line or "due-soon" in line]
    assert at.imapd.refused() == []


def test_the_draft_has_its_flag_from_the_start(office: MakeOffice) -> None:
    r"""\Draft comes in the APPEND: added later, Exchange shows the mail as sent."""
    microsoft = Microsoft()
    filed(office, microsoft)
    assert microsoft.account.flags("Drafts") == [{"\\Draft", "\\Seen"}]


# ------------------------------------------------------------------ sizes and bytes


def test_a_size_that_changes_is_not_another_mail(office: MakeOffice) -> None:
    """Announced is what the mail occupies, until somebody has read it: identity counts what came."""
    microsoft = Microsoft()
    raw = mail(message_id=QUESTION)
    at = filed(office, microsoft)
    assert at.row().size == len(raw)
    microsoft.carry(REFUNDS, CANCELLATIONS)
    at.run()
    assert (at.row().category, at.row().folder) == ("cancel", CANCELLATIONS)
    microsoft.carry(CANCELLATIONS, "INBOX")
    for _ in range(3):
        report = at.run()
        assert report.moved == {}
    assert (at.row().folder, at.row().hands_off) == ("INBOX", True)
    assert at.thread().messages == 1


def test_a_mail_is_not_cut_because_its_size_is_guessed(office: MakeOffice) -> None:
    """A message that ended before our limit is whole, whatever was announced."""
    microsoft = Microsoft()
    microsoft.account.deliver(mail())
    at = office(microsoft)
    with at.session() as session:
        (fetched,) = fetch.new_messages(session, "support", "INBOX", [1])
    assert not fetched.truncated
    long = Microsoft()
    long.account.deliver(mail(text="all about it " * 9000))
    at = office(long)
    with at.session() as session:
        (fetched,) = fetch.new_messages(session, "support", "INBOX", [1])
    assert fetched.truncated


@pytest.mark.parametrize("killed_before", ["outcome", "move"])
def test_recovery_finds_what_was_moved_whatever_its_size(
    office: MakeOffice, monkeypatch: pytest.MonkeyPatch, killed_before: str
) -> None:
    """The process died around the MOVE: the next one finds the mail by its bytes, files it once, drafts once."""
    microsoft = Microsoft()
    microsoft.account.deliver(mail(message_id=QUESTION))
    at = office(microsoft)
    point = {"outcome": "moved", "move": "intents-committed"}[killed_before]

    class Died(BaseException):
        pass

    def die(name: str) -> None:
        if name == point:
            raise Died

    with monkeypatch.context() as killed:
        killed.setattr("router.act.fault.point", die)
        killed.setattr("router.act.outcomes.record", lambda *_: None)  # nothing is written down after a kill
        with pytest.raises(Died):
            at.run()
    for _ in range(3):
        at.run()
    assert len(microsoft.account.held(REFUNDS)) == 1
    assert microsoft.account.held("INBOX") == []
    assert len(microsoft.account.held("Drafts")) == 1
    assert (at.row().folder, at.row().state) == (REFUNDS, "filed")
    mailbox_id = at.row().mailbox_id
    with at.store.begin() as tx:
        assert intents.unfinished(tx, mailbox_id) == []


def test_a_mail_that_was_written_anew_is_still_the_same(office: MakeOffice) -> None:
    """A moved mail comes out with other bytes: Message-ID, sender and the second of its arrival tell."""
    microsoft = Microsoft(rewrites=True)
    at = filed(office, microsoft)
    assert microsoft.shown(next(iter(microsoft.account.folders[REFUNDS].messages.values())), REFUNDS) != mail(
        message_id=QUESTION
    )
    microsoft.carry(REFUNDS, CANCELLATIONS)
    at.run()
    assert (at.row().category, at.row().folder) == ("cancel", CANCELLATIONS)
    assert at.pending() == ["cancel"]
    microsoft.carry(CANCELLATIONS, "INBOX")
    for _ in range(3):
        assert at.run().moved == {}
    assert (at.row().folder, at.row().hands_off) == ("INBOX", True)
    assert len(microsoft.account.held("Drafts")) == 1


def test_recovery_of_a_mail_that_was_written_anew(office: MakeOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the MOVE, and the mail has other bytes now: it keeps its row, its clock and its only draft."""
    microsoft = Microsoft(rewrites=True)
    at = office(microsoft)
    at.run()
    microsoft.account.deliver(mail(message_id=QUESTION))

    class Died(BaseException):
        pass

    def die(name: str) -> None:
        if name == "moved":
            raise Died

    with monkeypatch.context() as killed:
        killed.setattr("router.act.fault.point", die)
        killed.setattr("router.act.outcomes.record", lambda *_: None)
        with pytest.raises(Died):
            at.run()
    for _ in range(4):
        at.run()
    assert len(microsoft.account.held(REFUNDS)) == 1
    assert len(microsoft.account.held("Drafts")) == 1
    assert (at.row().folder, at.row().uid) == (REFUNDS, 1)
    assert at.thread().waiting_since is not None


def test_another_mail_with_a_reused_message_id_is_another_mail(office: MakeOffice) -> None:
    """The sender's id alone proves nothing: another moment of arrival, another row."""
    microsoft = Microsoft(rewrites=True)
    at = filed(office, microsoft)
    microsoft.account.take(REFUNDS, 1)
    at.run()
    later = datetime.now(UTC) + timedelta(minutes=5)
    microsoft.account.deliver(mail(text="I want my money back now.", message_id=QUESTION), when=later)
    assert at.run().moved == {REFUNDS: 1}
    assert len(at.rows()) == 2


def test_a_message_that_exchange_cannot_show_is_no_customers_question(office: MakeOffice) -> None:
    """It delivers a note in its own name instead: no draft for nobody."""
    microsoft = Microsoft()
    at = office(microsoft)
    at.run()
    microsoft.account.put("INBOX", microsoft.account.new(microsoft.account.held("Calendar")[0]))
    at.run()
    at.run()
    assert microsoft.account.held("Drafts") == []


# ------------------------------------------------------------------ moves


def test_a_mail_that_is_gone_is_answered_with_an_empty_copyuid(office: MakeOffice) -> None:
    """`[COPYUID 607  ]` names nothing: the mail that an agent took meanwhile is the agent's."""
    microsoft = Microsoft()
    microsoft.account.deliver(mail(message_id=QUESTION))
    at = office(microsoft)
    original = microsoft.move

    def taken(source: str, uid: int, destination: str) -> int | None:
        if source == "INBOX":
            original(source, uid, CANCELLATIONS)
            return None
        return original(source, uid, destination)

    microsoft.move = taken  # type: ignore[method-assign]
    at.run()
    assert len(microsoft.account.held(CANCELLATIONS)) == 1
    assert microsoft.account.held(REFUNDS) == []
    for _ in range(3):
        at.run()
    assert at.row().folder == CANCELLATIONS
    assert at.thread().waiting_since is not None


def test_a_folder_that_somebody_has_renamed_holds_its_mail(office: MakeOffice) -> None:
    """No TRYCREATE: "doesn't exist" is enough; the mail waits under an alert and is never put anywhere else."""
    microsoft = Microsoft()
    at = office(microsoft)
    at.run()
    with microsoft.account.lock:
        folder = microsoft.account.folders.pop(REFUNDS)
    microsoft.account.deliver(mail(message_id=QUESTION))
    at.run()
    assert len(microsoft.account.held("INBOX")) == 1
    assert [text for text in at.alerts() if REFUNDS in text]
    microsoft.account.folders[REFUNDS] = folder
    at.run()
    at.run()
    assert len(microsoft.account.held(REFUNDS)) == 1
    assert at.alerts() == []


# ------------------------------------------------------------------ send as


def test_an_answer_kept_in_the_agents_own_sent_still_stops_the_clock(office: MakeOffice) -> None:
    r"""With "send as" the copy lies in the agent's mailbox: \Answered is what we see, and we say that it is weaker."""
    microsoft = Microsoft()
    at = filed(office, microsoft)
    microsoft.answer_as_agent(REFUNDS)
    at.run()
    assert microsoft.account.held("Sent Items") == []
    assert at.thread().waiting_since is None
    assert at.thread().answer_proof == "the flag \\Answered"
    assert microsoft.account.held("Drafts") == []


def test_an_answer_that_the_mailbox_keeps_is_full_proof(office: MakeOffice) -> None:
    """With MessageCopyForSentAsEnabled the copy is in Sent Items: proof by the sent mail itself."""
    microsoft = Microsoft()
    at = filed(office, microsoft)
    microsoft.account.put("Sent Items", microsoft.account.new(an_answer()))
    at.run()
    assert at.thread().answer_proof != "the flag \\Answered"
    assert at.thread().waiting_since is None
    draft = email.message_from_bytes(microsoft.account.held("Deleted Items")[0], policy=email.policy.default)
    assert draft["In-Reply-To"] == QUESTION


def test_a_quick_pass_asks_about_no_other_folder(office: MakeOffice) -> None:
    """What a wake-up costs at a provider that counts commands: no LIST, no STATUS."""
    microsoft = Microsoft()
    at = filed(office, microsoft)
    special = {"drafts": "Drafts", "trash": "Deleted Items", "sent": "Sent Items"}
    microsoft.account.deliver(mail("Refund", "My money back", sender="bo@client.example"))
    before = len(at.imapd.log)
    with at.session() as session:
        report = run_pass(session, at.mailbox, at.bench, at.now, special=special)
    assert report.moved == {REFUNDS: 1}
    said = [s.line.split(" ")[0] for s in at.imapd.log[before:]]
    assert not {"LIST", "STATUS"} & set(said)
