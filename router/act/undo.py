"""Puts back what we did: moves, drafts and flags that nobody has touched since.

Undoing is planned like everything else: intents are committed first, then carried out, and a crash in between is
recovered by the next pass. It is no gesture: nothing is learned from it, and a message that was put back is left to
people from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from router.act.desk import Desk
from router.act.endings import withdrawal
from router.errors import FolderMissing
from router.imap import fetch
from router.store import intents, messages
from router.store.database import Transaction
from router.store.records import DraftRecord, Intent, MessageRecord, intent_on

OURS = ("undo:", "retry:")  # keys of moves that an admin asked for: these are not undone


@dataclass(slots=True, kw_only=True)
class Undoing:
    """What can be undone. `undone` names the intents that `planned` takes back; `left` says what stays, and why."""

    planned: list[Intent] = field(default_factory=list)
    undone: dict[int, int] = field(default_factory=dict)  # planned intent → the intent that it takes back
    rows: dict[int, MessageRecord] = field(default_factory=dict)  # messages that go back, or lose our flags
    left: list[tuple[Intent, str]] = field(default_factory=list)

    def add(self, intent: Intent, undoes: Intent) -> None:
        self.planned.append(intent)
        self.undone[intent.id] = undoes.id


def look(desk: Desk, since: datetime) -> Undoing:
    """What we did since then and can take back, by looking at the server. Changes nothing."""
    with desk.store.begin() as tx:
        done = [i for i in intents.done_since(tx, desk.record.id, since) if not i.key.startswith(OURS)]
        rows = messages.get_many(tx, {i.message_row for i in done if i.message_row})
        drafts = {i.id: intents.get_draft(tx, i.draft_row) for i in done if i.kind == "draft" and i.draft_row}
        attempts = {i.id: intents.attempts(tx, desk.record.id, f"undo:{i.id}") for i in done}
    there = _Presence(desk)
    found = Undoing()
    for intent in done:
        key = f"undo:{intent.id}" + (f":{attempts[intent.id]}" if attempts[intent.id] else "")
        row = rows.get(intent.message_row or 0)
        match intent.kind:
            case "move" if row is not None:
                _take_back_move(desk, found, intent, row, key, there)
            case "flags" if row is not None and intent.add_flags:
                _take_back_flags(desk, found, intent, row, key, there)
            case "draft":
                _take_back_draft(desk, found, intent, drafts.get(intent.id), key, there)
            case _:
                pass
    return found


def commit(tx: Transaction, undoing: Undoing, now: datetime) -> None:
    """Promise it: after this transaction it will be done, by this process or by the next."""
    intents.plan(tx, undoing.planned)
    intents.mark_undone(tx, undoing.undone.values(), now)
    for planned in undoing.planned:
        if planned.kind == "move" and planned.message_row:
            messages.set_values(tx, planned.message_row, hands_off=True)


def settle(tx: Transaction, undoing: Undoing, outcomes: Iterable[Intent]) -> list[Intent]:
    """After it was carried out: what the server refused counts as not undone; returns it."""
    refused = [o for o in outcomes if o.id in undoing.undone and o.state != "done"]
    intents.unmark_undone(tx, [undoing.undone[o.id] for o in refused])
    for outcome in refused:
        row = undoing.rows.get(outcome.message_row or 0)
        if outcome.kind == "move" and row is not None:
            messages.set_values(tx, row.id, state=row.state, hands_off=row.hands_off)
    return refused


# ------------------------------------------------------------------ one kind after the other


def _take_back_move(desk: Desk, found: Undoing, intent: Intent, row: MessageRecord, key: str, there: _Presence) -> None:
    placed = (intent.destination, intent.result_uidvalidity, intent.result_uid)
    if not intent.result_uid:
        found.left.append((intent, "the server did not say where it went"))
    elif row.hands_off or (row.folder, row.uidvalidity, row.uid) != placed or not there.holds(*placed):
        found.left.append((intent, "somebody has moved it since"))
    else:
        found.rows[row.id] = row
        found.add(
            intent_on(
                row,
                "move",
                key,
                fence=desk.fence,
                now=desk.now,
                destination=intent.folder,
                destination_uidnext=desk.places.uidnext.get(intent.folder, 0),
                destination_uidvalidity=desk.places.uidvalidity.get(intent.folder, 0),
            ),
            intent,
        )


def _take_back_flags(
    desk: Desk, found: Undoing, intent: Intent, row: MessageRecord, key: str, there: _Presence
) -> None:
    if row.hands_off or row.uid is None or not there.holds(row.folder, row.uidvalidity, row.uid):
        found.left.append((intent, "somebody has moved the mail since"))
        return
    found.rows[row.id] = row
    removal = intent_on(row, "flags", key, fence=desk.fence, now=desk.now, remove_flags=intent.add_flags)
    found.add(removal, intent)


def _take_back_draft(
    desk: Desk, found: Undoing, intent: Intent, draft: DraftRecord | None, key: str, there: _Presence
) -> None:
    if draft is None or draft.state not in ("waiting", "edited"):
        return  # it has ended already
    if draft.state == "edited" or not draft.uid or not there.holds(draft.folder, draft.uidvalidity, draft.uid):
        found.left.append((intent, "a person has edited or sent the draft"))
        return
    found.add(replace(withdrawal(draft, desk), key=key), intent)


class _Presence:
    """Which UIDs are in which folder now; every folder is asked once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._folders: dict[str, tuple[int, frozenset[int]]] = {}

    def holds(self, folder: str, uidvalidity: int, uid: int) -> bool:
        """Whether exactly that message still lies there."""
        if folder not in self._folders:
            self._folders[folder] = self._ask(folder)
        validity, uids = self._folders[folder]
        return validity == uidvalidity and uid in uids

    def _ask(self, folder: str) -> tuple[int, frozenset[int]]:
        try:
            selected = fetch.select(self._desk.session, folder, readonly=True)
        except FolderMissing:
            return 0, frozenset()
        return selected.uidvalidity, frozenset(fetch.uids(self._desk.session, folder))


def summary(undoing: Undoing) -> Mapping[str, int]:
    """How many of each kind: moves, drafts, flags."""
    kinds = {"move": "moved_back", "withdraw": "drafts_withdrawn", "flags": "unflagged"}
    found = dict.fromkeys(kinds.values(), 0)
    for intent in undoing.planned:
        found[kinds[intent.kind]] += 1
    return found
