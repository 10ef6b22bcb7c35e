"""What a provider does differently: capabilities, texts, what a move means, how a message is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tests.servers.shapes.model import SYSTEM_FLAGS, Account, Folder, Stored


class Refused(Exception):
    """The server says NO, or BAD; `untagged` is said before."""

    def __init__(self, text: str, status: str = "NO", untagged: str = "", *, hang_up: bool = False) -> None:
        super().__init__(text)
        self.text, self.status, self.untagged, self.hang_up = text, status, untagged, hang_up


class Dialect:
    """An IMAP4rev1 server without habits. Providers override what they do otherwise."""

    greeting = "OK ready"
    before_login = "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2"
    after_login = "IMAP4rev1 UIDPLUS MOVE IDLE NAMESPACE UNSELECT"
    goodbye = "BYE"
    done = "OK {command} completed."
    wrong_password = "[AUTHENTICATIONFAILED] wrong"
    most_connections = 0  # 0: no limit
    too_many = Refused("[LIMIT] too many connections")
    unknown_command = "Unknown command"
    wrong_argument = "Invalid argument"
    keywords = True  # whether clients may invent flags
    more_flags: tuple[str, ...] = ()
    condstore = False
    copyuid_where_moved = "tagged"  # or `untagged`, before the OK

    def __init__(self, account: Account) -> None:
        self.account = account

    # ------------------------------------------------------------------ login

    def check(self, user: str, secret: str, mechanism: str) -> Refused | None:
        """Why this login is refused. Tests replace it."""
        return None if secret == "secret" else Refused(self.wrong_password)

    def logged_in(self, command: str, user: str) -> str:
        return f"OK {command} completed."

    # ------------------------------------------------------------------ folders

    def listed(self) -> Iterable[tuple[tuple[str, ...], str]]:
        """Attributes and name of every folder, parents that hold nothing included."""
        names = sorted(self.account.folders)
        for name in names:
            children = any(other.startswith(name + "/") for other in names)
            yield ("\\HasChildren" if children else "\\HasNoChildren", *self.account.folders[name].attributes), name

    def spelled(self, name: str) -> bytes:
        """How LIST and STATUS write a name: quoted unless an atom will do."""
        from tests.servers.shapes.names import encode

        return encode(name)

    def no_such_folder(self, name: str) -> Refused:
        return Refused(f"[NONEXISTENT] no folder {name}")

    def destination_missing(self, name: str) -> Refused:
        return Refused(f"[TRYCREATE] no folder {name}")

    def create(self, name: str) -> None:
        if name in self.account.folders:
            raise Refused("[ALREADYEXISTS] it is there")
        self.account.make(name)
        self.account.subscribed.discard(name)

    def flags_of(self, folder: Folder) -> tuple[str, ...]:
        return (*SYSTEM_FLAGS, *self.more_flags)

    def opened(self, name: str, *, readonly: bool) -> str:
        return f"OK [{'READ-ONLY' if readonly else 'READ-WRITE'}] SELECT completed."

    # ------------------------------------------------------------------ messages

    def shown(self, stored: Stored, folder: str) -> bytes:
        """The message's bytes."""
        return stored.raw

    def size(self, stored: Stored, folder: str) -> int:
        return len(self.shown(stored, folder))

    def more_attributes(self, stored: Stored, folder: str, name: str) -> bytes | None:
        """A FETCH attribute of the provider's own."""
        return None

    def more_search(self, stored: Stored, key: str, value: str) -> bool | None:
        """A SEARCH key of the provider's own; None when it is none."""
        return None

    def carried_first(self, uids: list[int]) -> list[int]:
        """In which order a MOVE or COPY gives out new UIDs."""
        return uids

    def copy(self, source: str, uid: int, destination: str) -> int | None:
        """The UID in the destination, None where the provider does not tell it."""
        original = self.account.folders[source].messages[uid]
        return self.account.put(destination, self.account.new(original.raw, original.when, original.flags))

    def move(self, source: str, uid: int, destination: str) -> int | None:
        target = self.copy(source, uid, destination)
        self.account.take(source, uid)
        return target

    def copyuid(self, uidvalidity: int, pairs: list[tuple[int, int]]) -> str:
        """The response code for what was copied or moved, '' for none."""
        if not pairs:
            return ""
        sources, targets = (",".join(str(uid) for uid in uids) for uids in zip(*pairs, strict=True))
        return f"[COPYUID {uidvalidity} {sources} {targets}] "

    def expunge(self, folder: str, uid: int) -> None:
        self.account.take(folder, uid)

    def flagged(self, folder: str, uid: int) -> None:
        """After flags were stored."""

    def append(self, folder: str, raw: bytes, flags: Iterable[str], when: datetime | None) -> int:
        return self.account.put(folder, self.account.new(raw, when, flags))
