"""Serves one mailbox: connect, bring it up to date, wait for news, again; with back-off when its server fails.

The daemon runs a shift per mailbox as a plain task. A shift waits in the event loop and works in a thread, on one
connection.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from router.act.desk import PassReport, Workbench
from router.connect import open_session
from router.errors import CommandRefused, LoginRefused, MailboxError, RouterError, Throttled
from router.imap.backoff import delays
from router.imap.session import Session
from router.imap.watch import Idle
from router.pipeline import run_pass
from router.store import mailboxes
from router.store.database import Store
from router.values import Mailbox, Mode

log = logging.getLogger(__name__)
T = TypeVar("T")

AFTER_REFUSED_LOGIN = 300.0  # seconds: trying sooner locks accounts
AFTER_THE_UNFORESEEN = 60.0
STALLED_AFTER = 300.0  # seconds of failing until a person is told
CONNECTION = "connection"


class Blocking(Protocol):
    """Runs plain blocking code in a thread."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What all shifts share."""

    store: Store
    bench: Callable[[], Workbench]  # the one in force: a reload swaps it whole
    clock: Callable[[], datetime]
    blocking: Blocking
    stop: asyncio.Event
    learned: Callable[[], None]  # agents' moves have settled: called in the thread of the pass
    timeout: float  # seconds for each wait for a server


@dataclass(slots=True)
class Shift:
    """One mailbox while it is served."""

    house: House
    configured: Mailbox
    mailbox: Mailbox  # as configured, with the servers that were found
    record_id: int
    fence: int
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    special: dict[str, str] | None = None
    session: Session | None = None
    failing_since: datetime | None = None
    passes: int = 0
    over: bool = False  # the admin has taken the mailbox out of the configuration

    async def serve(self) -> None:
        """The only mailbox loop: until the daemon stops, or the mailbox is taken out of the configuration."""
        waits = delays(self.mailbox.name)
        while not self._ended():
            passes = self.passes
            try:
                await self._attend()
            except Exception as error:  # noqa: BLE001 whatever happens to one mailbox, the others go on
                if self.passes > passes:
                    waits = delays(self.mailbox.name)  # it worked for a while: begin with short waits
                wait = _wait_after(error, next(waits))
                await self.house.blocking(partial(self._failed, error, wait))
                await pause(self.house.stop, wait)

    def _ended(self) -> bool:
        return self.over or self.house.stop.is_set()

    async def _attend(self) -> None:
        mailbox, house = self.mailbox, self.house
        session = await house.blocking(
            lambda: open_session(mailbox, timeout=house.timeout, read_only=mailbox.mode is Mode.WATCH)
        )
        self.session = session
        try:
            full = True
            while not self._ended() and self.mailbox is mailbox:  # another mode or server: connect anew
                self.wake.clear()
                await house.blocking(partial(self.up_to_date, session, full=full))
                full = await self._wait(session)
        finally:
            self.session = None
            await house.blocking(session.close)

    # ------------------------------------------------------------------ work, in a thread

    def up_to_date(self, session: Session, *, full: bool) -> None:
        """Passes until INBOX holds nothing new, so that nothing is overlooked between looking and waiting."""
        first = not self.passes
        while not self.house.stop.is_set():
            report = self._one_pass(session, full=full)
            if not report.seen:
                break
            full = False
        if self.failing_since is not None or first:  # the first: an earlier process may have left its alert
            self.failing_since = None
            with self.house.store.begin() as tx:
                mailboxes.clear_alert(tx, self.mailbox.name, CONNECTION, self.house.clock())
        self.house.bench().library.warm_up()  # what the first draft would otherwise wait for; quick when repeated

    def _one_pass(self, session: Session, *, full: bool) -> PassReport:
        report = run_pass(
            session,
            self.mailbox,
            self.house.bench(),
            self.house.clock(),
            fence=self.fence,
            special=None if full else self.special,
            stop=self.house.stop.is_set,
        )
        self.special = dict(report.special)
        self.passes += 1
        if report.learned:
            self.house.learned()
        return report

    def _failed(self, error: Exception, wait: float) -> None:
        """Somebody is told before five minutes are over, also when the next try comes only after that."""
        moment = self.house.clock()
        text = str(error) if isinstance(error, RouterError) else _unforeseen(error)
        log.warning("mailbox %s: %s", self.mailbox.name, text)
        if self.failing_since is None:
            self.failing_since = moment
        stalled = (moment - self.failing_since).total_seconds() + wait >= STALLED_AFTER
        if stalled or isinstance(error, LoginRefused) or not isinstance(error, MailboxError):
            raise_alert(self.house.store, self.mailbox.name, CONNECTION, text, moment)

    # ------------------------------------------------------------------ waiting, in the loop

    async def _wait(self, session: Session) -> bool:
        """Wait for news or the tick; True when the next pass must be a full one."""
        if not self.mailbox.idle or "IDLE" not in session.capabilities:
            await self._tick()
            return True
        idle = Idle(session)
        try:
            await self.house.blocking(idle.start)
        except CommandRefused:
            await self._tick()
            return True
        news = await self._news(idle)
        await self.house.blocking(idle.done)
        return not news or self.wake.is_set()

    async def _news(self, idle: Idle) -> bool:
        """True as soon as the server announces a message; False at the tick."""
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        socket = idle.fileno()  # asked once: a connection that has ended has no number any more
        loop.add_reader(socket, readable.set)
        try:
            while not (self.wake.is_set() or self.house.stop.is_set()):
                if idle.pending() or readable.is_set():
                    readable.clear()
                    lines = idle.read(0)
                    if any(line.upper().rstrip().endswith("EXISTS") for line in lines):
                        return True
                    continue
                await first_of(readable.wait(), self.wake.wait(), self.house.stop.wait())
            return False
        finally:
            loop.remove_reader(socket)

    async def _tick(self) -> None:
        await first_of(self.wake.wait(), self.house.stop.wait())


def _wait_after(error: Exception, usual: float) -> float:
    match error:
        case LoginRefused():
            return AFTER_REFUSED_LOGIN
        case Throttled(retry_after=float(seconds)):
            return seconds
        case MailboxError():
            return usual
        case _:
            return AFTER_THE_UNFORESEEN


def _unforeseen(error: Exception) -> str:
    """What broke and where; not its text, which may quote a mail."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"an unforeseen {type(error).__name__}{where}; the mailbox is tried again"


def raise_alert(store: Store, mailbox: str, key: str, text: str, moment: datetime) -> None:
    """Tell a person, once until the cause is gone."""
    with store.begin() as tx:
        if mailboxes.raise_alert(tx, mailbox, key, text, moment):
            log.error("alert %s %s: %s", mailbox or "-", key, text)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not beyond the end."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def first_of(*waits: Coroutine[Any, Any, Any]) -> None:
    """Wait until one of them is done."""
    tasks = [asyncio.ensure_future(w) for w in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
