"""What is to be done about one mail: the workflows, the folder, the draft, the clock, and why.

Pure: nothing is moved, sent or drafted here, and the time is an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import assert_never

from router.decide.conditions import UNSURE, Check, Facts, Reading, compiled, from_a_robot, is_flagged
from router.decide.rules import (
    Action,
    AddTag,
    Category,
    FileInto,
    Leave,
    PlaceDraft,
    Remind,
    RemoveTag,
    Rules,
    SetFlag,
    Target,
    Workflow,
)
from router.decide.senders import SenderMatches, match_senders
from router.decide.targets import recipient, tightest
from router.values import Message, Mode, TraceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be done about one mail, as far as the mailbox's mode allows, and every rule tried on the way.

    `actions` says it all; the fields beside it say the same for reading. `target` is the promise that this mail falls
    under, in every mode: None for robots and pure thanks, which start no clock and stop none. What a target's steps
    may do is for the sweep to ask of the mode.
    """

    actions: tuple[Action, ...] = ()
    category: str | None = None
    folder: str | None = None  # None: it stays
    draft: str | None = None
    tags: tuple[str, ...] = ()
    flag: bool = False
    target: Target | None = None
    started: datetime | None = None  # since when `target` runs: the first customer mail that nobody has answered
    trace: tuple[TraceLine, ...] = ()


def decide(facts: Facts, rules: Rules, *, now: datetime, mode: Mode) -> Decision:
    """The decision about one mail; raises ConditionError when a condition cannot be evaluated.

    `facts.senders` is worked out here. A category that the rules do not know is no category: the mail is unsure.
    """
    category = rules.category(facts.classification.category)
    senders = match_senders(rules, facts.message, facts.authentication)
    facts = _settled(facts, category, senders)
    wishes = _Wishes(trace=list(senders.trace))
    _tag_and_flag(wishes, facts, rules, senders)
    _run(wishes, facts, rules)
    started = (facts.thread.waiting_since if facts.thread else None) or facts.received or now
    target = _target(wishes, facts.message, rules, category, senders, started)
    folder = _folder(wishes, facts, category, senders)
    draft = _draft(wishes, facts.message)
    actions = _allowed(_actions(wishes, facts, folder, draft), mode, wishes)
    return _summed_up(actions, category, target, started, wishes.trace)


@dataclass(slots=True, kw_only=True)
class _Wishes:
    """What the rules asked for so far. Lives for one decision only, so it may change."""

    trace: list[TraceLine]
    place: FileInto | Leave | None = None
    place_because: str = ""
    draft: PlaceDraft | None = None
    tags: dict[str, AddTag | RemoveTag] = field(default_factory=dict)  # by name in lower case: IMAP ignores case
    flag: bool = False
    reminds: dict[tuple[str, str], Remind] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)

    def add(self, action: Action, because: str) -> None:
        """One more wish: the last folder and the last draft win, tags add up."""
        match action:
            case FileInto() | Leave():
                self.place, self.place_because = action, because
            case PlaceDraft():
                self.draft = action
            case AddTag() | RemoveTag():
                self.tags[action.tag.lower()] = action
            case SetFlag():
                self.flag = True
            case Remind():
                self.reminds[action.person, action.kind] = action
            case _:
                assert_never(action)

    def note(self, where: str, outcome: str, because: str) -> None:
        self.trace.append(TraceLine(where=where, outcome=outcome, because=because))


def _settled(facts: Facts, category: Category | None, senders: SenderMatches) -> Facts:
    """The facts with who wrote, and without a category that the rules do not know."""
    if facts.senders != senders.names:
        facts = replace(facts, senders=senders.names)
    if facts.classification.category and not category:
        facts = replace(facts, classification=replace(facts.classification, category=None))
    return facts


