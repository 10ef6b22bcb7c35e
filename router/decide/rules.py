"""What an admin's workflows.yaml means: frozen types that `config/` builds and `decide/` evaluates.

Nothing below this module knows YAML. The words are those of docs/reference/workflows.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

MINUTES_PER_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A calendar of open minutes. `spans[weekday]` (Monday is 0) holds (start, end) in minutes of the local day."""

    name: str
    time_zone: str = "UTC"
    spans: tuple[tuple[tuple[int, int], ...], ...] = (((0, MINUTES_PER_DAY),),) * 7
    holidays: frozenset[date] = frozenset()
    always: bool = False  # 24/7: no zone, no holidays


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens when a share of a target's open time has passed."""

    at: float  # 0.75 is 75 %
    tag: str | None = None
    flag: bool = False
    remind: str | None = None  # a name under `people`
    escalate: str | None = None
    repeat: timedelta | None = None  # open time between repetitions of remind and escalate
    at_most: int | None = None  # sendings in all, the first included

    @property
    def key(self) -> str:
        """The step's stable name: `at most one reminder per target step` hangs on it."""
        return f"{self.at * 100:g}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A response-time promise: open minutes (`within`) or open days (`days`) of one calendar, with steps."""

    name: str  # where it was written: "reply_within" · "categories.refund" · "senders.vip" · "workflows[2]"
    within: timedelta = timedelta(0)
    days: int = 0  # > 0: N open days instead of `within`
    hours: Hours
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a mail is about."""

    name: str
    folder: str | None = None  # None: classify in place
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))  # by language
    not_phrases: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    about: str = ""
    reply_within: Target | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Senders:
    """Who wrote: address globs (`*@partner.example`), whole string, case ignored."""

    name: str
    patterns: tuple[str, ...]
    folder: str | None = None
    flag: bool = False
    tag: str | None = None
    reply_within: Target | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the team: a key under `people`."""

    name: str
    emails: tuple[str, ...]
    language: str = "en"
    hours: Hours | None = None


# ------------------------------------------------------------------ conditions: one node type per shape


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every part holds; an empty one holds always."""

    parts: tuple[Condition, ...]
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    parts: tuple[Condition, ...]
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    part: Condition
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """A message's value is one of these: category (`unsure` is one), language, script, mailbox, sender (list names)."""

    key: str
    values: tuple[str, ...]
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IsTrue:
    """A yes-or-no fact: automatic, list, reply."""

    key: str
    value: bool
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextHas:
    """Subject or new text contains a string (case ignored), a word, or an RE2 match (searched)."""

    key: str  # subject · text
    kind: str  # contains · word · regex
    value: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressIs:
    """One of the addresses of from · to · cc · delivered_to matches a whole-string glob, case ignored."""

    key: str
    pattern: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderHas:
    """A header contains a text; '' means it is there at all."""

    name: str
    value: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentIs:
    """An attachment's name or media type matches a glob; both '*' means there is one."""

    name: str = "*"
    content_type: str = "*"
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A number lies in [at_least, at_most]: confidence, messages."""

    key: str
    at_least: float | None = None
    at_most: float | None = None
    path: str = ""


Condition = AllOf | AnyOf | Not | OneOf | IsTrue | TextHas | AddressIs | HeaderHas | AttachmentIs | Between


# ------------------------------------------------------------------ actions: what a decision asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInto:
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Stays where it is, whatever the category's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDraft:
    reply: str  # "refund/first" or "best"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTag:
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTag:
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFlag:
    """\\Flagged: visible in every client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    person: str
    kind: str = "remind"  # remind · escalate
    because: str = ""


Action = FileInto | Leave | PlaceDraft | AddTag | RemoveTag | SetFlag | Remind


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """All that match run, top to bottom; `stop` ends the list."""

    name: str
    when: Condition
    actions: tuple[Action, ...] = ()
    reply_within: Target | None = None
    stop: bool = False
    path: str = ""  # "workflows[0]"


# ------------------------------------------------------------------ the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Folders with a meaning of their own."""

    done: str = "Support/Done"
    quarantine: str = "Support/Could not read"
    claims: str = "Support/@*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One workflows.yaml, read, checked and spelled out in full."""

    categories: tuple[Category, ...] = ()
    senders: tuple[Senders, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    people: tuple[Person, ...] = ()
    reply_within: Target | None = None
    folders: Folders = Folders()
    unsure_below: float | None = None
    unsure_tag: str = "router-unsure"
    forged_tag: str = "forged-sender"
    unverified_tag: str = "unverified-sender"
    learn_from_moves: bool = True
    drafts_at_most_open: int = 50
    drafts_mark: str = "$label1"  # $label1 · flagged · keyword · none

    def category(self, name: str | None) -> Category | None:
        return next((c for c in self.categories if c.name == name), None)

    def person(self, name: str) -> Person | None:
        return next((p for p in self.people if p.name == name), None)
