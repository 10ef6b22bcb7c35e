"""The daemon's loop over one mailbox, with waits that are written down instead of waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from router import serving
from router.act.desk import PassReport
from router.serving import House, Shift
from router.store import mailboxes
from tests.providers.office import Office


@dataclass
class Watch:
    """What a shift did: how long it wanted to wait after each failure."""

    waits: list[float] = field(default_factory=list)


def serve(
    at: Office, monkeypatch: pytest.MonkeyPatch, *, until_passes: int, on_wait: Callable[[int], None] = lambda _: None
) -> Watch:
    """Serve the mailbox until so many passes are done; `on_wait` is called at each wait, with its number."""
    watch = Watch()
    stop = asyncio.Event()

    async def pause(_stop: asyncio.Event, seconds: float) -> None:
        watch.waits.append(seconds)
        on_wait(len(watch.waits))
        if len(watch.waits) > 20:
            _stop.set()

    def run_pass(*arguments: object, **more: object) -> PassReport:
        report = real_pass(*arguments, **more)  # type: ignore[arg-type]
        shift.wake.set()
        if shift.passes + 1 >= until_passes:
            loop.call_soon_threadsafe(stop.set)
        return report

    real_pass = serving.run_pass
    monkeypatch.setattr(serving, "pause", pause)
    monkeypatch.setattr(serving, "run_pass", run_pass)
    with at.store.begin() as tx:
        record = mailboxes.enter(tx, "support", at.mailbox.mode, at.now)
    house = House(
        store=at.store, bench=lambda: at.bench, clock=lambda: at.now, blocking=asyncio.to_thread, stop=stop,
        learned=lambda: None, timeout=10,
    )  # fmt: skip
    mailbox = replace(at.mailbox, idle=False)
    shift = Shift(house=house, configured=mailbox, mailbox=mailbox, record_id=record.id, fence=1)
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(asyncio.wait_for(shift.serve(), 60))
    finally:
        loop.close()
    assert shift.passes >= until_passes, watch
    return watch
