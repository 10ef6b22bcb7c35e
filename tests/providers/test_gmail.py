"""Gmail's shape: folders are labels, one message may lie in several, and All Mail holds everything once more."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta

import pytest

from tests.acceptance.stage import mail
from tests.providers.office import MakeOffice, Office
from tests.servers.shapes.gmail import ALL, DRAFTS, FLAGGED, IMPORTANT, LANGUAGES, SENT, TRASH, Gmail
from tests.servers.shapes.model import Stored

QUESTION = "<q1@client.example>"
REFUNDS, CANCELLATIONS = "Support/Refunds", "Support/Cancellations"


def a_question(message_id: str = QUESTION) -> bytes:
    return mail(message_id=message_id)


def an_answer(to: str = "jane@client.example", message_id: str = "<a1@acme.example>") -> bytes:
    return mail(
        "Re: Refund please", "The money is on its way.", sender="support@acme.example", to=to, answers=QUESTION,
        message_id=message_id,
    )  # fmt: skip


def filed(office: MakeOffice, gmail: Gmail) -> tuple[Office, Stored]:
    """An office in which one refund question has been filed and drafted."""
    at = office(gmail)
    (stored,) = gmail.deliver(a_question())
    report = at.run()
    assert (report.moved, report.drafts) == ({REFUNDS: 1}, 1)
    return at, stored


# ------------------------------------------------------------------ filing and drafting


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_is_filed_by_label_and_its_draft_threads(office: MakeOffice, language: str) -> None:
    """INBOX goes, the category's label comes; the draft lies in Gmail's own Drafts, whatever it is called, in the
    conversation of the question."""
    gmail = Gmail(language)
    _, stored = filed(office, gmail)
    assert gmail.folders_of(stored) == {REFUNDS, gmail.place[ALL]}
    draft = gmail.the(gmail.place[DRAFTS])
    assert draft.thread == stored.thread
    assert {"\\Draft", "\\Seen"} <= draft.flags
    assert email.message_from_bytes(draft.raw, policy=email.policy.default)["In-Reply-To"] == QUESTION


def test_all_mail_starred_and_important_are_never_opened(office: MakeOffice) -> None:
    """They show what lies elsewhere: opening them would read everything twice, out of 2,500 MB a day."""
    gmail = Gmail()
    at, stored = filed(office, gmail)
    gmail.label(stored, gmail.place[FLAGGED])
    gmail.label(stored, gmail.place[IMPORTANT])
    for _ in range(3):
        gmail.deliver(mail("Moonlight", "The harbour was bright.", sender="m@client.example"))
        at.run()
    views = {gmail.place[use] for use in (ALL, FLAGGED, IMPORTANT)}
    assert not views & at.imapd.opened()
    assert at.imapd.said("UID FETCH")
    assert at.imapd.refused() == []
    assert not at.imapd.said("STATUS")  # one LIST answers for all folders


def test_the_server_names_new_uids_in_falling_order(office: MakeOffice) -> None:
    """Gmail's COPYUID pairs 1,2,3 with 3,2,1: every mail is known where it really lies."""
    gmail = Gmail()
    at = office(gmail)
    gmail.deliver(*(mail(f"Refund {n}", f"My money back for {n}", sender=f"c{n}@client.example") for n in range(3)))
    at.run()
    with gmail.account.lock:
        subjects = {
            uid: email.message_from_bytes(stored.raw)["Subject"]
            for uid, stored in gmail.account.folders[REFUNDS].messages.items()
        }
    assert {row.uid: row.subject for row in at.rows()} == subjects
    assert at.run().seen == 0


@pytest.mark.parametrize("tells", [True, False])
def test_a_filter_had_labelled_it_already(office: MakeOffice, tells: bool) -> None:
    """A Gmail filter gives our label on arrival: the mail is filed by taking it out of the inbox, and it is known,
    whether or not the server names the UID that it had there."""
    gmail = Gmail(tells_existing=tells)
    at = office(gmail)
    at.run()
    (stored,) = gmail.deliver(a_question())
    gmail.label(stored, REFUNDS)
    gmail.deliver(mail("Refund soon", "I want my money back", sender="bo@client.example"))
    assert at.run().moved == {REFUNDS: 2}
    for _ in range(3):
        at.run()
    assert gmail.folders_of(stored) == {REFUNDS, gmail.place[ALL]}
    assert [(r.folder, r.state) for r in at.rows()] == [(REFUNDS, "filed")] * 2
    assert len(gmail.account.held(gmail.place[DRAFTS])) == 2
    assert at.pending() == []


# ------------------------------------------------------------------ answers


def test_an_answer_in_sent_stops_the_clock_and_takes_the_draft_back(office: MakeOffice) -> None:
    """Sent through Gmail it appears in Sent by itself; our untouched draft moves to Trash, out of every label."""
    gmail = Gmail("uk")
    at, _ = filed(office, gmail)
    assert at.thread().waiting_since is not None
    gmail.send(an_answer())
    at.run()
    assert at.thread().waiting_since is None
    assert gmail.account.held(gmail.place[DRAFTS]) == []
    withdrawn = gmail.the(gmail.place[TRASH])
    assert gmail.folders_of(withdrawn) == {gmail.place[TRASH]}
    assert [d.state for d in at.drafts()] == ["withdrawn"]


