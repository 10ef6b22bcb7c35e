"""`forget` and `export`: what is kept about a person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from router.cli import show
from router.cli.base import (
    CONFIG,
    FAILED,
    USAGE,
    ConfigOption,
    JsonOption,
    exits,
    leave,
    put_json,
    say,
    state_of,
    store_of,
)
from router.cli.office import Office, carry_out, desk_at, known_mailboxes, open_office

if TYPE_CHECKING:
    from router.store.person import Person
    from router.store.records import MailboxRecord
    from router.values import Mailbox

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def register(app: typer.Typer) -> None:
    for command in (forget, export):
        app.command()(command)


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
        with open_office(config, state_of()) as office:
            with office.store.begin() as tx:
                who = find_person(tx, wanted)
            _ask_to_forget(who, yes=yes)
            withdrawn = 0 if keep_drafts else sum(_withdraw_from(office, m, r, who) for m, r in known_mailboxes(office))
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
    with desk_at(office, mailbox, record) as desk:
        with office.store.begin() as tx:
            planned = plan_withdrawals(tx, desk, find_person(tx, who.address))
        return sum(1 for o in carry_out(desk, planned) if o.state == "done") if planned else 0


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
