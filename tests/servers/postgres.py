"""A private PostgreSQL on loopback and on a socket of its own, without fsync: every test gets an empty database.

Needs Debian's postgresql package (any version that lies in /usr/lib/postgresql). Works as root (the server then runs
as `postgres`, as it refuses to run as root) and as anybody else.

    with Postgres() as server:
        Store.open(server.new_database())
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
USER = "postgres"
_INSTALLED = Path("/usr/lib/postgresql")
_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50", "shared_buffers=16MB")


def programs() -> Path | None:
    """Where the newest installed server's programs are."""
    found = [path for path in _INSTALLED.glob("*/bin") if (path / "initdb").exists()]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def missing() -> str:
    """What is not installed, '' when everything is."""
    if programs() is None:
        return "postgresql"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "the Python package psycopg"
    return ""


class Postgres:
    """One server, from `with` until its end."""

    def __init__(self) -> None:
        self.port = _free_port()
        self._root = Path(tempfile.mkdtemp(prefix="router-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        found = programs()
        assert found is not None, "PostgreSQL is not installed"
        if os.geteuid() == 0:
            account = pwd.getpwnam(USER)
            os.chown(self._root, account.pw_uid, account.pw_gid)
        initdb = [*_as_somebody(), found / "initdb", "-D", self._data, "-U", USER, "-A", "trust"]
        subprocess.run(
            [*initdb, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
            check=True, cwd=self._root, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGQUIT)  # at once: nothing here is worth keeping now
        shutil.rmtree(self._root, ignore_errors=True)

    def start(self) -> None:
        found = programs()
        assert found is not None
        options = [word for option in _OPTIONS for word in ("-c", option)]
        self._process = subprocess.Popen(
            [*_as_somebody(), found / "postgres", "-D", self._data, "-h", HOST, "-p", str(self.port), "-k", self._root,
             *options],
            cwd=self._root, stdout=subprocess.DEVNULL, stderr=(self._root / "log").open("ab"),
        )  # fmt: skip
        self._wait_until_ready()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: sessions are cut, what was committed is kept."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)

    @property
    def _data(self) -> Path:
        return self._root / "data"

    def new_database(self, template: str = "template1") -> str:
        """The URL of a database that nobody has used: empty, or a copy of another that nobody uses now."""
        name = f"router{next(self._numbers)}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def url(self, database: str, *, scheme: str = "postgresql") -> str:
        return f"{scheme}://{USER}@{HOST}:{self.port}/{database}"

    def socket_url(self, database: str) -> str:
        """The same over the Unix socket."""
        return f"postgresql://{USER}@/{database}?host={self._root}&port={self.port}"

    def _connect(self):  # type: ignore[no-untyped-def]
        import psycopg

        return psycopg.connect(host=HOST, port=self.port, user=USER, dbname="postgres", autocommit=True)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 30
        while not self._answers():
            assert self._process is not None
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._root / "log").read_text(errors="replace"))
            time.sleep(0.05)

    def _answers(self) -> bool:
        import psycopg

        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups"]


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        return int(bound.getsockname()[1])
