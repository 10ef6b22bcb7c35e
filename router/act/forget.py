"""Erases a person: our drafts to her go to Trash, and every row about her goes from the store.

The mail itself is never touched: it belongs to the mailbox, not to us. `NOT_REACHED` says what else stays.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from router.act.desk import Desk
from router.act.endings import withdrawal
from router.store import intents, person
from router.store.database import Store, Transaction
from router.store.person import NOT_ENDED, Person
from router.store.records import Intent

ERASED = "(erased)"
NOT_REACHED = (
    "the mails themselves, in every folder, Sent and Trash included: delete them in a mail client",
    "reminders that were sent to the team",
    "backups of the state directory and of the database",
    "what workflows.yaml, its lists and saved replies say: those files are yours",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was erased, by table."""

    rows: dict[str, int]


def address_of(written: str) -> str:
    """An address as the store keeps it: lower case, the domain in ASCII; '' when it is none."""
    local, at, domain = written.strip().strip("<>").rpartition("@")
    if not (local and at and domain):
        return ""
    try:
        return f"{local.lower()}@{domain.lower().encode('idna').decode('ascii')}"
    except UnicodeError:
        return f"{local.lower()}@{domain.lower()}"


def plan_withdrawals(tx: Transaction, desk: Desk, who: Person) -> list[Intent]:
    """Promise to take our untouched drafts to this person out of Drafts."""
    waiting = [d for d in who.drafts if d.mailbox_id == desk.record.id and d.state == "waiting" and d.uid]
    planned = [withdrawal(d, desk) for d in waiting]
    intents.plan(tx, planned)
    return planned


def forget(store: Store, address: str) -> Forgotten:
    """Erase the rows, and then the pages that held them."""
    with store.begin() as tx:
        who = person.find_person(tx, address)
        gathered = [m for m in who.reminders if m.state in NOT_ENDED and person.others_in(tx, m.id, who)]
        rows = person.erase(tx, who, [(m.id, without(m.raw, who.traces)) for m in gathered])
    store.compact()
    return Forgotten(rows=rows)


def without(raw: bytes, traces: Sequence[str]) -> bytes:
    """A mail to the team with these texts taken out of its body."""
    parsed = email.message_from_bytes(raw, policy=email.policy.SMTP)
    body = parsed.get_body(("plain",)) if isinstance(parsed, EmailMessage) else None
    if body is None:
        return raw
    text = body.get_content()
    for trace in traces:
        text = text.replace(trace, ERASED)
    body.set_content(text)
    return parsed.as_bytes()
