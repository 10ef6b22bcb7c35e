"""The composition root: one asyncio loop that serves every mailbox, sends the outbox, reloads, and stops cleanly.

Everything about a mailbox is blocking code in a thread, one pass at a time, on one connection. The loop only waits:
for IDLE, for the poll tick (the guarantee: IDLE is a hint), for a change of the configuration, for SIGTERM. This is
the only place that reads a clock.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from router.act import delivery
from router.act.desk import Workbench
from router.act.sweep import retarget
from router.assembly import Assembly
from router.config.lastgood import LastGood
from router.config.loading import Configuration
from router.config.settings import Settings
from router.connect import located
from router.errors import MailboxError
from router.imap.backoff import delays
from router.mail.worker import ParseWorker
from router.serving import CONNECTION, House, Shift, pause, raise_alert
from router.store import mailboxes
from router.store.database import Store
from router.values import Mailbox

log = logging.getLogger(__name__)
T = TypeVar("T")

POLL_SECONDS = 60
OUTBOX_SECONDS = 20
TIMEOUT_SECONDS = 30.0  # for each wait for a mail server
STOP_WITHIN = 6.0  # seconds for passes to end after SIGTERM
CONFIGURATION = "workflows.yaml"
CONFIGURATION_FILES = ("", ".csv", ".md", ".txt", ".yaml", ".yml")
MODEL = "model"


def now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


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
        timeout: float = TIMEOUT_SECONDS,
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
        self._named: set[str] = set()  # mailboxes that are served, or about to be
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None
        self._house = House(
            store=store,
            bench=self._present_bench,
            clock=clock,
            blocking=self._blocking,
            stop=self._stop,
            learned=self._learned,
            timeout=timeout,
        )

    # ------------------------------------------------------------------ life

    async def run(self) -> None:
        """Serve until SIGTERM or `stop`."""
        self._catch_signals()
        configuration = self._good.current()
        self._bench = await self._blocking(lambda: self._assembly.workbench(configuration, fit=False))
        await self._blocking(lambda: delivery.find_interrupted(self._store, self._clock()))
        scheduler = self._schedule()
        self._staff(configuration)
        self._begin(self._watch_configuration())
        self._begin(self._fit_if_needed())
        try:
            await self._stop.wait()
        finally:
            scheduler.shutdown(wait=False)
            await self._end()
        if self._failure is not None:
            raise self._failure

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(self._done)
        self._tasks.add(task)

    def _done(self, task: asyncio.Task[None]) -> None:
        """Work that failed in a way nobody foresaw ends the daemon: a restart is better than a mailbox left alone."""
        if not task.cancelled() and task.exception() is not None and not self._stop.is_set():
            self._failure = task.exception()
            self.stop()

    async def _end(self) -> None:
        """Let passes end; whoever still waits for a server after that is woken by closing its connection."""
        _, late = await asyncio.wait(self._tasks, timeout=STOP_WITHIN)
        for shift in self._shifts.values():
            if shift.session is not None and late:
                shift.session.interrupt()
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
                await self._blocking(partial(self._alert, configured.name, CONNECTION, str(error)))
                await pause(self._stop, delay)
        record_id, fence = await self._blocking(lambda: self._enter(mailbox))
        shift = Shift(house=self._house, configured=configured, mailbox=mailbox, record_id=record_id, fence=fence)
        self._shifts[mailbox.name] = shift
        await shift.serve()

    def _enter(self, mailbox: Mailbox) -> tuple[int, int]:
        with self._store.begin() as tx:
            record = mailboxes.enter(tx, mailbox.name, mailbox.mode, self._clock())
            return record.id, mailboxes.take_fence(tx, record.id)

    # ------------------------------------------------------------------ trouble

    def _present_bench(self) -> Workbench:
        assert self._bench is not None  # noqa: S101 set before the first shift
        return self._bench

    def _learned(self) -> None:
        """Agents' moves have settled: classify with them from now on, unless the file has changed meanwhile."""
        configuration = self._good.current()
        bench = self._assembly.workbench(configuration, fit=False)
        if self._good.current() is configuration:
            self._bench = bench

    def _alert(self, mailbox: str, key: str, text: str) -> None:
        raise_alert(self._store, mailbox, key, text, self._clock())

    # ------------------------------------------------------------------ reload and model

    async def _watch_configuration(self) -> None:
        """Watch the directory, not the file: editors, git and ConfigMaps replace it."""
        from watchfiles import awatch

        beside, replies = self._good.current().path.parent.resolve(), self._good.current().replies_root.resolve()
        watching = awatch(
            beside, stop_event=self._stop, debounce=300, watch_filter=lambda _, p: self._concerns(Path(p))
        )
        async for changes in watching:
            await self._reload(replies=any(Path(path).is_relative_to(replies) for _, path in changes))

    def _concerns(self, path: Path) -> bool:
        """Whether a changed file can be one of the configuration's. Our own state and logs may lie beside it."""
        if path.is_relative_to(self._settings.state.resolve()):
            return False
        return path.suffix in CONFIGURATION_FILES or path.name == "..data"  # the link that a ConfigMap swaps

    async def _reload(self, *, replies: bool = False) -> None:
        """Swap the whole workbench, or keep the old one and say why. `replies`: those have changed, too."""
        reload = await self._blocking(self._good.reload)
        if reload.problems and not reload.changed:
            text = "\n".join(p.render() for p in reload.problems)
            await self._blocking(lambda: self._alert("", CONFIGURATION, f"the last good copy stays in force\n{text}"))
            return
        if reload.changed or replies:
            await self._blocking(lambda: self._swap(reload.configuration))
            self._staff(reload.configuration)
            await self._fit_if_needed()
        elif reload.recovered:
            await self._blocking(self._configuration_is_fine)

    def _swap(self, configuration: Configuration) -> None:
        self._bench = self._assembly.workbench(configuration, fit=False)
        self._configuration_is_fine()
        with self._store.begin() as tx:
            for shift in self._shifts.values():
                retarget(tx, shift.record_id, configuration.rules)
        log.info("configuration %s is in force", configuration.digest[:12])

    def _configuration_is_fine(self) -> None:
        with self._store.begin() as tx:
            mailboxes.clear_alert(tx, "", CONFIGURATION, self._clock())

    def _staff(self, configuration: Configuration) -> None:
        """Serve the mailboxes that are new, let those go that are gone, and reconnect those that have changed."""
        for name, shift in list(self._shifts.items()):
            configured = configuration.mailbox(name)
            shift.over = configured is None
            if configured is not None and configured != shift.configured:
                shift.configured = configured
                shift.mailbox = replace(
                    configured, imap=configured.imap or shift.mailbox.imap, smtp=configured.smtp or shift.mailbox.smtp
                )
            shift.wake.set()
            if shift.over:
                del self._shifts[name]
        for mailbox in configuration.mailboxes:
            if mailbox.name not in self._named:
                self._begin(self._serve_configured(mailbox))
        self._named = {m.name for m in configuration.mailboxes}

    async def _fit_if_needed(self) -> None:
        """Fit a missing model beside the running work; until it is there, phrases decide alone."""
        configuration = self._good.current()
        if await self._blocking(lambda: self._assembly.needs_fitting(configuration)):
            bench = await self._blocking(lambda: self._assembly.workbench(configuration, fit=True))
            if self._good.current() is configuration:  # else a reload came meanwhile, and fits for itself
                self._bench = bench
