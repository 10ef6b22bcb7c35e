"""The whole story of one mailbox pass: recover → observe → fetch → parse → classify → decide → act → record.

Everything here is plain blocking code on one connection; the daemon runs it in a thread. `now` is an argument: the
daemon owns the only clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from router.act import fault, outcomes
from router.act.desk import INBOX, Desk, PassReport, Workbench, places, survey
from router.act.executor import BACKFILL_CHUNK, RUNNING_CHUNK, Execution
from router.act.held import plan_deferred, plan_held
from router.act.inbox import Batch, Pair
from router.act.notices import plan_notices
from router.act.recovery import Recovery
from router.act.stubborn import fetch_batch
from router.act.sweep import remind_now, sweep
from router.imap import fetch, folders
from router.imap.session import Session
from router.learn.observe import observe
from router.learn.returns import take_back
from router.learn.settle import settle
from router.mail.worker import Ticket
from router.store import intents, mailboxes, messages
from router.store.conversations import Conversations
from router.store.records import FolderRecord, Intent, MessageRecord
from router.values import Backfill, FetchedMessage, Mailbox

BATCH = 1000  # messages in one round: what one pair of transactions carries
BACKLOG = 100  # more new mail than this is a backlog, moved in larger chunks
MONTH = timedelta(days=30)
UNCOUNTED = -1  # INBOX is looked through for gaps at every full pass: a count would miss one in, one out


def run_pass(
    session: Session,
    mailbox: Mailbox,
    bench: Workbench,
    now: datetime,
    *,
    fence: int = 0,
    special: Mapping[str, str] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> PassReport:
    """Bring one mailbox up to date; raises `MailboxError` when its server fails, and the next pass goes on from there.

    With `special` (the folders that the last full pass found) the pass is quick: it reads INBOX and nothing else, which
    is what a wake-up by IDLE asks for. `stop` is asked between batches.
    """
    desk = arrive(sit_down(session, mailbox, bench, now, fence, special))
    report = PassReport(special=desk.special)
    recover(desk, report)
    if desk.statuses:
        carry_out(desk, observe(desk), report)
    for batch, ticket in fetch_new(desk):
        if stop():
            break
        handle(desk, batch, ticket.result(), report)
    if desk.statuses and not stop():
        look_at_clocks(desk, report)
        with bench.store.begin() as tx:
            mailboxes.passed(tx, desk.record.id, mailbox.mode, now)
    return report


def sit_down(
    session: Session,
    mailbox: Mailbox,
    bench: Workbench,
    now: datetime,
    fence: int,
    special: Mapping[str, str] | None,
) -> Desk:
    """Everything a pass needs to know before it begins."""
    with bench.store.begin() as tx:
        record = mailboxes.enter(tx, mailbox.name, mailbox.mode, now)
        known = mailboxes.folders(tx, record.id)
    statuses = survey(session, bench.rules, mailbox, known, now) if special is None or not known else {}
    found = folders.specials(statuses) if statuses else dict(special or {})
    return Desk(
        session=session,
        mailbox=mailbox,
        record=record,
        bench=bench,
        places=places(found, known, statuses),
        special=found,
        known=known,
        statuses=statuses,
        now=now,
        fence=fence,
    )


def recover(desk: Desk, report: PassReport) -> None:
    """Finish what a dead process has begun, before anything new is begun."""
    with desk.store.begin() as tx:
        pending = intents.unfinished(tx, desk.record.id)
        if not pending or desk.watching:  # in `mode: watch` what was begun waits until we may act again
            return
        rows = messages.get_many(tx, {i.message_row for i in pending if i.message_row})
        drafts = {i.id: intents.get_draft(tx, i.draft_row) for i in pending if i.draft_row}

    def owned(folder: str) -> frozenset[int]:
        with desk.store.begin() as tx:
            return frozenset(r.uid for r in messages.in_folder(tx, desk.record.id, folder) if r.uid)

    fingerprints = {row_id: row.fingerprint for row_id, row in rows.items()}
    draft_keys = {i: d.key for i, d in drafts.items() if d} | {i.id: i.key for i in pending if i.kind == "notice"}
    found = Recovery(
        session=desk.session,
        mailbox=desk.mailbox.name,
        fingerprints=fingerprints,
        keys=draft_keys,
        owned=owned,
        now=desk.now,
    )
    found.look(pending)
    with desk.store.begin() as tx:
        outcomes.record(tx, desk.mailbox.name, found.outcomes, desk.rules.folders.quarantine)
    fault.point("recovered")
    count(found.outcomes, report, desk.rules.folders.quarantine)
    carry_out(desk, found.to_do, report)


def arrive(desk: Desk) -> Desk:
    """On the first pass of a mailbox: where INBOX ends now, and where reading it begins."""
    if INBOX in desk.known:
        return desk
    selected = fetch.select(desk.session, INBOX, readonly=True)
    start = FolderRecord(
        mailbox_id=desk.record.id,
        name=INBOX,
        uidvalidity=selected.uidvalidity,
        next_uid=_first_uid(desk, selected.uidnext),
        messages=UNCOUNTED,
    )
    with desk.store.begin() as tx:
        mailboxes.advance(tx, start)
        mailboxes.came_at(tx, desk.record.id, selected.uidvalidity, selected.uidnext)
    record = replace(desk.record, first_uidvalidity=selected.uidvalidity, first_uid=selected.uidnext)
    return replace(desk, record=record, known={**desk.known, INBOX: start})


def _first_uid(desk: Desk, uidnext: int) -> int:
    """The first message that `backfill` lets us read."""
    if desk.mailbox.backfill is Backfill.NONE:
        return uidnext
    since = None if desk.mailbox.backfill is Backfill.ALL else (desk.record.first_run_at - MONTH).date()
    return next(iter(fetch.uids(desk.session, INBOX, since=since)), uidnext)


def fetch_new(desk: Desk) -> Iterator[tuple[list[FetchedMessage], Ticket]]:
    """New mail of INBOX in batches, oldest first. The next batch is fetched while the last one is still parsed."""
    selected = fetch.select(desk.session, INBOX, readonly=desk.watching)
    start = desk.known[INBOX]
    if start.uidvalidity != selected.uidvalidity:  # rebuilt by the server: read it all, and recognise what we know
        start = replace(start, uidvalidity=selected.uidvalidity, next_uid=1)
    with desk.store.begin() as tx:
        known = messages.known_uids(tx, desk.record.id, INBOX, selected.uidvalidity)
    new = [u for u in fetch.uids(desk.session, INBOX, since_uid=start.next_uid) if u not in known]
    waiting: tuple[list[FetchedMessage], Ticket] | None = None
    for begin in range(0, len(new), BATCH):
        batch = fetch_batch(desk, selected.uidvalidity, new[begin : begin + BATCH])
        if not batch:
            continue  # somebody took it all away between our search and our fetch
        ticket = desk.bench.parser.submit([(m.raw, m.size) for m in batch])
        if waiting:
            yield waiting
        waiting = (batch, ticket)
    if waiting:
        yield waiting


def handle(desk: Desk, fetched: Sequence[FetchedMessage], parsed: Sequence[object], report: PassReport) -> None:
    """One batch: decide, promise in one transaction, do, and record what came of it in another."""
    fault.point("fetched")
    if not fetched:  # somebody took it all away between the search and the fetch
        return
    pairs: list[Pair] = list(zip(fetched, parsed, strict=True))  # type: ignore[arg-type]
    pairs = take_back(desk, pairs, report)
    batch = _open_batch(desk, pairs)
    batch.decide_all(pairs)
    planned = [i for p in batch.plans for i in p.intents]
    with desk.store.begin() as tx:
        batch.conversations.save(tx)
        messages.add(tx, [p.row for p in batch.plans])
        intents.add_drafts(tx, [p.draft for p in batch.plans if p.draft])
        intents.plan(tx, planned)
        remind_now(tx, desk, batch.reminders)
        last = max(m.ref.uid for m in fetched)
        mailboxes.advance(
            tx,
            FolderRecord(
                mailbox_id=desk.record.id,
                name=INBOX,
                uidvalidity=fetched[0].ref.uidvalidity,
                next_uid=last + 1,
                messages=UNCOUNTED,
                highestmodseq=desk.known[INBOX].highestmodseq if INBOX in desk.known else 0,
            ),
        )
    fault.point("intents-committed")
    report.seen += len(fetched)
    report.left += sum(1 for p in batch.plans if p.row.state not in ("planned", "quarantined"))
    carry_out(desk, planned, report, {p.row.id: p.row for p in batch.plans})


def _open_batch(desk: Desk, pairs: Sequence[Pair]) -> Batch:
    since = min((f.internaldate for f, _ in pairs), default=None)
    with desk.store.begin() as tx:
        conversations = Conversations.load(tx, desk.record.id, [m for _, m in pairs], since)
        open_drafts = intents.open_drafts(tx, desk.record.id)
        notices = intents.notice_keys(tx, desk.record.id)
    return Batch(
        desk=desk,
        notices=notices,
        conversations=conversations,
        with_draft={d.thread_id for d in open_drafts},
        drafts_left=desk.rules.drafts_at_most_open - sum(1 for d in open_drafts if d.state == "waiting"),
    )


def look_at_clocks(desk: Desk, report: PassReport) -> None:
    """Learn what has settled, retry what is held, and remind of what is due."""
    with desk.store.begin() as tx:
        report.learned = settle(tx, desk.record.id, desk.now)
        planned: list[Intent] = []
        if not desk.watching:
            planned += [*plan_held(tx, desk), *plan_deferred(tx, desk), *sweep(tx, desk), *plan_notices(tx, desk)]
    fault.point("sweep-committed")
    carry_out(desk, planned, report)


def carry_out(
    desk: Desk, planned: Sequence[Intent], report: PassReport, rows: Mapping[int, MessageRecord] | None = None
) -> None:
    """Do what was promised and record what came of it, also when the connection breaks half-way."""
    if not planned:
        return
    if rows is None:
        with desk.store.begin() as tx:
            rows = messages.get_many(tx, {i.message_row for i in planned if i.message_row})
    moves = sum(1 for i in planned if i.kind == "move")
    chunk = BACKFILL_CHUNK if moves > BACKLOG else RUNNING_CHUNK
    execution = Execution(desk.session, desk.mailbox.name, rows, desk.now, chunk=chunk)
    try:
        execution.run(planned)
    finally:
        with desk.store.begin() as tx:
            outcomes.record(tx, desk.mailbox.name, execution.outcomes, desk.rules.folders.quarantine)
        fault.point("outcomes-committed")
        count(execution.outcomes, report, desk.rules.folders.quarantine)


def count(done: Sequence[Intent], report: PassReport, quarantine: str) -> None:
    """Add outcomes to the report."""
    for outcome in done:
        match (outcome.kind, outcome.state):
            case ("move", "done") if outcome.destination == quarantine:
                report.quarantined += 1
            case ("move", "done"):
                report.moved[outcome.destination] += 1
            case ("move", "cancelled"):
                report.held += 1
            case ("draft", "done"):
                report.drafts += 1
            case _:
                pass
