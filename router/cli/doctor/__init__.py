"""`doctor`: looks at everything that a deployment needs, and says for each finding how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from router.cli import show
from router.cli.base import CONFIG, FAILED, USAGE, ConfigOption, JsonOption, exits, leave, put_json, state_of
from router.cli.doctor.findings import FAIL, OK, WARN, Finding, fail, ok, warn
from router.errors import CommandRefused, FolderMissing, MailboxError, RouterError

if TYPE_CHECKING:
    from router.config.loading import Configuration
    from router.imap.session import Session
    from router.values import Mailbox


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    config: ConfigOption = CONFIG,
    mailbox: Annotated[str, typer.Option(help="Look at this mailbox only.")] = "",
    clients: Annotated[
        bool, typer.Option("--clients", help="Practise with your own mail client: a draft is placed, you send it.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check configuration, secrets, servers, folders, answers, sending, state and model. Exits 1 if one is broken."""
    from router.cli.doctor import clients as practice
    from router.daemon import now as clock

    with exits():
        looked = practice.findings(config, mailbox) if clients else _everything(config, mailbox, clock())
        found = _told(looked, quiet=as_json)
        if as_json:
            put_json(_as_json(found))
        if any(finding.level == FAIL for finding in found):
            leave(FAILED)


def _told(looked: Iterator[Finding], *, quiet: bool) -> list[Finding]:
    """Show findings as they come; with `quiet` only collect them."""
    from router.cli.doctor.output import Printer, total

    found: list[Finding] = []
    console = show.out()
    printer = Printer(console)
    for finding in looked:
        found.append(finding)
        if not quiet:
            printer.show(finding)
    if not quiet:
        show.heading(console, total(found))
    return found


def _as_json(found: Sequence[Finding]) -> dict[str, object]:
    counts = {level: sum(f.level == level for f in found) for level in (OK, WARN, FAIL)}
    lines = [{"where": f.where, "level": f.level, "text": f.text, "fix": f.fix} for f in found]
    return {**counts, "findings": lines}


def _everything(config: Path, only: str, now: datetime) -> Iterator[Finding]:
    from router.cli.doctor import state
    from router.cli.setup import everything_about

    configuration, problems = everything_about(config)
    where = str(config)
    for problem in problems:
        finding = fail if problem.level == "error" else warn
        yield finding(where, problem.headline, "inbox-router check")
    chosen: tuple[Mailbox, ...] = ()
    if configuration is not None:
        chosen = mailboxes_of(configuration, only)
        yield ok(where, f"{', '.join(m.name for m in configuration.mailboxes)} configured")
    settings = state_of(create=False)
    yield from state.findings(settings, configuration, configuration is None, now)
    for mailbox in chosen:
        assert configuration is not None  # noqa: S101  # else none was chosen
        yield from _mailbox(mailbox, configuration, settings.state, now)


def mailboxes_of(configuration: Configuration, only: str) -> tuple[Mailbox, ...]:
    """Those to look at; ends with 2 when there is none of that name."""
    if not only:
        return configuration.mailboxes
    found = configuration.mailbox(only)
    if found is None:
        names = ", ".join(m.name for m in configuration.mailboxes)
        leave(USAGE, f"inbox-router: there is no mailbox {only!r}; there are {names}")
    return (found,)


# ------------------------------------------------------------------ one mailbox


def _mailbox(mailbox: Mailbox, configuration: Configuration, state: Path, now: datetime) -> Iterator[Finding]:
    """Everything about one mailbox; what fails ends it, and the next mailbox goes on."""
    from router.cli.doctor import secrets, sending, servers
    from router.connect import with_known_servers
    from router.probe import Protocol

    where = mailbox.name
    mailbox = with_known_servers(mailbox)
    usable = yield from secrets.findings(mailbox, state, now)
    if mailbox.imap is None:
        try:
            mailbox, how = located(mailbox)
        except RouterError as error:
            yield fail(where, str(error), "Write imap: {host: …} under the mailbox.")
            return
        yield how
    if mailbox.imap is None:
        return
    yield from servers.authorities(where, (mailbox.imap, mailbox.smtp), now)
    if (yield from servers.way_to(where, mailbox.imap, Protocol.IMAP, now)) and usable:
        yield from _inside(mailbox, configuration, now)
    if usable:
        yield from sending.findings(mailbox, configuration, now)


def located(mailbox: Mailbox) -> tuple[Mailbox, Finding]:
    """The mailbox with its servers, found now. Raises `MailboxError`."""
    from router.discovery import discover

    found = discover(mailbox.address)
    with_servers = replace(mailbox, imap=found.imap, smtp=mailbox.smtp or found.smtp)
    return with_servers, ok(mailbox.name, found.how, found.hint)


def _inside(mailbox: Mailbox, configuration: Configuration, now: datetime) -> Iterator[Finding]:
    from router.cli.advice import for_error
    from router.connect import open_session

    assert mailbox.imap is not None  # noqa: S101  # its way was looked at
    server = f"{mailbox.imap.host}:{mailbox.imap.port}"
    try:
        with open_session(mailbox) as session:
            secured = "in the open, on this machine only" if mailbox.imap.tls == "none" else "over verified TLS"
            yield ok(mailbox.name, f"logged in at {server} as {mailbox.login.user} {secured}")
            for looked in _rooms(session, mailbox, configuration, now):
                yield from _as_far_as_it_goes(mailbox.name, looked)
    except MailboxError as error:
        yield fail(mailbox.name, f"{server}: {error}", for_error(error, mailbox))


def _rooms(
    session: Session, mailbox: Mailbox, configuration: Configuration, now: datetime
) -> Iterator[Iterator[Finding]]:
    """One look after the other, each on its own: a command that a server refuses ends its look only."""
    from router.act.desk import wanted_folders
    from router.cli.doctor import answers, folders, servers
    from router.imap import folders as imap_folders

    where, wanted = mailbox.name, wanted_folders(configuration.rules)
    statuses = imap_folders.listing(session)
    special = imap_folders.specials(statuses)
    yield servers.offers(session, where)
    yield servers.quota(session, where)
    yield folders.special(where, special)
    yield folders.configured(session, where, wanted, special, statuses)
    yield folders.writable(session, where, wanted, special, statuses)
    yield folders.tags(session, where)
    yield folders.clock(session, where, now)
    yield _trust(session, mailbox, wanted)
    if "sent" in special:
        there = [name for name in wanted if name in statuses]
        yield answers.findings(session, mailbox, there, special["sent"])


def _as_far_as_it_goes(where: str, looked: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from looked
    except (CommandRefused, FolderMissing) as error:
        yield warn(where, f"the server refused to tell: {error}", "All else was looked at; the daemon's log says more.")


def _trust(session: Session, mailbox: Mailbox, wanted: Sequence[str]) -> Iterator[Finding]:
    from router.cli import trust

    for level, text, fix in trust.findings(session, mailbox, wanted):
        yield Finding(where=mailbox.name, level=level, text=text, fix=fix)
