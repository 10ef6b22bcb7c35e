"""Does a condition hold for a mail, and because of what?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from router.decide.patterns import SCANNED, composed, folded, glob, glob_matcher, plain_address, regex, word
from router.decide.rules import (
    AddressIs,
    AllOf,
    AnyOf,
    AttachmentIs,
    Between,
    Condition,
    HeaderHas,
    IsTrue,
    Not,
    OneOf,
    TextHas,
)
from router.errors import ConditionError
from router.values import Authentication, Classification, Message, ThreadState

UNSURE = "unsure"
# Where servers write the envelope recipient; there is no standard header for it.
DELIVERED_TO = frozenset({"delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a decision about one mail may rest on."""

    message: Message
    mailbox: str
    classification: Classification = field(default_factory=Classification)
    thread: ThreadState | None = None  # as it was before this mail
    authentication: Authentication = Authentication.NONE
    senders: tuple[str, ...] = ()  # matched sender lists; `decide` works them out itself
    flags: tuple[str, ...] = ()  # as people set them: none of ours
    folder: str = "INBOX"  # where it lies
    received: datetime | None = None  # INTERNALDATE: clocks start here
    size: int = 0  # octets


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a condition holds, and the fact that says so."""

    value: bool
    because: str


Answer = tuple[bool, str]  # a Verdict inside this package: fifty workflows ask hundreds of questions about each mail


def holds(condition: Condition, facts: Facts) -> Verdict:
    """Whether a condition holds; raises ConditionError, starting with its path, when that cannot be said."""
    value, because = answer(condition, Reading(facts))
    return Verdict(value=value, because=because)


def from_a_robot(message: Message) -> bool:
    """Robots, bounces and mailing lists: never a clock, a draft or a reminder (RFC 3834, RFC 2919)."""
    return message.automatic or message.is_list


class Reading:
    """A mail as conditions look at it: its costly forms are made when first asked for, and once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.message = facts.message

    @cached_property
    def folded(self) -> Mapping[str, str]:
        return {"subject": folded(self.message.subject[:SCANNED]), "text": folded(self.message.text[:SCANNED])}

    @cached_property
    def written(self) -> Mapping[str, str]:
        return {"subject": composed(self.message.subject[:SCANNED]), "text": composed(self.message.text[:SCANNED])}

    @cached_property
    def addresses(self) -> Mapping[str, tuple[str, ...]]:
        """Addresses by key; a display name is never among them."""
        mail = self.message
        return {
            "from": _plain([mail.sender.address]),
            "to": _plain(a.address for a in mail.to),
            "cc": _plain(a.address for a in mail.cc),
            "delivered_to": _plain(_delivered_to(mail.headers)),
        }

    @cached_property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """What the mail is, for keys that name one of several values."""
        facts, mail = self.facts, self.message
        claimed_by = facts.thread.claimed_by if facts.thread else None
        return {
            "category": (facts.classification.category or UNSURE,),
            "language": (mail.language,),
            "script": (mail.script,),
            "mailbox": (facts.mailbox,),
            "sender": facts.senders,
            "claimed_by": (claimed_by,) if claimed_by else (),
        }

    @cached_property
    def truths(self) -> Mapping[str, bool]:
        facts, mail = self.facts, self.message
        known_before = facts.thread is not None and facts.thread.messages > 0
        return {
            "automatic": from_a_robot(mail),
            "list": mail.is_list,
            "reply": known_before or bool(mail.in_reply_to or mail.references),
            "flagged": is_flagged(facts.flags),
        }

    @cached_property
    def numbers(self) -> Mapping[str, float]:
        facts = self.facts
        return {
            "confidence": facts.classification.confidence,
            "messages": (facts.thread.messages if facts.thread else 0) + 1,  # this one counts
            "size": facts.size,
        }


def is_flagged(flags: Iterable[str]) -> bool:
    """Whether \\Flagged is among these (case ignored, RFC 9051 §2.3.2)."""
    return any(flag.lower() == "\\flagged" for flag in flags)


