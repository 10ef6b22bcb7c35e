"""The process is killed at every point and at random moments; a clean pass afterwards leaves nothing lost or twice."""

from __future__ import annotations

import email
import hashlib
import itertools
import os
import random
import re
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.acceptance.forked import Forks
from tests.acceptance.stage import Stage, digests, mail
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.dovecot
_numbers = itertools.count(1)

# Point, and the hit at which it kills. Those of the sweep and the outbox are in test_reminders.py.
KILLS = ("fetched", "intents-committed", "draft-appended", "draft-appended:3", "draft-appended:20", "flags-stored")
KILLS += ("flags-stored:2", "moved", "moved:2", "moved:3", "outcomes-committed", "sweep-committed")
RANDOM_KILLS = 30


@cache
def fresh_mails() -> tuple[bytes, ...]:
    """100 mails of all kinds: several per conversation, identical ones, automatic ones, a VIP's, unsure ones."""
    refund, cancel = "I want my money back for order {}.\n\nThanks", "Please cancel my subscription {}.\n\nRegards"
    faq = "How do I change my delivery address? Order {}.\n\nThanks"
    unsure = "The moon was bright over harbour {} and we sang until morning."
    made: list[bytes] = []
    for count, subject, text in ((25, "Refund please", refund), (15, "Cancel my plan", cancel), (15, "About it", faq)):
        made += [mail(subject, text.format(n), sender=f"C <{subject[0].lower()}{n}@c.example>") for n in range(count)]
    made += [mail("Moonlight", unsure.format(n), sender=f"M <m{n}@m.example>") for n in range(10)]
    for n in range(5):
        sender, first = f"T <t{n}@t.example>", f"<thread{n}@t.example>"
        made.append(mail("Refund please", refund.format(n), sender=sender, message_id=first))
        for more in ("Any news about my refund?", "I still want my money back."):
            made.append(mail("Re: Refund please", more, sender=sender, answers=first))
    robot = {"Auto-Submitted": "auto-replied"}
    made += [mail("Out of office", f"I am away, {n}.", sender=f"a{n}@a.example", headers=robot) for n in range(10)]
    made += [mail("Refund please", refund.format(n), sender=f"v{n}@partner.example") for n in range(5)]
    twins = [mail("Refund please", refund.format("twin"), sender="w@w.example")]
    twins += [mail("Moonlight", unsure.format("twin"), sender="w@w.example")]
    made += [raw for raw in twins for _ in range(2)]
    made.append(mail("Refund please", "", sender="empty@c.example"))
    assert len(made) == 100
    random.Random(1).shuffle(made)
    return tuple(made)


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """A warm process to run passes in."""
    with Forks(tmp_path_factory.mktemp("forks")) as running:
        yield running


@dataclass(frozen=True)
class Outcome:
    """A mailbox as a second client sees it."""

    folders: dict[str, Counter[str]]  # sha256 of every message, without Drafts
    drafts: Counter[str]  # by recipient

    @property
    def everything(self) -> Counter[str]:
        return sum(self.folders.values(), Counter())


@dataclass
class Trial:
    """One mailbox with 100 fresh mails and the passes over it."""

    stage: Stage
    forks: Forks

    def deliver(self) -> None:
        self.stage.server.deliver(self.stage.user, *fresh_mails())

    def once(self, **env: str) -> tuple[int, str, str]:
        return self.forks.start(self.words, self.stage.env(**env)).wait()

    def clean(self) -> str:
        """A pass that must succeed; what it printed."""
        code, out, err = self.once()
        assert code == 0, err[-3000:]
        return out

    def killed_at(self, point: str) -> None:
        """A pass that must die at a point."""
        code, _, err = self.once(INBOX_ROUTER_FAULT_POINT=point)
        assert code == -signal.SIGKILL, f"{point} was not reached: {err[-2000:]}"

    @property
    def words(self) -> list[str]:
        return ["once", "--config", str(self.stage.config), "--json"]

    def look(self) -> Outcome:
        folders: dict[str, Counter[str]] = {}
        drafts: Counter[str] = Counter()
        with self.stage.client() as client:
            for line in client.list()[1]:
                assert isinstance(line, bytes)
                folder = re.sub(rb'^.*"/" ', b"", line).decode().strip('"')
                if client.select(f'"{folder}"', readonly=True)[0] != "OK":
                    continue  # a parent that holds no mail
                raws = [p[1] for p in client.uid("FETCH", "1:*", "(BODY.PEEK[])")[1] if isinstance(p, tuple)]
                if folder == "Drafts":
                    drafts.update(str(email.message_from_bytes(raw)["To"]) for raw in raws)
                elif raws:
                    folders[folder] = Counter(hashlib.sha256(raw).hexdigest() for raw in raws)
        return Outcome(folders, drafts)

    def settle(self) -> Outcome:
        """Two clean passes: the first repairs, the second must find nothing to do."""
        self.clean()
        before = self.look()
        second = self.clean()
        assert '"seen": 0' in second
        assert '"moved": {}' in second
        assert '"drafts": 0' in second
        assert self.look() == before
        with sqlite3.connect(self.stage.state / "router.db") as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("SELECT kind, key FROM intent WHERE state = 'planned'").fetchall() == []
            assert database.execute("SELECT count(*) FROM draft WHERE state = 'planned'").fetchone() == (0,)
        return before


