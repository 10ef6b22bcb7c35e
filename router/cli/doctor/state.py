"""`doctor` on this machine: the state directory, disk, database, daemon, what it complains of, and the model."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from router.cli.doctor.findings import Finding, ago, fail, ok, warn
from router.errors import ModelUnusable, StateError

if TYPE_CHECKING:
    from router.config.loading import Configuration
    from router.config.settings import Settings
    from router.store.database import Store

LEAST_DISK = 200 * 1024 * 1024  # bytes
WHERE = "state"


def findings(found: Settings, configuration: Configuration | None, broken: bool, now: datetime) -> Iterator[Finding]:
    """Everything that lies on this machine; `broken` says that the configuration on disk cannot be used."""
    from router.config.settings import state_directory_problem

    problem = state_directory_problem(found.state)
    if problem:
        yield fail(WHERE, problem, "inbox-router init, or set INBOX_ROUTER_STATE")
    yield from _directory(found.state)
    yield _disk(found.state)
    yield from _database(found, configuration, now)
    yield _daemon(found.state, broken=broken)
    if configuration is not None:
        yield from _model(found.state, configuration, now)


def _directory(state: Path) -> Iterator[Finding]:
    if not state.exists():
        yield warn(WHERE, f"{state} is not there yet", "It is made at the first run.")
        return
    try:
        with tempfile.TemporaryFile(dir=state):
            yield ok(WHERE, f"{state} can be written")
    except OSError as error:
        who = f"{_name_of(state.stat().st_uid)} owns it, and this runs as {_name_of(os.geteuid())}"
        fix = f"Run as its owner, or: chown -R {_name_of(os.geteuid())} {state}"
        yield fail(WHERE, f"{state}: {(error.strerror or str(error)).lower()} ({who})", fix)
    if state.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        text = f"{state} is open to others on this machine: it holds what customers wrote"
        yield warn(WHERE, text, f"chmod 700 {state}")


def _name_of(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container's user need not have a name
        return f"user {number}"


def _disk(state: Path) -> Finding:
    nearest = next(p for p in (state, *state.parents) if p.exists())
    free = shutil.disk_usage(nearest).free
    text = f"{free // 1024**2} MB of disk free"
    if free >= LEAST_DISK:
        return ok(WHERE, text)
    return fail(WHERE, text, "Make room: without it, nothing can be remembered, so nothing is done.")


def _database(found: Settings, configuration: Configuration | None, now: datetime) -> Iterator[Finding]:
    from router.cli.rehearse import database_exists
    from router.store.database import Store

    if not database_exists(found):
        yield warn(WHERE, "no database yet", "It is made at the first run.")
        return
    try:
        store = Store.open(found.database_url)
    except StateError as error:
        yield fail(WHERE, str(error), "Check INBOX_ROUTER_DATABASE_URL and the file.")
        return
    try:
        said = store.check()
        if said != "ok":
            yield fail(WHERE, f"database: {said}", "Stop the daemon and restore the database from a backup.")
            return
        yield ok(WHERE, "database: ok")
        yield from _complaints(store, configuration, now)
    except StateError as error:
        yield fail(WHERE, str(error), "Check INBOX_ROUTER_DATABASE_URL and the file.")
    finally:
        store.close()


def _complaints(store: Store, configuration: Configuration | None, now: datetime) -> Iterator[Finding]:
    """What the daemon has told and nobody has mended, and what lies in quarantine."""
    from router.store import mailboxes, messages

    served = {m.name for m in configuration.mailboxes} if configuration else None
    with store.begin() as tx:
        alerts = [a for a in mailboxes.open_alerts(tx) if served is None or not a.mailbox or a.mailbox in served]
        records = [r for r in mailboxes.all_mailboxes(tx) if served is None or r.name in served]
        quarantined = sum(messages.count_by_state(tx, r.id).get("quarantined", 0) for r in records)
    for alert in alerts:
        told = f"told {ago(alert.raised_at, now)}"
        text = f"{alert.mailbox}: {alert.text} ({told})" if alert.mailbox else f"{alert.text} ({told})"
        yield warn(WHERE, text, "It clears itself when its cause is gone; the daemon's log says more.")
    if quarantined:
        count = "1 mail is" if quarantined == 1 else f"{quarantined} mails are"
        yield warn(WHERE, f"{count} in quarantine", "inbox-router retry lists them")


def _daemon(state: Path, *, broken: bool) -> Finding:
    from router.cli.care import running_since

    since = running_since(state)
    if since is None:
        return warn(WHERE, "no daemon is running", "inbox-router run")
    text = f"a daemon has been running since {since:%Y-%m-%d %H:%M} UTC"
    if not broken:
        return ok(WHERE, text)
    fix = f"Mend the file; what was last good is kept in {state / 'last-good'}."
    return warn(WHERE, f"{text}; the file is broken, so it goes on with the last good one", fix)


# ------------------------------------------------------------------ the model


def _model(state: Path, configuration: Configuration, now: datetime) -> Iterator[Finding]:
    from router.assembly import examples_of, model_directory
    from router.classify import model

    examples = examples_of(configuration)
    if not examples:
        return
    directory = model_directory(state, examples)
    if not directory.is_dir():
        others = any((state / "models").glob("*/manifest.json"))
        text = "the model is older than the installed libraries or the examples" if others else "no model yet"
        yield warn(WHERE, text, "Nothing to do: the daemon fits it at its next start.")
        return
    try:
        manifest = model.load(directory).manifest
    except ModelUnusable as error:
        yield warn(WHERE, f"the model cannot be used: {error}", "Nothing to do: the daemon fits it anew.")
        return
    fitted = datetime.fromtimestamp((directory / model.MANIFEST).stat().st_mtime, UTC)
    text = f"a model is fitted ({ago(fitted, now)}, from {manifest.examples} examples, with these libraries)"
    yield ok(WHERE, text)