def test_a_client_that_saves_what_gmail_has_saved_answers_once(office: MakeOffice) -> None:
    """Thunderbird appends its copy to Sent although Gmail has one: it is one message, and one answer."""
    gmail = Gmail()
    at, _ = filed(office, gmail)
    raw = an_answer()
    gmail.send(raw)
    with at.session() as session:
        from router.imap import drafts

        drafts.append(session, gmail.place[SENT], raw, flags=["\\Seen"], when=at.now)
    assert len(gmail.account.held(gmail.place[SENT])) == 1
    at.run()
    assert [r.state for r in at.rows(folder=gmail.place[SENT])] == ["answer"]
    assert at.thread().waiting_since is None


def test_mail_from_the_team_to_itself_is_nobodys_question(office: MakeOffice) -> None:
    """From support@ to support@ it lies in INBOX and in Sent, as one message: no draft, no clock, no folder."""
    gmail = Gmail()
    at, question = filed(office, gmail)
    note = gmail.send(
        mail("Refund please", "Note: refund approved.", sender="support@acme.example", message_id="<n1@acme.example>"),
        to_ourselves=True,
    )
    for _ in range(3):
        at.run()
    assert gmail.folders_of(note) == {"INBOX", gmail.place[SENT], gmail.place[ALL]}
    assert sorted(r.state for r in at.rows()) == ["answer", "filed", "notice"]
    assert len(gmail.account.held(gmail.place[DRAFTS])) == 1
    assert at.thread().waiting_since is not None
    assert gmail.folders_of(question) == {REFUNDS, gmail.place[ALL]}


def test_an_answer_with_ourselves_in_copy_is_an_answer(office: MakeOffice) -> None:
    """The team answers and copies support@: one message in INBOX and in Sent stops the clock, once."""
    gmail = Gmail()
    at, _ = filed(office, gmail)
    gmail.send(an_answer().replace(b"\r\nSubject", b"\r\nCc: support@acme.example\r\nSubject", 1), to_ourselves=True)
    for _ in range(3):
        at.run()
    assert at.thread().waiting_since is None
    assert [d.state for d in at.drafts()] == ["withdrawn"]
    assert gmail.account.held(gmail.place[DRAFTS]) == []


# ------------------------------------------------------------------ what agents do with labels


def test_another_label_beside_ours_is_no_second_mail(office: MakeOffice) -> None:
    """A mail in two folders has one row, one draft and one clock."""
    gmail = Gmail()
    at, stored = filed(office, gmail)
    gmail.label(stored, CANCELLATIONS)
    for _ in range(3):
        at.run()
    assert at.row().folder == REFUNDS
    assert len(at.drafts()) == 1
    assert at.thread().clock == 1
    assert at.thread().waiting_since is not None
    assert at.pending() == []


def test_the_inbox_label_given_back_means_do_not_file_this(office: MakeOffice) -> None:
    """Gmail's "Move to inbox" leaves our label on: it is the same message, told by X-GM-MSGID, and stays."""
    gmail = Gmail()
    at, stored = filed(office, gmail)
    gmail.label(stored, "INBOX")
    for _ in range(3):
        at.run()
    assert gmail.folders_of(stored) == {"INBOX", REFUNDS, gmail.place[ALL]}
    assert (at.row().folder, at.row().hands_off) == ("INBOX", True)
    assert len(at.drafts()) == 1
    assert at.thread().messages == 1
    assert at.pending() == [None]


def test_a_twin_of_a_filed_mail_is_a_new_mail(office: MakeOffice) -> None:
    """The same bytes delivered once more have another X-GM-MSGID: both are filed."""
    gmail = Gmail()
    at, _ = filed(office, gmail)
    (twin,) = gmail.deliver(a_question())
    assert at.run().moved == {REFUNDS: 1}
    assert REFUNDS in gmail.folders_of(twin)
    assert len(at.rows()) == 2


def test_moving_between_labels_corrects(office: MakeOffice) -> None:
    """The web page's "Move to" takes one label off and gives the other."""
    gmail = Gmail()
    at, stored = filed(office, gmail)
    gmail.unlabel(stored, REFUNDS)
    gmail.label(stored, CANCELLATIONS)
    at.run()
    assert (at.row().category, at.row().folder) == ("cancel", CANCELLATIONS)
    assert at.pending() == ["cancel"]
    assert at.thread().waiting_since is not None


def test_moving_in_two_steps_corrects(office: MakeOffice) -> None:
    """First the new label, minutes later the old one off: not deleted, corrected; the clock runs on."""
    gmail = Gmail()
    at, stored = filed(office, gmail)
    gmail.label(stored, CANCELLATIONS)
    at.run()
    at.run()
    gmail.unlabel(stored, REFUNDS)
    at.run()
    at.run()
    assert (at.row().category, at.row().folder) == ("cancel", CANCELLATIONS)
    assert at.pending() == ["cancel"]
    assert at.thread().waiting_since is not None
    assert not {gmail.place[ALL], gmail.place[FLAGGED]} & at.imapd.opened()


