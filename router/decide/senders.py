"""Who wrote: which sender lists a mail matches, and whether the claim can be believed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from router.decide.patterns import glob, plain_address
from router.decide.rules import Rules, Senders
from router.values import Authentication, Message, TraceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderMatches:
    """The lists that a mail matches, in file order, the tags that its proof of origin earns, and why."""

    matched: tuple[Senders, ...] = ()
    tags: tuple[str, ...] = ()
    trace: tuple[TraceLine, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self.matched)


def match_senders(rules: Rules, message: Message, authentication: Authentication) -> SenderMatches:
    """The sender lists that hold for a mail.

    Failed authentication: listed but not matched, with the forged tag. No result: matched, with the unverified tag.
    A mail that names other than one sender has failed: nobody can say which of them wrote (RFC 7489 §6.6.1).
    """
    doubt = _doubt(message, authentication)
    address = plain_address(message.sender.address)
    matched, trace, listed = [], [], False
    for entry in rules.senders:
        pattern = _index(entry.patterns).find(address)
        listed = listed or pattern is not None
        if pattern is not None and not doubt:
            matched.append(entry)
        trace.append(_line(entry.name, address, pattern, doubt))
    return SenderMatches(matched=tuple(matched), tags=_tags(rules, listed, doubt, authentication), trace=tuple(trace))


def _doubt(message: Message, authentication: Authentication) -> str:
    """Why the From address cannot be believed, '' when it can."""
    if authentication is Authentication.FAILED:
        return "authentication failed"
    if message.sender_count != 1:
        return f"it names {message.sender_count} senders"
    return ""


def _tags(rules: Rules, listed: bool, doubt: str, authentication: Authentication) -> tuple[str, ...]:
    if not listed:
        return ()
    if doubt:
        return (rules.forged_tag,)
    return (rules.unverified_tag,) if authentication is Authentication.NONE else ()


@lru_cache(maxsize=4096)
def _line(name: str, address: str, pattern: str | None, doubt: str) -> TraceLine:
    where = f"senders.{name}"
    if pattern is None:
        return TraceLine(where=where, outcome="missed", because=f"{address or 'nobody'} is not in the list")
    if doubt:
        return TraceLine(where=where, outcome="missed", because=doubt)
    return TraceLine(where=where, outcome="hit", because=f"{address} matches {pattern}")


class _Index:
    """Address globs by shape: a list of ten thousand customers costs one look-up."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._exact: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        self._others: list[tuple[str, re.Pattern[str]]] = []
        for written in patterns:
            pattern = plain_address(written)
            local, _, domain = pattern.rpartition("@")
            if "*" not in pattern and "?" not in pattern:
                self._exact.setdefault(pattern, written)
            elif local == "*" and "*" not in domain and "?" not in domain:
                self._domains.setdefault(domain, written)
            else:
                self._others.append((written, glob(pattern)))

    def find(self, address: str) -> str | None:
        """The pattern, as it was written, that the whole address matches."""
        if not address:
            return None
        written = self._exact.get(address) or ("@" in address and self._domains.get(address.rpartition("@")[2])) or None
        return written or next((written for written, compiled in self._others if compiled.fullmatch(address)), None)


@lru_cache(maxsize=256)
def _index(patterns: tuple[str, ...]) -> _Index:
    return _Index(patterns)
