"""The clock on real servers: who is told, when, how often, and that a crash never tells anybody twice."""

from __future__ import annotations

import email
import imaplib
import itertools
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.acceptance.forked import Forks
from tests.acceptance.postbox import Postbox, postbox
from tests.acceptance.stage import RULES, Stage, mail
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.dovecot
_numbers = itertools.count(1)
TEAM, LEAD = ("olha@acme.example", "bat@acme.example"), ("lead@acme.example",)
FIRST_RUN = "2020-01-01 00:00:00.000000"


class Office:
    """A mailbox that is served since long ago, in which mail may be as old as a test wants."""

    def __init__(self, stage: Stage, forks: Forks) -> None:
        self.stage = stage
        self._forks = forks
        self.once()
        self.change("UPDATE mailbox SET first_run_at = ?", FIRST_RUN)

    def once(self, **env: str) -> None:
        code, out, err = self._run(**env)
        assert code == 0, err[-3000:] + out

    def killed_at(self, point: str) -> None:
        code, _, err = self._run(INBOX_ROUTER_FAULT_POINT=point)
        assert code == -signal.SIGKILL, f"{point} was not reached: {err[-2000:]}"

    def _run(self, **env: str) -> tuple[int, str, str]:
        return self._forks.start(["once", "--config", str(self.stage.config), "--json"], self.stage.env(**env)).wait()

    def arrive(self, *raws: bytes, hours: float, folder: str = "INBOX") -> None:
        """Mail that came so many hours ago."""
        with self.stage.client() as client:
            for raw in raws:
                when = imaplib.Time2Internaldate(time.time() - hours * 3600)
                assert client.append(f'"{folder}"', "", when, raw)[0] == "OK"

    def ask(self, question: str, *values: object) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.stage.state / "router.db") as database:
            return database.execute(question, values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        with sqlite3.connect(self.stage.state / "router.db") as database:
            database.execute(statement, values)

    def hours_pass(self, hours: float) -> None:
        """Everybody who waits has waited so much longer."""
        since = f"datetime(waiting_since, '-{round(hours * 60)} minutes') || '.000000'"
        self.change(f"UPDATE thread SET waiting_since = {since}, next_due = waiting_since")


class Offices(Protocol):
    def __call__(self, *, rules: str = RULES, mailbox: str = "") -> Office: ...


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as running:
        yield running


@pytest.fixture
def offices(dovecot: Dovecot, learned: Path, forks: Forks, tmp_path: Path) -> Offices:
    """Makes mailboxes with rules and keys of their own."""

    def made(*, rules: str = RULES, mailbox: str = "") -> Office:
        user = f"clock{next(_numbers)}"
        stage = Stage(server=dovecot, user=user, root=tmp_path / user, rules=rules, mailbox=mailbox, learned=learned)
        return Office(stage, forks)

    return made


@pytest.fixture
def office(offices: Offices, box: Postbox) -> Office:
    """A mailbox with SMTP."""
    return offices(mailbox=box.settings)


def question(number: int = 1, sender: str = "") -> bytes:
    return mail(
        f"Refund {number} please",
        f"I want my money back for order {number}.",
        sender=sender or f"Customer {number} <c{number}@client.example>",
        message_id=f"<q{number}@client.example>",
    )


# ------------------------------------------------------------------ who is told


def test_team_is_told_at_three_quarters_in_one_mail(office: Office, box: Postbox) -> None:
    """Three customers who wait 4 h 40 min of 6 h are three lines of one mail to the team; the lead hears nothing."""
    office.arrive(*(question(n) for n in range(3)), hours=4.67)
    office.once()
    (letter,) = box.letters
    assert letter.recipients == TEAM
    assert all(f"Refund {n} please" in letter.text for n in range(3))
    assert letter.message["Auto-Submitted"] == "auto-generated"
    office.once()
    assert len(box.letters) == 1


def test_nobody_is_told_before_three_quarters(office: Office, box: Postbox) -> None:
    """At 4 h 20 min of 6 h nothing is sent; the mail is tagged, as half the time is over."""
    office.arrive(question(), hours=4.33)
    office.once()
    assert box.letters == []
    assert "due-soon" in next(iter(office.stage.flags("Support/Refunds").values()))


def test_lead_is_told_when_the_time_is_over(office: Office, box: Postbox) -> None:
    """At 100 % the lead gets one mail, and every client shows the customer's mail flagged and tagged."""
    office.arrive(question(), hours=4.67)
    office.once()
    office.hours_pass(1.5)
    office.once()
    assert [letter.recipients for letter in box.letters] == [TEAM, LEAD]
    (flags,) = office.stage.flags("Support/Refunds").values()
    assert {"\\Flagged", "overdue", "due-soon"} <= flags


def test_mail_that_is_long_overdue_is_one_line(office: Office, box: Postbox) -> None:
    """After an outage of ours, everything that is due about a conversation is one line to each person."""
    office.arrive(question(), hours=30)
    office.once()
    assert sorted(letter.recipients for letter in box.letters) == sorted([TEAM, LEAD])
    for letter in box.letters:
        assert letter.text.count("Refund 1 please") == 1


def test_one_person_alone_is_told_once(offices: Offices, box: Postbox) -> None:
    """Where the team is also told at 100 %, one sweep says the worse of both, once."""
    rules = RULES.replace(", lead: lead@acme.example", "")
    office = offices(rules=rules, mailbox=box.settings)
    office.arrive(question(), hours=7)
    office.once()
    (letter,) = box.letters
    assert letter.text.count("Refund 1 please") == 1
    assert "overdue" in str(letter.message["Subject"])


def test_answer_in_between_silences_the_clock(office: Office, box: Postbox) -> None:
    """A customer who was answered before the reminder was due is not mentioned."""
    office.arrive(question(1), question(2), hours=4)
    office.once()
    ours, theirs = "support@acme.example", "c1@client.example"
    answer = mail("Re: Refund 1 please", "Done.", sender=ours, to=theirs, answers="<q1@client.example>")
    office.stage.append("Sent", [answer])
    office.hours_pass(1)
    office.once()
    (letter,) = box.letters
    assert "Refund 2 please" in letter.text
    assert "Refund 1 please" not in letter.text


def test_important_customer_has_the_shorter_promise(office: Office, box: Postbox) -> None:
    """After 50 minutes of one hour the team hears of the VIP, and not of the customer who may wait six hours."""
    office.arrive(question(1, "Ceo <ceo@big.example>"), question(2), hours=50 / 60)
    office.once()
    (letter,) = box.letters
    assert letter.recipients == TEAM
    assert "Refund 1 please" in letter.text
    assert "Refund 2 please" not in letter.text


def test_claimed_mail_reminds_the_claimer_alone(office: Office, box: Postbox) -> None:
    """A mail in Support/@Olha is Olha's: the team is not bothered, the lead still is when the time is over."""
    with office.stage.client() as client:
        client.create('"Support/@Olha"')
    office.arrive(question(), hours=4)
    office.once()
    office.stage.move(1, "Support/Refunds", "Support/@Olha")
    office.once()
    office.hours_pass(1)
    office.once()
    assert [letter.recipients for letter in box.letters] == [("olha@acme.example",)]
    office.hours_pass(2)
    office.once()
    assert [letter.recipients for letter in box.letters] == [("olha@acme.example",), LEAD]


def test_robots_and_old_mail_remind_nobody(office: Office, box: Postbox) -> None:
    """An out-of-office waits for no answer, and neither does mail from before our first run."""
    office.arrive(mail("Automatic reply", headers={"Auto-Submitted": "auto-replied"}), hours=30)
    office.change("UPDATE mailbox SET first_run_at = datetime('now', '-1 hour') || '.000000'")
    office.arrive(question(), hours=30)
    office.once()
    assert box.letters == []


# ------------------------------------------------------------------ without SMTP


def test_without_smtp_the_reminder_lies_in_the_inbox(offices: Offices) -> None:
    """It is appended to INBOX, unread; later passes know it as ours: not filed, no draft, no clock, no second one."""
    office = offices()
    office.arrive(question(), hours=4.67)
    office.once()
    notices = office.stage.messages("INBOX")
    assert [email.message_from_bytes(raw)["To"] for raw in notices.values()] == [", ".join(TEAM)]
    assert "\\Seen" not in next(iter(office.stage.flags("INBOX").values()))
    office.once()
    office.once()
    assert office.stage.messages("INBOX") == notices
    assert len(office.stage.messages("Drafts")) == 1
    assert office.ask("SELECT count(*) FROM thread") == [(1,)]
    assert office.ask("SELECT state FROM message WHERE folder = 'INBOX'") == [("notice",)]


@pytest.mark.parametrize("point", ["sweep-committed", "notice-appended", "outcomes-committed:2"])
def test_killed_while_the_reminder_is_placed(offices: Offices, point: str) -> None:
    """The inbox holds the reminder once, whatever died when."""
    office = offices()
    office.arrive(*(question(n) for n in range(5)), hours=4.67)
    office.killed_at(point)
    office.once()
    office.once()
    assert len(office.stage.messages("INBOX")) == 1
    assert office.ask("SELECT state FROM outbox_mail") == [("sent",)]
    assert office.ask("SELECT count(*) FROM intent WHERE state = 'planned'") == [(0,)]


# ------------------------------------------------------------------ across a crash


@pytest.mark.parametrize("point", ["intents-committed", "sweep-committed", "sending", "sending:2", "sent", "sent:2"])
def test_killed_while_reminders_leave(office: Office, box: Postbox, point: str) -> None:
    """Each reminder arrives once, or is listed as unknown with an alert, and the next mail to that person says so."""
    office.arrive(*(question(n) for n in range(20)), hours=7)  # one mail to the team, one to the lead
    office.killed_at(point)
    office.once()
    office.once()
    arrived = Counter(letter.key for letter in box.letters)
    assert set(arrived.values()) <= {1}
    states = dict(office.ask("SELECT key, state FROM outbox_mail"))
    assert len(states) == 2
    unknown = [key for key, state in states.items() if state == "unknown"]
    assert all(arrived[str(key)] == 1 for key, state in states.items() if state == "sent")
    assert set(states.values()) <= {"sent", "unknown"}
    alerts = office.ask("SELECT key FROM alert WHERE cleared_at IS NULL AND key LIKE 'unknown:%'")
    assert len(alerts) == len(unknown) == (1 if point.startswith("sen") else 0)

    office.arrive(question(99), hours=7)
    office.once()
    told = [letter for letter in box.letters if letter.key not in arrived]
    assert sorted(letter.recipients for letter in told) == sorted([TEAM, LEAD])
    assert sum("We may have told you" in letter.text for letter in told) == len(unknown)
    assert max(Counter(letter.key for letter in box.letters).values()) == 1
    assert len(office.ask("SELECT key FROM outbox_line")) == len(set(office.ask("SELECT key FROM outbox_line")))


def test_connection_that_breaks_after_the_mail_was_handed_over(office: Office, box: Postbox) -> None:
    """The server took it and never said so: unknown, alerted, never sent again, mentioned in the next one."""
    box.hang_up = True
    office.arrive(question(), hours=4.67)
    office.once()
    box.hang_up = False
    office.once()
    assert len(box.letters) == 1
    assert office.ask("SELECT state FROM outbox_mail") == [("unknown",)]
    office.arrive(question(2), hours=4.67)
    office.once()
    assert "We may have told you" in box.letters[1].text
    assert len(box.letters) == 2


def test_reminders_wait_for_a_mail_server_that_is_down(offices: Offices) -> None:
    """Filing goes on, one alert is raised, and the reminder leaves when the server is back."""
    with postbox() as gone:
        settings = gone.settings
    office = offices(mailbox=settings)
    office.arrive(question(), hours=4.67)
    office.once()
    office.once()
    assert len(office.stage.messages("Support/Refunds")) == 1
    assert office.ask("SELECT state, attempts FROM outbox_mail") == [("queued", 1)]
    assert office.ask("SELECT key FROM alert WHERE cleared_at IS NULL") == [("smtp",)]
    with postbox() as back:
        office.stage.write(RULES, back.settings)
        office.change("UPDATE outbox_mail SET not_before = created_at")
        office.once()
        assert [letter.recipients for letter in back.letters] == [TEAM]
    assert office.ask("SELECT key FROM alert WHERE cleared_at IS NULL") == []
