"""What finished intents mean for the rows behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from router.store import intents, mailboxes, messages, outbox
from router.store.database import Transaction
from router.store.records import Intent

FOLDER_ALERT = "folder:"
DRAFTS_ALERT = "drafts"
REBUILT = "was rebuilt by the server"


def record(tx: Transaction, mailbox: str, outcomes: Sequence[Intent], quarantine: str) -> None:
    """Write outcomes and bring message and draft rows in line with them."""
    intents.finish(tx, [o for o in outcomes if o.state != "deferred"])
    _no_room(tx, mailbox, outcomes)
    moved = [o for o in outcomes if o.kind == "move" and o.state == "done"]
    messages.place(tx, [_place(o, quarantine) for o in moved])
    for outcome in moved:
        if outcome.key.startswith("retry:") and outcome.message_row:
            messages.let_go(tx, outcome.message_row)  # it is back in INBOX, for the next pass to see as new
    for outcome in outcomes:
        handler = _HANDLERS.get((outcome.kind, outcome.state))
        if handler:
            handler(tx, mailbox, outcome)


def _no_room(tx: Transaction, mailbox: str, outcomes: Sequence[Intent]) -> None:
    """One alert while drafts wait for room, which ends with the next one that is placed."""
    deferred = [o for o in outcomes if o.state == "deferred"]
    intents.defer(tx, deferred)
    if deferred and deferred[0].finished_at:
        text = f"drafts wait until there is room in the mailbox: {deferred[0].because}"
        mailboxes.raise_alert(tx, mailbox, DRAFTS_ALERT, text, deferred[0].finished_at)
        return
    placed = next((o for o in outcomes if (o.kind, o.state) == ("draft", "done")), None)
    if placed and placed.finished_at:
        mailboxes.clear_alert(tx, mailbox, DRAFTS_ALERT, placed.finished_at)


def _place(outcome: Intent, quarantine: str) -> tuple[int, str, int, int | None, str]:
    state = "quarantined" if outcome.destination == quarantine else "filed"
    if outcome.key.startswith("undo:"):
        state = "left"
    uid = outcome.result_uid or None
    return (outcome.message_row or 0, outcome.destination, outcome.result_uidvalidity, uid, state)


def _move_cancelled(tx: Transaction, mailbox: str, outcome: Intent) -> None:
    """The mail is held where it is; somebody must bring its folder back, or it was gone already."""
    if outcome.message_row is None:
        return
    messages.set_values(tx, outcome.message_row, state="held" if outcome.because.startswith("not moved") else "left")
    if outcome.because.startswith("not moved") and outcome.finished_at:
        text = f"{outcome.because}. The mail stays in {outcome.folder} until the folder is there again."
        mailboxes.raise_alert(tx, mailbox, FOLDER_ALERT + outcome.destination, text, outcome.finished_at)


def _draft_placed(tx: Transaction, _mailbox: str, outcome: Intent) -> None:
    intents.set_draft(
        tx,
        outcome.draft_row or 0,
        state="waiting",
        folder=outcome.destination,
        uidvalidity=outcome.result_uidvalidity,
        uid=outcome.result_uid,
    )


def _draft_not_placed(tx: Transaction, mailbox: str, outcome: Intent) -> None:
    intents.set_draft(tx, outcome.draft_row or 0, state="refused", ended_at=outcome.finished_at, body="")
    if outcome.finished_at:
        text = f"a draft could not be placed: {outcome.because}"
        mailboxes.raise_alert(tx, mailbox, DRAFTS_ALERT, text, outcome.finished_at)


def _draft_unknown(tx: Transaction, _mailbox: str, outcome: Intent) -> None:
    intents.set_draft(tx, outcome.draft_row or 0, state="unknown", ended_at=outcome.finished_at)


def _withdrawn(tx: Transaction, _mailbox: str, outcome: Intent) -> None:
    intents.set_draft(tx, outcome.draft_row or 0, state="withdrawn", ended_at=outcome.finished_at, body="")


def _not_withdrawn(tx: Transaction, _mailbox: str, outcome: Intent) -> None:
    """Its UID is gone: a person has edited, sent or deleted it, and it is theirs. Else it lies where it lay."""
    if outcome.because.startswith(("not moved", "the server did not move")) or outcome.because.endswith(REBUILT):
        return
    intents.set_draft(tx, outcome.draft_row or 0, state="taken", ended_at=outcome.finished_at, body="")


def _notice_placed(tx: Transaction, _mailbox: str, outcome: Intent) -> None:
    _notice(tx, outcome, "sent")


def _notice_unknown(tx: Transaction, _mailbox: str, outcome: Intent) -> None:
    _notice(tx, outcome, "unknown")


def _notice_not_placed(tx: Transaction, _mailbox: str, outcome: Intent) -> None:
    _notice(tx, outcome, "failed")


def _notice(tx: Transaction, outcome: Intent, state: str) -> None:
    outbox.settle(tx, outcome.key, state, outcome.finished_at, outcome.because)


_HANDLERS: dict[tuple[str, str], Callable[[Transaction, str, Intent], None]] = {
    ("move", "cancelled"): _move_cancelled,
    ("draft", "done"): _draft_placed,
    ("draft", "cancelled"): _draft_not_placed,
    ("draft", "unknown"): _draft_unknown,
    ("notice", "done"): _notice_placed,
    ("notice", "unknown"): _notice_unknown,
    ("notice", "cancelled"): _notice_not_placed,
    ("withdraw", "done"): _withdrawn,
    ("withdraw", "cancelled"): _not_withdrawn,
}
