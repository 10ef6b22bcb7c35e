"""A private Cyrus IMAP 3.6 on loopback: separator `/`, everything offered that a plain Debian Cyrus offers.

    with Cyrus() as server:
        server.deliver("anna", raw)
        Session.open(server.server(), "anna", server.password)
"""

from __future__ import annotations

import grp
import pwd
from contextlib import ExitStack
from pathlib import Path

from tests.servers import logins
from tests.servers.unpacked import HOST, PASSWORD, Unpacked, lacking

_BIN = "usr/lib/cyrus/bin"
_PROGRAMS = tuple(f"{_BIN}/{program}" for program in ("master", "imapd", "idled", "ctl_cyrusdb"))
_FOLDERS = "Drafts | Sent | Junk | Trash"
_SETTINGS = """
configdirectory: {data}/conf
proc_path: {data}/proc
mboxname_lockpath: {data}/lock
defaultpartition: default
partition-default: {data}/spool
cyrus_user: {user}
cyrus_group: {group}
servername: localhost
unixhierarchysep: yes
altnamespace: yes
virtdomains: off
admins: cyradmin
allowplaintext: yes
sasl_mech_list: PLAIN LOGIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {root}/login/mux
autocreate_quota: 0
autocreate_inbox_folders: {folders}
autocreate_subscribe_folders: {folders}
xlist-drafts: Drafts
xlist-sent: Sent
xlist-junk: Junk
xlist-trash: Trash
idlesocket: {data}/sock/idle
notifysocket: {data}/sock/notify
imapidlepoll: 2
conversations: no
"""
_SERVICES = """
START {{
  recover cmd="{bin}/ctl_cyrusdb -C {settings} -r"
}}
DAEMON {{
  idled cmd="{bin}/idled -C {settings} -f"
}}
SERVICES {{
  imap cmd="{bin}/imapd -C {settings} -U 100" listen="{host}:{port}" prefork=2 maxchild=200
}}
EVENTS {{
  checkpoint cmd="{bin}/ctl_cyrusdb -C {settings} -c" period=30
}}
"""


def missing() -> str:
    """What is not there, '' when everything is."""
    return lacking("cyrus", *_PROGRAMS)


class Cyrus(Unpacked):
    """One server. A user and the four special folders are made at the first login (Cyrus calls it autocreate)."""

    name = "cyrus"
    separator = "/"
    prefix = ""

    def __init__(self) -> None:
        super().__init__()
        self._logins = ExitStack()

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._logins.close()

    def write_files(self) -> None:
        for directory in ("spool", "proc", "lock", "sock", "conf/socket", "conf/db", "conf/log", "conf/msg"):
            (self.data / directory).mkdir(parents=True)
        values = {
            "root": self.root,
            "data": self.data,
            "user": pwd.getpwuid(self.user_id).pw_name,
            "group": grp.getgrgid(self.group_id).gr_name,
            "folders": _FOLDERS,
        }
        (self.root / "imapd.conf").write_text(_SETTINGS.format(**values))
        services = _SERVICES.format(bin=self.programs / _BIN, settings=self._settings, host=HOST, port=self.imap_port)
        (self.root / "cyrus.conf").write_text(services)
        self.own(self.data)
        self.own(self.root)
        self._logins.enter_context(logins.answering(self.root / "login" / "mux", logins.saslauthd(PASSWORD)))

    def command(self) -> list[str]:
        files = ["-C", self._settings, "-M", self.root / "cyrus.conf", "-p", self.root / "master.pid"]
        return [str(word) for word in (self.programs / _BIN / "master", *files)]

    @property
    def _settings(self) -> Path:
        return self.root / "imapd.conf"
