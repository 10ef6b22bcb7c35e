"""Mailboxes, how far their folders have been read, and alerts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from router.store.database import Transaction
from router.store.ids import next_id
from router.store.queries import change, find, find_one, table_of
from router.store.records import Alert, FolderRecord, MailboxRecord
from router.store.tables import AlertRow, FolderRow, MailboxRow

_M, _F, _A = table_of(MailboxRow), table_of(FolderRow), table_of(AlertRow)


def enter(tx: Transaction, name: str, mode: str, now: datetime) -> MailboxRecord:
    """The mailbox's record, made on its first run; `mode` is the one it had at its last pass."""
    known = find_one(tx, MailboxRow, MailboxRecord, _M.c.name == name)
    if known is None:
        values = {"id": next_id(), "name": name, "mode": mode, "first_run_at": now, "imap_found": ""}
        values |= {"fence": 0, "first_uidvalidity": 0, "first_uid": 0}
        tx.execute(insert(_M).values(**values))
        known = MailboxRecord(id=values["id"], name=name, mode=mode, first_run_at=now)  # type: ignore[arg-type]
    return known


def all_mailboxes(tx: Transaction) -> list[MailboxRecord]:
    return find(tx, MailboxRow, MailboxRecord, order=_M.c.name)


def passed(tx: Transaction, mailbox_id: int, mode: str, now: datetime) -> None:
    """Remember that a pass ended, and in which mode."""
    change(tx, MailboxRow, mailbox_id, last_pass_at=now, mode=mode)


def came_at(tx: Transaction, mailbox_id: int, uidvalidity: int, uidnext: int) -> None:
    """Remember where INBOX ended when we saw it first."""
    change(tx, MailboxRow, mailbox_id, first_uidvalidity=uidvalidity, first_uid=uidnext)


def take_fence(tx: Transaction, mailbox_id: int) -> int:
    """A number larger than that of every earlier process: its intents are ours to recover."""
    tx.execute(update(_M).where(_M.c.id == mailbox_id).values(fence=_M.c.fence + 1))
    return int(tx.execute(select(_M.c.fence).where(_M.c.id == mailbox_id)).scalar_one())


def servers_found(tx: Transaction, mailbox_id: int) -> str:
    """What discovery found for this mailbox (JSON), '' when it never ran."""
    return str(tx.execute(select(_M.c.imap_found).where(_M.c.id == mailbox_id)).scalar_one())


def remember_servers(tx: Transaction, mailbox_id: int, found: str) -> None:
    change(tx, MailboxRow, mailbox_id, imap_found=found)


def folders(tx: Transaction, mailbox_id: int) -> dict[str, FolderRecord]:
    """Every folder that was ever read, by name."""
    return {f.name: f for f in find(tx, FolderRow, FolderRecord, _F.c.mailbox_id == mailbox_id)}


def advance(tx: Transaction, folder: FolderRecord) -> None:
    """Remember how far a folder has been read."""
    where = (_F.c.mailbox_id == folder.mailbox_id) & (_F.c.name == folder.name)
    values = {
        "uidvalidity": folder.uidvalidity,
        "next_uid": folder.next_uid,
        "messages": folder.messages,
        "highestmodseq": folder.highestmodseq,
    }
    if tx.execute(update(_F).where(where).values(**values)).rowcount == 0:
        tx.execute(insert(_F).values(id=next_id(), mailbox_id=folder.mailbox_id, name=folder.name, **values))


def drop_folder(tx: Transaction, mailbox_id: int, name: str) -> None:
    """Forget how far a folder was read: it is gone from the server."""
    tx.execute(delete(_F).where(_F.c.mailbox_id == mailbox_id, _F.c.name == name))


def raise_alert(tx: Transaction, mailbox: str, key: str, text: str, now: datetime) -> bool:
    """Open an alert; True when it was not open already."""
    opened = (_A.c.mailbox == mailbox) & (_A.c.key == key) & (_A.c.cleared_at.is_(None))
    if tx.execute(update(_A).where(opened).values(text=text)).rowcount:
        return False
    tx.execute(insert(_A).values(id=next_id(), mailbox=mailbox, key=key, text=text, raised_at=now))
    return True


def clear_alert(tx: Transaction, mailbox: str, key: str, now: datetime) -> None:
    """Close an alert whose cause is gone."""
    opened = (_A.c.mailbox == mailbox) & (_A.c.key == key) & (_A.c.cleared_at.is_(None))
    tx.execute(update(_A).where(opened).values(cleared_at=now))


def open_alerts(tx: Transaction) -> list[Alert]:
    return find(tx, AlertRow, Alert, _A.c.cleared_at.is_(None), order=_A.c.raised_at)
