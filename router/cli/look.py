"""`try`: a read-only first look at somebody's own inbox. Nothing on the server is changed, not even a flag."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from router.cli import show
from router.cli.base import CONFIG, USAGE, JsonOption, configuration_of, exits, leave, put_json, say, state_of
from router.errors import ConfigError

if TYPE_CHECKING:
    from rich.console import Console

    from router.act.desk import Desk, Workbench
    from router.cli.ahead import Ahead
    from router.cli.rehearse import Rehearsed
    from router.config.loading import Configuration
    from router.config.settings import Settings
    from router.imap.folders import FolderStatus
    from router.imap.session import Session
    from router.mail.worker import ParseWorker
    from router.store.records import MessageRecord, ThreadRecord
    from router.values import Mailbox

PATIENCE = timedelta(hours=6)
MOST_SENT = 2000  # mails in Sent that are looked at for answers
_OAUTH_WAY = "Run inbox-router init --oauth {} --client FILE: it sets that up; then try again with --config."
EXAMPLES = 3  # per folder
WORDS = 3  # of the model's evidence
LONGEST_LIST = 10
ROBOTS, UNSURE, STAYS, UNREADABLE = "automatic", "unsure", "left", "unreadable"
FOLDERS = {
    "refund": "Support/Refunds", "cancel": "Support/Cancellations", "faq": "Support/FAQ", "billing": "Support/Billing",
    "upgrade": "Support/Upgrades", "sales": "Support/Sales", "technical": "Support/Technical",
    "complaint": "Support/Complaints", "thanks": "Support/Thanks",
}  # fmt: skip


@dataclass(slots=True)
class Seen:
    """What a look has found. `groups` holds mails by the folder they would go to, or why they stay."""

    mails: int = 0
    groups: dict[str, list[Rehearsed]] = field(default_factory=lambda: defaultdict(list))
    newest: dict[int, MessageRecord] = field(default_factory=dict)  # of each conversation
    waiting: list[tuple[ThreadRecord, str]] = field(default_factory=list)  # and the subject of its newest mail
    draft: Rehearsed | None = None
    drafts: int = 0


def register(app: typer.Typer) -> None:
    app.command("try")(look)


def look(
    address: Annotated[str, typer.Argument(help="The mailbox to look at: support@your.domain.")],
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Your rules (default: starter rules).")] = None,
    imap: Annotated[str, typer.Option(help="HOST:PORT of the server, when it cannot be found.")] = "",
    user: Annotated[str, typer.Option(help="The login name, when it is not the address.")] = "",
    password_file: Annotated[Path | None, typer.Option(help="A file with the (app) password.")] = None,
    password_env: Annotated[str, typer.Option(help="An environment variable with the (app) password.")] = "",
    days: Annotated[int, typer.Option(min=1, max=90, help="How far back to look.")] = 7,
    as_json: JsonOption = False,
) -> None:
    """Look at the last days of an inbox and show what would be done. Read-only: nothing is moved, flagged or sent."""
    from router.cli import rehearse

    with exits():
        configuration, mailbox = _rules_for(address, config)
        own_rules = configuration.path.is_file()
        with rehearse.preparing(_state(), configuration) as making, making.fitting() as fitted:
            from router.daemon import now as clock

            session, mailbox = _connected(mailbox, imap, user, password_file, password_env)
            with session:
                say(f"Logged in as {mailbox.login.user}. Reading only: nothing will be changed.")
                reading = _begun(session, mailbox, making.parser, clock(), days)
                with show.progress("Getting the model ready (once)"):
                    fitted()
                # The starter's phrases are spelled out in their forms; a person's own gain by the dictionaries.
                seen = _look(reading, making.workbench(keep=False, dictionaries=own_rules))
        if as_json:
            put_json(_as_json(seen, mailbox, days))
        else:
            _print(show.out(), seen, days, reading.now, own_rules=own_rules)


def _connected(
    mailbox: Mailbox, imap: str, user: str, password_file: Path | None, password_env: str
) -> tuple[Session, Mailbox]:
    """The server, then the password, then the login: each as the options say, as configured, found or asked for."""
    from router.cli import reach

    person = sys.stdin.isatty()
    hint = ""
    if mailbox.login.oauth is not None:
        return reach.log_in(
            replace(mailbox, imap=reach.server_of(imap)) if imap else reach.located(mailbox)[0], ask=False
        )
    configured = mailbox.login.password if mailbox.login.password.env != _NO_PASSWORD else None
    if imap or mailbox.imap is None:
        place = reach.named(imap) if imap else reach.find_servers(mailbox.address, ask=person)
        if configured is None and not place.takes_passwords:
            reach.refuse_passwords(place, _OAUTH_WAY.format(place.oauth) if place.oauth else "")
        if place.user and mailbox.login.user == mailbox.address:
            mailbox = replace(mailbox, login=replace(mailbox.login, user=place.user))
        mailbox, hint = replace(mailbox, imap=place.imap), place.hint
    login = replace(mailbox.login, user=user or mailbox.login.user)
    secret = reach.password_for(login.user, file=password_file, env=password_env, configured=configured)
    return reach.log_in(replace(mailbox, login=replace(login, password=secret)), hint, ask=person)


# ------------------------------------------------------------------ with which rules

_NO_PASSWORD = "INBOX_ROUTER_NO_PASSWORD"  # noqa: S105 - stands where the starter rules must name a variable


def _rules_for(address: str, config: Path | None) -> tuple[Configuration, Mailbox]:
    """The admin's rules with the mailbox of that address, or starter rules for it."""
    from router.config.loading import load
    from router.config.starter import is_untouched_starter
    from router.values import Login, Secret

    if config is None and CONFIG.is_file() and not is_untouched_starter(CONFIG):
        config = CONFIG
        say(f"Using your rules in {CONFIG}.")
    if config is None:
        with tempfile.TemporaryDirectory(prefix="inbox-router-") as folder:
            path = Path(folder) / "workflows.yaml"
            path.write_text(_starter_rules(address), encoding="utf-8")
            configuration = load(path).configuration
        if configuration is None:
            leave(USAGE, f"inbox-router: {show.one_line(address)!r} is no mail address")
        return configuration, configuration.mailboxes[0]
    configuration = configuration_of(config)
    known = next((m for m in configuration.mailboxes if m.address.lower() == address.lower()), None)
    if known is None:
        first = configuration.mailboxes[0]
        login = Login(user=address, password=Secret(env=_NO_PASSWORD))
        known = replace(first, address=address, login=login, imap=None, smtp=None)
    return configuration, known


