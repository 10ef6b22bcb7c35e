"""What could not be done when it was decided: a folder was missing, the mode did not allow it, the mailbox was full."""

from __future__ import annotations

from dataclasses import replace

from router.act.desk import INBOX, Desk, wanted_folders
from router.act.outcomes import FOLDER_ALERT
from router.store import intents, mailboxes, messages
from router.store.database import Transaction
from router.store.ids import next_id
from router.store.records import Intent, MessageRecord, intent_on
from router.values import Mode

AT_ONCE = 500


def plan_held(tx: Transaction, desk: Desk) -> list[Intent]:
    """Moves that have become possible: the folder is there again, or the admin has set `mode: file`."""
    if desk.mailbox.mode is not Mode.FILE:
        return []
    if desk.record.mode not in ("", Mode.FILE):
        _hold_what_was_watched(tx, desk)
    held = [_where_it_belongs_now(tx, desk, r) for r in messages.in_state(tx, desk.record.id, "held")]
    ready = [r for r in held if _may_move(desk, r)][:AT_ONCE]
    planned = [_move(desk, row, row.decided_folder) for row in ready if row.decided_folder]
    for row in ready:
        messages.set_values(tx, row.id, state="planned")
        mailboxes.clear_alert(tx, desk.mailbox.name, FOLDER_ALERT + (row.decided_folder or ""), desk.now)
    intents.plan(tx, planned)
    return planned


def plan_deferred(tx: Transaction, desk: Desk) -> list[Intent]:
    """Drafts and notices for which there was no room are tried again."""
    uidnext, uidvalidity = desk.places.uidnext, desk.places.uidvalidity
    planned = [
        replace(
            intent,
            state="planned",
            destination_uidnext=uidnext.get(intent.destination, 0),
            destination_uidvalidity=uidvalidity.get(intent.destination, 0),
        )
        for intent in intents.deferred(tx, desk.record.id)[:AT_ONCE]
    ]
    intents.promise_again(tx, planned)
    return planned


def _hold_what_was_watched(tx: Transaction, desk: Desk) -> None:
    """The mode allows it now: from here on it is mail that waits for its move, however many passes that takes."""
    for row in messages.in_state(tx, desk.record.id, "watched", "quarantined"):
        if row.folder == INBOX and row.decided_folder:
            messages.set_values(tx, row.id, state="held")


def _move(desk: Desk, row: MessageRecord, folder: str) -> Intent:
    return intent_on(
        row,
        "move",
        f"held:{row.id}:{next_id()}",
        fence=desk.fence,
        now=desk.now,
        destination=folder,
        destination_uidnext=desk.places.uidnext.get(folder, 0),
        destination_uidvalidity=desk.places.uidvalidity.get(folder, 0),
    )


def _where_it_belongs_now(tx: Transaction, desk: Desk, row: MessageRecord) -> MessageRecord:
    """A folder that the rules do not name any more has been renamed in them: the mail follows its category."""
    category = desk.rules.category(row.category)
    folder = category.folder if category else None
    if not folder or row.decided_folder in wanted_folders(desk.rules):
        return row
    messages.set_values(tx, row.id, decided_folder=folder)
    mailboxes.clear_alert(tx, desk.mailbox.name, FOLDER_ALERT + (row.decided_folder or ""), desk.now)
    return replace(row, decided_folder=folder)


def _may_move(desk: Desk, row: MessageRecord) -> bool:
    status = desk.statuses.get(row.decided_folder or "")
    there = status is not None and status.selectable
    return there and row.uid is not None and row.folder == INBOX and not row.hands_off
