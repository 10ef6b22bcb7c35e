"""The `\\Answered` flag: weaker proof than a mail in Sent, for teams whose client keeps sent mail elsewhere."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from router.act.desk import Desk
from router.act.endings import end_clock
from router.errors import FolderMissing
from router.imap import fetch
from router.store import mailboxes, messages, threads
from router.store.records import Intent, MessageRecord, ThreadRecord

PROOF = "the flag \\Answered"
ANSWERED = "\\Answered"


def look_for_answered(desk: Desk) -> list[Intent]:
    """Stop the clocks of mail that a client has marked as answered; returns planned intents."""
    with desk.store.begin() as tx:
        waiting = {t.id: t for t in threads.waiting(tx, desk.record.id)}
        newest = {t: _newest(messages.of_thread(tx, t)) for t in waiting}
    by_folder: dict[str, list[tuple[MessageRecord, ThreadRecord]]] = defaultdict(list)
    for thread_id, row in newest.items():
        if row is not None and _flags_changed(desk, row.folder):
            by_folder[row.folder].append((row, waiting[thread_id]))
    planned: list[Intent] = []
    for folder, pairs in by_folder.items():
        planned += _in_folder(desk, folder, pairs)
    return planned


def _newest(rows: list[MessageRecord]) -> MessageRecord | None:
    incoming = [r for r in rows if r.state not in ("answer", "notice") and r.uid is not None and not r.automatic]
    return incoming[-1] if incoming else None


def _flags_changed(desk: Desk, folder: str) -> bool:
    """Whether any flag may have changed since the last look (CONDSTORE, RFC 7162; without it, always)."""
    status, record = desk.statuses.get(folder), desk.known.get(folder)
    if status is None:
        return False
    return not status.highestmodseq or record is None or record.highestmodseq != status.highestmodseq


def _in_folder(desk: Desk, folder: str, pairs: list[tuple[MessageRecord, ThreadRecord]]) -> list[Intent]:
    try:
        validity = fetch.select(desk.session, folder, readonly=True).uidvalidity
    except FolderMissing:
        return []
    flags = fetch.flags(desk.session, folder, [r.uid for r, _ in pairs if r.uid])
    planned: list[Intent] = []
    with desk.store.begin() as tx:
        for row, thread in pairs:
            if row.uidvalidity == validity and ANSWERED in flags.get(row.uid or 0, ()):
                planned += end_clock(tx, desk, thread)
                threads.save(tx, [threads.answered(thread, desk.now, PROOF)])
        record = mailboxes.folders(tx, desk.record.id).get(folder)
        if record is not None:
            mailboxes.advance(tx, replace(record, highestmodseq=desk.statuses[folder].highestmodseq or 0))
    return planned
