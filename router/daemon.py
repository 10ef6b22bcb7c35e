"""The composition root: one asyncio loop that serves every mailbox, sends the outbox, reloads, and stops cleanly.

Everything about a mailbox is blocking code in a thread, one pass at a time, on one connection. The loop only waits:
for IDLE, for the poll tick (the guarantee: IDLE is a hint), for a change of the configuration, for SIGTERM. This is
the only place that reads a clock.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import signal
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO, TypeVar

from router.act import delivery
from router.act.desk import PassReport, Workbench
from router.act.sweep import retarget
from router.assembly import Assembly
from router.config.lastgood import LastGood
from router.config.loading import Configuration
from router.config.settings import Settings
from router.connect import located, open_session
from router.errors import AlreadyRunning, CommandRefused, LoginRefused, MailboxError, Throttled
from router.imap.backoff import delays
from router.imap.session import Session
from router.imap.watch import Idle
from router.mail.worker import ParseWorker
from router.pipeline import run_pass
from router.store import mailboxes
from router.store.database import Store
from router.values import Mailbox

log = logging.getLogger(__name__)
T = TypeVar("T")

POLL_SECONDS = 60
OUTBOX_SECONDS = 20
AFTER_REFUSED_LOGIN = 300.0  # seconds: trying sooner locks accounts
STALLED_AFTER = 300.0  # seconds of failing until a person is told
STOP_WITHIN = 8.0  # seconds for passes to end after SIGTERM
CONNECTION = "connection"
CONFIGURATION = "workflows.yaml"
MODEL = "model"


def now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


class StateLock:
    """One daemon per state directory."""

    def __init__(self, state: Path) -> None:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file: TextIO = (state / "lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            owner = self._file.read().strip()
            self._file.close()
            raise AlreadyRunning(f"another inbox-router uses {state} (process {owner or 'unknown'})") from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        self._file.close()


@dataclass(slots=True)
class Shift:
    """One mailbox while it is served."""

    mailbox: Mailbox
    record_id: int
    fence: int
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    special: dict[str, str] | None = None
    failing_since: datetime | None = None
    passes: int = 0


class Daemon:
    """Serves the mailboxes of one configuration until it is told to stop."""

    def __init__(
        self,
        settings: Settings,
        good: LastGood,
        store: Store,
        parser: ParseWorker,
        *,
        clock: Callable[[], datetime] = now,
        poll_seconds: float = POLL_SECONDS,
        outbox_seconds: float = OUTBOX_SECONDS,
    ) -> None:
        self._settings = settings
        self._good = good
        self._store = store
        self._parser = parser
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._outbox_seconds = outbox_seconds
        self._assembly = Assembly(state=settings.state, store=store, parser=parser)
        self._bench: Workbench | None = None
        self._stop = asyncio.Event()
        self._threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="mailbox")
        self._shifts: dict[str, Shift] = {}

    # ------------------------------------------------------------------ life

    async def run(self) -> None:
        """Serve until SIGTERM or `stop`."""
        self._catch_signals()
        configuration = self._good.current()
        self._bench = await self._blocking(lambda: self._assembly.workbench(configuration, fit=False))
        await self._blocking(lambda: delivery.find_interrupted(self._store, self._clock()))
        scheduler = self._schedule()
        tasks = [asyncio.create_task(self._serve_configured(m)) for m in configuration.mailboxes]
        tasks += [asyncio.create_task(self._watch_configuration()), asyncio.create_task(self._fit_if_needed())]
        try:
            await self._stop.wait()
        finally:
            scheduler.shutdown(wait=False)
            for shift in self._shifts.values():
                shift.wake.set()
            _, late = await asyncio.wait(tasks, timeout=STOP_WITHIN)
            for task in late:
                task.cancel()
            self._threads.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """Ask everything to end after its present step."""
        self._stop.set()

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError, RuntimeError, ValueError):  # not in the main thread: the owner calls stop()
            for name in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(name, self.stop)
            loop.add_signal_handler(signal.SIGHUP, lambda: asyncio.ensure_future(self._reload()))

    def _schedule(self) -> Any:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.add_job(self._tick, "interval", seconds=self._poll_seconds, coalesce=True, max_instances=1)
        scheduler.add_job(self._send_outbox, "interval", seconds=self._outbox_seconds, coalesce=True, max_instances=1)
        scheduler.start()
        return scheduler

    async def _blocking(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    # ------------------------------------------------------------------ ticks

    async def _tick(self) -> None:
        for shift in self._shifts.values():
            shift.wake.set()

    async def _send_outbox(self) -> None:
        boxes = {s.record_id: s.mailbox for s in self._shifts.values()}
        await delivery.deliver(self._store, boxes, self._clock())

    # ------------------------------------------------------------------ one mailbox

    async def _serve_configured(self, configured: Mailbox) -> None:
        """Find the mailbox's servers, then serve it; a failure here waits and tries again."""
        for delay in delays(configured.name):
            if self._stop.is_set():
                return
            try:
                mailbox = await self._blocking(lambda: located(configured, self._store, self._clock()))
                break
            except MailboxError as error:
                await self._blocking(lambda e=error: self._alert(configured.name, CONNECTION, str(e)))  # type: ignore[misc]
                await self._pause(delay)
        record_id, fence = await self._blocking(lambda: self._enter(mailbox))
        shift = Shift(mailbox=mailbox, record_id=record_id, fence=fence)
        self._shifts[mailbox.name] = shift
        await self.serve(shift)

    def _enter(self, mailbox: Mailbox) -> tuple[int, int]:
        with self._store.begin() as tx:
            record = mailboxes.enter(tx, mailbox.name, mailbox.mode, self._clock())
            return record.id, mailboxes.take_fence(tx, record.id)

    async def serve(self, shift: Shift) -> None:
        """The only mailbox loop: connect, bring it up to date, wait, again; with back-off when the server fails."""
        waits = delays(shift.mailbox.name)
        while not self._stop.is_set():
            passes = shift.passes
            try:
                await self._attend(shift)
            except MailboxError as error:
                if shift.passes > passes:
                    waits = delays(shift.mailbox.name)  # it worked for a while: begin with short waits
                wait = next(waits)
                if isinstance(error, LoginRefused):
                    wait = AFTER_REFUSED_LOGIN
                elif isinstance(error, Throttled) and error.retry_after:
                    wait = error.retry_after
                await self._blocking(lambda e=error: self._failed(shift, e))  # type: ignore[misc]
                await self._pause(wait)

    async def _attend(self, shift: Shift) -> None:
        session = await self._blocking(lambda: open_session(shift.mailbox, read_only=shift.mailbox.mode == "watch"))
        try:
            full = True
            while not self._stop.is_set():
                shift.wake.clear()
                await self._blocking(lambda f=full: self._pass(session, shift, full=f))  # type: ignore[misc]
                full = await self._wait(session, shift)
        finally:
            await self._blocking(session.close)

    def _pass(self, session: Session, shift: Shift, *, full: bool) -> None:
        """Passes until INBOX holds nothing new, so that nothing is overlooked between looking and waiting."""
        while not self._stop.is_set():
            report = self._one_pass(session, shift, full=full)
            if not report.seen:
                break
            full = False
        if shift.failing_since is not None:
            shift.failing_since = None
            with self._store.begin() as tx:
                mailboxes.clear_alert(tx, shift.mailbox.name, CONNECTION, self._clock())

    def _one_pass(self, session: Session, shift: Shift, *, full: bool) -> PassReport:
        assert self._bench is not None  # noqa: S101 set before the first shift
        report = run_pass(
            session,
            shift.mailbox,
            self._bench,
            self._clock(),
            fence=shift.fence,
            special=None if full else shift.special,
            stop=self._stop.is_set,
        )
        shift.special = dict(report.special)
        shift.passes += 1
        if report.learned:
            self._bench = self._assembly.workbench(self._good.current(), fit=False)
        return report

    async def _wait(self, session: Session, shift: Shift) -> bool:
        """Wait for news or the tick; True when the next pass must be a full one."""
        if not shift.mailbox.idle or "IDLE" not in session.capabilities:
            await self._until(shift.wake)
            return True
        idle = Idle(session)
        try:
            await self._blocking(idle.start)
        except CommandRefused:
            await self._until(shift.wake)
            return True
        news = await self._news(idle, shift)
        await self._blocking(idle.done)
        return not news or shift.wake.is_set()

    async def _news(self, idle: Idle, shift: Shift) -> bool:
        """True as soon as the server announces a message; False at the tick."""
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        loop.add_reader(idle.fileno(), readable.set)
        try:
            while not (shift.wake.is_set() or self._stop.is_set()):
                if idle.pending() or readable.is_set():
                    readable.clear()
                    lines = idle.read(0)
                    if any(line.upper().rstrip().endswith("EXISTS") for line in lines):
                        return True
                    continue
                await self._first(readable.wait(), shift.wake.wait(), self._stop.wait())
            return False
        finally:
            loop.remove_reader(idle.fileno())

    # ------------------------------------------------------------------ waiting

    async def _until(self, event: asyncio.Event) -> None:
        await self._first(event.wait(), self._stop.wait())

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)

    async def _first(self, *waits: Coroutine[Any, Any, Any]) -> None:
        tasks = [asyncio.ensure_future(w) for w in waits]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()

    # ------------------------------------------------------------------ trouble

    def _failed(self, shift: Shift, error: MailboxError) -> None:
        moment = self._clock()
        log.warning("mailbox %s: %s", shift.mailbox.name, error)
        if shift.failing_since is None:
            shift.failing_since = moment
        stalled = (moment - shift.failing_since).total_seconds() >= STALLED_AFTER
        if stalled or isinstance(error, LoginRefused):
            self._alert(shift.mailbox.name, CONNECTION, str(error))

    def _alert(self, mailbox: str, key: str, text: str) -> None:
        with self._store.begin() as tx:
            if mailboxes.raise_alert(tx, mailbox, key, text, self._clock()):
                log.error("alert %s %s: %s", mailbox or "-", key, text)

    # ------------------------------------------------------------------ reload and model

    async def _watch_configuration(self) -> None:
        """Watch the directory, not the file: editors, git and ConfigMaps replace it."""
        from watchfiles import awatch

        paths = [p for p in (self._good.current().path.parent, self._good.current().replies_root) if p.is_dir()]
        async for _ in awatch(*paths, stop_event=self._stop, debounce=300, recursive=True):
            await self._reload()

    async def _reload(self) -> None:
        """Swap the whole workbench, or keep the old one and say why."""
        reload = await self._blocking(self._good.reload)
        if reload.problems and not reload.changed:
            text = "\n".join(p.render() for p in reload.problems)
            await self._blocking(lambda: self._alert("", CONFIGURATION, f"the last good copy stays in force\n{text}"))
            return
        await self._blocking(lambda: self._swap(reload.configuration))
        await self._fit_if_needed()

    def _swap(self, configuration: Configuration) -> None:
        self._bench = self._assembly.workbench(configuration, fit=False)
        with self._store.begin() as tx:
            mailboxes.clear_alert(tx, "", CONFIGURATION, self._clock())
            for shift in self._shifts.values():
                retarget(tx, shift.record_id, configuration.rules)
        log.info("configuration %s is in force", configuration.digest[:12])
        for shift in self._shifts.values():
            configured = configuration.mailbox(shift.mailbox.name)
            if configured is not None:
                shift.mailbox = located(configured, self._store, self._clock())

    async def _fit_if_needed(self) -> None:
        """Fit a missing model beside the running work; until it is there, phrases decide alone."""
        configuration = self._good.current()
        if await self._blocking(lambda: self._assembly.needs_fitting(configuration)):
            self._bench = await self._blocking(lambda: self._assembly.workbench(configuration, fit=True))
