"""`undo` and `retry`: ways back."""

from __future__ import annotations

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
    exits,
    leave,
    put_json,
    say,
    state_of,
)
from router.cli.office import Office, carry_out, desk_at, known_mailboxes, open_office
from router.errors import MailboxError

if TYPE_CHECKING:
    from router.act.desk import Desk
    from router.act.undo import Undoing
    from router.store.records import Intent, MailboxRecord, MessageRecord
    from router.values import Mailbox

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")]
MailboxOption = Annotated[str, typer.Option("--mailbox", help="Only this mailbox (default: all).")]


def register(app: typer.Typer) -> None:
    for command in (undo, retry):
        app.command()(command)


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
        with open_office(config, state_of()) as office:
            for configured, record in known_mailboxes(office, mailbox):
                try:
                    with desk_at(office, configured, record, read_only=dry_run) as desk:
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
            outcomes = carry_out(desk, found.planned)
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
        with open_office(config, found) as office:
            for configured, record in known_mailboxes(office, mailbox):
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

    with desk_at(office, mailbox, record) as desk:
        with office.store.begin() as tx:
            planned = retrying.plan(tx, desk, rows)
        outcomes = carry_out(desk, list(planned.moves)) if planned.moves else []
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
