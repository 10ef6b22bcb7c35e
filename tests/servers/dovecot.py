"""A private Dovecot 2.3 on loopback: own configuration, own mail, high ports, any user with the password `secret`.

Needs Debian's dovecot-imapd and dovecot-lmtpd and openssl. Works as root (mail belongs to `nobody`) and as anybody
else.

    with Dovecot() as server:
        server.deliver("anna", raw)
        Session.open(server.server(), "anna", server.password)
"""

from __future__ import annotations

import grp
import itertools
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Self

from router.values import Server, Tls

PASSWORD = "secret"
HOST = "127.0.0.1"
CAPABILITIES = (
    "IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE SORT THREAD=REFERENCES MULTIAPPEND UNSELECT CHILDREN NAMESPACE UIDPLUS"
    " LIST-EXTENDED CONDSTORE QRESYNC ESEARCH SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY"
    " PREVIEW=FUZZY STATUS=SIZE SAVEDATE NOTIFY SPECIAL-USE"
)
_LOCATIONS = {"maildir": "maildir:~/Maildir", "sdbox": "sdbox:~/sdbox"}
_SPECIAL = ("Drafts", "Sent", "Junk", "Trash")

_CONFIGURATION = """
protocols = imap lmtp
listen = {host}
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
default_process_limit = 1024
default_client_limit = 4096
default_vsz_limit = 0
first_valid_uid = 1
first_valid_gid = 1
mail_location = {location}
mail_max_userip_connections = 0
mailbox_idle_check_interval = 2 secs
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
ssl = yes
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={root}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
{special}
}}
service imap-login {{
  {chroot}
  service_count = 0
  process_min_avail = 1
  client_limit = 1000
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
}}
protocol imap {{
  {capability}
  {rawlog}
}}
"""


def missing() -> str:
    """What is not installed, '' when everything is."""
    wanted = {"dovecot": "dovecot-imapd", "openssl": "openssl"}
    lacking = [package for program, package in wanted.items() if not shutil.which(program, path=_path())]
    if not lacking and not Path("/usr/lib/dovecot/lmtp").exists():
        lacking = ["dovecot-lmtpd"]
    return ", ".join(lacking)


