"""Does what was promised: stores flags, moves messages, appends drafts.

Every intent was committed before it comes here. Flags are stored where the mail still lies and travel with it; drafts
come after the moves, because a draft names the place of the mail that it answers (`X-Draft-Info`).
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from router.act import fault
from router.errors import CommandRefused, FolderChanged, FolderMissing, MailboxError, OverQuota, UnsafeArgument
from router.imap import drafts, fetch, move
from router.imap.session import Session
from router.store.records import Intent, MessageRecord

log = logging.getLogger(__name__)
DRAFT_FLAGS = ("\\Draft", "\\Seen")
NOTICE_FLAGS: tuple[str, ...] = ()
RUNNING_CHUNK = 50  # a server killed in the middle of a MOVE can double a batch: keep batches small
BACKFILL_CHUNK = 500
LABELLED_BEFORE = 500  # messages that are compared with one that had its Gmail label before we gave it
KEY_HEADERS = ("Message-ID", "X-Inbox-Router-Key")
_KEY = re.compile(rb"(?mi)^X-Inbox-Router-Key:[ \t]*([!-~]+)\r?$")


class Execution:
    """One run over a list of intents. `outcomes` holds what is finished, also when the connection broke half-way."""

    def __init__(
        self, session: Session, mailbox: str, rows: Mapping[int, MessageRecord], now: datetime, *, chunk: int
    ) -> None:
        self._session = session
        self._mailbox = mailbox
        self._fingerprints = {row_id: row.fingerprint for row_id, row in rows.items()}
        self._places = {row_id: (row.folder, row.uid) for row_id, row in rows.items()}
        self._now = now
        self._chunk = chunk
        self._full = ""  # what the server said when there was no room
        self._arrived: dict[str, set[int]] = defaultdict(set)  # by destination, the UIDs that our moves have got
        self.outcomes: list[Intent] = []

    def run(self, intents: Sequence[Intent]) -> None:
        """Do them all; raises `Unreachable` when the connection ends, leaving the rest planned."""
        by_kind: dict[str, list[Intent]] = defaultdict(list)
        for intent in intents:
            by_kind[intent.kind].append(intent)
        self._store_flags(by_kind["flags"])
        self._move_all(by_kind["move"], "moved")
        refused = [i for i in by_kind["draft"] if not self._append(i, DRAFT_FLAGS, "draft-appended")]
        self._unmark({i.draft_row for i in refused}, by_kind["flags"])
        for intent in by_kind["notice"]:
            self._append(intent, NOTICE_FLAGS, "notice-appended")
        self._move_all(by_kind["withdraw"], "withdrawn")

    # ------------------------------------------------------------------ drafts and notices

    def _append(self, intent: Intent, flags: Sequence[str], point: str) -> bool:
        """False when the server will not have it; a mailbox that is full only defers it."""
        if self._full:
            self._finish([intent], "deferred", self._full)
            return True
        raw = self._draft_info(intent) + (intent.payload or b"")
        try:
            placed = drafts.append(self._session, intent.destination, raw, flags=flags, when=self._now)
        except OverQuota as error:
            self._full = str(error)
            self._finish([intent], "deferred", self._full)
            return True
        except (FolderMissing, CommandRefused, UnsafeArgument) as error:
            self._finish([intent], "cancelled", str(error))
            return False
        fault.point(point)
        found = (placed.uidvalidity or 0, placed.uid) if placed.uid else self._look_for_ours(intent)
        self._finish([intent], "done", "", uidvalidity=found[0], uid=found[1])
        return True

    def _look_for_ours(self, intent: Intent) -> tuple[int, int]:
        """A server without UIDPLUS does not say where it put our mail; without its place it could not be withdrawn."""
        since = intent.destination_uidnext or 1
        return find_by_key(self._session, intent.destination, _key_of(intent), since) or (0, 0)

    def _draft_info(self, intent: Intent) -> bytes:
        """The header by which Roundcube marks the customer's mail as answered, when we know where that mail lies."""
        folder, uid = self._places.get(intent.message_row or 0, ("", None))
        return drafts.draft_info(self._session, folder, uid) if intent.kind == "draft" and uid else b""

    def _unmark(self, refused: Collection[int | None], flags: Sequence[Intent]) -> None:
        """Take the mark "a draft waits" away again from mail whose draft the server did not take."""
        for intent in flags:
            folder, uid = self._places.get(intent.message_row or 0, ("", None))
            if intent.draft_row is not None and intent.draft_row in refused and uid:
                self._store(folder, [uid], remove=intent.add_flags.split())

    # ------------------------------------------------------------------ flags

    def _store_flags(self, intents: Sequence[Intent]) -> None:
        groups: dict[tuple[str, int, str, str], list[Intent]] = defaultdict(list)
        for intent in intents:
            groups[(intent.folder, intent.uidvalidity, intent.add_flags, intent.remove_flags)].append(intent)
        for (folder, validity, add, remove), group in groups.items():
            if not self._open(folder, validity, group):
                continue
            refusal = self._store(folder, [i.uid for i in group], add=add.split(), remove=remove.split())
            fault.point("flags-stored")
            self._finish(group, "cancelled" if refusal else "done", refusal)

    def _store(self, folder: str, uids: Sequence[int], *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> str:
        """Why the server takes no such flags, '' when it has: a tag is never worth the mail behind it."""
        try:
            drafts.store(self._session, folder, uids, add=add, remove=remove)
        except CommandRefused as error:
            log.warning("flags were refused: %s", error)
            return str(error)
        return ""

    # ------------------------------------------------------------------ moves

    def _move_all(self, intents: Sequence[Intent], point: str) -> None:
        groups: dict[tuple[str, int, str], list[Intent]] = defaultdict(list)
        for intent in intents:
            groups[(intent.folder, intent.uidvalidity, intent.destination)].append(intent)
        for (folder, validity, destination), group in groups.items():
            if self._open(folder, validity, group):
                self._move(folder, destination, group, point)

    def _move(self, folder: str, destination: str, group: list[Intent], point: str) -> None:
        group = sorted(group, key=lambda i: i.uid)
        for start in range(0, len(group), self._chunk):
            part = group[start : start + self._chunk]
            try:
                moved = move.move(self._session, folder, [i.uid for i in part], destination, chunk=self._chunk)
            except (FolderMissing, OverQuota, CommandRefused) as error:
                self._refused(destination, group[start:], error)
                return
            fault.point(point)
            validity = moved.uidvalidity or 0
            for intent in part:
                if intent.uid in moved.uids:
                    self._moved(intent, validity, moved.uids[intent.uid])
            self._look_after(folder, destination, [i for i in part if i.uid not in moved.uids], moved.marked)

    def _refused(self, destination: str, intents: list[Intent], error: MailboxError) -> None:
        """A server without MOVE may have copied before it refused the rest: what was copied is not held for more."""
        found: dict[int, int] = {}
        validity = 0
        if not isinstance(error, FolderMissing | OverQuota):
            taken = frozenset(self._arrived[destination])
            with suppress(FolderMissing, CommandRefused):  # then nothing can have been copied there
                found, validity = find_moved(
                    self._session, self._mailbox, destination, intents, self._fingerprints, taken
                )
        for intent in intents:
            if intent.id in found:
                self._moved(intent, validity, found[intent.id])
        left = [i for i in intents if i.id not in found]
        self._finish(left, "cancelled", f"not moved to {destination}: {error}")

    def _look_after(self, folder: str, destination: str, intents: list[Intent], marked: Collection[int]) -> None:
        """The server said OK and named no new UID: only looking tells whether a message was there at all.

        Originals that are `marked` as deleted were copied and stay until some client expunges them.
        """
        if not intents:
            return
        still = set(fetch.uids(self._session, folder, since_uid=min(i.uid for i in intents))) - set(marked)
        self._finish([i for i in intents if i.uid in still], "cancelled", "the server did not move it")
        left = [i for i in intents if i.uid not in still]
        taken = frozenset(self._arrived[destination])
        found, validity = find_moved(self._session, self._mailbox, destination, left, self._fingerprints, taken)
        for intent in left:
            if intent.id in found:
                self._moved(intent, validity, found[intent.id])
            elif intent.kind == "withdraw" and intent.uid in marked:
                self._moved(intent, 0, 0)  # our own draft: nothing is compared with its bytes
            else:
                self._places.pop(intent.message_row or 0, None)
                self._finish([intent], "cancelled", "it was gone before we moved it")

    def _moved(self, intent: Intent, uidvalidity: int, uid: int) -> None:
        self._arrived[intent.destination].add(uid)
        if intent.kind == "move":
            self._places[intent.message_row or 0] = (intent.destination, uid)
        self._finish([intent], "done", "", uidvalidity=uidvalidity, uid=uid)

    # ------------------------------------------------------------------ shared

    def _open(self, folder: str, validity: int, group: Sequence[Intent]) -> bool:
        try:
            selected = fetch.select(self._session, folder, readonly=False)
        except (FolderMissing, FolderChanged) as error:
            self._finish(group, "cancelled", str(error))
            return False
        if selected.uidvalidity != validity:
            self._finish(group, "cancelled", f"{folder} was rebuilt by the server")
            return False
        return True

    def _finish(
        self, intents: Sequence[Intent], state: str, because: str, *, uidvalidity: int = 0, uid: int = 0
    ) -> None:
        self.outcomes += [
            replace(
                i,
                state=state,
                because=because,
                finished_at=self._now,
                result_uidvalidity=uidvalidity,
                result_uid=uid,
            )
            for i in intents
        ]


def find_by_key(session: Session, folder: str, key: str, since_uid: int) -> tuple[int, int] | None:
    """(UIDVALIDITY, UID) of our own mail with this key or Message-ID, among what came to a folder since then."""
    try:
        selected = fetch.select(session, folder, readonly=True)
    except FolderMissing:
        return None
    new = fetch.uids(session, folder, since_uid=since_uid)
    for uid, headers in fetch.headers(session, folder, new, KEY_HEADERS).items():
        # Compared here, never searched for on the server: the text of a header must not become a command.
        if key and key in [headers.get(name.lower(), "") for name in KEY_HEADERS]:
            return selected.uidvalidity, uid
    return None


def _key_of(intent: Intent) -> str:
    found = _KEY.search((intent.payload or b"").partition(b"\r\n\r\n")[0])
    return found[1].decode("ascii", "replace") if found else ""


def find_moved(
    session: Session,
    mailbox: str,
    destination: str,
    intents: Sequence[Intent],
    fingerprints: Mapping[int, str],
    owned: frozenset[int],
) -> tuple[dict[int, int], int]:
    """Where moved messages lie: intent id → UID in `destination`, and that folder's UIDVALIDITY.

    Looks at every message from the UIDNEXT that was seen before the move, and compares what it is. `owned` are UIDs
    that other rows already claim; identical messages are told apart by count, each UID serves once.
    """
    if not intents:
        return {}, 0
    selected = fetch.select(session, destination, readonly=True)
    since = min(i.destination_uidnext or 1 for i in intents)
    if any(i.destination_uidvalidity not in (0, selected.uidvalidity) for i in intents):
        since = 1  # the folder was made anew since: its UIDs have begun again
    candidates = [u for u in fetch.uids(session, destination, since_uid=since) if u not in owned]
    wanted: dict[str, list[Intent]] = defaultdict(list)
    for intent in intents:
        wanted[fingerprints.get(intent.message_row or 0, "")].append(intent)
    found: dict[int, int] = {}

    def compare(uids: Sequence[int]) -> None:
        for message in fetch.new_messages(session, mailbox, destination, uids):
            waiting = wanted.get(message.fingerprint)
            if waiting:
                found[waiting.pop(0).id] = message.ref.uid

    compare(candidates)
    if len(found) < len(intents) and "X-GM-EXT-1" in session.capabilities:
        # On Gmail a message may have had the label before we gave it: then it keeps the UID it has there.
        earlier = fetch.uids(session, destination)
        compare([u for u in earlier if u < since and u not in owned][-LABELLED_BEFORE:])
    return found, selected.uidvalidity
