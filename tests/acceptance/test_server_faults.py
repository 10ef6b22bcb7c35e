"""The server dies, hangs, forgets, fills up: the daemon comes back by itself, and files the next mail."""

from __future__ import annotations

import imaplib
import itertools
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.acceptance.forked import Forks
from tests.acceptance.proxy import proxy
from tests.acceptance.stage import RULES, Stage, digests, mail
from tests.acceptance.trial import Trial, fresh_mails
from tests.conftest import without_server
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.dovecot
_numbers = itertools.count(1)
SOON = 30.0  # seconds within which anything that recovers by itself must have done so
IDLE_SHARE = 0.05


@dataclass
class Running:
    """A daemon under way on a stage."""

    stage: Stage
    process: subprocess.Popen[bytes]
    log: Path
    sent: list[bytes] = field(default_factory=list)

    def filed(self, within: float = SOON) -> None:
        """A new mail must reach its folder and get its draft."""
        number = next(_numbers)
        raw = mail(f"Refund {number}", f"My money back for {number}, please.", sender=f"d{number}@client.example")
        self.sent.append(raw)
        self.stage.server.deliver(self.stage.user, raw)
        self.until(lambda: self.in_place() == len(self.sent), within, f"mail {number} was not filed")

    def in_place(self) -> int:
        """How many mails are filed; 0 when the server cannot be asked."""
        with suppress(OSError, imaplib.IMAP4.error):
            with self.stage.client() as client:
                answers = [client.status(name, "(MESSAGES)") for name in ("Drafts", '"Support/Refunds"')]
            return min(int((re.search(rb"MESSAGES (\d+)", a[1][0] or b"") or [0, 0])[1]) for a in answers)
        return 0

    def until(self, holds: Callable[[], bool], within: float, otherwise: str) -> None:
        deadline = time.monotonic() + within
        while not holds():
            assert self.process.poll() is None, f"the daemon ended: {self.log.read_text()[-3000:]}"
            assert time.monotonic() < deadline, f"{otherwise}: {self.log.read_text()[-3000:]}"
            time.sleep(0.05)

    def cpu_share(self, seconds: float = 3.0) -> float:
        """CPU time of all our processes as a share of the wall clock."""
        before = self._cpu_seconds()
        time.sleep(seconds)
        return (self._cpu_seconds() - before) / seconds

    def _cpu_seconds(self) -> float:
        ours = psutil.Process(self.process.pid)
        return sum(sum(p.cpu_times()[:2]) for p in (ours, *ours.children(recursive=True)))

    def alerts(self) -> set[str]:
        with sqlite3.connect(self.stage.state / "router.db") as database:
            return {key for (key,) in database.execute("SELECT key FROM alert WHERE cleared_at IS NULL")}

    def terminate(self, within: float = 10) -> int:
        self.process.terminate()
        return self.process.wait(within)


@contextmanager
def serving(stage: Stage, *command: str) -> Iterator[Running]:
    """The daemon, from its first complete pass until the end of the block."""
    log = stage.root / "daemon.log"
    words = list(command) or stage.command("run", "--config", str(stage.config))
    with log.open("wb") as output:
        process = subprocess.Popen(words, env=stage.env(), stdout=output, stderr=output)
    running = Running(stage, process, log)
    try:
        running.filed()
        yield running
    finally:
        process.kill()
        process.wait()


def hasty(stage: Stage, *, poll: float = 1.0, timeout: float = 2.0) -> list[str]:
    """The daemon with short waits."""
    return [sys.executable, "-m", "tests.acceptance.hasty", str(stage.config), str(poll), str(timeout)]


@pytest.fixture(scope="module")
def own_dovecot() -> Iterator[Dovecot]:
    """One that these tests may stop, freeze and kill."""
    if lacking := dovecot_server.missing():
        without_server(f"not installed: {lacking}")
    with Dovecot() as server:
        yield server


@pytest.fixture
def place(own_dovecot: Dovecot, learned: Path, tmp_path: Path) -> Stage:
    user = f"broken{next(_numbers)}"
    return Stage(server=own_dovecot, user=user, root=tmp_path / user, learned=learned)


def intact(running: Running) -> None:
    """Every mail is there, once, and so is its draft."""
    assert running.stage.everything() == digests(running.sent)
    assert len(running.stage.messages("Drafts")) == len(running.sent)


# ------------------------------------------------------------------ the server goes away


def test_daemon_outlives_its_server(place: Stage) -> None:
    """Restarted, killed in its sessions, gone for a while: each time the next mail is filed; waiting costs nothing."""
    with serving(place) as running:
        assert running.cpu_share() < IDLE_SHARE
        place.server.stop()
        place.server.start()
        running.filed()
        for _ in range(3):
            running.until(lambda: place.server.signal_sessions(signal.SIGKILL) > 0, SOON, "no session")
            running.filed()
        place.server.stop()
        time.sleep(1)
        assert running.cpu_share() < IDLE_SHARE
        place.server.start()
        running.filed()
        intact(running)
        assert running.terminate() == 0


