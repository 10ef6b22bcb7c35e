"""Which conversation each message of a batch belongs to.

A thread is one customer's: a stranger who quotes somebody else's Message-ID, ticket number or subject opens a thread of
his own, so nothing in a mail can pull it into another customer's conversation, clock or draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from router.mail import subjects
from router.mail.subjects import Subject
from router.mail.threads import (
    TAGGED,
    WAITING,
    Candidate,
    answered,
    continued,
    conversation_index,
    may_answer,
    may_continue,
    references_of,
)
from router.store import threads
from router.store.database import Transaction
from router.store.ids import next_id
from router.store.records import ThreadRecord
from router.values import Address, Message

_MOST_TAGGED = 2000  # threads, the newest, whose mails are looked through for ticket tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The conversation that a message continues, and what led to it."""

    thread: ThreadRecord
    by: str  # ids · subject
    because: str


class Conversations:
    """The threads that a batch touches, as the batch changes them. `save` writes what changed."""

    def __init__(
        self,
        mailbox_id: int,
        referred: dict[str, list[ThreadRecord]],
        answers: dict[tuple[str, str], datetime],
    ) -> None:
        self._mailbox_id = mailbox_id
        self._answers = answers
        self._threads = {t.id: t for found in referred.values() for t in found}
        self._by_reference = {mid: [t.id for t in found] for mid, found in referred.items()}
        self._by_subject: dict[tuple[str, str], dict[int, None]] = {}  # (customer, key or #tag) → threads
        self._tags: dict[int, set[str]] = {}
        self._loose: dict[int, set[str]] = {}
        self._new: set[int] = set()
        self._changed: set[int] = set()
        self._references: list[tuple[str, int]] = []

    @classmethod
    def load(
        cls,
        tx: Transaction,
        mailbox_id: int,
        messages: Iterable[Message],
        since: datetime | None = None,
        *,
        seek: Callable[[Message], tuple[str, Subject] | None] = may_continue,
    ) -> Conversations:
        """Everything that is known of the conversations these messages name.

        With `since`, when the first of them was received, also of those that their subjects may lead to: `seek` says
        whose (`may_answer` for mail of ours).
        """
        listed = list(messages)
        own = [_folded(m.message_id) for m in listed if m.message_id]
        ids = {one for m in listed for one in _names(m)}
        loaded = cls(mailbox_id, threads.referred(tx, mailbox_id, ids), threads.answers_to(tx, mailbox_id, own))
        if since is not None:
            lost = [s for m in listed if (s := seek(m)) and not loaded._by_ids(m, s[0])]
            loaded._load_subjects(tx, lost, since)
        return loaded

    def _load_subjects(self, tx: Transaction, lost: Sequence[tuple[str, Subject]], since: datetime) -> None:
        """The threads of these customers that have the subject or a ticket tag of a mail whose ids lead nowhere."""
        wanted = {(customer, name) for customer, subject in lost for name in _subject_names(subject)}
        said = self._said(tx, lost, since)
        led = [i for i, (who, texts) in said.items() if any((who, n) in wanted for t in texts for n in _read(t))]
        for thread_id, thread in threads.get_many(tx, led).items():
            known = self._threads.setdefault(thread_id, thread)
            for text in said[thread_id][1]:
                self._note(known, text)

    def _said(
        self, tx: Transaction, lost: Sequence[tuple[str, Subject]], since: datetime
    ) -> dict[int, tuple[str, set[str]]]:
        """(customer, subjects) of the threads that may be meant: for a ticket tag those of all their mails, for we may
        have put it there."""
        tagged = {customer for customer, subject in lost if subject.tags}
        others = {customer for customer, _ in lost} - tagged
        near = threads.active_of(tx, self._mailbox_id, others, since - WAITING)
        far = sorted(threads.active_of(tx, self._mailbox_id, tagged, since - TAGGED))[-_MOST_TAGGED:]
        written = threads.subjects_in(tx, [thread_id for thread_id, _, _ in far])
        return {i: (customer, {subject} | written.get(i, set())) for i, customer, subject in (*near, *far)}

    def get(self, thread_id: int) -> ThreadRecord:
        """The thread as it is now."""
        return self._threads[thread_id]

    def find(self, message: Message, customer: str, at: datetime | None = None) -> Found | None:
        """The customer's thread that this message, received `at`, continues.

        Ids decide, the nearest first. Without `at`, or when they name mail of others, nothing else is looked at.
        """
        if thread := self._by_ids(message, customer):
            return Found(thread=thread, by="ids", because="its ids name a mail of this conversation")
        sought = may_continue(message) if at else None
        if at is None or sought is None or sought[0] != customer:
            return None
        if any(self._by_reference.get(_folded(one)) for one in references_of(message)):
            return None  # it answers a mail that lies in somebody else's conversation
        found = continued(message, at, self._candidates(*sought))
        return Found(thread=self._threads[found[0].id], by="subject", because=found[1]) if found else None

    def _by_ids(self, message: Message, customer: str) -> ThreadRecord | None:
        for name in _names(message):
            for thread_id in self._by_reference.get(name, ()):
                if self._threads[thread_id].customer == customer:
                    return self._threads[thread_id]
        return None

    def _candidates(self, customer: str, subject: Subject) -> list[Candidate]:
        led = [i for name in _subject_names(subject) for i in self._by_subject.get((customer, name), ())]
        return [one for i in dict.fromkeys(led) if (one := self._candidate(i))]

    def _candidate(self, thread_id: int) -> Candidate | None:
        """A thread as the rule looks at it; None when a person has never waited in it."""
        thread = self._threads[thread_id]
        moments = [at for at in (thread.waiting_since, thread.answered_at, thread.closed_at) if at]
        if not moments:
            return None
        return Candidate(
            id=thread.id,
            customer=thread.customer,
            subject=thread.subject,
            tags=self._tags.get(thread_id, ()),
            loose=self._loose.get(thread_id, ()),
            active_at=max(moments),
            waiting=thread.waiting,
            closed=thread.closed_at is not None,
        )

    def of_recipients(self, message: Message, at: datetime | None = None) -> list[ThreadRecord]:
        """The threads that a mail of ours belongs to: it names them, and their customer is in To or Cc.

        One that names nothing, sent `at`, belongs to the only thread of its recipient that waits for such an answer.
        """
        recipients = {a.address for a in (*message.to, *message.cc)}
        ids = [t for r in references_of(message) for t in self._by_reference.get(_folded(r), ())]
        ids = ids or self._by_reference.get(_folded(conversation_index(message)), [])
        if not ids and at and (sought := may_answer(message)):
            found = answered(message, at, self._candidates(*sought))
            ids = [found.id] if found else []
        return [self._threads[t] for t in dict.fromkeys(ids) if self._threads[t].customer in recipients]

    def open(self, message: Message, customer: Address) -> ThreadRecord:
        """A new thread for this message."""
        thread = ThreadRecord(
            id=next_id(),
            mailbox_id=self._mailbox_id,
            customer=customer.address,
            customer_name=customer.name[:200],
            subject=subjects.read(message.subject).base[: subjects.LONGEST],
        )
        self._new.add(thread.id)
        self._threads[thread.id] = thread
        self.refer(thread.id, references_of(message))
        self.take_in(thread.id, message)
        return thread

    def take_in(self, thread_id: int, message: Message) -> None:
        """This message belongs to the thread, and so do those that will name it."""
        self.refer(thread_id, (message.message_id, conversation_index(message)))
        self._note(self._threads[thread_id], message.subject)

    def refer(self, thread_id: int, message_ids: Sequence[str]) -> None:
        """These Message-IDs belong to the thread from now on."""
        for message_id in map(_folded, message_ids):
            if not message_id:
                continue
            members = self._by_reference.setdefault(message_id, [])
            if thread_id not in members:
                members.append(thread_id)
                self._references.append((message_id, thread_id))

    def _note(self, thread: ThreadRecord, written: str) -> None:
        """A mail of the thread has this subject."""
        subject = subjects.read(written)
        self._tags.setdefault(thread.id, set()).update(subject.tags - subject.loose)
        self._loose.setdefault(thread.id, set()).update(subject.loose)
        for name in _subject_names(subject):
            self._by_subject.setdefault((thread.customer, name), {})[thread.id] = None

    def put(self, thread: ThreadRecord) -> None:
        """The thread has changed."""
        self._threads[thread.id] = thread
        self._changed.add(thread.id)

    def answered_at(self, message: Message, customer: str) -> datetime | None:
        """When somebody answered this very message, if we saw the answer first."""
        return self._answers.get((_folded(message.message_id), customer))

    def save(self, tx: Transaction) -> None:
        """Write new and changed threads, and their references."""
        threads.add(tx, [self._threads[i] for i in sorted(self._new)])
        threads.save(tx, [self._threads[i] for i in sorted(self._changed - self._new)])
        threads.refer(tx, self._mailbox_id, self._references)


def _folded(message_id: str) -> str:
    """An id as it is compared: gateways change the case of what they pass on, and two ids never differ in it alone."""
    return message_id.lower()


def _names(message: Message) -> Iterator[str]:
    """What may lead to a message's thread, the best first: its nearest reference, itself, Outlook's index."""
    yield from map(_folded, reversed(references_of(message)))
    if message.message_id:
        yield _folded(message.message_id)
    if index := conversation_index(message):
        yield _folded(index)


def _subject_names(subject: Subject) -> list[str]:
    """What a subject may find a thread by."""
    return [*([subject.key] if subject.key else ()), *(f"#{tag}" for tag in subject.tags)]


def _read(text: str) -> list[str]:
    return _subject_names(subjects.read(text))
