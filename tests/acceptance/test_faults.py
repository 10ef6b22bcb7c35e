"""The process is killed at every point and at random moments; a clean pass afterwards leaves nothing lost or twice."""

from __future__ import annotations

import itertools
import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.acceptance.forked import Forks
from tests.acceptance.stage import Stage, digests, mail
from tests.acceptance.trial import Outcome, Trial, fresh_mails
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.dovecot
_numbers = itertools.count(1)

# Point, and the hit at which it kills. Those of the sweep and the outbox are in test_reminders.py.
KILLS = ("fetched", "intents-committed", "draft-appended", "draft-appended:3", "draft-appended:20", "flags-stored")
KILLS += ("flags-stored:2", "moved", "moved:2", "moved:3", "outcomes-committed", "sweep-committed")
SEEDS, KILLS_A_SEED = 6, 5


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


def test_identical_mails_of_which_only_one_was_moved(trial: Trial) -> None:
    """A MOVE that was carried out in part: the twin that is still in INBOX is a mail of its own, not a leftover."""
    raw = mail()
    trial.clean()
    trial.stage.append("INBOX", [raw, raw])
    trial.killed_at("intents-committed")
    trial.stage.move(2, "INBOX", "Support/Refunds")
    assert trial.settle().folders == {"Support/Refunds": digests([raw, raw])}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_kill_at_random_moments(
    dovecot: Dovecot, learned: Path, forks: Forks, tmp_path: Path, undisturbed: Outcome, seed: int
) -> None:
    """Killed at some moment after the first thing it did, as seen by a second client, the next pass puts it right."""
    draw = random.Random(seed)
    died = 0
    for number in range(KILLS_A_SEED):
        trial = a_trial(dovecot, learned, forks, tmp_path)
        if number % 3 == 0:
            trial.clean()  # not the first pass, but one on a mailbox that is known
        trial.deliver()
        running = forks.start(trial.words, trial.stage.env())
        _wait_for_first(trial.stage, "Drafts" if number % 2 else "Support/Refunds")
        time.sleep(1.5 * draw.random() ** 6)  # most of a pass is over within tenths of a second
        with suppress(ProcessLookupError):  # it was faster
            os.kill(running.pid, signal.SIGKILL)
        died += running.wait()[0] == -signal.SIGKILL
        assert trial.settle() == undisturbed, f"kill {number}"
    assert died, "no pass was caught alive"


def _wait_for_first(stage: Stage, folder: str) -> None:
    """Until a second client sees a message in a folder."""
    deadline = time.monotonic() + 30
    with stage.client() as client:
        while time.monotonic() < deadline:
            status, answer = client.status(f'"{folder}"', "(MESSAGES)")
            if status == "OK" and b"MESSAGES 0" not in (answer[0] or b""):
                return
            time.sleep(0.005)
    raise AssertionError(f"nothing came to {folder}")
