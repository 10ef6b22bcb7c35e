"""What could not be done when it was decided: a folder was missing, the mode did not allow it, the mailbox was full."""

from __future__ import annotations

from dataclasses import replace

from router.act.desk import INBOX, Desk
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
    ready = [r for r in messages.in_state(tx, desk.record.id, "held") if _may_move(desk, r)][:AT_ONCE]
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


def _may_move(desk: Desk, row: MessageRecord) -> bool:
    there = row.decided_folder in desk.statuses
    return there and row.uid is not None and row.folder == INBOX and not row.hands_off
