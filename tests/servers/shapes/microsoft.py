"""Exchange Online over IMAP (outlook.office365.com).

Sources, by name: [MS-STANDOIMAP] §2.2.25 (RFC822.SIZE is the stored size until the message's own size is known),
Microsoft Learn "Automatically save sent items in delegator's mailbox" (send as); capabilities, flags and texts are
those of protocol logs in public issues (node-imap 523, 602, 689; MailKit 849, 1275, 1282, 2016; courier 26; imapsync
198, 272; email-oauth2-proxy 74, 191; dmarc-metrics-exporter 15; imap_tools 181; offlineimap 62).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import MappingProxyType

from tests.servers.shapes import names
from tests.servers.shapes.dialect import Dialect, Refused
from tests.servers.shapes.model import Account, Stored

USES = ("drafts", "sent", "trash", "junk", "archive")
LANGUAGES = MappingProxyType({
    "en": ("Drafts", "Sent Items", "Deleted Items", "Junk Email", "Archive"),
    "uk": ("Чернетки", "Надіслані", "Видалені", "Небажана пошта", "Архів"),
    "ru": ("Черновики", "Отправленные", "Удаленные", "Нежелательная почта", "Архив"),
    "de": ("Entwürfe", "Gesendete Elemente", "Gelöschte Elemente", "Junk-E-Mail", "Archiv"),
})  # fmt: skip
NO_MAIL = MappingProxyType({
    "en": ("Calendar", "Calendar/Birthdays", "Contacts", "Tasks", "Notes", "Journal", "Outbox", "Conversation History"),
    "uk": ("Календар", "Календар/Дні народження", "Контакти", "Завдання", "Нотатки", "Журнал", "Вихідні"),
    "ru": ("Календарь", "Календарь/Дни рождения", "Контакты", "Задачи", "Заметки", "Дневник", "Исходящие"),
    "de": ("Kalender", "Kalender/Geburtstage", "Kontakte", "Aufgaben", "Notizen", "Journal", "Postausgang"),
})  # fmt: skip

NOT_CONNECTED = "User is authenticated but not connected."
THROTTLED = "Request is throttled. Suggested Backoff Time: 299923 milliseconds"
LOGIN_FAILED = "LOGIN failed."
AUTHENTICATE_FAILED = "AUTHENTICATE failed."
CLOSED = "BYE Connection is closed. 13"
WRONG_ARGUMENT = "Command Argument Error. 11"
UNAVAILABLE = "Server Unavailable. 15"
_ATOM = re.compile(rb'"([A-Za-z0-9&+,./_-]+)"')


class Microsoft(Dialect):
    """One mailbox. Sizes are estimates until a message has been read; a moved message is written anew."""

    greeting = "OK The Microsoft Exchange IMAP4 service is ready. [UABSADMAUAAxADkAMQBDAEEAMAAwADEAMQAuAEUAVQBSAFAA]"
    before_login = (
        "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"
    )
    after_login = (
        "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES "
        "CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE CHILDREN IDLE NAMESPACE LITERAL+"
    )
    goodbye = "BYE Microsoft Exchange Server IMAP4 server signing off."
    wrong_password = LOGIN_FAILED
    unknown_command = "Command Error. 12"
    wrong_argument = WRONG_ARGUMENT
    keywords = False
    more_flags = ("$MDNSent",)
    copyuid_where_moved = "untagged"

    def __init__(self, language: str = "en", *, rewrites: bool = False, estimates: bool = True) -> None:
        super().__init__(Account())
        self._rewrites, self._estimates = rewrites, estimates
        self._read: set[Stored] = set()
        self._rewritten: set[Stored] = set()
        self.place = dict(zip(USES, LANGUAGES[language], strict=True))
        self.no_mail = NO_MAIL[language]
        for name in ("INBOX", *LANGUAGES[language], *NO_MAIL[language]):
            self.account.make(name)
        for name in self.no_mail:
            self.account.put(name, self.account.new(_CANNOT_BE_SHOWN))

    # ------------------------------------------------------------------ what Exchange says

    def check(self, user: str, secret: str, mechanism: str) -> Refused | None:
        refused = super().check(user, secret, mechanism)
        return Refused(AUTHENTICATE_FAILED) if refused and mechanism != "LOGIN" else refused

    def spelled(self, name: str) -> bytes:
        """Unquoted where an atom will do; INBOX in its own case."""
        return _ATOM.sub(rb"\1", names.encode("Inbox" if name == "INBOX" else name))

    def listed(self) -> Iterable[tuple[tuple[str, ...], str]]:
        for attributes, name in super().listed():
            yield ("\\Marked", *attributes), name

    def no_such_folder(self, name: str) -> Refused:
        return Refused(f"{names.encode(name).decode()[1:-1]} doesn't exist.")

    def destination_missing(self, name: str) -> Refused:
        return self.no_such_folder(name)

    def create(self, name: str) -> None:
        if name.casefold() in {there.casefold() for there in self.account.folders}:
            raise Refused("Mailbox already exists.")
        super().create(name)

    def copyuid(self, uidvalidity: int, pairs: list[tuple[int, int]]) -> str:
        """Also where nothing was moved: with two empty sets."""
        return super().copyuid(uidvalidity, pairs) or f"[COPYUID {uidvalidity}  ] "

    # ------------------------------------------------------------------ how a message is shown

    def shown(self, stored: Stored, folder: str) -> bytes:
        self._read.add(stored)
        if stored not in self._rewritten:
            return stored.raw
        head, _, body = stored.raw.partition(b"\r\n\r\n")
        return head + b"\r\nX-MS-Exchange-Organization-Moved: true\r\n\r\n" + body

    def size(self, stored: Stored, folder: str) -> int:
        """What the message occupies in the store, until somebody has read it."""
        if self._estimates and stored not in self._read:
            return len(stored.raw) + 1733
        return len(self.shown(stored, folder))

    def copy(self, source: str, uid: int, destination: str) -> int | None:
        placed = super().copy(source, uid, destination)
        if self._rewrites and placed:
            self._rewritten.add(self.account.folders[destination].messages[placed])
        return placed

    # ------------------------------------------------------------------ for tests

    def carry(self, source: str, destination: str) -> None:
        """An agent drags the only message of a folder into another, in Outlook."""
        with self.account.lock:
            (uid,) = self.account.folders[source].messages
            self.move(source, uid, destination)

    def answer_as_agent(self, folder: str) -> None:
        """An agent answers the only message in Outlook with "send as": the copy lies in the agent's own mailbox."""
        with self.account.lock:
            (stored,) = self.account.folders[folder].messages.values()
            stored.flags.add("\\Answered")
            self.account.touch(folder)


_CANNOT_BE_SHOWN = (
    b"From: Microsoft Exchange Server 2010\r\nTo: support@acme.example\r\n"
    b"Subject: Retrieval using the IMAP4 protocol failed for the following message:\r\n 7\r\n\r\n"
    b'The server couldn\'t retrieve the following message:\r\n\r\nSubject: "Team meeting"\r\n'
)
