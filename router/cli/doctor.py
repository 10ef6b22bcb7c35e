"""`doctor`: looks at everything that a deployment needs, and says for each finding how to mend it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from router.cli import show
from router.cli.base import CONFIG, FAILED, ConfigOption, JsonOption, exits, leave, put_json, state_of
from router.errors import (
    ConfigError,
    FolderMissing,
    InsecureConnection,
    LoginRefused,
    MailboxError,
    RouterError,
    StateError,
)

if TYPE_CHECKING:
    from router.config.loading import Configuration
    from router.config.settings import Settings
    from router.imap.folders import FolderStatus
    from router.imap.session import Session
    from router.values import Mailbox

LEAST_DISK = 200 * 1024 * 1024  # bytes
CLOCK_SKEW = timedelta(minutes=5)
CAPABILITIES = {
    "IDLE": "new mail is seen at the next poll, within a minute",
    "MOVE": "mails are copied, then taken out of INBOX by their UIDs",
    "UIDPLUS": "where a mail went must be looked up; without MOVE too, moved mails stay in INBOX marked as deleted",
    "SPECIAL-USE": "Drafts, Sent and Trash are found by their names",
    "LIST-STATUS": "folders are asked one by one, so gestures are seen later",
}
LOGIN_FIXES: tuple[tuple[type[RouterError], str], ...] = (
    (LoginRefused, "Check user and password; many providers want an app password."),
    (InsecureConnection, "Check host, port and tls; for a certificate of your own name it under imap: ca_file."),
    (MailboxError, "Check host and port under imap:, the firewall, and whether the server is up."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: what was looked at, how it is (ok · warn · fail), and how to mend it."""

    where: str
    level: str
    text: str
    fix: str = ""


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Check configuration, secrets, servers, folders, sending, state and model. Exits 1 when something is broken."""
    with exits():
        findings: list[Finding] = []
        console = show.out()
        for found in _everything(config):
            findings.append(found)
            if not as_json:
                if len(findings) == 1 or findings[-2].where != found.where:
                    show.heading(console, found.where)
                show.finding(console, found.level, found.text, found.fix)
        if as_json:
            counts = {level: sum(f.level == level for f in findings) for level in ("ok", "warn", "fail")}
            lines = [{"where": f.where, "level": f.level, "text": f.text, "fix": f.fix} for f in findings]
            put_json({**counts, "findings": lines})
        if any(f.level == "fail" for f in findings):
            leave(FAILED)


def _everything(config: Path) -> Iterator[Finding]:
    from router.cli.setup import everything_about

    configuration, problems = everything_about(config)
    where = str(config)
    for problem in problems:
        fail = problem.level == "error"
        yield Finding(where=where, level="fail" if fail else "warn", text=problem.headline, fix="inbox-router check")
    if configuration is not None:
        yield Finding(where=where, level="ok", text=f"{', '.join(m.name for m in configuration.mailboxes)} configured")
    yield from _state(state_of(create=False), configuration)
    if configuration is None:
        return
    for mailbox in configuration.mailboxes:
        yield from _mailbox(mailbox, configuration)


# ------------------------------------------------------------------ state


def _state(found: Settings, configuration: Configuration | None) -> Iterator[Finding]:
    from router.cli.care import has_model, running_since
    from router.config.settings import state_directory_problem

    where = "state"
    problem = state_directory_problem(found.state)
    if problem:
        yield Finding(where=where, level="fail", text=problem, fix="inbox-router init, or set INBOX_ROUTER_STATE")
    yield _writable(found.state)
    nearest = next(p for p in (found.state, *found.state.parents) if p.exists())
    free = shutil.disk_usage(nearest).free
    fix = "" if free >= LEAST_DISK else "Make room: without it, nothing can be remembered, so nothing is done."
    yield Finding(where=where, level="ok" if not fix else "fail", text=f"{free // 1024**2} MB of disk free", fix=fix)
    yield _database(found)
    since = running_since(found.state)
    running = f"a daemon has been running since {since:%Y-%m-%d %H:%M} UTC" if since else "no daemon is running"
    yield Finding(where=where, level="ok" if since else "warn", text=running, fix="" if since else "inbox-router run")
    if configuration and configuration.known_categories:
        present = has_model(found.state)
        text = "a model is fitted" if present else "no model yet"
        fix = "" if present else "Nothing to do: the daemon fits it at its first start."
        yield Finding(where=where, level="ok" if present else "warn", text=text, fix=fix)


def _writable(state: Path) -> Finding:
    if not state.exists():
        return Finding(
            where="state", level="warn", text=f"{state} is not there yet", fix="It is made at the first run."
        )
    try:
        with tempfile.TemporaryFile(dir=state):
            return Finding(where="state", level="ok", text=f"{state} can be written")
    except OSError as error:
        because = (error.strerror or "").lower()
        return Finding(where="state", level="fail", text=f"{state}: {because}", fix=f"chown or chmod {state}")


def _database(found: Settings) -> Finding:
    from router.cli.rehearse import database_exists
    from router.store.database import Store

    if not database_exists(found):
        return Finding(where="state", level="warn", text="no database yet", fix="It is made at the first run.")
    try:
        store = Store.open(found.database_url)
        said = store.check()
        store.close()
    except StateError as error:
        return Finding(
            where="state", level="fail", text=str(error), fix="Check INBOX_ROUTER_DATABASE_URL and the file."
        )
    level = "ok" if said == "ok" else "fail"
    fix = "" if said == "ok" else "Stop the daemon and restore the database from a backup."
    return Finding(where="state", level=level, text=f"database: {said}", fix=fix)


# ------------------------------------------------------------------ one mailbox


def _mailbox(mailbox: Mailbox, configuration: Configuration) -> Iterator[Finding]:
    """Everything about one mailbox; what fails ends it, and the next mailbox goes on."""
    from router.connect import open_session
    from router.discovery import discover

    where = mailbox.name
    secret = _secret(mailbox)
    yield secret
    if mailbox.imap is None:
        try:
            found = discover(mailbox.address)
        except RouterError as error:
            yield Finding(where=where, level="fail", text=str(error), fix="Write imap: {host: …} under the mailbox.")
            return
        mailbox = replace(mailbox, imap=found.imap, smtp=mailbox.smtp or found.smtp)
        yield Finding(where=where, level="ok", text=found.how, fix=found.hint)
    if secret.level == "fail" or mailbox.imap is None:
        return
    server = f"{mailbox.imap.host}:{mailbox.imap.port}"
    try:
        with open_session(mailbox) as session:
            secured = "in the open, on this machine only" if mailbox.imap.tls == "none" else "over verified TLS"
            yield Finding(where=where, level="ok", text=f"logged in at {server} {secured}")
            yield from _server(session, mailbox, configuration)
    except MailboxError as error:
        fix = next(fix for kind, fix in LOGIN_FIXES if isinstance(error, kind))
        yield Finding(where=where, level="fail", text=f"{server}: {error}", fix=fix)
    yield from _sending(mailbox, configuration)


def _secret(mailbox: Mailbox) -> Finding:
    from router.config.settings import read_secret

    secret = mailbox.login.password
    try:
        read_secret(secret)
    except ConfigError as error:
        fix = "Set the variable, or the path and permissions of the file."
        return Finding(where=mailbox.name, level="fail", text=str(error), fix=fix)
    if secret.file is not None and secret.file.stat().st_mode & 0o070:
        text, fix = f"{secret.file} can be read by its group", f"chmod 600 {secret.file}"
        return Finding(where=mailbox.name, level="warn", text=text, fix=fix)
    return Finding(where=mailbox.name, level="ok", text="the password can be read")


def _server(session: Session, mailbox: Mailbox, configuration: Configuration) -> Iterator[Finding]:
    from router.imap import fetch, folders

    where = mailbox.name
    for name, without in CAPABILITIES.items():
        there = name in session.capabilities
        yield Finding(where=where, level="ok" if there else "warn", text=name if there else f"no {name}: {without}")
    statuses = folders.listing(session)
    yield from _folders(session, mailbox, configuration, statuses)
    selected = fetch.select(session, "INBOX", readonly=False)  # EXAMINE does not tell which flags are kept
    permitted = "\\*" in selected.permanent_flags
    text = "tags (IMAP keywords) are kept" if permitted else "this server keeps no tags of ours"
    fix = "" if permitted else "tag:, unsure marks and `drafts: {mark: $label1}` do nothing here; use mark: flagged"
    yield Finding(where=where, level="ok" if permitted else "warn", text=text, fix=fix)
    yield _clock(session, where)
    yield from _trust(session, mailbox, configuration)


def _trust(session: Session, mailbox: Mailbox, configuration: Configuration) -> Iterator[Finding]:
    from router.act.desk import wanted_folders
    from router.cli.trust import findings

    for level, text, fix in findings(session, mailbox, wanted_folders(configuration.rules)):
        yield Finding(where=mailbox.name, level=level, text=text, fix=fix)


def _folders(
    session: Session, mailbox: Mailbox, configuration: Configuration, statuses: dict[str, FolderStatus]
) -> Iterator[Finding]:
    from router.act.desk import wanted_folders
    from router.imap import folders

    where = mailbox.name
    special = folders.specials(statuses)
    for use in ("drafts", "sent", "trash"):
        name = special.get(use)
        if name:
            yield Finding(where=where, level="ok", text=f"{use}: {name}")
        elif use == "sent":
            fix = "Answers stop no clock: let your mail clients keep what they send in a folder of this mailbox."
            yield Finding(where=where, level="fail", text="no folder for sent mail", fix=fix)
        else:
            yield Finding(where=where, level="warn", text=f"no folder for {use}", fix="It is made at the first pass.")
    wanted = wanted_folders(configuration.rules)
    missing = [name for name in wanted if name not in statuses]
    subscribed = folders.subscribed(session)
    hidden = [name for name in wanted if name in statuses and name not in subscribed]
    if missing:
        fix = "The first pass in mode `file` makes them. Later: did somebody rename one? Rename it back."
        yield Finding(where=where, level="warn", text=f"missing folders: {', '.join(missing)}", fix=fix)
    if hidden:
        fix = "Mail clients hide them: subscribe to them in one."
        yield Finding(where=where, level="warn", text=f"not subscribed: {', '.join(hidden)}", fix=fix)
    if not missing and not hidden:
        yield Finding(where=where, level="ok", text=f"all {len(wanted)} configured folders are there and subscribed")


def _clock(session: Session, where: str) -> Finding:
    """IMAP tells no time; the newest mail's arrival tells whether this machine's clock runs behind the server's."""
    from router.daemon import now as clock
    from router.imap import fetch

    try:
        newest = fetch.uids(session, "INBOX")[-1:]
    except FolderMissing:
        newest = []
    arrived = [m.internaldate for m in fetch.new_messages(session, where, "INBOX", newest)] if newest else []
    ahead = max(arrived, default=datetime.min.replace(tzinfo=UTC)) - clock()
    if ahead > CLOCK_SKEW:
        text = f"the newest mail arrived {show.span(ahead)} in the future"
        return Finding(where=where, level="warn", text=text, fix="Set this machine's clock (NTP).")
    return Finding(where=where, level="ok", text="the clock does not run behind the server's")


# ------------------------------------------------------------------ sending


def _sending(mailbox: Mailbox, configuration: Configuration) -> Iterator[Finding]:
    from router import smtp
    from router.config.settings import read_secret

    where = mailbox.name
    if not configuration.rules.people:
        fix = "Name team and lead under people:."
        yield Finding(where=where, level="warn", text="nobody is reminded of waiting mail", fix=fix)
        return
    if mailbox.smtp is None:
        fix = "Write smtp: {host: …} under the mailbox."
        yield Finding(where=where, level="warn", text="no SMTP server: reminders are put into INBOX instead", fix=fix)
        return
    courier = smtp.Courier(mailbox.smtp, mailbox.login.user, read_secret(mailbox.login.password), timeout=15)
    answer: Any = asyncio.run(courier.probe(envelope_from=mailbox.address))
    server = f"{mailbox.smtp.host}:{mailbox.smtp.port}"
    if answer is None:
        yield Finding(where=where, level="ok", text=f"reminders can be sent by {server}")
        return
    fix = "Check smtp: of the mailbox; many providers want the same app password as for IMAP."
    yield Finding(where=where, level="fail", text=f"{server}: {answer.because}", fix=fix)