def test_sessions_killed_while_they_work(place: Stage) -> None:
    """Server processes are killed in the middle of fetching, appending and moving; nothing is lost or doubled."""
    draw = random.Random(7)
    with serving(place) as running:
        for _ in range(5):
            numbers = [next(_numbers) for _ in range(9)]  # no more than 50 drafts may wait in all
            raws = [mail(f"Refund {n}", f"Refund order {n}", sender=f"k{n}@client.example") for n in numbers]
            running.sent += raws
            place.server.deliver(place.user, *raws)
            time.sleep(draw.uniform(0.02, 0.4))
            place.server.signal_sessions(signal.SIGKILL)
            running.until(lambda: running.in_place() == len(running.sent), SOON, "not all filed")
        running.filed()
        intact(running)


def test_frozen_sessions_are_given_up(place: Stage) -> None:
    """A server that says nothing more is noticed within a poll and a time-out, without burning the CPU meanwhile."""
    with serving(place, *hasty(place)) as running:
        frozen = place.server.imap_pids()
        place.server.signal_sessions(signal.SIGSTOP)
        try:
            running.filed(within=20)
            assert running.cpu_share() < IDLE_SHARE
        finally:
            for pid in frozen:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
        running.filed()
        intact(running)


def test_daemon_ends_in_time_although_the_server_hangs(place: Stage) -> None:
    """SIGTERM while a command waits for a frozen server: exit 0 within ten seconds."""
    with serving(place, *hasty(place, poll=0.5, timeout=60)) as running:
        place.server.signal_sessions(signal.SIGSTOP)
        try:
            time.sleep(2)  # by now it has said DONE and waits
            assert running.cpu_share(1) < IDLE_SHARE
            assert running.terminate(within=10) == 0
        finally:
            place.server.signal_sessions(signal.SIGCONT)


def test_daemon_ends_in_time_although_the_server_is_gone(place: Stage) -> None:
    """SIGTERM while it waits to try again: exit 0 at once."""
    with serving(place) as running:
        place.server.stop()
        try:
            time.sleep(1)
            assert running.terminate(within=3) == 0
        finally:
            place.server.start()


def test_mail_that_was_being_read_at_the_end_is_read_again(place: Stage) -> None:
    """SIGTERM while the parse process hangs: what it held is no mail that could not be read, it is still new mail."""
    with serving(place) as running:
        (worker,) = (p for p in psutil.Process(running.process.pid).children() if "router.mail.worker" in p.cmdline())
        worker.suspend()
        raws = [mail(f"Refund {n}", "My money back", sender=f"s{n}@client.example") for n in range(5)]
        place.server.deliver(place.user, *raws)
        time.sleep(1)
        assert running.terminate(within=10) == 0
    place.once()
    assert len(place.messages("Support/Refunds")) == len(raws) + 1
    assert place.messages("Support/Could not read") == {}


# ------------------------------------------------------------------ connections that are cut


def test_daemon_outlives_cut_connections(place: Stage) -> None:
    """Cut in the greeting, in the login, in a FETCH, in an APPEND: it tries again, and everything arrives once."""
    with proxy(place.server.imap_port) as between:
        place.config.write_text(place.config.read_text().replace(str(place.server.imap_port), str(between.port)))
        with serving(place) as running:
            between.limits = [10, 3_000, 20_000, 60_000]
            place.server.signal_sessions(signal.SIGKILL)
            text = "Refund, please.\n" + "All about it. " * 400
            raws = [mail(f"Refund {n}", text, sender=f"p{n}@client.example") for n in range(20)]
            running.sent += raws
            place.server.deliver(place.user, *raws)
            running.until(lambda: running.in_place() == len(running.sent), 60, "not all filed")
            assert between.limits == []
            intact(running)


def test_once_is_cut_anywhere(own_dovecot: Dovecot, learned: Path, forks: Forks, tmp_path: Path) -> None:
    """A pass over 100 mails whose connection is cut after so many bytes fails cleanly; the next ones lose nothing."""
    with proxy(own_dovecot.imap_port) as between:

        def behind_the_proxy() -> Trial:
            user = f"cut{next(_numbers)}"
            stage = Stage(server=own_dovecot, user=user, root=tmp_path / user, learned=learned)
            stage.config.write_text(stage.config.read_text().replace(str(own_dovecot.imap_port), str(between.port)))
            trial = Trial(stage, forks)
            trial.deliver()
            return trial

        whole = behind_the_proxy().settle()
        most, draw = max(between.carried), random.Random(11)
        for _ in range(4):
            trial = behind_the_proxy()
            for _ in range(3):
                between.limits = [draw.randrange(most)]
                code, _, err = trial.once()
                assert code in (0, 75), err[-2000:]
            between.limits = []
            assert trial.settle() == whole
        assert whole.everything == digests(fresh_mails())


# ------------------------------------------------------------------ two daemons, broken edits


