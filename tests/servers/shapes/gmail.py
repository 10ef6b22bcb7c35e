"""Gmail over IMAP, after Google's "IMAP extensions" (developers.google.com/gmail/imap/imap-extensions).

Other sources, by name: Gmail API reference "ImapSettings" (auto-expunge, what expunging does), Gmail help 97150 (15
connections), Workspace help "Gmail bandwidth limits"; the texts of refusals, the order of COPYUID and the capabilities
are those of protocol logs in public issues (MailKit 377, 1256, 1396, 1405; node-imap 715; php-imap 87; ImapEngine 94).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from types import MappingProxyType

from tests.servers.shapes import names
from tests.servers.shapes.dialect import Dialect, Refused
from tests.servers.shapes.model import Account, Folder, Stored

ALL, DRAFTS, IMPORTANT, SENT, JUNK, FLAGGED, TRASH = (
    "\\All", "\\Drafts", "\\Important", "\\Sent", "\\Junk", "\\Flagged", "\\Trash",
)  # fmt: skip
USES = (ALL, DRAFTS, IMPORTANT, SENT, JUNK, FLAGGED, TRASH)
LANGUAGES = MappingProxyType({
    "en": ("All Mail", "Drafts", "Important", "Sent Mail", "Spam", "Starred", "Trash"),
    "uk": ("Уся пошта", "Чернетки", "Важливо", "Надіслані", "Спам", "Із зірочкою", "Кошик"),
    "ru": ("Вся почта", "Черновики", "Важное", "Отправленные", "Спам", "Помеченные", "Корзина"),
    "de": ("Alle Nachrichten", "Entwürfe", "Wichtig", "Gesendet", "Spam", "Markiert", "Papierkorb"),
})  # fmt: skip

TOO_MANY = "[ALERT] Too many simultaneous connections. (Failure)"
BANDWIDTH = "[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)"
WRONG_PASSWORD = "[AUTHENTICATIONFAILED] Invalid credentials (Failure)"
WEB_LOGIN = (
    "[ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)"
)
WEB_LOGIN_BEFORE = "NO [WEBALERT https://accounts.google.com/signin/continue?sarp=1] Web login required."
APP_PASSWORD = (
    "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)"
)
IMAP_OFF = (
    "[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account "
    "for IMAP access. (Failure)"
)
DOMAIN_OFF = (
    "[ALERT] IMAP access is disabled for your domain. Please contact your domain administrator for questions about "
    "this feature. (Failure)"
)
SYSTEM_ERROR = "System Error (Failure)"
EXPIRED = "BYE Session expired, please login again."


class Gmail(Dialect):
    """One message store; a folder is a label. A message in Spam or Trash has no other label."""

    greeting = "OK Gimap ready for requests from 127.0.0.1 k2if6111336rvb.0"
    before_login = (
        "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN "
        "AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER"
    )
    after_login = (
        "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE "
        "CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584"
    )
    goodbye = "BYE LOGOUT Requested"
    done = "OK Success"
    wrong_password = WRONG_PASSWORD
    most_connections = 15
    too_many = Refused(TOO_MANY)
    unknown_command = "Unknown command"
    wrong_argument = "Could not parse command"
    more_flags = ("$Forwarded", "$NotPhishing", "$Phishing")
    condstore = True

    def __init__(self, language: str = "en", *, tells_existing: bool = True) -> None:
        super().__init__(Account())
        self._tells_existing = tells_existing  # whether COPYUID names a message that has the label already
        self.place = {use: f"[Gmail]/{name}" for use, name in zip(USES, LANGUAGES[language], strict=True)}
        self.account.make("INBOX")
        for use in USES:
            self.account.make(self.place[use], use)

    # ------------------------------------------------------------------ what Gmail says

    def logged_in(self, command: str, user: str) -> str:
        return f"OK {user} authenticated (Success)"

    def opened(self, name: str, *, readonly: bool) -> str:
        return f"OK [{'READ-ONLY' if readonly else 'READ-WRITE'}] {names.encode(name).decode()} selected. (Success)"

    def listed(self) -> Iterable[tuple[tuple[str, ...], str]]:
        yield ("\\HasChildren", "\\Noselect"), "[Gmail]"
        yield from super().listed()

    def no_such_folder(self, name: str) -> Refused:
        return Refused(f"[NONEXISTENT] Unknown Mailbox: {name} (Failure)")

    def destination_missing(self, name: str) -> Refused:
        return Refused(f"[TRYCREATE] No folder {name} (Failure)")

    def create(self, name: str) -> None:
        if name in self.account.folders:
            raise Refused(f"[ALREADYEXISTS] Duplicate folder name {name} (Failure)")
        super().create(name)

    def more_attributes(self, stored: Stored, folder: str, name: str) -> bytes | None:
        match name:
            case "X-GM-MSGID":
                return b"%d" % message_id(stored)
            case "X-GM-THRID":
                return b"%d" % (1266894439832287888 + stored.thread)
            case "X-GM-LABELS":
                return b"(" + b" ".join(self._labels(stored, folder)) + b")"
            case _:
                return None

    def more_search(self, stored: Stored, key: str, value: str) -> bool | None:
        return message_id(stored) == int(value) if key == "X-GM-MSGID" else None

    def _labels(self, stored: Stored, here: str) -> list[bytes]:
        """The labels of a message, without the one of the folder that is open."""
        hidden = {here, self.place[ALL]}
        uses = {name: use for use, name in self.place.items()} | {"INBOX": "\\Inbox"}
        found = [n for n, f in self.account.folders.items() if f.uid_of(stored) and n not in hidden]
        return [names.encode(uses.get(name, name)) for name in found]

    # ------------------------------------------------------------------ labels

    def carried_first(self, uids: list[int]) -> list[int]:
        return uids[::-1]

    def copy(self, source: str, uid: int, destination: str) -> int | None:
        """Another label for the same message."""
        return self.label(self.account.folders[source].messages[uid], destination)

    def move(self, source: str, uid: int, destination: str) -> int | None:
        stored = self.account.folders[source].messages[uid]
        known = self.account.folders[destination].uid_of(stored)
        placed = self.label(stored, destination)
        if source != destination and self.account.folders[source].uid_of(stored):
            self._unlabel(stored, source)
        return placed if known is None or self._tells_existing else None

    def expunge(self, folder: str, uid: int) -> None:
        """Takes the label away; the message stays in All Mail. Out of Spam and Trash it is gone for good."""
        stored = self.account.folders[folder].messages[uid]
        stored.flags.discard("\\Deleted")
        if folder != self.place[ALL]:
            self._unlabel(stored, folder)

    def flagged(self, folder: str, uid: int) -> None:
        """Auto-expunge, as every account has it unless somebody has changed it; a flag is the star."""
        stored = self.account.folders[folder].messages[uid]
        if "\\Deleted" in stored.flags:
            self.expunge(folder, uid)
        if "\\Flagged" in stored.flags:
            self.account.put(self.place[FLAGGED], stored)
        elif self.account.folders[self.place[FLAGGED]].uid_of(stored):
            self._unlabel(stored, self.place[FLAGGED])

    def append(self, folder: str, raw: bytes, flags: Iterable[str], when: datetime | None) -> int:
        """A message that is there already gets the label and no twin."""
        twins = [m for f in self.account.folders.values() for m in f.messages.values() if m.raw == raw]
        stored = twins[0] if twins else self._threaded(self.account.new(raw, when, flags))
        return self.label(stored, folder)

    def label(self, stored: Stored, folder: str) -> int:
        """Give a message a label, as Gmail's own web page does; returns its UID there."""
        with self.account.lock:
            apart = (self.place[TRASH], self.place[JUNK])
            for name in list(self.account.folders):
                if folder in apart or name in apart:
                    self._unlabel(stored, name)
            if folder not in apart:
                self.account.put(self.place[ALL], stored)
            return self.account.put(folder, stored)

    def unlabel(self, stored: Stored, folder: str) -> None:
        """Take a label off, as the web page does: Archive is taking INBOX off."""
        with self.account.lock:
            self._unlabel(stored, folder)

    def _unlabel(self, stored: Stored, folder: str) -> None:
        uid = self.account.folders[folder].uid_of(stored)
        if uid is not None:
            self.account.take(folder, uid)

    # ------------------------------------------------------------------ for tests

    def deliver(self, *raws: bytes, when: datetime | None = None) -> list[Stored]:
        """Mail arrives."""
        found = [self._threaded(self.account.new(raw, when)) for raw in raws]
        for stored in found:
            self.label(stored, "INBOX")
        return found

    def send(self, raw: bytes, *, to_ourselves: bool = False) -> Stored:
        """Sent through Gmail: it is in Sent by itself, and what goes to ourselves is the same message in INBOX."""
        stored = self._threaded(self.account.new(raw))
        stored.flags.add("\\Seen")
        self.label(stored, self.place[SENT])
        if to_ourselves:
            self.label(stored, "INBOX")
        return stored

    def the(self, folder: str) -> Stored:
        """The only message in a folder."""
        (stored,) = self.account.folders[folder].messages.values()
        return stored

    def folders_of(self, stored: Stored) -> set[str]:
        return {name for name, folder in self.account.folders.items() if folder.uid_of(stored)}

    def _threaded(self, stored: Stored) -> Stored:
        """By the ids that it names, as "X-GM-THRID" groups a conversation."""
        ids = _header(stored.raw, b"references") + _header(stored.raw, b"in-reply-to")
        named = set(re.findall(rb"<[^<>\s]+>", ids))
        for folder in self.account.folders.values():
            for other in folder.messages.values():
                if _header(other.raw, b"message-id").strip() in named:
                    stored.thread = other.thread
        return stored


def message_id(stored: Stored) -> int:
    """X-GM-MSGID: an unsigned 64-bit number, the same under every label."""
    return 1278455344230334865 + stored.number


def _header(raw: bytes, name: bytes) -> bytes:
    head = raw.split(b"\r\n\r\n", 1)[0].replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    return next((line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(name + b":")), b"")


def folder_of(gmail: Gmail, use: str) -> Folder:
    return gmail.account.folders[gmail.place[use]]
