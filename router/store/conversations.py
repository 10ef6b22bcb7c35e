"""Which conversation each message of a batch belongs to.

A thread is one customer's: a stranger who quotes somebody else's Message-ID in References opens a thread of his own,
so no header can pull a mail into another customer's conversation, clock or draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from router.mail.threads import base_subject, references_of
from router.store import threads
from router.store.database import Transaction
from router.store.ids import next_id
from router.store.records import ThreadRecord
from router.values import Address, Message


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
        self._new: set[int] = set()
        self._changed: set[int] = set()
        self._references: list[tuple[str, int]] = []

    @classmethod
    def load(cls, tx: Transaction, mailbox_id: int, messages: Iterable[Message]) -> Conversations:
        """Everything that is known of the conversations these messages name."""
        listed = list(messages)
        ids = {r for m in listed for r in references_of(m)} | {m.message_id for m in listed if m.message_id}
        own = [m.message_id for m in listed if m.message_id]
        return cls(mailbox_id, threads.referred(tx, mailbox_id, ids), threads.answers_to(tx, mailbox_id, own))

    def get(self, thread_id: int) -> ThreadRecord:
        """The thread as it is now."""
        return self._threads[thread_id]

    def find(self, message: Message, customer: str) -> ThreadRecord | None:
        """The customer's thread that this message answers; the nearest reference wins."""
        for reference in reversed((message.message_id, *references_of(message))):
            for thread_id in self._by_reference.get(reference, ()):
                if self._threads[thread_id].customer == customer:
                    return self._threads[thread_id]
        return None

    def of_recipients(self, message: Message) -> list[ThreadRecord]:
        """The threads that a mail of ours belongs to: it names them, and their customer is in To or Cc."""
        recipients = {a.address for a in (*message.to, *message.cc)}
        ids = [t for r in references_of(message) for t in self._by_reference.get(r, ())]
        return [self._threads[t] for t in dict.fromkeys(ids) if self._threads[t].customer in recipients]

    def open(self, message: Message, customer: Address) -> ThreadRecord:
        """A new thread for this message."""
        thread = ThreadRecord(
            id=next_id(),
            mailbox_id=self._mailbox_id,
            customer=customer.address,
            customer_name=customer.name[:200],
            subject=base_subject(message.subject)[:500],
        )
        self._new.add(thread.id)
        self._threads[thread.id] = thread
        self.refer(thread.id, (*references_of(message), message.message_id))
        return thread

    def refer(self, thread_id: int, message_ids: Sequence[str]) -> None:
        """These Message-IDs belong to the thread from now on."""
        for message_id in message_ids:
            members = self._by_reference.setdefault(message_id, [])
            if message_id and thread_id not in members:
                members.append(thread_id)
                self._references.append((message_id, thread_id))

    def put(self, thread: ThreadRecord) -> None:
        """The thread has changed."""
        self._threads[thread.id] = thread
        self._changed.add(thread.id)

    def answered_at(self, message: Message, customer: str) -> datetime | None:
        """When somebody answered this very message, if we saw the answer first."""
        return self._answers.get((message.message_id, customer))

    def save(self, tx: Transaction) -> None:
        """Write new and changed threads, and their references."""
        threads.add(tx, [self._threads[i] for i in sorted(self._new)])
        threads.save(tx, [self._threads[i] for i in sorted(self._changed - self._new)])
        threads.refer(tx, self._mailbox_id, self._references)