@pytest.fixture
def trial(dovecot: Dovecot, learned: Path, forks: Forks, tmp_path: Path) -> Trial:
    return a_trial(dovecot, learned, forks, tmp_path)


def a_trial(dovecot: Dovecot, learned: Path, forks: Forks, directory: Path) -> Trial:
    """A fresh mailbox and fresh state."""
    user = f"faults{next(_numbers)}"
    return Trial(Stage(server=dovecot, user=user, root=directory / user, learned=learned), forks)


@pytest.fixture(scope="module")
def undisturbed(dovecot: Dovecot, learned: Path, forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the mailbox looks like when nobody kills anything."""
    control = a_trial(dovecot, learned, forks, tmp_path_factory.mktemp("control"))
    control.deliver()
    outcome = control.settle()
    assert outcome.everything == digests(fresh_mails())
    assert set(outcome.drafts.values()) == {1}, outcome.drafts
    assert len(outcome.drafts) >= 40
    return outcome


@pytest.mark.parametrize("point", KILLS)
def test_kill_at_a_point_of_the_first_pass(trial: Trial, undisturbed: Outcome, point: str) -> None:
    """Killed there, the next pass leaves every mail in its folder once, and one draft in each conversation."""
    trial.deliver()
    trial.killed_at(point)
    assert trial.settle() == undisturbed


@pytest.mark.parametrize("first", ["intents-committed", "draft-appended:7", "moved:2"])
def test_kill_during_recovery(trial: Trial, undisturbed: Outcome, first: str) -> None:
    """Dying again and again while repairing does no harm either."""
    trial.deliver()
    trial.killed_at(first)
    for point in ("recovered", "moved", "outcomes-committed"):
        trial.once(INBOX_ROUTER_FAULT_POINT=point)
    assert trial.settle() == undisturbed


def test_kill_after_a_draft_was_withdrawn(trial: Trial) -> None:
    """A draft that an answer has made useless lies in Trash once, whatever dies when."""
    question = mail(message_id="<q1@client.example>")
    answer = mail(sender="support@acme.example", to="jane@client.example", answers="<q1@client.example>")
    trial.stage.append("INBOX", [question])
    trial.clean()
    trial.stage.append("Sent", [answer])
    trial.killed_at("withdrawn")
    outcome = trial.settle()
    assert outcome.drafts == {}
    assert outcome.folders["Trash"].total() == 1
    del outcome.folders["Trash"]
    assert outcome.everything == digests([question, answer])


def test_kill_at_random_moments(
    dovecot: Dovecot, learned: Path, forks: Forks, tmp_path: Path, undisturbed: Outcome
) -> None:
    """Killed at some moment after the first thing it did, as seen by a second client, the next pass puts it right."""
    draw = random.Random(20261122)
    died = 0
    for number in range(RANDOM_KILLS):
        trial = a_trial(dovecot, learned, forks, tmp_path)
        if number % 3 == 0:
            trial.clean()  # not the first pass, but one on a mailbox that is known
        trial.deliver()
        running = forks.start(trial.words, trial.stage.env())
        _wait_for_first(trial.stage, "Drafts" if number % 2 else "Support/Refunds")
        time.sleep(1.5 * draw.random() ** 4)  # most of a pass is over within tenths of a second
        os.kill(running.pid, signal.SIGKILL)
        died += running.wait()[0] == -signal.SIGKILL
        assert trial.settle() == undisturbed, f"kill {number}"
    assert died > RANDOM_KILLS / 2


def _wait_for_first(stage: Stage, folder: str) -> None:
    """Until a second client sees a message in a folder."""
    deadline = time.monotonic() + 30
    with stage.client() as client:
        while time.monotonic() < deadline:
            status, answer = client.status(f'"{folder}"', "(MESSAGES)")
            if status == "OK" and b"MESSAGES 0" not in (answer[0] or b""):
                return
    raise AssertionError(f"nothing came to {folder}")
