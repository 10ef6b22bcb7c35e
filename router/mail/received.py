"""Received headers (RFC 5321 section 4.4): which of them our side wrote, and so which other headers it can have.

Each server writes on top of what it got. The topmost Received is ours; below the one by which a mail came in from
outside, everything may have been written by the sender, whatever it says.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from .authres import outside_comments

_CLAUSE = re.compile(r"(?:^|\s)(from|by|with)\s+([^\s;]+)", re.IGNORECASE)
_NAMES = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
_BY = re.compile(r"\sby\s", re.IGNORECASE)
_ADDRESSES = re.compile(
    r"(?<![\w.:])(?:IPv6:)?((?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w.:])"
)
_LONGEST = 1000  # characters of one header
# Second-level labels below which registries of countries sell: co.uk, com.au, gov.ua, ne.jp.
_SECOND_LEVEL = frozenset(
    ("ac", "co", "com", "edu", "gob", "gov", "gv", "id", "in", "ltd", "mil", "ne", "net", "nom", "or", "org")
)
_NO_NAMES = frozenset(
    ("arpa", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost", "private")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One Received: the host that wrote it ('' when it does not say a name), and from whom it got the mail."""

    by: str = ""
    sources: tuple[str, ...] = ()  # every host name that is said of the sending side
    handed_over: bool = False  # no network between: no `from` at all, or LMTP
    by_address: bool = False  # the sending side is said by a public IP address

    def from_outside(self, ours: Collection[str]) -> bool:
        """Whether it took the mail from somebody whose organisation is not one of `ours`."""
        if self.handed_over:
            return False
        if self.sources:
            return not any(organisation(name) in ours for name in self.sources)
        return self.by_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a header lies: `certain` when no stranger can have written it, else below whose Received it lies."""

    certain: bool = False
    below: str = ""  # '' when nothing but our own Received headers lie above


def read(value: str) -> Hop:
    """One header value, unfolded."""
    value = value[:_LONGEST].rpartition(";")[0] or value[:_LONGEST]
    clauses: dict[str, str] = {}
    for found in _CLAUSE.finditer(" ".join(outside_comments(value))):
        clauses.setdefault(found[1].lower(), found[2].lower())
    source = _BY.split(value, maxsplit=1)[0] if "from" in clauses else ""
    return Hop(
        by=_host(clauses.get("by", "")),
        sources=tuple(dict.fromkeys(one for name in _NAMES.findall(source) if (one := _host(name)))),
        handed_over="from" not in clauses or clauses.get("with", "").startswith("lmtp"),
        by_address=any(_is_public(address) for address in _ADDRESSES.findall(source)),
    )


def standings(fields: Sequence[tuple[str, str]], wanted: str, ours: Collection[str]) -> list[Standing]:
    """One standing for each header named `wanted`, top to bottom; `ours` are the organisations of our side.

    A header that lies directly below the Received by which the mail came in may be ours (many servers put theirs
    there) or the sender's; one below any Received that is not ours is the sender's.
    """
    found: list[Standing] = []
    inside, crossed, below = True, False, ""
    for name, value in fields:
        lowered = name.lower()
        if lowered == wanted:
            found.append(Standing(certain=not crossed and not below, below=below))
        elif lowered == "received" and not below:
            hop = read(value)
            if (hop.by and organisation(hop.by) not in ours) or not (hop.by or inside):
                below = hop.by or "a host without a name"
            inside = inside and not hop.from_outside(ours)
            crossed = crossed or not hop.handed_over
    # Nothing is certain unless a Received parts it from what the sender wrote.
    return found if crossed else [Standing(below=one.below) for one in found]


def topmost_host(fields: Iterable[tuple[str, str]], ours: Collection[str]) -> str:
    """The first host name by which our side wrote a Received of this message; '' when none says a name."""
    for name, value in fields:
        if name.lower() == "received":
            hop = read(value)
            if hop.by or hop.from_outside(ours):
                return hop.by
    return ""


def organisation(host: str) -> str:
    """The registered domain of a host by rule of thumb: its last two labels, three below co.uk and the like."""
    labels = host.lower().rstrip(".").split(".")
    country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if country else -2 :])


def _host(text: str) -> str:
    """A host name that says whose it is; '' for addresses, single labels and names that exist inside a network only."""
    name = text.strip("[]<>().,").lower().rstrip(".")
    last = name.rpartition(".")[2]
    known = "." in name and not last.isdecimal() and ":" not in name and last not in _NO_NAMES
    return name if known and _NAMES.fullmatch(name) else ""


def _is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
