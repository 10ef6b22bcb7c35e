"""`explain` and `inspect`: what is read in a mail and why it is decided as it is. No server is asked."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from router.cli import show
from router.cli.base import (
    CONFIG,
    USAGE,
    ConfigOption,
    JsonOption,
    configuration_of,
    exits,
    leave,
    put_json,
    state_of,
    store_of,
)

if TYPE_CHECKING:
    from rich.console import Console

    from router.cli.rehearse import Rehearsed
    from router.config.loading import Configuration
    from router.store.database import Store
    from router.store.records import MessageRecord
    from router.values import Classification, Entity, Mailbox, Message, TraceLine

FIRST_LINES = 12  # of the new text
WIDTH = 16


def register(app: typer.Typer) -> None:
    app.command()(explain)
    app.command()(inspect)


def inspect(
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Read lines {"id", "path"} from standard input.')] = False,
) -> None:
    """Read mails: one JSON answer per line, in order. Needs no configuration, state or network."""
    from router.mail import stream

    if not jsonl:
        leave(USAGE, "inbox-router: use `inbox-router inspect --jsonl`, with lines on standard input")
    leave(stream.inspect())


def explain(
    mail: Annotated[str, typer.Argument(help="A mail as a file (- is standard input), or a Message-ID we have seen.")],
    config: ConfigOption = CONFIG,
    mailbox: Annotated[str, typer.Option(help="Decide as in this mailbox (default: the first).")] = "",
    as_json: JsonOption = False,
) -> None:
    """Every stage a mail goes through: what was read, what it is about, which rules hit or missed, and its draft.

    A file is decided about as if it arrived now. For a Message-ID the recorded decisions are shown.
    """
    with exits():
        if mail != "-" and not Path(mail).is_file():
            if "@" not in mail:
                leave(USAGE, f"inbox-router: {mail} is neither a file nor a Message-ID")
            _recorded(mail, as_json=as_json)
            return
        raw = sys.stdin.buffer.read() if mail == "-" else Path(mail).read_bytes()
        _explain_file(raw, mail, config, mailbox, as_json=as_json)


# ------------------------------------------------------------------ a file


def _explain_file(raw: bytes, name: str, config: Path, mailbox_name: str, *, as_json: bool) -> None:
    from router.cli import rehearse
    from router.daemon import now as clock

    configuration = configuration_of(config)
    mailbox = _mailbox(configuration, mailbox_name)
    now = clock()
    with rehearse.workbench(state_of(), configuration, keep=True) as bench:
        desk = rehearse.desk_of(bench, mailbox, _record(bench.store, mailbox, now), now)
        fetched = rehearse.as_arrived(raw, now)
        message = bench.parser.submit([(fetched.raw, fetched.size)]).result()[0]
        result = rehearse.rehearse(desk, [(fetched, message)], remember=False)[0]
        classification = bench.classifier.classify([message], [None])[0]
    if as_json:
        put_json(_file_as_json(name, result, classification, mailbox))
    else:
        _print_file(show.out(), result, classification, mailbox)


def _mailbox(configuration: Configuration, name: str) -> Mailbox:
    found = configuration.mailbox(name) if name else configuration.mailboxes[0]
    if found is None:
        leave(USAGE, f"inbox-router: {configuration.path} has no mailbox {name!r}")
    return found


def _record(store: Store, mailbox: Mailbox, now: datetime) -> Any:
    """The mailbox as the store knows it, or as it would be if it were served for the first time now."""
    from router.store import mailboxes
    from router.store.records import MailboxRecord

    with store.begin() as tx:
        known = {m.name: m for m in mailboxes.all_mailboxes(tx)}
    return known.get(mailbox.name) or MailboxRecord(id=0, name=mailbox.name, mode=mailbox.mode, first_run_at=now)


def _file_as_json(name: str, result: Rehearsed, classification: Classification, mailbox: Mailbox) -> dict[str, Any]:
    from router.cli.rehearse import shown_draft
    from router.mail.inspect import answer
    from router.values import as_plain

    row, message = result.plan.row, result.message
    mail = answer(message) | {
        "message_id": message.message_id,
        "thanks_only": message.thanks_only,
        "entities": as_plain(message.entities),
        "attachments": as_plain(message.attachments),
    }
    return {
        "source": name,
        "mailbox": mailbox.name,
        "mode": mailbox.mode,
        "mail": mail,
        "classification": as_plain(classification),
        "decision": {
            "category": row.category,
            "folder": row.decided_folder,
            "state": row.state,
            "tags": result.tags,
            "draft": result.plan.draft.reply_id if result.plan.draft else None,
        },
        "trace": as_plain(result.trace),
        "draft": shown_draft(result.draft) if result.draft else None,
    }


def _print_file(console: Console, result: Rehearsed, classification: Classification, mailbox: Mailbox) -> None:
    from router.cli.rehearse import shown_draft

    _print_mail(console, result)
    show.heading(console, "What it is about")
    _print_classification(console, classification)
    show.heading(console, "Every stage")
    print_trace(console, result.trace)
    show.heading(console, "What is done")
    row = result.plan.row
    _field(console, "folder", row.decided_folder or f"stays in {row.folder}")
    _field(console, "tags", " ".join(result.tags) or "none")
    draft = result.draft
    why = next(
        (t.because for t in result.trace if t.where == "draft" and t.outcome == "skipped"), "no rule asks for one"
    )
    _field(console, "draft", result.plan.draft.reply_id if draft and result.plan.draft else f"none: {why}")
    if mailbox.mode != "file":
        _field(console, "mode", f"{mailbox.mode}: {_MODES[mailbox.mode]}")
    if draft:
        show.heading(console, "The draft")
        print_draft(console, shown_draft(draft))


_MODES = {"watch": "none of this is done, it is only noted", "suggest": "drafts and tags, but nothing is moved"}


def _print_mail(console: Console, result: Rehearsed) -> None:
    message = result.message
    show.heading(console, "The mail")
    _field(console, "from", f"{message.sender.name} <{message.sender.address}>".strip())
    _field(console, "subject", message.subject)
    _field(console, "language", f"{message.language} {message.script}".strip())
    kind = [message.automatic_because or "automatic"] if message.automatic else []
    kind += ["list mail"] if message.is_list else []
    kind += ["pure thanks"] if message.thanks_only else []
    _field(console, "kind", "; ".join(kind) or "a person's mail")
    if message.signed_as:
        _field(console, "signed as", message.signed_as)
    for entity in message.entities:
        _field(console, _KINDS.get(entity.kind, entity.kind), worded(entity, message))
    for attachment in message.attachments:
        _field(console, "attachment", f"{attachment.name or '(no name)'} {attachment.content_type}")
    for defect in (*message.defects, *([message.unreadable] if message.unreadable else [])):
        _field(console, "defect", defect)
    lines = show.block(message.text).strip().split("\n")
    for line in lines[:FIRST_LINES]:
        console.print("  │ " + line)
    if len(lines) > FIRST_LINES:
        console.print(f"  │ … {len(lines) - FIRST_LINES} more lines")


_KINDS = {"promise": "deadline"}


def worded(entity: Entity, message: Message) -> str:
    """A value found in a mail as an admin reads it, a date behind the words it was written in."""
    from router.mail.days import resolve

    if entity.kind not in ("date", "promise"):
        return entity.value
    written, value = message.text[entity.start : entity.end], entity.value
    sent = message.date.date() if message.date else None
    before = "before " if value.startswith("before:") else ""
    day = resolve(value.replace("before:", "by:"), sent) if sent else None
    meant = f"{before}{day}" if day else value
    return written if meant == written else f"{written}: {meant}"


def _print_classification(console: Console, classification: Classification) -> None:
    verdict = classification.category or "unsure"
    _field(console, verdict, f"confidence {classification.confidence:.2f}, decided by {classification.decided_by}")
    for evidence in classification.evidence:
        _field(console, evidence.kind, f"{evidence.text}{f' → {evidence.category}' if evidence.category else ''}")
    guesses = ", ".join(f"{name} {score:.2f}" for name, score in classification.top)
    if guesses:
        _field(console, "best guesses", guesses)


def print_trace(console: Console, trace: list[TraceLine]) -> None:
    """One line a step: who looked, what came out, because of what."""
    for line in trace:
        because = f"  {show.one_line(line.because, 200)}" if line.because else ""
        console.print(f"  {show.one_line(line.where):<32} {show.one_line(line.outcome):<12}{because}".rstrip())


def print_draft(console: Console, draft: dict[str, Any]) -> None:
    """A draft as a mail client shows it."""
    for name in ("to", "subject"):
        _field(console, name, draft[name])
    for line in show.block(draft["text"]).rstrip().split("\n"):
        console.print("  │ " + line)


def _field(console: Console, name: str, text: str) -> None:
    console.print(f"  {name:<{WIDTH}}{show.one_line(text, 300)}")


# ------------------------------------------------------------------ what was recorded


def _recorded(message_id: str, *, as_json: bool) -> None:
    from router.cli.rehearse import database_exists
    from router.store import mailboxes, messages

    found = state_of(create=False)
    wanted = message_id if message_id.startswith("<") else f"<{message_id}>"
    rows: list[MessageRecord] = []
    names: dict[int, str] = {}
    if database_exists(found):
        store = store_of(found)
        with store.begin() as tx:
            rows = messages.by_message_id(tx, wanted)
            names = {m.id: m.name for m in mailboxes.all_mailboxes(tx)}
        store.close()
    if not rows:
        leave(1, f"inbox-router: no mail with the Message-ID {show.one_line(wanted)} has been seen")
    if as_json:
        put_json({"message_id": wanted, "messages": [_row_as_json(r, names) for r in rows]})
        return
    console = show.out()
    for row in rows:
        _print_row(console, row, names)


def _row_as_json(row: MessageRecord, names: dict[int, str]) -> dict[str, Any]:
    from router.cli.rehearse import trace_of
    from router.values import as_plain

    kept = ("subject", "sender", "language", "automatic", "category", "confidence", "decided_by", "decided_folder")
    return {
        "mailbox": names.get(row.mailbox_id, ""),
        "folder": row.folder,
        "uid": row.uid,
        "state": row.state,
        "hands_off": row.hands_off,
        "seen_at": row.seen_at,
        **{name: getattr(row, name) for name in kept},
        "trace": as_plain(trace_of(row.trace)),
    }


def _print_row(console: Console, row: MessageRecord, names: dict[int, str]) -> None:
    from router.cli.rehearse import trace_of

    show.heading(console, f"{names.get(row.mailbox_id, '')}: {show.one_line(row.subject) or '(no subject)'}")
    _field(console, "from", row.sender)
    _field(console, "lies in", f"{row.folder}, UID {row.uid}" if row.uid else "no folder that we know")
    _field(console, "state", row.state + (", left to people" if row.hands_off else ""))
    _field(console, "first seen", row.seen_at.isoformat(timespec="seconds"))
    print_trace(console, trace_of(row.trace))