def _tag_and_flag(wishes: _Wishes, facts: Facts, rules: Rules, senders: SenderMatches) -> None:
    """What a mail gets before any workflow looks at it, so that a workflow may take it away."""
    for tag in senders.tags:
        wishes.add(AddTag(tag=tag), "senders")
    for entry in senders.matched:
        wishes.flag = wishes.flag or entry.flag
        if entry.tag:
            wishes.add(AddTag(tag=entry.tag), "senders")
    if facts.classification.category is None or not facts.classification.may_move:
        wishes.add(AddTag(tag=rules.unsure_tag), UNSURE)


def _run(wishes: _Wishes, facts: Facts, rules: Rules) -> None:
    """Every workflow once, top to bottom, until one says stop."""
    mail = Reading(facts)
    claimed_by = facts.thread.claimed_by if facts.thread else None
    for number, rule in enumerate(_compiled(rules)):
        value, because = rule.check(mail)
        wishes.trace.append(rule.line(value, because))
        if not value:
            continue
        workflow = rule.workflow
        for action in workflow.actions:
            wishes.add(_redirected(action, claimed_by), rule.where)
        if workflow.reply_within:
            wishes.targets.append(workflow.reply_within)
        if workflow.stop:
            left = len(rules.workflows) - number - 1
            if left:
                wishes.note("workflows", "skipped", f"{rule.where} stopped the list; {left} not tried")
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiled:
    """A workflow made ready for many mails."""

    workflow: Workflow
    where: str
    check: Check
    line: Callable[[bool, str], TraceLine]


_COMPILED: list[tuple[Rules, tuple[_Compiled, ...]]] = []  # of the rules in use: those now, and those before a reload
_RULES_IN_USE = 4


def _compiled(rules: Rules) -> tuple[_Compiled, ...]:
    """The workflows of these rules, compiled once. Rules are told apart by identity: comparing them costs too much."""
    for known, workflows in _COMPILED:
        if known is rules:
            return workflows
    made = tuple(_made_ready(workflow, number) for number, workflow in enumerate(rules.workflows))
    _COMPILED[:] = [(rules, made), *_COMPILED[: _RULES_IN_USE - 1]]
    return made


def _made_ready(workflow: Workflow, number: int) -> _Compiled:
    where = f"{workflow.path or f'workflows[{number}]'} {workflow.name}"

    @lru_cache(maxsize=256)  # the same rule misses for the same few reasons all day long
    def line(value: bool, because: str) -> TraceLine:
        return TraceLine(where=where, outcome="hit" if value else "missed", because=because)

    return _Compiled(workflow=workflow, where=where, check=compiled(workflow.when), line=line)


def _redirected(action: Action, claimed_by: str | None) -> Action:
    if not claimed_by or not isinstance(action, Remind):
        return action
    return replace(action, person=recipient(action.person, action.kind, claimed_by))


# ------------------------------------------------------------------ what holds in the end


def _target(
    wishes: _Wishes,
    message: Message,
    rules: Rules,
    category: Category | None,
    senders: SenderMatches,
    started: datetime,
) -> Target | None:
    """The tightest of the targets that apply. Of equals the more particular one holds: its steps were meant."""
    if from_a_robot(message):
        wishes.note("reply_within", "skipped", _robot(message))
        return None
    if message.thanks_only:
        wishes.note("reply_within", "skipped", "it only says thanks")
        return None
    applying = (
        *reversed(wishes.targets),
        *(entry.reply_within for entry in senders.matched),
        category.reply_within if category else None,
        rules.reply_within,
    )
    target = tightest([one for one in applying if one], started)
    if target:
        wishes.note("reply_within", "done", f"{target.name} is the tightest that applies")
    return target


def _robot(message: Message) -> str:
    return message.automatic_because or ("it is automatic" if message.automatic else "it came through a mailing list")


