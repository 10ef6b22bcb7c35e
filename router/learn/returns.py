"""Mail in INBOX that is not new: an agent brought it back, or the server has rebuilt the folder."""

from __future__ import annotations

from collections.abc import Sequence

from router.act.desk import INBOX, Desk, PassReport
from router.act.inbox import Pair
from router.errors import FolderMissing
from router.imap import fetch
from router.learn.gestures import interpret
from router.learn.moves import Move, marked_as_deleted
from router.learn.rewritten import the_same
from router.store import messages
from router.store.records import MessageRecord
from router.values import FetchedMessage


def take_back(desk: Desk, pairs: Sequence[Pair], report: PassReport) -> list[Pair]:
    """The pairs that are really new; the others get their old row back, and the move its meaning.

    A message is an old one when it is the same to the byte as a row whose place is empty now. Two identical mails are
    two mails: as long as the first one lies where it lay, the second is new, unless the server itself says that they
    are one (Gmail, where INBOX is a label like any other).
    """
    with desk.store.begin() as tx:
        alike = messages.by_fingerprint(tx, desk.record.id, [f.fingerprint for f, _ in pairs])
        unknown = [m.message_id[:998] for f, m in pairs if m.message_id and f.fingerprint not in alike]
        named = [r for r in messages.by_message_ids(tx, desk.record.id, unknown) if r.state != "retried"]
    if not alike and not named:
        return list(pairs)
    new: list[Pair] = []
    back: list[tuple[MessageRecord, Pair]] = []
    for fetched, message in pairs:
        row = _old_row(desk, (fetched, message), alike.get(fetched.fingerprint, []), named)
        if row is None:
            new.append((fetched, message))
        else:
            back.append((row, (fetched, message)))
    _return(desk, back)
    report.seen += len(back)
    report.left += len(back)
    return new


def _old_row(desk: Desk, pair: Pair, alike: list[MessageRecord], named: list[MessageRecord]) -> MessageRecord | None:
    """The row that this mail has already, taken out of its list; None when it is new."""
    fetched, message = pair
    for row in alike:
        if _place_is_empty(desk, row, fetched) or _is_one_message(desk, row, fetched):
            alike.remove(row)
            return row
    rewritten = the_same(fetched, message, named) if not alike else None
    if rewritten is None or not _place_is_empty(desk, rewritten, fetched):
        return None
    named.remove(rewritten)
    return rewritten


def _return(desk: Desk, back: Sequence[tuple[MessageRecord, Pair]]) -> None:
    moves = [Move(row=row, from_folder=row.folder, arrival=fetched) for row, (fetched, _) in back]
    with desk.store.begin() as tx:
        for row, (fetched, _) in back:
            state = "left" if row.state in ("filed", "missing", "gone", "planned", "quarantined") else row.state
            messages.place(tx, [(row.id, INBOX, fetched.ref.uidvalidity, fetched.ref.uid, state)])
            messages.set_values(tx, row.id, fingerprint=fetched.fingerprint)
        interpret(tx, desk, [m for m in moves if m.from_folder != INBOX], {r.id: m for r, (_, m) in back})


def _place_is_empty(desk: Desk, row: MessageRecord, fetched: FetchedMessage) -> bool:
    if row.state in ("answer", "notice"):
        return False
    if row.uid is None:
        return True
    if row.folder == INBOX:  # the same folder under another UIDVALIDITY
        return row.uidvalidity != fetched.ref.uidvalidity
    try:
        selected = fetch.select(desk.session, row.folder, readonly=True)
    except FolderMissing:
        return True
    if selected.uidvalidity != row.uidvalidity:
        return False
    gone = row.uid not in fetch.uids(desk.session, row.folder, row.uid)
    return gone or marked_as_deleted(desk.session, row)  # copied back, and the original is not expunged yet


def _is_one_message(desk: Desk, row: MessageRecord, fetched: FetchedMessage) -> bool:
    """Whether the server says that a mail in INBOX is the very message that still lies where we filed it."""
    if row.state in ("answer", "notice") or row.uid is None or row.folder == INBOX:
        return False
    try:
        there = fetch.gmail_ids(desk.session, row.folder, [row.uid]).get(row.uid)
    except FolderMissing:
        return False
    here = fetch.gmail_ids(desk.session, INBOX, [fetched.ref.uid]).get(fetched.ref.uid)
    return there is not None and there == here
