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

from router.act.executor import find_by_key, find_moved
from router.errors import FolderMissing
from router.imap import fetch, folders, move
from router.imap.session import Session
from router.store.records import Intent


@dataclass(slots=True, kw_only=True)
class Recovery:
    """One look at what a dead process has begun: intents that are settled, and those that must still be done."""

    session: Session
    mailbox: str
    fingerprints: Mapping[int, str]  # by message row
    keys: Mapping[int, str]  # by intent: the value of its mail's key header
    owned: Callable[[str], frozenset[int]]  # a folder's UIDs that rows claim
    now: datetime
    outcomes: list[Intent] = field(default_factory=list)
    to_do: list[Intent] = field(default_factory=list)

    def look(self, intents: Sequence[Intent]) -> None:
        """Settle what can be settled by looking."""
        groups: dict[tuple[str, str, str], list[Intent]] = defaultdict(list)
        for intent in intents:
            groups[(intent.kind, intent.folder, intent.destination)].append(intent)
        for (kind, folder, destination), group in groups.items():
            match kind:
                case "move":
                    self._moves(folder, destination, group)
                case "withdraw":
                    self._withdrawals(folder, destination, group)
                case "draft" | "notice":
                    for intent in group:
                        self._append(intent)
                case _:
                    self.to_do += group  # storing flags twice changes nothing

    # ------------------------------------------------------------------ what was moved

    def _moves(self, folder: str, destination: str, group: list[Intent]) -> None:
        still = self._still_there(folder, group)
        gone_first = sorted(group, key=lambda i: i.uid in still)  # of identical mails, the one that left has arrived
        try:
            found, validity = find_moved(
                self.session, self.mailbox, destination, gone_first, self.fingerprints, self.owned(destination)
            )
        except FolderMissing:
            found, validity = {}, 0
        doubled = [i for i in group if i.id in found and i.uid in still]
        if doubled:
            # A server that died in the middle of a MOVE left a message in both places. The copy in the destination is
            # the one to keep; the original was copied away by us, so taking it out of the source loses nothing.
            fetch.select(self.session, folder, readonly=False, uidvalidity=doubled[0].uidvalidity)
            move.remove_copied(self.session, folder, [i.uid for i in doubled])
        self._settle(group, {i: (validity, uid) for i, uid in found.items()}, still, "somebody else moved it first")

    def _withdrawals(self, folder: str, destination: str, group: list[Intent]) -> None:
        still = self._still_there(folder, group)
        found = {i.id: place for i in group if i.uid not in still and (place := self._by_key(i, destination))}
        self._settle(group, found, still, "a person has taken the draft")

    def _settle(
        self, group: Sequence[Intent], found: Mapping[int, tuple[int, int]], still: frozenset[int], otherwise: str
    ) -> None:
        """Arrived, still to be done, or neither: `found` is (UIDVALIDITY, UID) by intent."""
        for intent in group:
            if intent.id in found:
                self._done(intent, *found[intent.id])
            elif intent.uid in still:
                self.to_do.append(intent)
            else:
                self.outcomes.append(replace(intent, state="cancelled", because=otherwise, finished_at=self.now))

    def _still_there(self, folder: str, group: Sequence[Intent]) -> frozenset[int]:
        try:
            selected = fetch.select(self.session, folder, readonly=True)
        except FolderMissing:
            return frozenset()
        if any(i.uidvalidity != selected.uidvalidity for i in group):
            return frozenset()
        return frozenset(fetch.uids(self.session, folder, since_uid=min(i.uid for i in group)))

    # ------------------------------------------------------------------ what was appended

    def _append(self, intent: Intent) -> None:
        try:
            selected = fetch.select(self.session, intent.destination, readonly=True)
        except FolderMissing:
            self.to_do.append(intent)
            return
        same = selected.uidvalidity == intent.destination_uidvalidity
        place = self._by_key(intent, intent.destination) if same else None
        if place is not None:
            self._done(intent, *place)
            return
        end = folders.next_uid(self.session, intent.destination) if same else 0
        new = fetch.uids(self.session, intent.destination, since_uid=intent.destination_uidnext) if same else []
        if same and end - intent.destination_uidnext == len(new):
            self.to_do.append(intent)  # every message since then is still there and none is ours: it never arrived
            return
        because = "somebody changed the folder meanwhile: it may have been placed and taken"
        self.outcomes.append(replace(intent, state="unknown", because=because, finished_at=self.now))

    def _by_key(self, intent: Intent, folder: str) -> tuple[int, int] | None:
        """(UIDVALIDITY, UID) of our own mail among what came to a folder since the intent was committed."""
        return find_by_key(self.session, folder, self.keys.get(intent.id, ""), intent.destination_uidnext or 1)

    def _done(self, intent: Intent, uidvalidity: int, uid: int) -> None:
        self.outcomes.append(
            replace(intent, state="done", finished_at=self.now, result_uidvalidity=uidvalidity, result_uid=uid)
        )
