"""`undo`, `retry`, `forget` and `export`: ways back. Those that write take the state lock: no daemon works beside."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from router.cli import show
from router.cli.base import (
    CONFIG,
    FAILED,
    FINDINGS,
    UNREACHABLE,
    USAGE,
    ConfigOption,
    JsonOption,
    configuration_of,
    exits,
    leave,
    put_json,
    say,
    state_of,
    store_of,
)
from router.errors import AlreadyRunning, MailboxError

if TYPE_CHECKING:
    from router.act.desk import Desk
    from router.act.undo import Undoing
    from router.config.loading import Configuration
    from router.config.settings import Settings
    from router.store.database import Store
    from router.store.person import Person
    from router.store.records import Intent, MailboxRecord, MessageRecord
    from router.values import Mailbox

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")]
MailboxOption = Annotated[str, typer.Option("--mailbox", help="Only this mailbox (default: all).")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def register(app: typer.Typer) -> None:
    for command in (undo, retry, forget, export):
        app.command()(command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What these commands work with while no daemon can."""

    configuration: Configuration
    store: Store
    now: datetime


@contextmanager
def _office(config: Any, found: Settings) -> Iterator[Office]:
    """The store, under the state lock; ends with one clear line when a daemon holds it."""
    from router.daemon import now as clock
    from router.lock import StateLock

    configuration = configuration_of(config)
    try:
        lock = StateLock(found.state)
    except AlreadyRunning as error:
        leave(FAILED, f"inbox-router: {error}: stop it first")
    store = store_of(found)
    try:
        yield Office(configuration=configuration, store=store, now=clock())
    finally:
        store.close()
        lock.release()


@contextmanager
def _desk(office: Office, mailbox: Mailbox, record: MailboxRecord, *, read_only: bool = False) -> Iterator[Desk]:
    """A desk in a mailbox on which an admin's order is carried out; what a dead process has begun is finished first."""
    from router.act.desk import PassReport, Workbench
    from router.classify.classifier import Classifier
    from router.connect import located, open_session
    from router.mail.worker import ParseWorker
    from router.pipeline import recover, sit_down
    from router.replies.library import Library
    from router.store import mailboxes
    from router.values import Mode

    store = office.store
    there = located(mailbox, store, office.now)
    with store.begin() as tx:
        fence = mailboxes.take_fence(tx, record.id)
    rules = office.configuration.rules
    bench = Workbench(
        store=store, parser=ParseWorker(), rules=rules, library=Library(), classifier=Classifier(rules.categories[:0])
    )
    with open_session(there, read_only=read_only) as session:
        # Sitting down as a watcher creates no folders.
        desk = sit_down(session, replace(there, mode=Mode.WATCH), bench, office.now, fence, None)
        if not read_only:
            recover(desk, PassReport())
        yield desk


def _known(office: Office, only: str = "") -> list[tuple[Mailbox, MailboxRecord]]:
    """Configured mailboxes that have been served before."""
    from router.store import mailboxes

    if only and office.configuration.mailbox(only) is None:
        leave(USAGE, f"inbox-router: {office.configuration.path} has no mailbox {only!r}")
    with office.store.begin() as tx:
        records = {m.name: m for m in mailboxes.all_mailboxes(tx)}
    wanted = [m for m in office.configuration.mailboxes if not only or m.name == only]
    return [(m, records[m.name]) for m in wanted if m.name in records]


def _carry_out(desk: Desk, planned: list[Intent]) -> list[Intent]:
    """Do what is promised already; returns the intents as they are afterwards."""
    from router.act.desk import PassReport
    from router.imap import folders
    from router.pipeline import carry_out
    from router.store import intents

    trash = desk.places.trash
    if any(i.kind == "withdraw" for i in planned) and trash not in desk.statuses:
        folders.ensure(desk.session, [trash])
    carry_out(desk, planned, PassReport())
    with desk.store.begin() as tx:
        return intents.get_many(tx, [i.id for i in planned])


# ------------------------------------------------------------------ undo