def test_second_daemon_is_refused(place: Stage) -> None:
    """One state directory has one daemon; the second one says so and ends at once."""
    with serving(place) as running:
        started = time.monotonic()
        second = place.run("run", "--config", str(place.config))
        assert second.returncode == 1
        assert time.monotonic() - started < 4  # of which a second is Python's start
        assert "another inbox-router" in second.stderr
        running.filed()


def test_broken_edit_keeps_the_last_good_rules(place: Stage) -> None:
    """A half-written file changes nothing but raises an alert; the next good one is taken and clears it."""
    with serving(place) as running:
        good = place.config.read_text()
        for broken in (good[: len(good) // 2] + "\n  : [", "", good.replace("refund:", "refnd: {foldr: X}\n  refund:")):
            place.config.write_text(broken)
            running.until(lambda: "workflows.yaml" in running.alerts(), 10, "no alert")
            running.filed()
            place.config.write_text(good)
            running.until(lambda: "workflows.yaml" not in running.alerts(), 10, "the alert stays")
        place.config.unlink()
        running.until(lambda: "workflows.yaml" in running.alerts(), 10, "no alert")
        running.filed()
        place.write(RULES + "workflows:\n  - {name: all, when: {}, do: {tag: seen-by-us}}\n")
        running.until(lambda: "workflows.yaml" not in running.alerts(), 10, "the alert stays")
        running.filed()
        assert any("seen-by-us" in flags for flags in place.flags("Support/Refunds").values())
        assert running.cpu_share() < IDLE_SHARE


# ------------------------------------------------------------------ servers that forget, servers that are full


def renumber(stage: Stage, *folders: str) -> None:
    """Give folders another UIDVALIDITY, as a restored backup does."""
    for folder in folders:
        command = ["doveadm", "-c", str(stage.server.root / "dovecot.conf"), "mailbox", "update"]
        command += ["--uid-validity", str(int(time.time()) + 1000), "-u", stage.user, folder]
        subprocess.run(command, check=True, capture_output=True)


def test_renumbered_folders_are_recognised(stage: Stage) -> None:
    """After a change of UIDVALIDITY nothing is filed, drafted or learned again, and new mail goes on as before."""
    mails = [mail(f"Refund {n}", f"Refund {n}", sender=f"u{n}@client.example") for n in range(3)]
    mails += [mail("Moonlight", f"The harbour was bright {n}", sender=f"w{n}@client.example") for n in range(3)]
    stage.append("INBOX", mails)
    stage.once()
    before = stage.everything(without=())
    for folders in (("INBOX",), ("Support/Refunds", "Drafts"), ("INBOX", "Support/Refunds", "Drafts", "Sent")):
        renumber(stage, *folders)
        stage.once()
        again = stage.once()
        assert (again["seen"], again["moved"], again["drafts"]) == (0, {}, 0)
        assert stage.everything(without=()) == before
    with sqlite3.connect(stage.state / "router.db") as database:
        assert database.execute("SELECT count(*) FROM message").fetchone() == (len(mails),)
        assert database.execute("SELECT count(*) FROM gesture").fetchone() == (0,)
        states = database.execute("SELECT state, count(*) FROM draft GROUP BY state").fetchall()
    assert states in ([("waiting", 3)], [("edited", 3)])
    stage.append("INBOX", [mail("Refund new", "My money back", sender="new@client.example")])
    assert stage.once()["moved"] == {"Support/Refunds": 1}


QUOTA = """
mail_plugins = quota
plugin {
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=400K
}
"""


def test_full_mailbox_files_and_drafts_later(learned: Path, tmp_path: Path) -> None:
    """Moves go on, drafts wait under one alert; when there is room again each is placed once, and the alert goes."""
    if lacking := dovecot_server.missing():
        without_server(f"not installed: {lacking}")
    with Dovecot(extra=QUOTA) as server:
        stage = Stage(server=server, user="full", root=tmp_path, learned=learned)
        stage.once()
        big = mail("Moonlight", "x" * 70 + "\n" + ("y" * 70 + "\n") * 7000)
        mails = [mail(f"Refund {n}", f"Refund {n}", sender=f"f{n}@client.example") for n in range(4)]
        server.deliver("full", big, *mails)
        for _ in range(3):
            assert stage.run("once", "--config", str(stage.config)).returncode == 0
            assert len(stage.messages("Support/Refunds")) == 4
            assert stage.messages("Drafts") == {}
        with sqlite3.connect(stage.state / "router.db") as database:
            assert database.execute("SELECT key FROM alert WHERE cleared_at IS NULL").fetchall() == [("drafts",)]
        with stage.client() as client:
            client.select("INBOX")
            client.store("1:*", "+FLAGS", "\\Deleted")
            client.expunge()
        stage.once()
        stage.once()
        assert len(stage.messages("Drafts")) == 4
        with sqlite3.connect(stage.state / "router.db") as database:
            assert database.execute("SELECT key FROM alert WHERE cleared_at IS NULL").fetchall() == []
