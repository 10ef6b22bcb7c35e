"""Messages in folders, as a server keeps them: UIDs that only rise, flags, and who holds which message."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

SYSTEM_FLAGS = ("\\Answered", "\\Flagged", "\\Draft", "\\Deleted", "\\Seen")


@dataclass(eq=False)
class Stored:
    """A message. On Gmail one object lies in several folders; elsewhere every copy is an object of its own."""

    raw: bytes
    when: datetime
    number: int
    thread: int
    flags: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Folder:
    """A folder: UID → message, rising."""

    name: str
    uidvalidity: int
    attributes: tuple[str, ...] = ()
    next_uid: int = 1
    messages: dict[int, Stored] = field(default_factory=dict)
    modseq: int = 1

    def uid_of(self, stored: Stored) -> int | None:
        return next((uid for uid, there in self.messages.items() if there is stored), None)


class Account:
    """One user's folders behind one lock. `changed` is notified whenever anything did."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.folders: dict[str, Folder] = {}
        self.subscribed: set[str] = set()
        self._numbers = itertools.count(1)
        self._validities = itertools.count(600)

    def make(self, name: str, *attributes: str) -> Folder:
        """A new, subscribed folder."""
        with self.lock:
            folder = Folder(name, next(self._validities), attributes)
            self.folders[name] = folder
            self.subscribed.add(name)
            return folder

    def new(self, raw: bytes, when: datetime | None = None, flags: Iterable[str] = ()) -> Stored:
        """A message that lies nowhere yet."""
        number = next(self._numbers)
        moment = (when or datetime.now(UTC)).replace(microsecond=0)
        return Stored(raw, moment, number, number, set(flags))

    def put(self, folder: str, stored: Stored) -> int:
        """Place a message under the next UID; where the very object lies already, its UID there."""
        with self.changed:
            place = self.folders[folder]
            known = place.uid_of(stored)
            if known is not None:
                return known
            uid, place.next_uid = place.next_uid, place.next_uid + 1
            place.messages[uid] = stored
            place.modseq += 1
            self.changed.notify_all()
            return uid

    def take(self, folder: str, uid: int) -> Stored | None:
        """Remove a message from one folder."""
        with self.changed:
            place = self.folders[folder]
            place.modseq += 1
            self.changed.notify_all()
            return place.messages.pop(uid, None)

    def touch(self, folder: str) -> None:
        with self.changed:
            self.folders[folder].modseq += 1
            self.changed.notify_all()

    # ------------------------------------------------------------------ for tests

    def deliver(self, *raws: bytes, when: datetime | None = None) -> None:
        """Mail arrives in INBOX."""
        for raw in raws:
            self.put("INBOX", self.new(raw, when))

    def held(self, folder: str) -> list[bytes]:
        """What lies in a folder, oldest first."""
        with self.lock:
            return [stored.raw for stored in self.folders[folder].messages.values()]

    def flags(self, folder: str) -> list[set[str]]:
        with self.lock:
            return [set(stored.flags) for stored in self.folders[folder].messages.values()]
