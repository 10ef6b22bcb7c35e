"""The demo's support office: the real daemon on the embedded server, with a clock that the story turns.

The rules and saved replies are the shipped ones (of a checkout: those at the top of it). Only the `mailboxes:` block is
replaced, so that the mailbox is the demo's.
"""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from router.assembly import Assembly
from router.config.lastgood import LastGood
from router.config.loading import Configuration
from router.config.settings import Settings, ignore_state_directory
from router.config.starter import starter_root
from router.daemon import Daemon
from router.demo.letters import SUPPORT
from router.demo.mails import AUTHSERV_ID
from router.demo.server import DemoServer
from router.errors import StateError
from router.lock import StateLock
from router.mail.worker import ParseWorker
from router.store import mailboxes, outbox
from router.store.database import Store, sqlite_url

MAILBOX = "support"
PASSWORD = "demo"
POLL_SECONDS = 0.2  # of real time: the story does not want to wait for a minute
PATIENCE_SECONDS = 30.0  # until a pass that does not come is an error
TICK = timedelta(seconds=1)
QUIETER = {
    "apscheduler": logging.ERROR,  # at this pace ticks overlap, and that is fine
    "router": logging.ERROR,  # the story itself tells what could not be read
    "mail.log": logging.ERROR,  # aiosmtpd about its own old names
}

_NEXT_BLOCK = re.compile(r"^[^\s#]", re.MULTILINE)


def overlaid(workflows: str, server: DemoServer, password_file: Path) -> str:
    """A workflows.yaml with all rules of this one and the demo server's mailbox in place of its own."""
    before, named, after = workflows.partition("\nmailboxes:")
    rest = _NEXT_BLOCK.search(after, after.find("\n") + 1) if named else None
    return (
        f"{before}\nmailboxes:\n  {MAILBOX}:\n    address: {SUPPORT}\n"
        f"    imap: {{host: {server.host}, port: {server.imap_port}, tls: none}}\n"
        f"    smtp: {{host: {server.host}, port: {server.smtp_port}, tls: none}}\n"
        f"    login: {{user: {SUPPORT}, password: {{file: {password_file}}}}}\n"
        f"    trust: {{authserv-id: {AUTHSERV_ID}}}\n" + (after[rest.start() :] if rest else "")
    )


def moved_in(folder: Path, server: DemoServer) -> Path:
    """Lays the office's files into an empty folder; returns the path of its workflows.yaml."""
    root, home = starter_root(), folder / "office"
    home.mkdir()
    shutil.copytree(root / "replies", home / "replies")
    if (root / "lists").is_dir():
        shutil.copytree(root / "lists", home / "lists")
    password_file = folder / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(PASSWORD, encoding="utf-8")
    config = home / "workflows.yaml"
    shipped = (root / "workflows.yaml").read_text(encoding="utf-8")
    config.write_text(overlaid(shipped, server, password_file), encoding="utf-8")
    return config


@dataclass(slots=True)
class Clock:
    """The time in the office: stands still until somebody turns it, or lets it run."""

    moment: datetime
    running_since: float | None = None  # on the monotonic clock of this machine

    def __call__(self) -> datetime:
        if self.running_since is None:
            return self.moment
        return self.moment + timedelta(seconds=time.monotonic() - self.running_since)

    def run(self) -> None:
        """From now on time passes."""
        self.running_since = time.monotonic()


class Shift:
    """One daemon at work in a thread of its own."""

    def __init__(self, daemon: Daemon, thread: ThreadPoolExecutor) -> None:
        self._daemon = daemon
        self._loop = asyncio.new_event_loop()
        self._serving: Future[None] = thread.submit(self._serve)

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._daemon.run())

    def still_serving(self) -> bool:
        """Whether it works; raises what ended it, if something did."""
        if self._serving.done():
            self._serving.result()
            return False
        return True

    def end(self) -> None:
        """Stop it, and wait until it has stopped."""
        if not self._serving.done():
            self._loop.call_soon_threadsafe(self._daemon.stop)
        self._serving.result(PATIENCE_SECONDS)


@dataclass(slots=True)
class Office:
    """While entered, everything that a daemon needs is there, in `folder`; between two shifts nobody works.

    `settle` turns the clock and waits until the daemon has done all that is due.
    """

    server: DemoServer
    folder: Path
    note: Callable[[str], None]
    clock: Clock = field(init=False)
    configuration: Configuration = field(init=False)
    store: Store = field(init=False)
    _settings: Settings = field(init=False)
    _good: LastGood = field(init=False)
    _parser: ParseWorker = field(init=False)
    _thread: ThreadPoolExecutor = field(init=False)
    _shift: Shift | None = field(init=False, default=None)
    _stack: ExitStack = field(init=False, default_factory=ExitStack)

    def __enter__(self) -> Self:
        with self._stack:
            self._open()
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def _open(self) -> None:
        for name, level in QUIETER.items():
            logger = logging.getLogger(name)
            self._stack.callback(logger.setLevel, logger.level)
            logger.setLevel(level)
        state = self.folder / "state"
        ignore_state_directory(state)
        self._settings = Settings(state=state, database_url=sqlite_url(state))
        lock = StateLock(state)
        self._stack.callback(lock.release)
        self.store = Store.open(self._settings.database_url)
        self._stack.callback(self.store.close)
        self._parser = ParseWorker()
        self._stack.callback(self._parser.close)
        self._good = LastGood(moved_in(self.folder, self.server), state=state)
        self.configuration = self._good.current()
        self.note("Learning from the starter examples (a deployment does this once) …")
        Assembly(state=state, store=self.store, parser=self._parser).workbench(self.configuration, fit=True)
        self._thread = self._stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="demo-daemon"))
        self._stack.callback(self.close_doors)

    def open_doors(self, moment: datetime) -> None:
        """Begin a shift at this time, and let the daemon bring everything up to date."""
        self.clock = Clock(moment=moment)
        daemon = Daemon(
            self._settings,
            self._good,
            self.store,
            self._parser,
            clock=self.clock,
            poll_seconds=POLL_SECONDS,
            outbox_seconds=POLL_SECONDS,
        )
        self._shift = Shift(daemon, self._thread)
        self.settle(moment)

    def close_doors(self) -> None:
        """End the shift, if there is one."""
        shift, self._shift = self._shift, None
        if shift:
            shift.end()

    # ------------------------------------------------------------------ time

    def settle(self, moment: datetime) -> None:
        """Turn the clock to `moment` (never back) and wait for a full pass that began after it, and for the outbox."""
        self.clock.moment = max(moment, self.clock.moment + TICK)
        patience = time.monotonic() + PATIENCE_SECONDS
        while not self._settled():
            if self._shift is None or not self._shift.still_serving():
                raise StateError("the daemon has ended")
            if time.monotonic() > patience:
                raise StateError("the daemon did not get round to the mailbox")
            time.sleep(0.02)

    def _settled(self) -> bool:
        now = self.clock.moment
        with self.store.begin() as tx:
            records = mailboxes.all_mailboxes(tx)
            waits = outbox.ready(tx, now) or outbox.in_state(tx, "sending")
        return not waits and any(r.last_pass_at and r.last_pass_at >= now for r in records)
