"""Sees what agents did with messages since the last look: moved, filed elsewhere, deleted, brought back.

Folders are compared with what we remember of them. A message that is missing in one place and new in another, with
the same fingerprint, was moved; one that is missing everywhere is only believed to be deleted at the next look, for
it may have been on its way while we were looking.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from router.errors import CommandRefused, FolderMissing
from router.imap import fetch
from router.imap.folders import VIEWS, FolderStatus
from router.imap.session import Session
from router.store import mailboxes, messages
from router.store.database import Store, Transaction
from router.store.records import FolderRecord, MessageRecord
from router.values import FetchedMessage, MessageRef

log = logging.getLogger(__name__)
MOST_ARRIVALS = 500  # per folder and look; the rest waits for the next one


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A person moved a message; `arrival` is None when it was deleted."""

    row: MessageRecord
    from_folder: str
    arrival: FetchedMessage | None


@dataclass(slots=True)
class Look:
    """What one look at the changed folders found."""

    arrivals: list[FetchedMessage] = field(default_factory=list)
    missing: list[MessageRecord] = field(default_factory=list)
    folders: list[FolderRecord] = field(default_factory=list)
    rewritten: dict[MessageRef, int] = field(default_factory=dict)  # arrival → row, though their bytes differ


def changed_folders(
    known: Mapping[str, FolderRecord], statuses: Mapping[str, FolderStatus], skip: frozenset[str]
) -> list[FolderStatus]:
    """Folders in which something came or went since the last look."""
    found = []
    for name, status in statuses.items():
        record = known.get(name)
        if name in skip or not _watched(status) or record is None:
            continue
        same = (record.uidvalidity, record.next_uid, record.messages) == (
            status.uidvalidity,
            status.uidnext,
            status.messages,
        )
        if not same:
            found.append(status)
    return found


def first_sight(
    mailbox_id: int, known: Mapping[str, FolderRecord], statuses: Mapping[str, FolderStatus], skip: frozenset[str]
) -> list[FolderRecord]:
    """Folders we never saw before: what lies there now is not news."""
    return [
        FolderRecord(
            mailbox_id=mailbox_id,
            name=name,
            uidvalidity=status.uidvalidity,
            next_uid=status.uidnext,
            messages=status.messages,
        )
        for name, status in statuses.items()
        if name not in known and name not in skip and _watched(status)
    ]


def _watched(status: FolderStatus) -> bool:
    """Whether we follow a folder: not those that only show what lies elsewhere, nor one without numbers this time."""
    return status.selectable and status.use not in VIEWS and status.uidvalidity > 0


def look_at(
    session: Session,
    store: Store,
    mailbox: str,
    mailbox_id: int,
    known: Mapping[str, FolderRecord],
    changed: Sequence[FolderStatus],
    inbox: str,
) -> Look:
    """Find arrivals and gaps in these folders. INBOX is only searched for gaps: its arrivals are read as new mail.

    Arrivals come first, and none that is newer than `changed`: whoever moves mail while we look leaves a gap without
    an arrival, for the next look to match, and never an arrival without a gap, which would pass for a copy.
    """
    look = Look()
    ends: dict[str, int] = {}
    for status in changed:
        if status.name == inbox:
            continue
        try:
            ends[status.name] = _arrivals(session, store, mailbox, mailbox_id, known[status.name], status, look)
        except (FolderMissing, CommandRefused) as error:
            log.warning("%r cannot be read: %s", status.name, error)  # what lies in it stays where we believe it
    for status in changed:
        if status.name != inbox and status.name not in ends:
            continue
        there = fetch_uids(session, status.name)
        with store.begin() as tx:
            rows = messages.in_folder(tx, mailbox_id, status.name)
        present = set(there)
        look.missing += [r for r in rows if r.uidvalidity != status.uidvalidity or r.uid not in present]
        if status.name != inbox:
            record = replace(known[status.name], uidvalidity=status.uidvalidity, next_uid=ends[status.name])
            look.folders.append(replace(record, messages=len(there)))
    return look


def _arrivals(
    session: Session,
    store: Store,
    mailbox: str,
    mailbox_id: int,
    record: FolderRecord,
    status: FolderStatus,
    look: Look,
) -> int:
    """Add what is new in one folder to the look; returns the UID from which the next look begins."""
    rebuilt = record.uidvalidity != status.uidvalidity
    begin = 1 if rebuilt else record.next_uid
    with store.begin() as tx:
        ours = messages.known_uids(tx, mailbox_id, status.name, status.uidvalidity)
    fetch.select(session, status.name, readonly=True)
    there = [u for u in fetch.uids(session, status.name, since_uid=begin) if u < status.uidnext]
    new = [u for u in there if u not in ours]
    if len(new) > MOST_ARRIVALS and not rebuilt:  # after a rebuild, what is not matched now would pass for deleted
        new = new[:MOST_ARRIVALS]
        end = new[-1] + 1
    else:
        end = max(begin, status.uidnext)
    look.arrivals += fetch.new_messages(session, mailbox, status.name, new) if new else []
    return end


def fetch_uids(session: Session, folder: str) -> list[int]:
    """Every UID in a folder."""
    fetch.select(session, folder, readonly=True)
    return fetch.uids(session, folder)


def match(tx: Transaction, mailbox_id: int, look: Look) -> list[Move]:
    """Tell moves from copies, and deletions from messages that are on their way."""
    lost = {r.id: r for r in (*messages.in_state(tx, mailbox_id, "missing"), *look.missing)}
    placeless = messages.by_fingerprint(tx, mailbox_id, [a.fingerprint for a in look.arrivals])
    moves: list[Move] = []
    for arrival in look.arrivals:
        row = _origin(arrival, placeless.get(arrival.fingerprint, []), lost)
        if row is None and arrival.ref in look.rewritten:
            row = lost.get(look.rewritten[arrival.ref])
        if row is not None:
            lost.pop(row.id, None)
            moves.append(Move(row=row, from_folder=row.folder, arrival=arrival))
            _place(tx, row, arrival)
    for row in lost.values():
        if row.state == "missing":
            moves.append(Move(row=row, from_folder=row.folder, arrival=None))
            messages.set_values(tx, row.id, state="gone", uid=None)
        else:
            messages.set_values(tx, row.id, state="missing", uid=None)
    for folder in look.folders:
        mailboxes.advance(tx, folder)
    return [m for m in moves if m.arrival is None or m.arrival.ref.folder != m.from_folder]


def _origin(
    arrival: FetchedMessage, rows: Sequence[MessageRecord], lost: Mapping[int, MessageRecord]
) -> MessageRecord | None:
    """Which of our rows this arrival is: one that is missing, or one whose new place the server never named."""
    here = [r for r in rows if r.uid is None and r.folder == arrival.ref.folder and r.state != "gone"]
    gone = [r for r in rows if r.id in lost]
    back = [r for r in rows if r.uid is None and r.state == "gone"]
    return next(iter((*here, *gone, *back)), None)


def _place(tx: Transaction, row: MessageRecord, arrival: FetchedMessage) -> None:
    state = row.state if row.state not in ("missing", "gone", "planned") else "left"
    messages.place(tx, [(row.id, arrival.ref.folder, arrival.ref.uidvalidity, arrival.ref.uid, state)])
    if arrival.fingerprint != row.fingerprint:
        messages.set_values(tx, row.id, fingerprint=arrival.fingerprint, size=arrival.size)
