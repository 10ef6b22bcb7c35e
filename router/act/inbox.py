"""Decides about a batch of new mail: one plan a message, and the threads as they are afterwards."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from router.act.clocks import after_customer_mail, target_of, targets_by_name
from router.act.desk import Desk
from router.act.planning import Plan, Planner, message_row
from router.decide.conditions import Facts, from_a_robot
from router.decide.rules import Remind
from router.decide.workflows import Decision, decide
from router.errors import RouterError
from router.mail.authentication import judge
from router.mail.threads import customer_of
from router.replies.draft import write_draft
from router.store import threads
from router.store.conversations import Conversations, Found
from router.store.ids import next_id
from router.store.records import MessageRecord, ThreadRecord
from router.values import (
    Authentication,
    Backfill,
    Classification,
    Draft,
    FetchedMessage,
    Message,
    Mode,
    NoDraft,
    TraceLine,
    to_json,
)

log = logging.getLogger(__name__)
OLDEST_FOR_DRAFT = timedelta(days=3)  # mail from before our first run gets a draft only if it is newer
MONTH = timedelta(days=30)
CLOCK_SKEW = timedelta(days=1)  # how far the server's clock may be off
NOTICE_HEADER = "X-Inbox-Router-Key"

Pair = tuple[FetchedMessage, Message]


@dataclass(slots=True, kw_only=True)
class Batch:
    """What is known before a batch is decided, and what was decided."""

    desk: Desk
    conversations: Conversations
    with_draft: set[int]  # threads in which a draft waits
    notices: frozenset[str]  # keys of our own notices: a stranger cannot know one
    drafts_left: int
    plans: list[Plan] = field(default_factory=list)
    reminders: list[tuple[ThreadRecord, MessageRecord, Remind]] = field(default_factory=list)

    def decide_all(self, pairs: Sequence[Pair]) -> None:
        """One plan for each message, in order; whatever goes wrong with one message stays with that message."""
        self.plans += [self._guarded(fetched, message) for fetched, message in pairs]

    def _guarded(self, fetched: FetchedMessage, message: Message) -> Plan:
        row = message_row(fetched, message, self.desk.record.id, self.desk.now, state="left")
        if self._ours(message):
            return Plan(row=replace(row, state="notice"))
        if left := self._not_ours_to_touch(fetched):
            trace = (TraceLine(where="inbox", outcome="skipped", because=left),)
            return Plan(row=replace(row, trace=to_json(trace).decode()))
        found = self._continued(fetched, message)
        # Automatic mail joins a conversation but opens none.
        thread = found.thread if found else None if from_a_robot(message) else self._opened(message)
        try:
            undelivered = "the server cannot deliver it" if fetched.size and not fetched.raw else ""
            reason = message.unreadable or undelivered
            if not reason:
                return self._plan(row, fetched, message, thread, found)
        except Exception as error:  # noqa: BLE001 a mail that nobody foresaw goes to quarantine, alone
            log.warning("message %d cannot be handled: %s", row.id, type(error).__name__)
            reason = str(error) if isinstance(error, RouterError) else f"{type(error).__name__} while deciding"
        return self._quarantine(row, fetched, message, thread, reason)

    def _ours(self, message: Message) -> bool:
        """Our own notice, or mail from our address. A web form that names its visitor in Reply-To is a customer's."""
        return (
            customer_of(message, self.desk.own).address in self.desk.own
            or message.header(NOTICE_HEADER) in self.notices
        )

    def _continued(self, fetched: FetchedMessage, message: Message) -> Found | None:
        """The conversation that it continues. A subject is easily guessed: a forged sender joins nothing by it."""
        customer = customer_of(message, self.desk.own)
        found = self.conversations.find(message, customer.address, fetched.internaldate)
        if found and found.by == "subject":
            proven, _ = judge(message, self.desk.mailbox.authserv_ids)
            return None if proven is Authentication.FAILED else found
        return found

    def _opened(self, message: Message) -> ThreadRecord:
        return self.conversations.open(message, customer_of(message, self.desk.own))

    def _quarantine(
        self,
        row: MessageRecord,
        fetched: FetchedMessage,
        message: Message,
        thread: ThreadRecord | None,
        reason: str,
    ) -> Plan:
        """A folder that agents see, the reason in the trace, and a clock: a person may have written it.

        Without the right to move, it stays.
        """
        folder = self.desk.rules.folders.quarantine
        may_move = self.desk.mailbox.mode is Mode.FILE
        trace = (TraceLine(where="quarantine", outcome="done" if may_move else "watched", because=reason),)
        target = None if from_a_robot(message) else self.desk.rules.reply_within
        decision = Decision(folder=folder if may_move else None, target=target, trace=trace)
        thread = self._clock(thread, fetched, message, decision, Classification())
        plan = self._planner().plan(row, thread, decision, Classification(), None, wanted_folder=folder, trace=trace)
        return plan if may_move else replace(plan, row=replace(plan.row, state="quarantined"))

    def _planner(self) -> Planner:
        desk = self.desk
        return Planner(
            mailbox_id=desk.record.id,
            places=desk.places,
            mark=desk.rules.drafts_mark,
            fence=desk.fence,
            now=desk.now,
        )

    def _is_old(self, fetched: FetchedMessage) -> bool:
        """Mail from before our first run is filed, and nobody is reminded of it.

        The UID decides, for the server's clock may be wrong; the date only for mail that somebody has brought back from
        an archive since.
        """
        record = self.desk.record
        below = fetched.ref.uidvalidity == record.first_uidvalidity and fetched.ref.uid < record.first_uid
        return below or fetched.internaldate < record.first_run_at - CLOCK_SKEW

    def _waits_since_before_us(self, thread: ThreadRecord) -> bool:
        """Nobody is reminded of a conversation that waited when we came, until somebody has answered it."""
        return thread.waiting_since is not None and thread.waiting_since < self.desk.record.first_run_at

    def _not_ours_to_touch(self, fetched: FetchedMessage) -> str:
        """Why this mail is left alone, '' when it is not."""
        backfill = self.desk.mailbox.backfill
        if "\\Deleted" in fetched.flags:
            return "somebody has marked it as deleted"
        if backfill is Backfill.NONE and self._is_old(fetched):
            return "backfill: none leaves what was there before us"
        if backfill is Backfill.MONTH and fetched.internaldate < self.desk.record.first_run_at - MONTH:
            return "backfill: 30d leaves what is older"
        return ""

    # ------------------------------------------------------------------ one message

    def _plan(
        self,
        row: MessageRecord,
        fetched: FetchedMessage,
        message: Message,
        thread: ThreadRecord | None,
        found: Found | None,
    ) -> Plan:
        desk = self.desk
        before = thread.state(desk.mailbox.name) if thread and thread.messages else None
        classification = desk.bench.classifier.classify([message], [before])[0]
        authentication, because = judge(message, desk.mailbox.authserv_ids)
        facts = Facts(
            message=message,
            mailbox=desk.mailbox.name,
            classification=classification,
            thread=before,
            authentication=authentication,
            flags=fetched.flags,
            folder=fetched.ref.folder,
            received=fetched.internaldate,
            size=fetched.size,
        )
        wanted = decide(facts, desk.rules, now=desk.now, mode=Mode.FILE)
        allowed = wanted
        if desk.mailbox.mode is not Mode.FILE:
            allowed = decide(facts, desk.rules, now=desk.now, mode=desk.mailbox.mode)
        thread = self._clock(thread, fetched, message, allowed, classification)
        draft = self._draft(fetched, message, thread, allowed, classification)
        trace = (
            TraceLine(where="authentication", outcome=authentication, because=because),
            *([TraceLine(where="thread", outcome="hit", because=found.because)] if found else ()),
            *wanted.trace,
            *_draft_trace(draft),
        )
        plan = self._planner().plan(
            row,
            thread,
            allowed,
            classification,
            draft if isinstance(draft, Draft) else None,
            wanted_folder=wanted.folder,
            trace=trace,
        )
        if thread and not self._is_old(fetched):
            self.reminders += [(thread, plan.row, a) for a in allowed.actions if isinstance(a, Remind)]
        return plan

    def _clock(
        self,
        thread: ThreadRecord | None,
        fetched: FetchedMessage,
        message: Message,
        decision: Decision,
        classification: Classification,
    ) -> ThreadRecord | None:
        """The thread after this mail: a person's mail starts its clock, one that was answered already does not."""
        if thread is None:
            return None
        thread = self.conversations.get(thread.id)
        self.conversations.take_in(thread.id, message)
        if classification.category and classification.may_move:
            thread = replace(thread, category=classification.category)
        answered = self.conversations.answered_at(message, thread.customer)
        if answered is None and thread.answer_proof == threads.SENT and thread.answered_at is not None:
            # An answer that went out after this mail came stopped its clock, whichever mail it names.
            answered = thread.answered_at if fetched.internaldate < thread.answered_at else None
        if from_a_robot(message) or message.thanks_only:
            thread = replace(thread, messages=thread.messages + 1)
        elif answered is not None:
            thread = threads.answered(replace(thread, messages=thread.messages + 2), answered, threads.SENT)
        else:
            silent = self._is_old(fetched) or self._waits_since_before_us(thread)
            target = None if silent else decision.target
            holding = target_of(thread, targets_by_name(self.desk.rules), self.desk.rules)
            thread = after_customer_mail(thread, fetched.internaldate, target, holding)
        self.conversations.put(thread)
        return thread

    # ------------------------------------------------------------------ its draft

    def _draft(
        self,
        fetched: FetchedMessage,
        message: Message,
        thread: ThreadRecord | None,
        decision: Decision,
        classification: Classification,
    ) -> Draft | NoDraft | None:
        if decision.draft is None:
            return None
        forged = self.desk.rules.forged_tag in decision.tags
        refusal = "the sender is forged" if forged else self._no_draft(fetched, thread)
        if refusal or thread is None:
            return NoDraft(because=refusal or "no conversation")
        draft = write_draft(
            library=self.desk.bench.library,
            message=message,
            raw_ref=None,  # the executor writes where the mail lies, once it lies there
            thread=thread.state(self.desk.mailbox.name),
            classification=classification,
            wanted=decision.draft,
            mailbox=self.desk.mailbox,
            now=self.desk.now,
            key=f"draft-{next_id()}",
        )
        if isinstance(draft, Draft):
            self.with_draft.add(thread.id)
            self.drafts_left -= 1
        return draft

    def _no_draft(self, fetched: FetchedMessage, thread: ThreadRecord | None) -> str:
        """Why this mail gets no draft of ours, '' when it may have one."""
        if thread is None or not thread.waiting:
            return "nobody waits for an answer"
        if thread.id in self.with_draft:
            return "a draft waits in this conversation already"
        if fetched.internaldate < self.desk.record.first_run_at - OLDEST_FOR_DRAFT:
            return "the mail is older than our first run by more than three days"
        if "\\Answered" in fetched.flags:
            return "the mail is marked as answered"
        if self.drafts_left <= 0:
            return f"{self.desk.rules.drafts_at_most_open} drafts wait already"
        return ""


def _draft_trace(draft: Draft | NoDraft | None) -> tuple[TraceLine, ...]:
    match draft:
        case Draft():
            because = f"{draft.reply_id} ({draft.language})"
            return (TraceLine(where="draft", outcome="done", because=because),)
        case NoDraft():
            return (TraceLine(where="draft", outcome="skipped", because=draft.because),)
        case _:
            return ()