def _plain(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(plain_address(a) for a in addresses if a)


def _delivered_to(headers: Iterable[tuple[str, str]]) -> Iterable[str]:
    for name, value in headers:
        if name.lower() in DELIVERED_TO:
            yield from (part.rpartition("<")[2].strip(" <>\t") for part in value.split(","))


# ------------------------------------------------------------------ one answer per kind of condition


def answer(condition: Condition, mail: Reading) -> Answer:
    """`holds`, for a mail that several conditions look at."""
    return _KINDS[type(condition)](condition, mail)


def _all(condition: AllOf, mail: Reading) -> Answer:
    reasons = []
    for part in condition.parts:
        value, because = _KINDS[type(part)](part, mail)
        if not value:
            return False, because
        reasons.append(because)
    return True, "; ".join(reasons) or "it asks nothing"


def _any(condition: AnyOf, mail: Reading) -> Answer:
    reasons = []
    for part in condition.parts:
        value, because = _KINDS[type(part)](part, mail)
        if value:
            return True, because
        reasons.append(because)
    return False, "; ".join(dict.fromkeys(reasons)) or "it lists nothing"


def _not(condition: Not, mail: Reading) -> Answer:
    value, because = _KINDS[type(condition.part)](condition.part, mail)
    return not value, because


def _one_of(condition: OneOf, mail: Reading) -> Answer:
    have = _known(mail.words, condition.key, condition.path)
    wanted = condition.values
    for value in have:
        if value in wanted:
            return True, _is(condition.key, value)
    return False, _is_not(condition.key, have, wanted)


@lru_cache(maxsize=4096)
def _is(key: str, value: str) -> str:
    return f"{key} is {value}"


@lru_cache(maxsize=4096)
def _is_not(key: str, have: tuple[str, ...], wanted: tuple[str, ...]) -> str:
    return f"{key} is {' and '.join(have) or 'nobody listed'}, not {' or '.join(wanted)}"


def _is_true(condition: IsTrue, mail: Reading) -> Answer:
    have = _known(mail.truths, condition.key, condition.path)
    return have is condition.value, _TRUTHS[condition.key, have]


_TRUTHS = MappingProxyType(
    {
        ("automatic", True): "it is automatic",
        ("automatic", False): "it is not automatic",
        ("list", True): "it came through a mailing list",
        ("list", False): "it came through no mailing list",
        ("reply", True): "it is a reply",
        ("reply", False): "it is the first mail of its thread",
        ("flagged", True): "it is flagged",
        ("flagged", False): "it is not flagged",
    }
)


def _text_has(condition: TextHas, mail: Reading) -> Answer:
    search = _known(_SEARCHES, condition.kind, condition.path)
    found = search(condition, mail)
    return found, f"{condition.key} {'has' if found else 'has no'} {_QUOTED[condition.kind].format(condition.value)}"


def _contains(condition: TextHas, mail: Reading) -> bool:
    return folded(condition.value) in _known(mail.folded, condition.key, condition.path)


def _word(condition: TextHas, mail: Reading) -> bool:
    return word(condition.value).search(_known(mail.folded, condition.key, condition.path)) is not None


def _regex(condition: TextHas, mail: Reading) -> bool:
    text = _known(mail.written, condition.key, condition.path)
    try:
        return regex(condition.value).search(text) is not None
    except ValueError as wrong:
        raise ConditionError(f"{condition.path}: the regex {condition.value!r} cannot be used: {wrong}") from wrong


_SEARCHES: Mapping[str, Callable[[TextHas, Reading], bool]] = MappingProxyType(
    {"contains": _contains, "word": _word, "regex": _regex}
)
_QUOTED = MappingProxyType({"contains": "'{}'", "word": "the word '{}'", "regex": "a match of /{}/"})


def _address_is(condition: AddressIs, mail: Reading) -> Answer:
    have = _known(mail.addresses, condition.key, condition.path)
    matches = glob(plain_address(condition.pattern)).fullmatch
    for address in have:
        if matches(address):
            return True, f"{condition.key} {address} matches {condition.pattern}"
    return False, f"{condition.key} {', '.join(have[:3]) or 'is empty and'} does not match {condition.pattern}"


def _header_has(condition: HeaderHas, mail: Reading) -> Answer:
    name = condition.name.lower()
    values = [value for key, value in mail.message.headers if key.lower() == name]
    if not values:
        return False, f"there is no header {condition.name}"
    wanted = folded(condition.value)
    found = any(wanted in folded(value[:SCANNED]) for value in values)
    if not condition.value:
        return True, f"there is a header {condition.name}"
    return found, f"header {condition.name} {'has' if found else 'has no'} '{condition.value}'"


def _attachment_is(condition: AttachmentIs, mail: Reading) -> Answer:
    has_name, has_type = glob_matcher(condition.name), glob_matcher(condition.content_type)
    for part in mail.message.attachments:
        if has_name(part.name[:SCANNED]) and has_type(part.content_type[:SCANNED]):
            return True, f"attachment '{part.name}' is {part.content_type}"
    if not mail.message.attachments:
        return False, "there is no attachment"
    return False, f"no attachment matches {condition.name} of type {condition.content_type}"


def _between(condition: Between, mail: Reading) -> Answer:
    have = _known(mail.numbers, condition.key, condition.path)
    said = f"{condition.key} is {have:g}"
    if condition.at_least is not None and have < condition.at_least:
        return False, f"{said}, below {condition.at_least:g}"
    if condition.at_most is not None and have > condition.at_most:
        return False, f"{said}, above {condition.at_most:g}"
    return True, said


def _known(values: Mapping[str, Any], key: str, path: str) -> Any:
    try:
        return values[key]
    except KeyError:
        raise ConditionError(f"{path}: nothing is known about {key!r} of a mail") from None


_KINDS: Mapping[type, Callable[[Any, Reading], Answer]] = {
    AllOf: _all,
    AnyOf: _any,
    Not: _not,
    OneOf: _one_of,
    IsTrue: _is_true,
    TextHas: _text_has,
    AddressIs: _address_is,
    HeaderHas: _header_has,
    AttachmentIs: _attachment_is,
    Between: _between,
}
