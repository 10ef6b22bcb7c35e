"""`run` and `once`: the daemon, and one pass of it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import typer

from router.cli.base import (
    CONFIG,
    FAILED,
    UNREACHABLE,
    ConfigOption,
    JsonOption,
    configuration_of,
    exits,
    leave,
    log_to_stderr,
    put_json,
    say,
    state_of,
    store_of,
)
from router.errors import MailboxError


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(once)


def run(config: ConfigOption = CONFIG) -> None:
    """Watch the mailboxes until SIGTERM. Exits 0 within ten seconds of it, 78 when the configuration is broken."""
    from router.cli import service

    raise typer.Exit(service.run(config))


def once(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """One pass over every mailbox: poll, settle, sweep, outbox.

    Exits 0 when every message reached a folder, stayed by rule, or is in quarantine; 75 when a server cannot be
    reached.
    """
    with exits():
        log_to_stderr()
        results, failures = _once(config)
        if as_json:
            put_json({"mailboxes": results})
        else:
            for name, result in results.items():
                say(f"{name}: {_sentence(result)}")
        for failure in failures:
            say(failure)
        if failures:
            leave(UNREACHABLE)
        if any(r["held"] for r in results.values()):
            leave(FAILED, "some mail could not be moved: see `inbox-router status`")


def _once(config: Path) -> tuple[dict[str, dict[str, Any]], list[str]]:
    from router.act import delivery
    from router.assembly import Assembly
    from router.connect import located
    from router.daemon import now
    from router.lock import StateLock
    from router.mail.worker import ParseWorker
    from router.store import mailboxes

    configuration = configuration_of(config)
    found = state_of()
    lock = StateLock(found.state)
    store = store_of(found)
    parser = ParseWorker()
    parser.warm_up()
    results: dict[str, dict[str, Any]] = {}
    failures: list[str] = []
    boxes = {}
    try:
        delivery.find_interrupted(store, now())
        bench = Assembly(state=found.state, store=store, parser=parser).workbench(configuration, fit=True)
        for configured in configuration.mailboxes:
            try:
                mailbox = located(configured, store, now())
                with store.begin() as tx:
                    record = mailboxes.enter(tx, mailbox.name, mailbox.mode, now())
                    fence = mailboxes.take_fence(tx, record.id)
                boxes[record.id] = mailbox
                results[mailbox.name] = _pass_over(mailbox, bench, fence)
            except MailboxError as error:
                failures.append(f"{configured.name}: {error}")
        asyncio.run(delivery.deliver(store, boxes, now()))
    finally:
        parser.close()
        store.close()
        lock.release()
    return results, failures


def _pass_over(mailbox: Any, bench: Any, fence: int) -> dict[str, Any]:
    from router.connect import open_session
    from router.daemon import now
    from router.pipeline import run_pass

    started = time.perf_counter()
    with open_session(mailbox, read_only=mailbox.mode == "watch") as session:
        report = run_pass(session, mailbox, bench, now(), fence=fence)
    return {
        "seen": report.seen,
        "moved": dict(report.moved),
        "left": report.left,
        "drafts": report.drafts,
        "quarantined": report.quarantined,
        "held": report.held,
        "seconds": round(time.perf_counter() - started, 3),
    }


def _sentence(result: dict[str, Any]) -> str:
    moved = ", ".join(f"{count} to {folder}" for folder, count in sorted(result["moved"].items()))
    return (
        f"{result['seen']} new; moved {moved or 'none'}; {result['left']} stayed; {result['drafts']} drafts; "
        f"{result['quarantined']} in quarantine; {result['seconds']} s"
    )
