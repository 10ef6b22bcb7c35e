"""Looks at every clock that has something due, and writes the reminders: in one transaction with what has fired.

A reminder's key names its thread, clock, step and repetition, and is unique: whatever happens between two sweeps, no
step is told twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from router.act.clocks import fire, fired_of, target_of, targets_by_name, with_target
from router.act.desk import Desk
from router.decide import targets
from router.decide.rules import Remind, Rules, Target
from router.decide.targets import DueStep
from router.mail.compose import message_id_for
from router.report.reminder import Waiting, compose
from router.store import intents, mailboxes, messages, outbox, threads
from router.store.database import Transaction
from router.store.ids import next_id
from router.store.records import Intent, MessageRecord, OutboxLine, OutboxMail, ThreadRecord, intent_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One reminder for one person."""

    person: str
    at: datetime
    key: str
    waiting: Waiting
    thread_id: int


@dataclass(slots=True)
class Swept:
    """What a sweep decided."""

    reminders: list[Due] = field(default_factory=list)
    flags: list[Intent] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)  # reminders for which there is nobody


def sweep(tx: Transaction, desk: Desk) -> list[Intent]:
    """Write every reminder that is due; returns the planned tags and flags. Nothing is sent here."""
    named = targets_by_name(desk.rules)
    swept = Swept()
    due = threads.due(tx, desk.record.id, desk.now)
    threads.save(tx, [_advance(tx, desk, t, target_of(t, named, desk.rules), swept) for t in due])
    post(tx, desk, swept.reminders)
    for text in swept.untold:
        mailboxes.raise_alert(tx, desk.mailbox.name, f"untold:{text}", text, desk.now)
    intents.plan(tx, swept.flags)
    return swept.flags


def _advance(tx: Transaction, desk: Desk, thread: ThreadRecord, target: Target | None, swept: Swept) -> ThreadRecord:
    """Collect what is due in one thread; returns it with these steps fired."""
    if target is None or thread.waiting_since is None:
        return with_target(thread, None)
    due = targets.due_steps(target, thread.waiting_since, desk.now, fired_of(thread))
    row = _last_incoming(messages.of_thread(tx, thread.id))
    draft = any(d.state == "waiting" for d in intents.drafts_of(tx, thread.id)) if due else False
    for step in due:
        swept.reminders += _reminders(desk, thread, row, step, swept, draft=draft)
        flags = _flags_of(step)
        if flags and row is not None and row.uid is not None and step.repeat_index == 0:
            key = f"step:{thread.id}:{thread.clock}:{step.key}"
            swept.flags.append(intent_on(row, "flags", key, fence=desk.fence, now=desk.now, add_flags=flags))
    return fire(thread, [s.key for s in due], target)


def _reminders(
    desk: Desk, thread: ThreadRecord, row: MessageRecord | None, due: DueStep, swept: Swept, *, draft: bool
) -> list[Due]:
    wanted = [("remind", due.step.remind), ("escalate", due.step.escalate)]
    found: list[Due] = []
    for kind, name in wanted:
        if name is None:
            continue
        person = targets.recipient(name, kind, thread.claimed_by)
        if not targets.addresses_of(person, desk.rules):
            swept.untold.append(f"nobody to {kind}: {person!r} has no address under people")
            person = name  # a claim folder may be called anything: whoever the promise names is told instead
        if not targets.addresses_of(person, desk.rules):
            continue
        found.append(
            Due(
                person=person,
                at=targets.deliver_at(desk.rules.person(person), max(due.at, desk.now)),
                key=f"{thread.id}:{thread.clock}:{due.key}:{due.repeat_index}:{kind}:{person}",
                waiting=waiting_line(thread, row, kind, due.key, thread.waiting_since or due.at, draft=draft),
                thread_id=thread.id,
            )
        )
    return found