def _folder(
    wishes: _Wishes, facts: Facts, category: Category | None, senders: SenderMatches
) -> FileInto | Leave | None:
    """Where it goes: what a workflow says, else the first sender list with a folder, else the category."""
    place, because = _first_place(wishes, facts, category, senders)
    if not isinstance(place, FileInto):
        wishes.note("folder", "skipped", f"it stays: {because}")
        return place
    if is_flagged(facts.flags):
        wishes.note("folder", "skipped", f"it stays: a person flagged it ({because} says {place.folder})")
        return Leave()
    if place.folder == facts.folder or place.folder.upper() == facts.folder.upper() == "INBOX":
        wishes.note("folder", "skipped", f"it stays: it lies in {place.folder} already")
        return Leave()
    wishes.note("folder", "done", f"{place.folder}, as {because} says")
    return place


def _first_place(
    wishes: _Wishes, facts: Facts, category: Category | None, senders: SenderMatches
) -> tuple[FileInto | Leave | None, str]:
    if wishes.place:
        return wishes.place, wishes.place_because
    for entry in senders.matched:
        if entry.folder:
            return FileInto(folder=entry.folder), f"senders.{entry.name}"
    if not category:
        return None, "it is unsure what it is about"
    if not category.folder:
        return None, f"categories.{category.name} has no folder"
    if not facts.classification.may_move:
        return None, f"{category.name} is a first guess, and guesses move nothing"
    return FileInto(folder=category.folder), f"categories.{category.name}"


def _draft(wishes: _Wishes, message: Message) -> PlaceDraft | None:
    """The draft asked for, none for robots whatever workflows say; their reminders go the same way."""
    if not from_a_robot(message):
        return wishes.draft
    if wishes.draft:
        wishes.note("draft", "skipped", _robot(message))
    if wishes.reminds:
        wishes.note("remind", "skipped", _robot(message))
        wishes.reminds.clear()
    return None


def _actions(
    wishes: _Wishes, facts: Facts, folder: FileInto | Leave | None, draft: PlaceDraft | None
) -> tuple[Action, ...]:
    flag = (SetFlag(),) if wishes.flag and not is_flagged(facts.flags) else ()
    either = (*((folder,) if folder else ()), *((draft,) if draft else ()))
    return (*either, *wishes.tags.values(), *flag, *wishes.reminds.values())


# ------------------------------------------------------------------ what the mode allows


def _allowed(actions: tuple[Action, ...], mode: Mode, wishes: _Wishes) -> tuple[Action, ...]:
    """The actions that the mailbox's mode lets through; the trace keeps what the others would have been."""
    allowed = tuple(action for action in actions if _may(action, mode))
    held = [described for action in actions if action not in allowed and (described := describe(action))]
    if held:
        wishes.note("mode", "skipped", f"{mode}: would {', '.join(held)}")
    return allowed


def _may(action: Action, mode: Mode) -> bool:
    return mode is Mode.FILE or (mode is Mode.SUGGEST and not isinstance(action, FileInto))


def describe(action: Action) -> str:
    """An action in words, '' for one that does nothing."""
    match action:
        case FileInto():
            return f"file into {action.folder}"
        case Leave():
            return ""
        case PlaceDraft():
            return f"draft {action.reply}"
        case AddTag():
            return f"tag {action.tag}"
        case RemoveTag():
            return f"untag {action.tag}"
        case SetFlag():
            return "flag"
        case Remind():
            return f"{action.kind} {action.person}"
    assert_never(action)


def _summed_up(
    actions: tuple[Action, ...],
    category: Category | None,
    target: Target | None,
    started: datetime,
    trace: Iterable[TraceLine],
) -> Decision:
    """The actions, and what they come to."""
    return Decision(
        actions=actions,
        category=category.name if category else None,
        folder=next((a.folder for a in actions if isinstance(a, FileInto)), None),
        draft=next((a.reply for a in actions if isinstance(a, PlaceDraft)), None),
        tags=tuple(a.tag for a in actions if isinstance(a, AddTag)),
        flag=any(isinstance(a, SetFlag) for a in actions),
        target=target,
        started=started if target else None,
        trace=tuple(trace),
    )
