"""After a crash: finds out what was done, by looking, and does the rest.

An intent that is still `planned` was committed and perhaps carried out. The source folder says whether a message is
still there; the destination, from the UIDNEXT that was noted before, says whether it arrived. Nothing is guessed: a
draft that a client may have touched meanwhile becomes `unknown` and is never appended again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from router.act.executor import find_moved
from router.errors import FolderMissing
from router.imap import fetch, move
from router.imap.session import Session
from router.store.records import Intent

KEY_HEADERS = ("Message-ID", "X-Inbox-Router-Key")


@dataclass(slots=True)
class Recovered:
    """What looking told: intents that are settled, and those that must still be done."""

    outcomes: list[Intent] = field(default_factory=list)
    to_do: list[Intent] = field(default_factory=list)


def look(
    session: Session,
    mailbox: str,
    intents: Sequence[Intent],
    fingerprints: Mapping[int, str],
    keys: Mapping[int, str],
    owned: Callable[[str], frozenset[int]],
    now: datetime,
) -> Recovered:
    """Settle what can be settled. `keys`: intent id → value of its key header; `owned`: folder → UIDs rows claim."""
    result = Recovered()
    groups: dict[tuple[str, str, str], list[Intent]] = defaultdict(list)
    for intent in intents:
        groups[(intent.kind, intent.folder, intent.destination)].append(intent)
    for (kind, folder, destination), group in groups.items():
        if kind in ("move", "withdraw"):
            _look_for_moves(session, mailbox, folder, destination, group, fingerprints, owned, now, result)
        elif kind in ("draft", "notice"):
            for intent in group:
                _look_for_append(session, intent, keys.get(intent.id, ""), now, result)
        else:
            result.to_do += group  # storing flags twice changes nothing
    return result


def _look_for_moves(
    session: Session,
    mailbox: str,
    folder: str,
    destination: str,
    group: list[Intent],
    fingerprints: Mapping[int, str],
    owned: Callable[[str], frozenset[int]],
    now: datetime,
    result: Recovered,
) -> None:
    still = _still_there(session, folder, group)
    gone_first = sorted(group, key=lambda i: i.uid in still)  # of identical mails, the one that left has arrived
    try:
        found, validity = find_moved(session, mailbox, destination, gone_first, fingerprints, owned(destination))
    except FolderMissing:
        found, validity = {}, 0
    doubled = [i for i in group if i.id in found and i.uid in still and i.kind == "move"]
    if doubled:
        # A server that died in the middle of a MOVE left a message in both places. The copy in the destination is the
        # one to keep; the original is one that we copied away, so taking it out of the source loses nothing.
        fetch.select(session, folder, readonly=False, uidvalidity=doubled[0].uidvalidity)
        move.remove_copied(session, folder, [i.uid for i in doubled])
    for intent in group:
        if intent.id in found:
            result.outcomes.append(
                replace(intent, state="done", finished_at=now, result_uidvalidity=validity, result_uid=found[intent.id])
            )
        elif intent.uid in still:
            result.to_do.append(intent)
        else:
            because = "somebody else moved it first"
            result.outcomes.append(replace(intent, state="cancelled", because=because, finished_at=now))


def _still_there(session: Session, folder: str, group: Sequence[Intent]) -> frozenset[int]:
    try:
        selected = fetch.select(session, folder, readonly=True)
    except FolderMissing:
        return frozenset()
    if any(i.uidvalidity != selected.uidvalidity for i in group):
        return frozenset()
    return frozenset(fetch.uids(session, folder, since_uid=min(i.uid for i in group)))


def _look_for_append(session: Session, intent: Intent, key: str, now: datetime, result: Recovered) -> None:
    try:
        selected = fetch.select(session, intent.destination, readonly=True)
    except FolderMissing:
        result.to_do.append(intent)
        return
    if selected.uidvalidity != intent.destination_uidvalidity:
        result.outcomes.append(_unknown(intent, now))
        return
    new = fetch.uids(session, intent.destination, since_uid=intent.destination_uidnext)
    for uid, headers in fetch.headers(session, intent.destination, new, KEY_HEADERS).items():
        # Compared here, never searched for on the server: the text of a header must not become a command.
        if key and key in [headers.get(name.lower(), "") for name in KEY_HEADERS]:
            result.outcomes.append(
                replace(intent, state="done", finished_at=now, result_uidvalidity=selected.uidvalidity, result_uid=uid)
            )
            return
    untouched = selected.uidnext - intent.destination_uidnext == len(new)
    if untouched:  # every message since then is still there and none is ours: it was never appended
        result.to_do.append(intent)
    else:
        result.outcomes.append(_unknown(intent, now))


def _unknown(intent: Intent, now: datetime) -> Intent:
    because = "somebody changed the folder meanwhile: it may have been placed and taken"
    return replace(intent, state="unknown", because=because, finished_at=now)