def test_archiving_closes_and_teaches_nothing(office: MakeOffice) -> None:
    """The last label off: the mail is in All Mail only. The clock ends, the draft goes, nobody learns."""
    gmail = Gmail()
    at, stored = filed(office, gmail)
    gmail.unlabel(stored, REFUNDS)
    at.run()
    assert at.thread().waiting_since is not None  # it may be on its way
    at.run()
    assert gmail.folders_of(stored) == {gmail.place[ALL]}
    assert at.thread().closed_because == "archive"
    assert gmail.account.held(gmail.place[DRAFTS]) == []
    assert at.pending() == []


def test_archiving_what_we_left_in_the_inbox_closes(office: MakeOffice) -> None:
    """Nobody knows what it is about, an agent archives it: no clock runs on for a mail that nobody sees."""
    gmail = Gmail()
    at = office(gmail)
    at.run()
    (stored,) = gmail.deliver(mail("Moonlight", "The harbour was bright.", sender="m@client.example"))
    at.run()
    assert (at.row().folder, at.thread().waiting) == ("INBOX", True)
    gmail.unlabel(stored, "INBOX")
    at.run()
    at.run()
    assert at.thread().closed_because == "archive"
    assert at.pending() == []


@pytest.mark.parametrize(("use", "reason"), [(TRASH, "trash"), ("\\Junk", "junk")])
def test_trash_and_spam_close(office: MakeOffice, use: str, reason: str) -> None:
    """Both take every other label off."""
    gmail = Gmail("ru")
    at, stored = filed(office, gmail)
    gmail.label(stored, gmail.place[use])
    at.run()
    assert gmail.folders_of(stored) == {gmail.place[use]}
    assert at.thread().closed_because == reason
    assert at.pending() == []


def test_a_delete_key_in_a_mail_client_archives(office: MakeOffice) -> None:
    r"""\Deleted takes the label off at once, as accounts have it unless somebody has changed it; nothing is lost."""
    gmail = Gmail()
    at, stored = filed(office, gmail)
    with at.session() as session:
        from router.imap import drafts

        drafts.store(session, REFUNDS, [at.row().uid or 0], add=["\\Deleted"])
    at.run()
    at.run()
    assert gmail.folders_of(stored) == {gmail.place[ALL]}
    assert at.thread().closed_because == "archive"


def test_a_star_means_hands_off(office: MakeOffice) -> None:
    r"""Gmail's star is \Flagged, and Starred a folder that we do not follow."""
    gmail = Gmail()
    at = office(gmail)
    (stored,) = gmail.deliver(a_question())
    stored.flags.add("\\Flagged")
    gmail.label(stored, gmail.place[FLAGGED])
    assert at.run().moved == {}
    assert "INBOX" in gmail.folders_of(stored)


def test_labels_of_our_drafts_and_answers_are_no_news(office: MakeOffice) -> None:
    """Labelling a conversation labels what we and the team wrote in it too."""
    gmail = Gmail()
    at, question = filed(office, gmail)
    answer, draft = gmail.send(an_answer(to="books@acme.example")), gmail.the(gmail.place[DRAFTS])
    at.run()
    gmail.unlabel(question, REFUNDS)
    for stored in (question, answer, draft):
        gmail.label(stored, CANCELLATIONS)
    at.run()
    at.run()
    assert at.row().folder == CANCELLATIONS
    assert at.pending() == ["cancel"]
    assert [d.state for d in at.drafts()] == ["waiting"]
    assert at.thread().waiting_since is not None


def test_labels_renumbered_by_the_server_are_recognised(office: MakeOffice) -> None:
    """Another UIDVALIDITY of a label: nothing is filed, drafted, learned or closed again."""
    gmail = Gmail()
    at, _ = filed(office, gmail)
    with gmail.account.lock:
        for name in ("INBOX", REFUNDS):
            folder = gmail.account.folders[name]
            folder.uidvalidity += 1000
            folder.messages = dict(enumerate(folder.messages.values(), start=40))
            folder.next_uid = 60
    for _ in range(3):
        report = at.run()
        assert (report.seen, report.moved, report.drafts) == (0, {}, 0)
    assert (at.row().folder, at.row().uid) == (REFUNDS, 40)
    assert at.pending() == []
    assert at.thread().waiting_since is not None


def test_reminders_are_due_as_anywhere(office: MakeOffice) -> None:
    """Six hours later the step has fired and the mail bears our flag under its label."""
    rules = "\npeople: {team: [olha@acme.example]}\nhours: {a: 24/7}\ncategories: {refund: Support/Refunds}\n"
    rules += "reply_within: {target: 6h, steps: [{at: 100%, tag: overdue, flag: true}]}\n"
    gmail = Gmail()
    at = office(gmail, rules=rules)
    at.run()
    (stored,) = gmail.deliver(a_question())
    at.run()
    at.run(minutes=timedelta(hours=7) / timedelta(minutes=1))
    assert {"overdue", "\\Flagged"} <= stored.flags
    assert gmail.place[FLAGGED] in gmail.folders_of(stored)
    assert at.run().seen == 0
