"""Does a condition hold for a mail, and because of what?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from operator import attrgetter
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
Check = Callable[["Reading"], Answer]


def holds(condition: Condition, facts: Facts) -> Verdict:
    """Whether a condition holds; raises ConditionError, starting with its path, when that cannot be said."""
    value, because = compiled(condition)(Reading(facts))
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
    def folded_subject(self) -> str:
        return folded(self.message.subject[:SCANNED])

    @cached_property
    def folded_text(self) -> str:
        return folded(self.message.text[:SCANNED])

    @cached_property
    def written_subject(self) -> str:
        return composed(self.message.subject[:SCANNED])

    @cached_property
    def written_text(self) -> str:
        return composed(self.message.text[:SCANNED])

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


# ------------------------------------------------------------------ one check per kind of condition


def compiled(condition: Condition) -> Check:
    """The condition as a function of a mail, made once for many mails; ConditionError when it can never be evaluated.

    What a check says is put together here as far as it can be, so that asking costs little more than the look itself.
    """
    return _COMPILERS[type(condition)](condition)


def _all(condition: AllOf) -> Check:
    checks = tuple(map(compiled, condition.parts))
    if len(checks) == 1:
        return checks[0]

    def check(mail: Reading) -> Answer:
        reasons = []
        for part in checks:
            answer = part(mail)
            if not answer[0]:
                return answer
            reasons.append(answer[1])
        return True, "; ".join(reasons) or "it asks nothing"

    return check


def _any(condition: AnyOf) -> Check:
    checks = tuple(map(compiled, condition.parts))

    def check(mail: Reading) -> Answer:
        reasons = []
        for part in checks:
            answer = part(mail)
            if answer[0]:
                return answer
            reasons.append(answer[1])
        return False, "; ".join(dict.fromkeys(reasons)) or "it lists nothing"

    return check


def _not(condition: Not) -> Check:
    part = compiled(condition.part)

    def check(mail: Reading) -> Answer:
        value, because = part(mail)
        return not value, because

    return check


def _one_of(condition: OneOf) -> Check:
    key, wanted = condition.key, frozenset(condition.values)
    _require(key in _WORDS, condition, key)
    yes = {value: (True, f"{key} is {value}") for value in wanted}
    choice = " or ".join(condition.values)

    @lru_cache(maxsize=64)
    def no(have: tuple[str, ...]) -> Answer:
        return False, f"{key} is {' and '.join(have) or 'nobody listed'}, not {choice}"

    def check(mail: Reading) -> Answer:
        have = mail.words[key]
        for value in have:
            if value in wanted:
                return yes[value]
        return no(have)

    return check


def _is_true(condition: IsTrue) -> Check:
    key, wanted = condition.key, condition.value
    _require(key in _TRUTHS, condition, key)
    answers = {have: (have is wanted, said) for have, said in zip((True, False), _TRUTHS[key], strict=True)}
    return lambda mail: answers[mail.truths[key]]


_WORDS = frozenset({"category", "language", "script", "mailbox", "sender", "claimed_by"})
_TRUTHS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "automatic": ("it is automatic", "it is not automatic"),
        "list": ("it came through a mailing list", "it came through no mailing list"),
        "reply": ("it is a reply", "it is the first mail of its thread"),
        "flagged": ("it is flagged", "it is not flagged"),
    }
)
_ADDRESSES = frozenset({"from", "to", "cc", "delivered_to"})
_NUMBERS = frozenset({"confidence", "messages", "size"})


def _text_has(condition: TextHas) -> Check:
    _require(condition.key in ("subject", "text"), condition, condition.key)
    _require(condition.kind in _SEARCHES, condition, condition.kind)
    form, maker, quoted = _SEARCHES[condition.kind]
    text = attrgetter(f"{form}_{condition.key}")
    try:
        found = maker(condition.value)
    except ValueError as wrong:
        raise ConditionError(f"{condition.path}: {condition.value!r} is no RE2 pattern: {wrong}") from wrong
    yes = (True, f"{condition.key} has {quoted.format(condition.value)}")
    no = (False, f"{condition.key} has no {quoted.format(condition.value)}")
    return lambda mail: yes if found(text(mail)) else no


def _contains(value: str) -> Callable[[str], bool]:
    wanted = folded(value)
    return lambda text: wanted in text


def _word(value: str) -> Callable[[str], bool]:
    wanted, whole = folded(value), word(value)
    return lambda text: wanted in text and whole.search(text) is not None


def _regex(value: str) -> Callable[[str], bool]:
    pattern = regex(value)
    return lambda text: pattern.search(text) is not None


# kind → (form of the text it looks at, how it looks, how it is told)
_SEARCHES: Mapping[str, tuple[str, Callable[[str], Callable[[str], bool]], str]] = MappingProxyType(
    {
        "contains": ("folded", _contains, "'{}'"),
        "word": ("folded", _word, "the word '{}'"),
        "regex": ("written", _regex, "a match of /{}/"),
    }
)


def _address_is(condition: AddressIs) -> Check:
    key, pattern = condition.key, condition.pattern
    _require(key in _ADDRESSES, condition, key)
    matches = glob(plain_address(pattern)).fullmatch

    def check(mail: Reading) -> Answer:
        have = mail.addresses[key]
        for address in have:
            if matches(address):
                return True, f"{key} {address} matches {pattern}"
        return False, f"{key} {', '.join(have[:3]) or 'is empty and'} does not match {pattern}"

    return check


def _header_has(condition: HeaderHas) -> Check:
    name, wanted = condition.name.lower(), folded(condition.value)

    def check(mail: Reading) -> Answer:
        values = [value for key, value in mail.message.headers if key.lower() == name]
        if not values:
            return False, f"there is no header {condition.name}"
        if not wanted:
            return True, f"there is a header {condition.name}"
        found = any(wanted in folded(value[:SCANNED]) for value in values)
        return found, f"header {condition.name} {'has' if found else 'has no'} '{condition.value}'"

    return check


def _attachment_is(condition: AttachmentIs) -> Check:
    has_name, has_type = glob_matcher(condition.name), glob_matcher(condition.content_type)

    def check(mail: Reading) -> Answer:
        for part in mail.message.attachments:
            if has_name(part.name[:SCANNED]) and has_type(part.content_type[:SCANNED]):
                return True, f"attachment '{part.name}' is {part.content_type}"
        if not mail.message.attachments:
            return False, "there is no attachment"
        return False, f"no attachment matches {condition.name} of type {condition.content_type}"

    return check


def _between(condition: Between) -> Check:
    key, least, most = condition.key, condition.at_least, condition.at_most
    _require(key in _NUMBERS, condition, key)

    def check(mail: Reading) -> Answer:
        have = mail.numbers[key]
        if least is not None and have < least:
            return False, f"{key} is {have:g}, below {least:g}"
        if most is not None and have > most:
            return False, f"{key} is {have:g}, above {most:g}"
        return True, f"{key} is {have:g}"

    return check


def _require(known: bool, condition: OneOf | IsTrue | TextHas | AddressIs | Between, word: str) -> None:
    if not known:
        raise ConditionError(f"{condition.path}: nothing is known about {word!r} of a mail")


_COMPILERS: Mapping[type, Callable[[Any], Check]] = MappingProxyType(
    {
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
)
