"""Servers whose Debian packages may not be installed beside Dovecot: `deploy/setup-servers.sh` unpacks them instead.

They lie under `.servers/` in the checkout, run on loopback with any user and the password `secret`, keep everything in
one temporary folder and are killed with the end of `with`.
"""

from __future__ import annotations

import imaplib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Self

from router.values import Server, Tls

PASSWORD = "secret"
HOST = "127.0.0.1"
UNPACKED = Path(__file__).resolve().parents[2] / ".servers"
_SHARED = Path("/dev/shm")
_ROOM = 48 << 20  # bytes
_LIBRARIES = ("usr/lib", f"usr/lib/{os.uname().machine}-linux-gnu", "usr/lib/courier-authlib")


def libraries(base: Path) -> str:
    """The search path for the libraries that came with the packages unpacked there."""
    return ":".join(str(base / part) for part in _LIBRARIES)


def lacking(name: str, *programs: str) -> str:
    """What keeps these programs from running, '' when nothing does."""
    paths = [UNPACKED / name / program for program in programs]
    if not all(path.exists() for path in paths):
        return f"{name} (make test as root unpacks it)"
    environment = {**os.environ, "LD_LIBRARY_PATH": libraries(UNPACKED / name)}
    found = subprocess.run(["ldd", *paths], env=environment, capture_output=True, text=True)
    lost = sorted({line.split()[0] for line in found.stdout.splitlines() if "not found" in line})
    return f"{name}'s libraries {', '.join(lost)}" if lost else ""


class Unpacked:
    """One server, running inside `with`. Subclasses write its files and say how it is started."""

    name: ClassVar[str]
    separator: ClassVar[str]
    prefix: ClassVar[str]
    password = PASSWORD
    host = HOST

    def __init__(self) -> None:
        # A short name: a Unix socket's path has 107 bytes, and Courier's paths are of fixed length.
        self.root = Path("/tmp") / f"c{secrets.token_hex(3)}"
        # Mail lies in memory where there is room for it: Cyrus syncs every message, and removing thousands of folders
        # from a disk takes seconds.
        self.data = _SHARED / self.root.name if _has_room(_SHARED) else self.root / "data"
        self.imap_port = _free_port()
        self.user_id, self.group_id = (65534, 65534) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def programs(self) -> Path:
        """Our copy of the packages: a checkout may lie where the account that keeps the mail cannot look."""
        return self.root / "programs"

    def write_files(self) -> None:
        """Everything else that has to lie in `root` before the start."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "LD_LIBRARY_PATH": libraries(self.programs)}

    # ------------------------------------------------------------------ life

    def __enter__(self) -> Self:
        self.root.mkdir(mode=0o755)
        self.data.mkdir(mode=0o755)
        try:
            unneeded = shutil.ignore_patterns("share", "perl5")
            shutil.copytree(UNPACKED / self.name, self.programs, symlinks=True, ignore=unneeded)
            self.write_files()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self, seconds: float = 20) -> None:
        """Start on the same port and mail; returns when it greets."""
        with (self.root / "out.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), env=self.environment(), cwd=self.root, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + seconds
        while not self._greets():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start: {self.log()[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Kill it and everything it has started; its mail stays until the end of `with`."""
        if self._process is None:
            return
        for group in {self._process.pid, *_groups_below(self._process.pid)}:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def log(self) -> str:
        """What it said."""
        path = self.root / "out.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # ------------------------------------------------------------------ use

    def server(self, tls: Tls = Tls.NONE) -> Server:
        """The IMAP endpoint as our code names it."""
        assert tls is Tls.NONE, f"{self.name} speaks plain text here: TLS is tested on Dovecot"
        return Server(host=HOST, port=self.imap_port, tls=tls)

    def prepare(self, user: str) -> None:
        """Nothing to do: a user comes to be at the first login."""

    def deliver(self, user: str, *raws: bytes) -> None:
        """Put messages into a user's INBOX, byte for byte."""
        with imaplib.IMAP4(HOST, self.imap_port) as client:
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each APPEND waits 40 ms for an ACK
            client.login(user, PASSWORD)
            for raw in raws:
                status, answer = client.append("INBOX", "", "", raw)
                assert status == "OK", answer

    # ------------------------------------------------------------------ inside

    def own(self, top: Path) -> None:
        """Give files to the account under which mail is kept."""
        if os.geteuid() == 0:
            for path in (top, *top.rglob("*")):
                os.chown(path, self.user_id, self.group_id, follow_symlinks=False)

    def _greets(self) -> bool:
        try:
            with socket.create_connection((HOST, self.imap_port), 1) as probe:
                return probe.recv(200).startswith(b"* OK")
        except OSError:
            return False


def _has_room(directory: Path) -> bool:
    return os.access(directory, os.W_OK) and shutil.disk_usage(directory).free > _ROOM


def _groups_below(pid: int) -> set[int]:
    """The process groups of everything that a process has started."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        with suppress(OSError):
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
            waiting += [int(child) for child in children]
            found |= {os.getpgid(int(child)) for child in children}
    return found


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        return int(bound.getsockname()[1])