def undo(
    since: Annotated[str, typer.Option("--since", help="How far back: 90m, 2h, 1d.")],
    config: ConfigOption = CONFIG,
    mailbox: MailboxOption = "",
    dry_run: DryRunOption = False,
    detailed_exitcode: Annotated[bool, typer.Option(help="Exit 3 when there is something to undo.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put back what was done since then and nobody has touched: mails move back, drafts go to Trash, tags go away.

    Nothing is learned from it, and mails that were put back are never moved by the router again.
    """
    with exits():
        span = _span(since)
        results: dict[str, dict[str, Any]] = {}
        failures: list[str] = []
        with _office(config, state_of()) as office:
            for configured, record in _known(office, mailbox):
                try:
                    with _desk(office, configured, record, read_only=dry_run) as desk:
                        results[configured.name] = _undo_in(desk, office.now - span, dry_run=dry_run)
                except MailboxError as error:
                    failures.append(f"{configured.name}: {error}; what was begun is finished by the next pass")
        if as_json:
            put_json({"dry_run": dry_run, "mailboxes": results})
        else:
            _print_undone(results, dry_run=dry_run)
        for failure in failures:
            say(failure)
        if failures:
            leave(UNREACHABLE)
        if any(r["refused"] for r in results.values()):
            leave(FAILED)
        if detailed_exitcode and any(r["moves"] or r["drafts_withdrawn"] or r["unflagged"] for r in results.values()):
            leave(FINDINGS)


def _span(written: str) -> Any:
    from datetime import timedelta

    from router.config.words import parse_duration

    try:
        found = parse_duration(written)
    except ValueError as error:
        leave(USAGE, f"inbox-router: --since: {error}")
    return found.within + timedelta(days=found.days)


def _undo_in(desk: Desk, since: datetime, *, dry_run: bool) -> dict[str, Any]:
    from router.act import undo as undoing

    found = undoing.look(desk, since)
    refused: list[Intent] = []
    if found.planned and not dry_run:
        with desk.store.begin() as tx:
            undoing.commit(tx, found, desk.now)
        with show.progress(f"Putting back in {desk.mailbox.name}"):
            outcomes = _carry_out(desk, found.planned)
        with desk.store.begin() as tx:
            refused = undoing.settle(tx, found, outcomes)
    return _undone_as_json(found, refused)


def _undone_as_json(found: Undoing, refused: list[Intent]) -> dict[str, Any]:
    from router.act.undo import summary

    def subject(intent: Intent) -> str:
        row = found.rows.get(intent.message_row or 0)
        return row.subject if row else ""

    moves = [i for i in found.planned if i.kind == "move"]
    lost = {i.id for i in refused}
    return {
        **summary(replace_planned(found, lost)),
        "moves": [{"subject": subject(i), "from": i.folder, "to": i.destination} for i in moves if i.id not in lost],
        "left": [{"what": i.kind, "folder": i.destination or i.folder, "because": why} for i, why in found.left],
        "refused": [{"what": i.kind, "folder": i.folder, "because": i.because} for i in refused],
    }


def replace_planned(found: Undoing, without: set[int]) -> Undoing:
    """The same without what was refused."""
    from router.act.undo import Undoing

    return Undoing(planned=[i for i in found.planned if i.id not in without])


def _print_undone(results: dict[str, dict[str, Any]], *, dry_run: bool) -> None:
    console = show.out()
    if not results:
        console.print("No mailbox has been served yet: there is nothing to undo.")
    would = "would be " if dry_run else ""
    for name, result in results.items():
        console.print(
            f"{name}: {show.count(result['moved_back'], 'mail')} {would}moved back, "
            f"{show.count(result['drafts_withdrawn'], 'draft')} {would}put into Trash, "
            f"tags and flags {would}removed from {show.count(result['unflagged'], 'mail')}"
        )
        for move in result["moves"][:20]:
            console.print(f"  “{show.one_line(move['subject'], 60)}”  {move['from']} → {move['to']}")
        for kept in result["left"] + result["refused"]:
            show.finding(console, "warn", f"left: {kept['what']} in {kept['folder']}: {kept['because']}")


# ------------------------------------------------------------------ retry


def retry(
    message_id: Annotated[str, typer.Argument(help="Message-ID of a mail in quarantine.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Every mail in quarantine.")] = False,
    config: ConfigOption = CONFIG,
    mailbox: MailboxOption = "",
    as_json: JsonOption = False,
) -> None:
    """Give mail in quarantine another chance: it goes back to INBOX, and the next pass handles it as new.

    Without a Message-ID or --all, what is in quarantine is listed.
    """
    with exits():
        results: dict[str, dict[str, Any]] = {}
        found = state_of()
        with _office(config, found) as office:
            for configured, record in _known(office, mailbox):
                rows = _quarantined(office, record, message_id)
                wanted = rows if every or message_id else []
                done = _retry_in(office, configured, record, wanted) if wanted else {"back": 0, "again": 0, "failed": 0}
                results[configured.name] = {"quarantined": [_in_quarantine(r) for r in rows], **done}
        if as_json:
            put_json({"mailboxes": results})
        else:
            _print_retried(results, asked=every or bool(message_id))
        if message_id and not any(r["quarantined"] for r in results.values()):
            leave(FAILED, f"inbox-router: no mail with the Message-ID {show.one_line(message_id)} is in quarantine")
        if any(r["failed"] for r in results.values()):
            leave(FAILED, "inbox-router: some mail could not be moved back: see `inbox-router status`")


def _quarantined(office: Office, record: MailboxRecord, message_id: str) -> list[MessageRecord]:
    from router.act import retry as retrying

    with office.store.begin() as tx:
        rows = retrying.quarantined(tx, record.id, office.configuration.rules.folders.quarantine)
    return [r for r in rows if not message_id or r.message_id.strip("<>") == message_id.strip("<>")]


def _in_quarantine(row: MessageRecord) -> dict[str, Any]:
    from router.cli.rehearse import trace_of

    because = next((t.because for t in trace_of(row.trace) if t.where == "quarantine"), "")
    return {"message_id": row.message_id, "subject": row.subject, "from": row.sender, "because": because}


def _retry_in(office: Office, mailbox: Mailbox, record: MailboxRecord, rows: list[MessageRecord]) -> dict[str, Any]:
    from router.act import retry as retrying

    with _desk(office, mailbox, record) as desk:
        with office.store.begin() as tx:
            planned = retrying.plan(tx, desk, rows)
        outcomes = _carry_out(desk, list(planned.moves)) if planned.moves else []
    back = sum(1 for o in outcomes if o.state == "done")
    return {"back": back, "again": len(planned.reread), "failed": len(outcomes) - back}


def _print_retried(results: dict[str, dict[str, Any]], *, asked: bool) -> None:
    console = show.out()
    for name, result in results.items():
        rows = result["quarantined"]
        console.print(f"{name}: {show.count(len(rows), 'mail')} in quarantine" + ("" if not asked else ", now:"))
        for row in rows:
            subject = show.one_line(row["subject"], 60) or "(no subject)"
            console.print(f"  “{subject}”  {show.one_line(row['message_id'], 60)}  {show.one_line(row['because'])}")
        if asked:
            console.print(
                f"  {result['back']} moved back to INBOX, {result['again']} there already; the next pass reads them"
            )
    if not asked:
        console.print("To try again: inbox-router retry MESSAGE-ID, or --all")


# ------------------------------------------------------------------ forget and export


def forget(
    address: Annotated[str, typer.Argument(help="Whose traces are erased.")],
    config: ConfigOption = CONFIG,
    keep_drafts: Annotated[bool, typer.Option(help="Do not contact the servers: our drafts stay in Drafts.")] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Erase a person: rows, examples, and our own untouched drafts to them; then say what cannot be reached."""
    from router.act import forget as forgetting
    from router.store.person import find_person

    with exits():
        wanted = _address(address)
        with _office(config, state_of()) as office:
            with office.store.begin() as tx:
                who = find_person(tx, wanted)
            _ask_to_forget(who, yes=yes)
            withdrawn = 0 if keep_drafts else sum(_withdraw_from(office, m, r, who) for m, r in _known(office))
            done = forgetting.forget(office.store, wanted)
            named = _names_person(office, wanted)
        not_reached = [*forgetting.NOT_REACHED, *([f"{office.configuration.path} names this address"] if named else [])]
        if as_json:
            result = {"erased": done.rows, "drafts_withdrawn": withdrawn, "not_reached": not_reached}
            put_json(result)
            return
        console = show.out()
        kinds = ", ".join(f"{count} {name}" for name, count in done.rows.items() if count)
        console.print(f"Erased: {kinds or 'nothing was kept about this address'}.")
        console.print(f"{show.count(withdrawn, 'draft')} of ours put into Trash.")
        console.print("Out of reach:")
        for text in not_reached:
            console.print(f"  - {text}")


def _address(written: str) -> str:
    from router.act.forget import address_of

    found = address_of(written)
    if not found:
        leave(USAGE, f"inbox-router: {show.one_line(written)!r} is no mail address")
    return found


def _ask_to_forget(who: Person, *, yes: bool) -> None:
    if yes:
        return
    say(f"Known of {who.address}: {len(who.threads)} conversations, {len(who.messages)} messages.")
    if not sys.stdin.isatty():
        leave(USAGE, "inbox-router: this cannot be undone: say --yes")
    if not typer.confirm("Erase them? This cannot be undone.", err=True):
        leave(FAILED, "Nothing was erased.")


def _withdraw_from(office: Office, mailbox: Mailbox, record: MailboxRecord, who: Person) -> int:
    """Take our drafts out of one mailbox; finishes first what was begun there about this person."""
    from router.act.forget import plan_withdrawals
    from router.store.person import find_person

    concerned = {t.mailbox_id for t in who.threads} | {m.mailbox_id for m in who.messages}
    if record.id not in concerned:
        return 0
    with _desk(office, mailbox, record) as desk:
        with office.store.begin() as tx:
            planned = plan_withdrawals(tx, desk, find_person(tx, who.address))
        return sum(1 for o in _carry_out(desk, planned) if o.state == "done") if planned else 0


def _names_person(office: Office, address: str) -> bool:
    return address.encode() in office.configuration.path.read_bytes().lower()


def export(address: Annotated[str, typer.Argument(help="Whose traces are printed.")]) -> None:
    """Print everything that is kept about a person, as JSON. Contacts no server."""
    from router.store.person import find_person, lessons_about
    from router.store.records import columns

    with exits():
        wanted = _address(address)
        store = store_of(state_of())
        with store.begin() as tx:
            who = find_person(tx, wanted)
            lessons = lessons_about(tx, who)
        store.close()
        put_json(
            {
                "address": wanted,
                "conversations": [columns(t) for t in who.threads],
                "messages": [columns(m) for m in who.messages],
                "drafts": [columns(d) for d in who.drafts],
                "reminders": [
                    {"subject": m.subject, "state": m.state, "created_at": m.created_at} for m in who.reminders
                ],
                "examples": lessons,
            }
        )
