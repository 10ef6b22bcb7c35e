"""A private Courier-IMAP 5 on loopback: prefix `INBOX.`, separator `.`, no MOVE, SPECIAL-USE, CONDSTORE, LIST-STATUS.

    with Courier() as server:
        server.deliver("anna", raw)
        Session.open(server.server(), "anna", server.password)

Debian's Courier asks `/run/courier/authdaemon/socket` whether a password is right. Our copy of that one library asks
in the server's own folder, whose path has as many letters: no privilege is needed, and nothing of the system changes.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from tests.servers import logins
from tests.servers.unpacked import HOST, PASSWORD, Unpacked, lacking

_PROGRAMS = ("usr/sbin/couriertcpd", "usr/lib/courier/courier/imaplogin", "usr/bin/imapd")
_LIBRARY = "libcourierauth.so.0"
_COMPILED_IN = b"/run/courier"
CAPABILITIES = (
    "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"  # Debian's own
)
_SETTINGS = {
    "IMAP_CAPABILITY": CAPABILITIES,
    "IMAP_KEYWORDS": "1",
    "IMAP_IDLE_TIMEOUT": "60",
    "IMAP_ENHANCEDIDLE": "0",
    "IMAP_USELOCKS": "1",
    "IMAP_MAILBOX_SANITY_CHECK": "1",
    "IMAP_TRASHFOLDERNAME": "Trash",
    "IMAP_EMPTYTRASH": "",
    "IMAP_MOVE_EXPUNGE_TO_TRASH": "0",
    "IMAP_CHECK_ALL_FOLDERS": "0",
    "IMAP_OBSOLETE_CLIENT": "0",
    "IMAP_UMASK": "022",
    "IMAP_ACL": "0",
    "IMAP_STARTTLS": "NO",
    "IMAP_TLS_REQUIRED": "0",
}


def missing() -> str:
    """What is not there, '' when everything is."""
    return lacking("courier", *_PROGRAMS)


class Courier(Unpacked):
    """One server. A user is made at the first login, with an INBOX and nothing else, as Courier does."""

    name = "courier"
    separator = "."
    prefix = "INBOX."

    def __init__(self, **settings: str) -> None:
        super().__init__()
        self._settings = {**_SETTINGS, **settings}
        self._logins = ExitStack()

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._logins.close()

    def write_files(self) -> None:
        library, path = self.programs / "usr/lib" / _LIBRARY, str(self.root).encode()
        compiled = library.read_bytes()
        assert len(path) == len(_COMPILED_IN)
        assert _COMPILED_IN in compiled
        library.write_bytes(compiled.replace(_COMPILED_IN, path))
        ask = logins.authdaemond(PASSWORD, self._account)
        self._logins.enter_context(logins.answering(self.root / "authdaemon" / "socket", ask))

    def command(self) -> list[str]:
        programs = [str(self.programs / program) for program in _PROGRAMS]
        limits = ["-maxprocs=200", "-maxperip=200", "-nodnslookup", "-noidentlookup"]
        return [programs[0], f"-address={HOST}", *limits, str(self.imap_port), *programs[1:], "Maildir"]

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **self._settings}

    def home(self, user: str) -> Path:
        return self.data / user

    def _account(self, user: str) -> dict[str, str]:
        home = self.home(user)
        if not home.exists():
            making = home.with_name(f".{user}")
            for directory in ("cur", "new", "tmp"):
                (making / "Maildir" / directory).mkdir(parents=True)
            self.own(making)
            making.rename(home)
        return {
            "UID": str(self.user_id),
            "GID": str(self.group_id),
            "HOME": str(home),
            "ADDRESS": user,
            "MAILDIR": str(home / "Maildir"),
        }
