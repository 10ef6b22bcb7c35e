"""Which authserv-id to believe: what the Authentication-Results of recent mails say about who checks them.

For a person who decides: a stranger can write any id, but not into most mails, and not with the Received headers of
the server that it names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .authentication import HEADER, Trust, preset_of
from .authres import Results, parse
from .received import Standing, organisation, read, standings

Fields = Sequence[tuple[str, str]]  # Authentication-Results and Received of one mail, unfolded, top to bottom
_ID = re.compile(r"(?:[a-z0-9](?:[a-z0-9._-]{0,250}[a-z0-9])?)?")  # a stranger's id must not end up in somebody's YAML
_LISTED = 3  # ids of one organisation that are listed; more are written as `*.`
_RIVAL = 0.2  # of the mails with the winner: who has as many competes


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One id as recent mails bear it: on how many it is our side's topmost one, and on how many with a DMARC result."""

    ids: tuple[str, ...]  # as the configuration wants them: a preset, host names, or one `*.` pattern
    mails: int
    dmarc: int
    confirmed: int  # mails in which a server of that organisation wrote a Received too


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What recent mails say: who is likeliest to be our server first."""

    mails: int  # that came from outside
    seen: tuple[Seen, ...] = ()

    @property
    def best(self) -> Seen | None:
        """Whom to believe; None when nobody's header is on at least half of the mails that bear any."""
        bearing = sum(one.mails for one in self.seen)
        return self.seen[0] if self.seen and 2 * self.seen[0].mails >= bearing else None

    @property
    def rivals(self) -> tuple[Seen, ...]:
        """Ids that are about as frequent as the best one."""
        return tuple(one for one in self.seen[1:] if one.mails >= _RIVAL * self.seen[0].mails)


@dataclass(frozen=True, slots=True)
class _Header:
    authserv_id: str
    dmarc: bool
    confirmed: bool


def survey(mails: Iterable[Fields]) -> Survey:
    """Who checks the mails that came from outside; other mails (notices, drafts) bear nothing and do not count."""
    came = [fields for fields in mails if any(not read(value).handed_over for value in _of(fields, "received"))]
    found = [header for fields in came if (header := _ours(fields)) is not None]
    groups: dict[str, list[_Header]] = {}
    for header in found:
        groups.setdefault(_owner(header.authserv_id), []).append(header)
    seen = (_seen(headers) for headers in groups.values())
    return Survey(mails=len(came), seen=tuple(sorted(seen, key=lambda one: (-one.confirmed, -one.mails, one.ids))))


def bearing(mails: Iterable[Fields], authserv_ids: Sequence[str]) -> Seen:
    """On how many of these mails the configured ids are found where they count."""
    trust = Trust(authserv_ids)
    found = [header for fields in mails if (header := _ours(fields, trust)) is not None]
    return Seen(
        ids=tuple(authserv_ids),
        mails=len(found),
        dmarc=sum(one.dmarc for one in found),
        confirmed=sum(one.confirmed for one in found),
    )


def _seen(headers: Sequence[_Header]) -> Seen:
    counts = Counter(one.authserv_id for one in headers)
    preset = preset_of(headers[0].authserv_id)
    return Seen(
        ids=(preset,) if preset else _written(tuple(name for name, _ in counts.most_common())),
        mails=len(headers),
        dmarc=sum(one.dmarc for one in headers),
        confirmed=sum(one.confirmed for one in headers),
    )


def _written(ids: tuple[str, ...]) -> tuple[str, ...]:
    """A few ids as they are, many as the longest name that all are below."""
    if len(ids) <= _LISTED:
        return ids
    common: list[str] = []
    for labels in zip(*(reversed(one.split(".")) for one in ids), strict=False):
        if len(set(labels)) > 1:
            break
        common.insert(0, labels[0])
    return ("*." + ".".join(common),)


def _ours(fields: Fields, trust: Trust | None = None) -> _Header | None:
    """The topmost header that our side can have written, one with a DMARC result before others."""
    found = [
        _Header(
            authserv_id=header.authserv_id,
            dmarc=any(result.method == "dmarc" for result in header.results),
            confirmed=_is_confirmed(header.authserv_id, fields),
        )
        for header, where in _headers(fields, trust)
        if not where.below
    ]
    return next((one for one in found if one.dmarc), next(iter(found), None))


def _headers(fields: Fields, trust: Trust | None) -> Iterator[tuple[Results, Standing]]:
    for at, value in enumerate(_of(fields, HEADER)):
        header = parse(value)
        if header is None or not _ID.fullmatch(header.authserv_id):
            continue
        believed = trust or Trust((header.authserv_id,))
        if believed.covers(header.authserv_id):
            yield header, standings(fields, HEADER, believed.ours(header.authserv_id, fields))[at]


def _is_confirmed(authserv_id: str, fields: Fields) -> bool:
    """Whether a Received was written by the same organisation."""
    hosts = [hop.by for value in _of(fields, "received") if (hop := read(value)).by]
    ours = Trust((authserv_id,)).ours(authserv_id, ())
    return any(organisation(host) in ours for host in hosts)


def _owner(authserv_id: str) -> str:
    return preset_of(authserv_id) or organisation(authserv_id)


def _of(fields: Fields, name: str) -> Iterator[str]:
    return (value for key, value in fields if key.lower() == name)
