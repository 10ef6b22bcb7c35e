"""What we take away when a clock ends: our untouched draft, and the tags and mark on the customer's mail."""

from __future__ import annotations

from router.act.clocks import fired_of, target_of, targets_by_name
from router.act.desk import Desk
from router.act.planning import MARKS
from router.decide.rules import Rules
from router.store import intents, messages
from router.store.database import Transaction
from router.store.ids import next_id
from router.store.records import DraftRecord, Intent, ThreadRecord, intent_on


def end_clock(tx: Transaction, desk: Desk, thread: ThreadRecord) -> list[Intent]:
    """Intents that take back what a running clock has left in the mailbox; they are planned here."""
    if desk.watching:
        return []
    drafts = intents.drafts_of(tx, thread.id)
    for draft in drafts:
        if draft.state == "planned" and intents.drop_deferred(tx, draft.id, desk.now):
            intents.set_draft(tx, draft.id, state="withdrawn", ended_at=desk.now, body="")
        elif draft.state == "unknown":  # nobody could tell whether it was placed; the next clock begins without it
            intents.set_draft(tx, draft.id, state="unused", ended_at=desk.now, body="")
    found = [withdrawal(d, desk) for d in drafts if d.state == "waiting" and d.uid and desk.places.trash]
    flags = " ".join(dict.fromkeys(_clock_flags(thread, desk.rules)))
    for row in messages.of_thread(tx, thread.id) if flags else []:
        if row.uid is not None and row.state in ("filed", "left", "watched"):
            key = f"unflag:{row.id}:{thread.clock}:{next_id()}"
            found.append(intent_on(row, "flags", key, fence=desk.fence, now=desk.now, remove_flags=flags))
    intents.plan(tx, found)
    return found


def withdrawal(draft: DraftRecord, desk: Desk) -> Intent:
    """Our draft goes to Trash, if it is still the very message that we appended."""
    places = desk.places
    return Intent(
        id=next_id(),
        mailbox_id=draft.mailbox_id,
        message_row=draft.message_row,
        thread_id=draft.thread_id,
        draft_row=draft.id,
        kind="withdraw",
        key=f"withdraw:{draft.id}:{draft.uid}:{next_id()}",
        folder=draft.folder,
        uidvalidity=draft.uidvalidity,
        uid=draft.uid,
        destination=places.trash,
        destination_uidnext=places.uidnext.get(places.trash, 0),
        destination_uidvalidity=places.uidvalidity.get(places.trash, 0),
        fence=desk.fence,
        created_at=desk.now,
    )


def _clock_flags(thread: ThreadRecord, rules: Rules) -> list[str]:
    """Tags and flags that the steps of this thread's clock may have set, and the draft mark."""
    target = target_of(thread, targets_by_name(rules), rules)
    fired = {key.partition("#")[0] for key in fired_of(thread)}
    steps = [s for s in target.steps if s.key in fired] if target else []
    found = [s.tag for s in steps if s.tag] + ["\\Flagged" for s in steps if s.flag]
    mark = MARKS.get(rules.drafts_mark, "")
    return found + ([mark] if mark else [])