def waiting_line(
    thread: ThreadRecord, row: MessageRecord | None, kind: str, step: str, since: datetime, *, draft: bool = False
) -> Waiting:
    """A thread as one line of a reminder; `draft`: an answer of ours lies ready."""
    return Waiting(
        kind=kind,
        customer=thread.customer_name or thread.customer,
        subject=row.subject if row else thread.subject,
        folder=row.folder if row else "",
        waiting_since=since,
        message_id=row.message_id if row else "",
        step=step,
        draft=draft,
    )


def post(tx: Transaction, desk: Desk, reminders: Sequence[Due]) -> None:
    """Gather reminders into one mail per person and put it into the outbox."""
    known = outbox.known_lines(tx, [d.key for d in reminders])
    by_person: dict[str, list[Due]] = defaultdict(list)
    for reminder in reminders:
        if reminder.key in known:
            continue
        known.add(reminder.key)  # a claim may lead several reminders of one mail to one person
        by_person[reminder.person].append(reminder)
    for person, group in by_person.items():
        recipients = targets.addresses_of(person, desk.rules)
        lost = outbox.unknown_for(tx, person)
        mail_id = next_id()
        key = f"reminder-{mail_id}"
        subject, raw = compose(
            mailbox=desk.mailbox,
            recipients=recipients,
            lines=_one_per_thread(group),
            maybe_told=[m.subject for m in lost],
            key=key,
            message_id=message_id_for(key, desk.mailbox.address),
            now=desk.now,
        )
        mail = OutboxMail(
            id=mail_id,
            mailbox_id=desk.record.id,
            person=person,
            recipients=",".join(recipients),
            subject=subject,
            raw=raw,
            key=key,
            created_at=desk.now,
            not_before=min(d.at for d in group),
        )
        outbox.queue(tx, mail, [_line(mail_id, d) for d in group])
        for told in lost:
            outbox.set_mail(tx, told.id, state="reported")


def _one_per_thread(group: Sequence[Due]) -> list[Waiting]:
    """Several steps and repetitions may be due at once, after an outage of ours: the worst of them tells it all."""
    lines: dict[int, Waiting] = {}
    for due in group:
        known = lines.get(due.thread_id)
        if known is None or due.waiting.kind == "escalate":
            lines[due.thread_id] = due.waiting
    return list(lines.values())


def _line(mail_id: int, due: Due) -> OutboxLine:
    return OutboxLine(
        id=next_id(),
        mail_id=mail_id,
        thread_id=due.thread_id,
        kind=due.waiting.kind,
        step=due.waiting.step,
        key=due.key,
    )


def _last_incoming(rows: Sequence[MessageRecord]) -> MessageRecord | None:
    """The customer's newest mail that we know the place of."""
    incoming = [r for r in rows if r.state not in ("answer", "notice", "gone", "missing") and not r.automatic]
    return incoming[-1] if incoming else None


def _flags_of(due: DueStep) -> str:
    return " ".join(([due.step.tag] if due.step.tag else []) + (["\\Flagged"] if due.step.flag else []))


def retarget(tx: Transaction, mailbox_id: int, rules: Rules) -> None:
    """After the rules changed: when is the next step of every running clock due now?"""
    named: Mapping[str, Target] = targets_by_name(rules)
    running = [t for t in threads.waiting(tx, mailbox_id) if t.target]
    threads.save(tx, [with_target(t, target_of(t, named, rules)) for t in running])


def remind_now(tx: Transaction, desk: Desk, wanted: Sequence[tuple[ThreadRecord, MessageRecord, Remind]]) -> None:
    """Reminders that a workflow asks for the moment a mail arrives."""
    reminders = []
    for thread, row, action in wanted:
        person = targets.recipient(action.person, action.kind, thread.claimed_by)
        if targets.addresses_of(person, desk.rules):
            at = targets.deliver_at(desk.rules.person(person), desk.now)
            since = thread.waiting_since or row.internaldate
            line = waiting_line(thread, row, action.kind, "rule", since)
            key = f"rule:{row.id}:{action.kind}:{person}"
            reminders.append(Due(person=person, at=at, key=key, waiting=line, thread_id=thread.id))
    post(tx, desk, reminders)
