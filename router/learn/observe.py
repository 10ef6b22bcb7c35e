"""One look around a mailbox: what was sent, what became of our drafts, what was moved."""

from __future__ import annotations

from collections.abc import Sequence

from router.act.desk import INBOX, Desk
from router.imap import fetch
from router.learn import drafts, moves
from router.learn.answered import look_for_answered
from router.learn.elsewhere import look_elsewhere
from router.learn.gestures import interpret
from router.learn.moves import Look, Move
from router.learn.rewritten import recognise
from router.learn.sent import read_sent
from router.store import mailboxes, messages
from router.store.database import Transaction
from router.store.records import FolderRecord, Intent, MessageRecord
from router.values import FetchedMessage, Message

FIRST_SENT = 300  # sent mails that the first run reads, to know what is answered already
SENT_BATCH = 200


def observe(desk: Desk) -> list[Intent]:
    """Bring what we remember in line with what agents did; returns planned intents."""
    sent, drafts_folder = desk.special.get("sent", ""), desk.special.get("drafts", "")
    apart = frozenset({sent, drafts_folder, INBOX} - {""})
    with desk.store.begin() as tx:
        for folder in moves.first_sight(desk.record.id, desk.known, desk.statuses, apart):
            mailboxes.advance(tx, folder)
        if drafts_folder in desk.statuses:  # a quick pass must know from where on recovery would look for its drafts
            status = desk.statuses[drafts_folder]
            _remember(tx, desk, drafts_folder, status.uidvalidity, status.uidnext)
    planned = _look_at_sent(desk, sent) if sent in desk.statuses else []
    drafts.look_at_drafts(desk.session, desk.store, desk.record.id, drafts_folder, desk.now)
    return planned + _look_for_moves(desk, apart) + look_for_answered(desk)


def _look_at_sent(desk: Desk, folder: str) -> list[Intent]:
    status, record = desk.statuses[folder], desk.known.get(folder)
    if record and (record.uidvalidity, record.next_uid) == (status.uidvalidity, status.uidnext):
        return []
    fetch.select(desk.session, folder, readonly=True)
    fresh = record is None or record.uidvalidity != status.uidvalidity
    since = 1 if record is None or fresh else record.next_uid
    new = fetch.uids(desk.session, folder, since_uid=since)
    planned: list[Intent] = []
    new = new[-FIRST_SENT:] if fresh else new
    for start in range(0, len(new), SENT_BATCH):
        batch = fetch.new_messages(desk.session, desk.mailbox.name, folder, new[start : start + SENT_BATCH])
        parsed = _parse(desk, batch)
        with desk.store.begin() as tx:
            planned += read_sent(tx, desk, list(zip(batch, parsed, strict=True)))
            _remember(tx, desk, folder, status.uidvalidity, max((m.ref.uid for m in batch), default=0) + 1)
    with desk.store.begin() as tx:
        _remember(tx, desk, folder, status.uidvalidity, max(status.uidnext, max(new, default=0) + 1))
    return planned


def _remember(tx: Transaction, desk: Desk, folder: str, uidvalidity: int, next_uid: int) -> None:
    record = FolderRecord(mailbox_id=desk.record.id, name=folder, uidvalidity=uidvalidity, next_uid=next_uid)
    mailboxes.advance(tx, record)


def _look_for_moves(desk: Desk, apart: frozenset[str]) -> list[Intent]:
    changed = moves.changed_folders(desk.known, desk.statuses, apart - {INBOX})
    look = moves.look_at(desk.session, desk.store, desk.mailbox.name, desk.record.id, desk.known, changed, inbox=INBOX)
    look.arrivals += look_elsewhere(desk, _about_to_be_given_up(desk, look), apart)
    look.rewritten = recognise(desk, look)
    with desk.store.begin() as tx:
        found = moves.match(tx, desk.record.id, look)
    read = _read_arrivals(desk, found)
    with desk.store.begin() as tx:
        return interpret(tx, desk, found, read)


def _about_to_be_given_up(desk: Desk, look: Look) -> list[MessageRecord]:
    """Rows that were missing at the last look already, and that nothing which arrived since is."""
    arrived = {a.fingerprint for a in look.arrivals}
    with desk.store.begin() as tx:
        return [r for r in messages.in_state(tx, desk.record.id, "missing") if r.fingerprint not in arrived]


def _read_arrivals(desk: Desk, found: Sequence[Move]) -> dict[int, Message]:
    arrived = [(m.row.id, m.arrival) for m in found if m.arrival is not None]
    parsed = _parse(desk, [a for _, a in arrived])
    return {row_id: message for (row_id, _), message in zip(arrived, parsed, strict=True)}


def _parse(desk: Desk, fetched: Sequence[FetchedMessage]) -> list[Message]:
    return desk.bench.parser.submit([(m.raw, m.size) for m in fetched]).result() if fetched else []
