"""Reminders for a mailbox without SMTP: they are appended to its own inbox, where the team reads."""

from __future__ import annotations

from router.act.desk import INBOX, Desk
from router.store import intents, outbox
from router.store.database import Transaction
from router.store.ids import next_id
from router.store.records import Intent


def plan_notices(tx: Transaction, desk: Desk) -> list[Intent]:
    """Queued mails of this mailbox as intents to append; SMTP is not involved."""
    if desk.mailbox.smtp is not None:
        return []
    planned = []
    for mail in outbox.ready(tx, desk.now):
        if mail.mailbox_id != desk.record.id:
            continue
        planned.append(
            Intent(
                id=next_id(),
                mailbox_id=desk.record.id,
                kind="notice",
                key=mail.key,
                folder=INBOX,
                destination=INBOX,
                destination_uidnext=desk.places.uidnext.get(INBOX, 0),
                destination_uidvalidity=desk.places.uidvalidity.get(INBOX, 0),
                payload=mail.raw,
                fence=desk.fence,
                created_at=desk.now,
            )
        )
        outbox.set_mail(tx, mail.id, state="appending", attempts=mail.attempts + 1)
    intents.plan(tx, planned)
    return planned
