"""What people's own acts mean: a sent mail that answers, a move that corrects, closes or claims."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from router.decide.patterns import folded, glob, plain_address
from router.decide.rules import Rules
from router.values import Message


def is_answer(message: Message, customer: str, own_addresses: Collection[str], *, found_in_sent: bool = True) -> bool:
    """Whether a mail of ours answers a customer: a person wrote it, to her, and it says more than thanks.

    A mail in the Sent folder is ours whoever it says it is from (agents have aliases); found anywhere else, it is
    ours only when its sender is one of `own_addresses`.
    """
    wanted, author = plain_address(customer), plain_address(message.sender.address)
    if not wanted or author == wanted or message.automatic or message.thanks_only:
        return False
    if not found_in_sent and author not in {plain_address(own) for own in own_addresses}:
        return False
    return any(plain_address(to.address) == wanted for to in (*message.to, *message.cc))


# ------------------------------------------------------------------ gestures


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Moved to a category's folder: this is what the mail is about."""

    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack:
    """Moved back to INBOX: do not file this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Done, or out of sight: the clock, drafts and promises end."""

    reason: str  # done · junk · trash · archive · deleted
    teaches: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Moved to somebody's claim folder: she alone is reminded."""

    by: str  # lower case


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderFolder:
    """Moved to a sender list's folder: says something about who wrote, never about the text."""

    senders: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Moved to where no meaning is attached."""


Gesture = Correction | SentBack | Closed | Claimed | SenderFolder | Elsewhere

_CLOSING = MappingProxyType({"junk": "junk", "trash": "trash", "archive": "archive"})


def gesture_of(from_folder: str, to_folder: str | None, rules: Rules, special: Mapping[str, str]) -> Gesture:
    """What moving a mail means; `to_folder` is None when it was deleted.

    `special` holds folder names by use: drafts, sent, junk, trash, archive. Folders use `/`; case is ignored.
    """
    if to_folder is None:
        return Closed(reason="deleted")
    closed = _closing(to_folder, rules, special)
    if closed:
        return Closed(reason=closed)
    claimed_by = claimer(to_folder, rules)
    if claimed_by:
        return Claimed(by=claimed_by)
    if _same(to_folder, "INBOX"):
        released = claimer(from_folder, rules) or _closing(from_folder, rules, special)
        return Elsewhere() if released or _same(from_folder, "INBOX") else SentBack()
    return _filed(from_folder, to_folder, rules)


def claimer(folder: str, rules: Rules) -> str | None:
    """Whose claim folder this is, lower case; None when it is nobody's, so leaving one unclaims."""
    match = glob(folded(rules.folders.claims)).fullmatch(folded(folder))
    if not match or not match.groups():
        return None
    return match.groups()[-1].partition("/")[0].strip() or None


def _filed(from_folder: str, to_folder: str, rules: Rules) -> Gesture:
    if _same(from_folder, to_folder):
        return Elsewhere()
    lists = [entry.name for entry in rules.senders if entry.folder and _same(entry.folder, to_folder)]
    if lists:
        return SenderFolder(senders=lists[0])
    categories = [c.name for c in rules.categories if c.folder and _same(c.folder, to_folder)]
    # A folder of several categories cannot say which of them the agent meant.
    return Correction(category=categories[0]) if len(categories) == 1 else Elsewhere()


def _closing(folder: str, rules: Rules, special: Mapping[str, str]) -> str:
    """Why a mail in this folder is closed, '' when it is not. Folders inside count: clients archive by year."""
    places = {"done": rules.folders.done, **{why: special[use] for use, why in _CLOSING.items() if use in special}}
    return next((why for why, place in places.items() if place and _within(folder, place)), "")


def _same(one: str, other: str) -> bool:
    return folded(one) == folded(other)


def _within(folder: str, place: str) -> bool:
    return _same(folder, place) or folded(folder).startswith(folded(place) + "/")