def _starter_rules(address: str) -> str:
    """Every known category, as YAML. JSON is YAML: it quotes whatever was typed."""
    return json.dumps(
        {
            "version": 1,
            "mailboxes": {"support": {"address": address, "login": {"password": {"env": _NO_PASSWORD}}}},
            "reply_within": "6h",
            "categories": FOLDERS,
        },
        ensure_ascii=False,
    )


def _state() -> Settings | None:
    """The real state directory, so that the fitted model is there when the daemon starts; None when it is unusable."""
    try:
        return state_of()
    except ConfigError:
        return None


# ------------------------------------------------------------------ looking


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What is read of a mailbox, ahead of what decides about it: the answers first, then the inbox."""

    session: Session
    mailbox: Mailbox
    since: datetime
    now: datetime
    statuses: dict[str, FolderStatus]
    special: dict[str, str]
    sent: Ahead | None
    inbox: Ahead


def _begun(session: Session, mailbox: Mailbox, parser: ParseWorker, now: datetime, days: int) -> _Reading:
    """Look at the folders, and have the first mails fetched and parsed."""
    from router.cli.ahead import Ahead
    from router.imap import fetch, folders

    since = now - timedelta(days=days)
    statuses = folders.listing(session)
    special = dict(folders.specials(statuses))

    def ahead(folder: str, most: int | None = None) -> Ahead:
        uids = fetch.uids(session, folder, since=since.date())
        found = Ahead(
            session=session, mailbox=mailbox, parser=parser, folder=folder, uids=uids[-most:] if most else uids
        )
        found.reach()
        return found

    return _Reading(
        session=session,
        mailbox=mailbox,
        since=since,
        now=now,
        statuses=dict(statuses),
        special=special,
        sent=ahead(special["sent"], MOST_SENT) if "sent" in special else None,
        inbox=ahead("INBOX"),
    )


def _look(reading: _Reading, bench: Workbench) -> Seen:
    from router.cli import rehearse
    from router.store import mailboxes

    seen = Seen()
    mailbox = reading.mailbox
    with bench.store.begin() as tx:
        record = mailboxes.enter(tx, mailbox.name, mailbox.mode, reading.since)  # as if it had been served since then
    desk = rehearse.desk_of(
        bench,
        mailbox,
        record,
        reading.now,
        session=reading.session,
        statuses=reading.statuses,
        special=reading.special,
    )
    if reading.sent is not None:
        _read_sent(desk, reading.sent)
    answered = _read_inbox(desk, reading.inbox, seen)
    _find_waiting(desk, seen, answered)
    return seen


def _read_sent(desk: Desk, mails: Ahead) -> None:
    """Answers first: what is answered already does not wait."""
    from router.learn.sent import read_sent

    with show.progress("Reading what was sent", len(mails.uids)) as advance:
        for pairs in mails.batches():
            with desk.store.begin() as tx:
                read_sent(tx, desk, pairs)
            advance(len(pairs))


def _read_inbox(desk: Desk, mails: Ahead, seen: Seen) -> set[int]:
    """Decide about every mail; returns the rows whose mail is flagged as answered."""
    from router.cli import rehearse

    answered: set[int] = set()
    with show.progress("Reading the inbox", len(mails.uids)) as advance:
        for pairs in mails.batches():
            for one in rehearse.rehearse(desk, pairs, remember=True):
                _sort_in(seen, one)
                if "\\Answered" in one.fetched.flags:
                    answered.add(one.plan.row.id)
            advance(len(pairs))
    return answered


def _sort_in(seen: Seen, one: Rehearsed) -> None:
    row = one.plan.row
    seen.mails += 1
    seen.groups[_group(one)].append(one)
    if row.thread_id is not None:
        known = seen.newest.get(row.thread_id)
        seen.newest[row.thread_id] = row if known is None or row.internaldate >= known.internaldate else known
    if one.draft:
        seen.drafts += 1
        better = seen.draft is None or seen.draft.plan.row.confidence < row.confidence
        seen.draft = one if better else seen.draft


def _group(one: Rehearsed) -> str:
    row = one.plan.row
    if one.message.unreadable:
        return UNREADABLE
    if row.decided_folder and row.decided_folder != row.folder:
        return row.decided_folder
    if one.message.automatic or one.message.is_list:
        return ROBOTS
    return STAYS if row.category else UNSURE


def _find_waiting(desk: Desk, seen: Seen, answered: set[int]) -> None:
    from router.store import threads

    with desk.store.begin() as tx:
        waiting = threads.waiting(tx, desk.record.id)
    for thread in waiting:
        newest = seen.newest.get(thread.id)
        late = thread.waiting_since is not None and desk.now - thread.waiting_since > PATIENCE
        if late and newest is not None and newest.id not in answered:
            seen.waiting.append((thread, newest.subject))


# ------------------------------------------------------------------ showing


def why(one: Rehearsed) -> str:
    """The one reason that says most: who wrote, when that decided the folder, else what the text says."""
    if one.message.unreadable:
        return one.message.unreadable
    if one.message.automatic:
        return one.message.automatic_because or "automatic"
    folder = next((t.because for t in one.trace if t.where == "folder"), "")
    if "senders." in folder:
        return folder
    evidence = [t.because for t in one.trace if t.where.startswith("classify.")]
    if one.plan.row.decided_by != "model":
        return next(iter(evidence), "") if one.plan.row.category else "nothing that is known well enough"
    return f"{', '.join(evidence[:WORDS])}: {one.plan.row.confidence:.0%} sure"


def _example(one: Rehearsed) -> dict[str, Any]:
    return {
        "subject": one.message.subject,
        "from": one.message.sender.address,
        "language": one.message.language,
        "category": one.plan.row.category,
        "confidence": one.plan.row.confidence,
        "because": why(one),
    }


def _as_json(seen: Seen, mailbox: Mailbox, days: int) -> dict[str, Any]:
    from router.cli.rehearse import shown_draft

    apart = (ROBOTS, UNSURE, STAYS, UNREADABLE)
    groups = {
        name: {"count": len(found), "examples": [_example(one) for one in found[:EXAMPLES]]}
        for name, found in seen.groups.items()
    }
    return {
        "address": mailbox.address,
        "server": f"{mailbox.imap.host}:{mailbox.imap.port}" if mailbox.imap else "",
        "days": days,
        "mails": seen.mails,
        "folders": {name: group for name, group in groups.items() if name not in apart},
        **{name: groups.get(name, {"count": 0, "examples": []}) for name in apart},
        "waiting": [
            {"customer": t.customer, "subject": subject, "waiting_since": t.waiting_since, "category": t.category}
            for t, subject in seen.waiting
        ],
        "drafts": seen.drafts,
        "draft": shown_draft(seen.draft.draft) if seen.draft and seen.draft.draft else None,
    }


_SAYINGS = {
    UNSURE: "stay in INBOX, marked as unsure: no guess is made",
    ROBOTS: "stay in INBOX: automatic mail and lists get no draft and no clock",
    STAYS: "stay in INBOX, as the rules say",
    UNREADABLE: "would go to a folder for mail that cannot be read",
}


def _print(console: Console, seen: Seen, days: int, now: datetime, *, own_rules: bool) -> None:
    if not seen.mails:
        leave(0, f"There is no mail of the last {days} days in INBOX. Try --days 30.")
    show.heading(
        console, f"{show.count(seen.mails, 'mail')} of the last {show.count(days, 'day')}. This is what would be done:"
    )
    by_count = sorted(seen.groups.items(), key=lambda group: (group[0] in _SAYINGS, -len(group[1]), group[0]))
    for name, found in by_count:
        console.print()
        console.print(f"{len(found):5}  {_SAYINGS.get(name, name)}", style="bold")
        for one in sorted(found, key=lambda o: -o.plan.row.confidence)[:EXAMPLES]:
            console.print(f"       “{show.one_line(one.message.subject, 60)}”  {show.one_line(why(one), 90)}")
    _print_waiting(console, seen, now)
    _print_draft(console, seen)
    console.print()
    console.print("Nothing was changed in the mailbox.", style="bold")
    if not own_rules:
        console.print("To go on: inbox-router init   (begins in mode `watch`, which changes nothing either)")


def _print_waiting(console: Console, seen: Seen, now: datetime) -> None:
    count = len(seen.waiting)
    who = {0: "Nobody has", 1: "1 customer has"}.get(count, f"{count} customers have")
    show.heading(console, f"{who} waited for an answer for more than 6 hours{':' if count else '.'}")
    for thread, subject in seen.waiting[:LONGEST_LIST]:
        waited = show.span(now - thread.waiting_since) if thread.waiting_since else ""
        who = show.one_line(thread.customer_name or thread.customer, 40)
        console.print(f"  {waited:>10}  {who:<40}  “{show.one_line(subject, 60)}”")
    if count > LONGEST_LIST:
        console.print(f"  … and {count - LONGEST_LIST} more")


def _print_draft(console: Console, seen: Seen) -> None:
    from router.cli.explain import print_draft
    from router.cli.rehearse import shown_draft

    if seen.draft is None or seen.draft.draft is None:
        return
    show.heading(console, f"{show.count(seen.drafts, 'draft')} would wait for a person to press Send. One of them:")
    print_draft(console, shown_draft(seen.draft.draft))