class Dovecot:
    """One server, running inside `with`. `hidden` capabilities are not announced after login."""

    password = PASSWORD
    host = HOST

    def __init__(
        self,
        *,
        layout: str = "maildir",
        separator: str = "/",
        prefix: str = "",
        special_use: bool = True,
        hidden: Collection[str] = (),
        rawlog: bool = False,
        extra: str = "",
        mechanisms: str = "plain login",
    ) -> None:
        self.layout, self.separator, self.prefix = layout, separator, prefix
        self.special_use, self.hidden, self.rawlog, self.extra = special_use, frozenset(hidden), rawlog, extra
        self.mechanisms = mechanisms
        self.root = Path(tempfile.mkdtemp(prefix="dovecot-")).resolve()
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self.imap_port, self.imaps_port, self.lmtp_port = _free_ports(3)
        as_root = os.geteuid() == 0
        self._owner = "nobody" if as_root else pwd.getpwuid(os.geteuid()).pw_name
        self._group = "nogroup" if as_root else grp.getgrgid(os.getegid()).gr_name
        self._uid, self._gid = pwd.getpwnam(self._owner).pw_uid, grp.getgrnam(self._group).gr_gid

    # ------------------------------------------------------------------ life

    def __enter__(self) -> Self:
        self.root.chmod(0o755)
        for directory in ("mail", "rawlog"):
            (self.root / directory).mkdir()
            self._own(self.root / directory)
        _certificate(self.root)
        (self.root / "dovecot.conf").write_text(self._configuration())
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:  # its own session: nothing else is in this group, and nothing of it is worth a polite end
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self, seconds: float = 15) -> None:
        """Start on the same ports and mail; returns when it greets."""
        self._process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.root / "dovecot.conf")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, "PATH": _path()},
        )  # fmt: skip
        deadline = time.monotonic() + seconds
        while not self._greets():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"Dovecot did not start: {self.log()[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it; its mail stays until the end of `with`."""
        if self._process and self._process.poll() is None:
            for pid in self.imap_pids():  # a frozen one would not hear the master
                os.kill(pid, signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def signal_sessions(self, number: int) -> int:
        """Send a signal to every process that serves a logged-in session; returns how many."""
        pids = self.imap_pids()
        for pid in pids:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(pid, number)
        return len(pids)

    def imap_pids(self) -> list[int]:
        """The processes that serve logged-in sessions."""
        if not self._process:
            return []
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return [int(pid) for pid in children if _name_of(int(pid)) == "imap"]

    def log(self) -> str:
        """What Dovecot logged."""
        path = self.root / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def commands(self, user: str) -> str:
        """Everything that clients sent in that user's sessions; needs `rawlog=True`. Complete once they are closed."""
        logs = sorted((self.root / "rawlog" / user).glob("*.in"))
        return "".join(path.read_text(errors="replace") for path in logs)

    def server(self, tls: Tls = Tls.NONE) -> Server:
        """The IMAP endpoint as our code names it; with TLS it trusts this server's own certificate."""
        port = self.imaps_port if tls is Tls.IMPLICIT else self.imap_port
        return Server(host=HOST, port=port, tls=tls, ca_file=None if tls is Tls.NONE else self.root / "cert.pem")

    # ------------------------------------------------------------------ mail

    def maildir(self, user: str, folder: str = "INBOX") -> Path:
        """The Maildir of a user's folder (ASCII name); it need not exist yet."""
        base = self.root / "mail" / user / "Maildir"
        return base if folder == "INBOX" else base / ("." + folder.replace("/", "."))

    def deliver(self, user: str, *raws: bytes) -> None:
        """Put messages into a user's INBOX the quick way: a rename in a Maildir, LMTP elsewhere."""
        if self.layout != "maildir":
            with smtplib.LMTP(HOST, self.lmtp_port) as lmtp:
                for raw in raws:
                    lmtp.sendmail("", [user], raw)
            return
        inbox = self.maildir(user)
        if not inbox.exists():
            for directory in ("cur", "new", "tmp"):
                (inbox / directory).mkdir(parents=True)
            self._own(self.root / "mail" / user)
        for raw in raws:
            name = f"{int(time.time())}.M{next(self._numbers):08d}P{os.getpid()}.test"
            (inbox / "tmp" / name).write_bytes(raw)
            if os.geteuid() == 0:
                os.chown(inbox / "tmp" / name, self._uid, self._gid)
            (inbox / "tmp" / name).rename(inbox / "new" / name)

    def prepare(self, user: str) -> None:
        """Make what a user needs before the first login; only the raw log does."""
        if self.rawlog:
            (self.root / "rawlog" / user).mkdir(exist_ok=True)
            self._own(self.root / "rawlog" / user)

    # ------------------------------------------------------------------ inside

    def _own(self, top: Path) -> None:
        if os.geteuid() == 0:
            for path in (top, *top.rglob("*")):
                os.chown(path, self._uid, self._gid)

    def _greets(self) -> bool:
        try:
            with socket.create_connection((HOST, self.imap_port), 1) as probe:
                return probe.recv(200).startswith(b"* OK")
        except OSError:
            return False

    def _configuration(self) -> str:
        as_root = os.geteuid() == 0
        use = "special_use = \\{0}" if self.special_use else ""
        special = "\n".join(
            f"  mailbox {name} {{\n    auto = create\n    {use.format(name)}\n  }}" for name in _SPECIAL
        )
        announced = " ".join(name for name in CAPABILITIES.split() if name not in self.hidden)
        return self.extra + _CONFIGURATION.format(
            host=HOST, mechanisms=self.mechanisms, root=self.root, password=PASSWORD, location=_LOCATIONS[self.layout],
            internal_user="dovecot" if as_root else self._owner, internal_group="dovecot" if as_root else self._group,
            login_user="dovenull" if as_root else self._owner, chroot="" if as_root else "chroot =",
            mail_user=self._owner, mail_group=self._group,
            separator=self.separator, prefix=self.prefix, special=special,
            imap_port=self.imap_port, imaps_port=self.imaps_port, lmtp_port=self.lmtp_port,
            capability=f"imap_capability = {announced}" if self.hidden else "",
            rawlog=f"rawlog_dir = {self.root}/rawlog/%u" if self.rawlog else "",
        )  # fmt: skip


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for bound in sockets:
            bound.bind((HOST, 0))
        return [bound.getsockname()[1] for bound in sockets]
    finally:
        for bound in sockets:
            bound.close()


def _certificate(root: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "30",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(root / "key.pem"), "-out", str(root / "cert.pem")],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
