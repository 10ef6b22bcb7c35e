"""Looks at our drafts: one whose UID is gone was edited, sent or deleted by a person, and is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from router.imap import fetch
from router.imap.session import Session
from router.store import intents, messages
from router.store.database import Store
from router.store.records import DraftRecord

_HEADERS = ("In-Reply-To", "References", "Message-ID")


def look_at_drafts(session: Session, store: Store, mailbox_id: int, folder: str, now: datetime) -> None:
    """Find out which of our waiting drafts a person has touched."""
    with store.begin() as tx:
        waiting = [d for d in intents.open_drafts(tx, mailbox_id) if d.state == "waiting" and d.uid]
    if not waiting or not folder:
        return
    selected = fetch.select(session, folder, readonly=True)
    there = fetch.uids(session, folder)
    lost = [d for d in waiting if d.uidvalidity != selected.uidvalidity or d.uid not in there]
    if not lost:
        return
    ours = {d.uid for d in waiting if d.uidvalidity == selected.uidvalidity}  # else the number is somebody else's
    others = fetch.headers(session, folder, [u for u in there if u not in ours], _HEADERS)
    with store.begin() as tx:
        for draft in lost:
            row = messages.get(tx, draft.message_row)
            edited = any(_same_thread(h, draft, row.message_id if row else "") for h in others.values())
            if edited:
                intents.set_draft(tx, draft.id, state="edited")
            else:  # sent or deleted: Sent will tell, and it needs the text for that
                intents.set_draft(tx, draft.id, state="taken", ended_at=now)


def _same_thread(headers: Mapping[str, str], draft: DraftRecord, parent: str) -> bool:
    """Whether a draft in the folder is what a client made of ours: same parent, or still the same Message-ID."""
    named = " ".join(headers.get(name.lower(), "") for name in _HEADERS)
    return bool((parent and parent in named) or (draft.message_id and draft.message_id in named))
