"""From a decision to rows and intents. Pure: nothing is written or done here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from router.decide.rules import RemoveTag
from router.decide.workflows import Decision
from router.store.ids import next_id
from router.store.records import DraftRecord, Intent, MessageRecord, ThreadRecord, intent_on
from router.values import Classification, Draft, FetchedMessage, Message, TraceLine, to_json

MARKS = {f"$label{n}": f"$label{n}" for n in range(1, 6)} | {
    "flagged": "\\Flagged",
    "keyword": "$RouterDraft",
    "none": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where things go in one mailbox: folder names by use, and the UIDNEXT and UIDVALIDITY that were last seen."""

    drafts: str = ""
    trash: str = ""
    uidnext: dict[str, int] = field(default_factory=dict)
    uidvalidity: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one message turns into."""

    row: MessageRecord
    intents: tuple[Intent, ...] = ()
    draft: DraftRecord | None = None


def message_row(
    fetched: FetchedMessage, message: Message, mailbox_id: int, now: datetime, *, state: str
) -> MessageRecord:
    """The row of a message that nothing has been decided about."""
    return MessageRecord(
        id=next_id(),
        mailbox_id=mailbox_id,
        folder=fetched.ref.folder,
        uidvalidity=fetched.ref.uidvalidity,
        uid=fetched.ref.uid,
        fingerprint=fetched.fingerprint,
        size=fetched.size,
        internaldate=fetched.internaldate,
        seen_at=now,
        message_id=message.message_id[:998],
        sender=message.sender.address[:320],
        subject=message.subject[:300],
        language=message.language,
        automatic=message.automatic,
        state=state,
        source_folder=fetched.ref.folder,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Turns decisions of one batch into plans."""

    mailbox_id: int
    places: Places
    mark: str
    fence: int
    now: datetime

    def plan(
        self,
        row: MessageRecord,
        thread: ThreadRecord | None,
        decision: Decision,
        classification: Classification,
        draft: Draft | None,
        *,
        wanted_folder: str | None,
        trace: tuple[TraceLine, ...],
    ) -> Plan:
        """Rows and intents for one decided message. `wanted_folder` is where it would lie if the mode let us move."""
        moves_to = decision.folder if decision.folder and decision.folder != row.folder else None
        state = "planned" if moves_to else "left"
        if not moves_to and wanted_folder and wanted_folder != row.folder:
            state = "watched"
        row = _decided(row, thread, decision, classification, wanted_folder, state, trace)
        draft_record = self._draft_record(row, thread, draft)
        intents = [self._append_draft(row, draft_record, draft)] if draft and draft_record else []
        intents += [*self._flags(row, decision), *self._mark(row, draft_record)]
        intents += [self.move(row, moves_to)] if moves_to else []
        return Plan(row=row, intents=tuple(intents), draft=draft_record)

    def move(self, row: MessageRecord, destination: str) -> Intent:
        """Move a message to a folder."""
        return self._intent(row, "move", f"move:{row.id}:{destination}:{row.uid}", destination=destination)

    def _draft_record(self, row: MessageRecord, thread: ThreadRecord | None, draft: Draft | None) -> DraftRecord | None:
        if draft is None or thread is None:
            return None
        return DraftRecord(
            id=next_id(),
            mailbox_id=self.mailbox_id,
            thread_id=thread.id,
            message_row=row.id,
            reply_id=draft.reply_id,
            language=draft.language,
            body=draft.body,
            message_id=draft.message_id,
            key=draft.key,
            folder=self.places.drafts,
            placed_at=self.now,
        )

    def _append_draft(self, row: MessageRecord, record: DraftRecord, draft: Draft) -> Intent:
        folder = self.places.drafts
        return self._intent(
            row, "draft", f"draft:{record.id}", destination=folder, payload=draft.raw, draft_row=record.id
        )

    def _flags(self, row: MessageRecord, decision: Decision) -> list[Intent]:
        wanted = " ".join(dict.fromkeys([*decision.tags, *(["\\Flagged"] if decision.flag else [])]))
        unwanted = " ".join(a.tag for a in decision.actions if isinstance(a, RemoveTag))
        if not wanted and not unwanted:
            return []
        return [self._intent(row, "flags", f"flags:{row.id}", add_flags=wanted, remove_flags=unwanted)]

    def _mark(self, row: MessageRecord, draft: DraftRecord | None) -> list[Intent]:
        """How clients show that a draft waits; an intent of its own, because it goes when the draft is not placed."""
        mark = MARKS.get(self.mark, "") if draft else ""
        return (
            [self._intent(row, "flags", f"mark:{row.id}", add_flags=mark, draft_row=draft.id)] if draft and mark else []
        )

    def _intent(self, row: MessageRecord, kind: str, key: str, *, destination: str = "", **more: Any) -> Intent:
        return intent_on(
            row,
            kind,
            key,
            fence=self.fence,
            now=self.now,
            destination=destination,
            destination_uidnext=self.places.uidnext.get(destination, 0),
            destination_uidvalidity=self.places.uidvalidity.get(destination, 0),
            **more,
        )


def _decided(
    row: MessageRecord,
    thread: ThreadRecord | None,
    decision: Decision,
    classification: Classification,
    wanted_folder: str | None,
    state: str,
    trace: tuple[TraceLine, ...],
) -> MessageRecord:
    return replace(
        row,
        thread_id=thread.id if thread else None,
        category=decision.category,
        confidence=round(classification.confidence, 4),
        decided_by=classification.decided_by,
        decided_folder=wanted_folder,
        state=state,
        trace=to_json([*_evidence(classification), *trace]).decode(),
    )


def _evidence(classification: Classification) -> list[TraceLine]:
    """What the classifier saw, as the first lines of the trace."""
    name = classification.category or "unsure"
    lines = [
        TraceLine(
            where="classify",
            outcome=name,
            because=f"confidence {classification.confidence:.2f}, decided by {classification.decided_by}",
        )
    ]
    lines += [
        TraceLine(where=f"classify.{e.kind}", outcome=e.category or name, because=e.text)
        for e in classification.evidence
    ]
    return lines
