"""`status`: what every mailbox is doing, at any time, beside a running daemon. Also a container's health check."""

from __future__ import annotations

import fcntl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from router.cli import show
from router.cli.base import CONFIG, FAILED, ConfigOption, JsonOption, exits, leave, put_json, state_of, store_of

if TYPE_CHECKING:
    from router.config.settings import Settings
    from router.store.database import Transaction
    from router.store.records import MailboxRecord, ThreadRecord

STALE = timedelta(minutes=5)  # without a pass, while a daemon runs
LONGEST_LIST = 10


def register(app: typer.Typer) -> None:
    app.command()(status)


def status(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """What every mailbox is doing: last pass, who waits, drafts, quarantine, reminders, alerts.

    Exits 1 when a daemon runs and a mailbox has not been passed over for five minutes.
    """
    from router.daemon import now as clock

    with exits():
        found = state_of(create=False)
        now = clock()
        result = _status(found, _configured(config), now)
        if as_json:
            put_json(result)
        else:
            _print(result, now)
        stale = [name for name, mailbox in result["mailboxes"].items() if mailbox["stale"]]
        if stale:
            leave(FAILED, f"inbox-router: no pass for {show.span(STALE)} over {', '.join(stale)}")


def _configured(config: Path) -> frozenset[str] | None:
    """The names of the mailboxes that should be served; None when the file cannot tell (the daemon alerts of that)."""
    from router.config.loading import load

    configuration = load(config).configuration if config.is_file() else None
    return frozenset(m.name for m in configuration.mailboxes) if configuration else None


def running_since(state: Path) -> datetime | None:
    """Since when a process holds the state directory; None when nobody does."""
    path = state / "lock"
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # let go again at once, by closing
            except OSError:
                return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None
    return None


def has_model(state: Path) -> bool:
    """Whether any model has been fitted here."""
    return any((state / "models").glob("*/manifest.json"))


# ------------------------------------------------------------------ asking the store


def _status(found: Settings, configured: frozenset[str] | None, now: datetime) -> dict[str, Any]:
    from router.cli.rehearse import database_exists
    from router.store import mailboxes, outbox

    since = running_since(found.state)
    result: dict[str, Any] = {
        "running": since is not None,
        "state": str(found.state),
        "mailboxes": {name: _never_served() for name in sorted(configured or ())},
        "outbox": {"queued": 0, "unknown": 0, "failed": 0},
        "alerts": [],
        "model": has_model(found.state),
    }
    if not database_exists(found):
        return result
    store = store_of(found)
    try:
        with store.begin() as tx:
            for record in mailboxes.all_mailboxes(tx):
                if configured is None or record.name in configured:
                    result["mailboxes"][record.name] = _mailbox(tx, record, since, now)
            result["outbox"] = {state: len(outbox.in_state(tx, state)) for state in result["outbox"]}
            result["alerts"] = [
                {"mailbox": a.mailbox, "key": a.key, "text": a.text, "raised_at": a.raised_at}
                for a in mailboxes.open_alerts(tx)
            ]
    finally:
        store.close()
    return result


def _never_served() -> dict[str, Any]:
    counts = dict.fromkeys(("drafts", "quarantined", "held"), 0)
    return {"mode": "", "last_pass_at": None, "stale": False, "waiting": [], **counts}


def _mailbox(tx: Transaction, record: MailboxRecord, since: datetime | None, now: datetime) -> dict[str, Any]:
    from router.store import intents, messages, threads

    states = messages.count_by_state(tx, record.id)
    # A daemon that has just started is given the same time as one that has just passed.
    fresh = max(filter(None, (record.last_pass_at, since)), default=None)
    return {
        "mode": record.mode,
        "last_pass_at": record.last_pass_at,
        "stale": since is not None and fresh is not None and now - fresh > STALE,
        "waiting": [_waiting(t) for t in threads.waiting(tx, record.id)],
        "drafts": sum(1 for d in intents.open_drafts(tx, record.id) if d.state == "waiting"),
        "quarantined": states.get("quarantined", 0),
        "held": states.get("held", 0),
    }


def _waiting(thread: ThreadRecord) -> dict[str, Any]:
    kept = ("customer", "customer_name", "subject", "category", "waiting_since", "next_due", "claimed_by")
    return {name: getattr(thread, name) for name in kept}


# ------------------------------------------------------------------ showing


def _print(result: dict[str, Any], now: datetime) -> None:
    console = show.out()
    running = "A daemon is running." if result["running"] else "No daemon is running."
    model = "" if result["model"] else " No model has been fitted yet: phrases decide alone."
    console.print(running + model)
    for name, mailbox in result["mailboxes"].items():
        last = mailbox["last_pass_at"]
        passed = f"last pass {show.ago(last, now)}" if last else "never passed over"
        show.heading(console, f"{name}  {mailbox['mode']}".rstrip())
        show.finding(console, "fail" if mailbox["stale"] else "ok" if last else "warn", passed)
        counts = f"{len(mailbox['waiting'])} waiting for an answer, {mailbox['drafts']} drafts ready"
        show.finding(console, "", counts)
        for kind in ("quarantined", "held"):
            if mailbox[kind]:
                show.finding(console, "warn", f"{mailbox[kind]} {kind}", _FIXES[kind])
        _print_waiting(mailbox["waiting"], now)
    show.heading(console, "Reminders")
    show.finding(console, "", ", ".join(f"{count} {state}" for state, count in result["outbox"].items()))
    for alert in result["alerts"]:
        where = f"{alert['mailbox']}: " if alert["mailbox"] else ""
        show.finding(console, "warn", f"{where}{show.block(alert['text'])} ({show.ago(alert['raised_at'], now)})")


_FIXES = {
    "quarantined": "inbox-router retry lists them",
    "held": "their folder is missing on the server; they are filed when it is there again",
}


def _print_waiting(waiting: Sequence[dict[str, Any]], now: datetime) -> None:
    console = show.out()
    for thread in waiting[:LONGEST_LIST]:
        waited = show.span(now - thread["waiting_since"])
        who = show.one_line(thread["customer_name"] or thread["customer"], 32)
        console.print(f"    {waited:>12}  {who:<32}  “{show.one_line(thread['subject'], 50)}”")
    if len(waiting) > LONGEST_LIST:
        console.print(f"    … and {len(waiting) - LONGEST_LIST} more")
