"""A support mailbox on any of the servers, our program in front of a recorder, and an agent who goes around it."""

from __future__ import annotations

import asyncio
import imaplib
import re
import shutil
import signal
import sqlite3
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from imapclient import imap_utf7

from router.act.desk import Workbench
from router.assembly import Assembly
from router.cli.serve import _pass_over
from router.config.lastgood import LastGood
from router.config.loading import load
from router.config.settings import Settings
from router.daemon import Daemon, now
from router.lock import StateLock
from router.mail.worker import ParseWorker
from router.store import mailboxes
from router.store.database import Store
from router.values import Mailbox
from tests.acceptance.forked import Forks
from tests.cli.builders import Shop
from tests.servers.wirelog import Wire

RULES = """
reply_within: 6h
people: {team: [olha@acme.example], lead: lead@acme.example}
hours: {always-open: 24/7}
categories:
  money: {folder: Support/Money, phrases: {en: [refund, money back]}}
  parcel: {folder: Support/Parcels, phrases: {en: [parcel, delivery]}}
"""

_BENCHES: dict[str, Workbench] = {}


@dataclass
class Office(Shop):
    """One user of one server. Folder names are ours, with `/`; the agent's client spells them as its server does."""

    rules: str = RULES
    wire: Wire = field(kw_only=True)
    parser: ParseWorker = field(kw_only=True)  # one for all: starting one takes longer than a pass
    _made: list[tuple[Mailbox, Workbench]] = field(default_factory=list)
    _agent: imaplib.IMAP4 | None = None
    forms: Path | None = None  # word forms that another office has found already: finding them takes seconds

    def __post_init__(self) -> None:
        asked = self.rules
        super().__post_init__()
        self.rules = asked
        self.write(asked)
        if self.forms is not None:
            self.state.mkdir(mode=0o700, exist_ok=True)
            shutil.copy(self.forms, self.state / "forms.json")

    @property
    def port(self) -> int:
        """Our program is sent through the recorder."""
        return self.wire.port

    def once(self, **_: str) -> dict[str, Any]:
        """One pass in this process, as the command `once` does it; what it says of the mailbox."""
        mailbox, bench = self._ready()
        lock = StateLock(self.state)
        try:
            with bench.store.begin() as tx:
                fence = mailboxes.take_fence(tx, mailboxes.enter(tx, mailbox.name, mailbox.mode, now()).id)
            result: dict[str, Any] = _pass_over(mailbox, bench, fence)
        finally:
            lock.release()
        return result

    def _ready(self) -> tuple[Mailbox, Workbench]:
        """What a pass needs. Made once, rules and replies once for all offices with the same: it costs half a pass."""
        if not self._made:
            loaded = load(self.config)
            assert loaded.configuration is not None, [problem.render() for problem in loaded.problems]
            store = Store.open(f"sqlite:///{self.state / 'router.db'}")
            if self.rules not in _BENCHES:
                assembly = Assembly(state=self.state, store=store, parser=self.parser)
                _BENCHES[self.rules] = assembly.workbench(loaded.configuration, fit=True)
            bench = replace(_BENCHES[self.rules], store=store, parser=self.parser)
            self._made += [(loaded.configuration.mailboxes[0], bench)]
        return self._made[0]

    def close(self) -> None:
        if self._agent is not None:
            self._agent.logout()
            self._agent = None
        for _, bench in self._made:
            bench.store.close()

    @contextmanager
    def serving(self, *, poll_seconds: float) -> Iterator[None]:
        """The daemon in a thread of this process, until the end of the block."""
        _, bench = self._ready()
        found = Settings(state=self.state, database_url=bench.store.url)
        loop = asyncio.new_event_loop()
        good = LastGood(self.config, state=self.state)
        daemon = Daemon(found, good, bench.store, self.parser, poll_seconds=poll_seconds, timeout=10)
        thread = threading.Thread(target=loop.run_until_complete, args=(daemon.run(),), daemon=True)
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(daemon.stop)
            thread.join(20)
            assert not thread.is_alive(), "the daemon does not end"
            loop.close()

    def until(self, holds: Callable[[], object], otherwise: str, *, within: float = 30) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + within
        while not holds():
            assert time.monotonic() < deadline, otherwise
            time.sleep(0.05)

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What our program remembers."""
        with sqlite3.connect(self.state / "router.db") as database:
            return database.execute(query, values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        with sqlite3.connect(self.state / "router.db") as database:
            database.execute(statement, values)

    def thread(self) -> dict[str, Any]:
        """The only conversation there is."""
        with sqlite3.connect(self.state / "router.db") as database:
            database.row_factory = sqlite3.Row
            (row,) = database.execute("SELECT * FROM thread").fetchall()
        return dict(row)

    # ------------------------------------------------------------------ the agent's own client

    def spelled(self, folder: str) -> str:
        """Our name of a folder as this server spells it, quoted."""
        name = folder if folder == "INBOX" else self.server.prefix + folder.replace("/", self.server.separator)
        spelled: bytes = imap_utf7.encode(name)
        return '"' + spelled.decode("ascii").replace("\\", "\\\\").replace('"', '\\"') + '"'

    def named(self, spelled: bytes) -> str:
        """Our name for what a server lists."""
        if spelled == b"INBOX":
            return "INBOX"
        name: str = imap_utf7.decode(spelled)
        return name.removeprefix(self.server.prefix).replace(self.server.separator, "/")

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:  # type: ignore[override]
        """The agent's own connection, which stays open as a mail program's does."""
        if self._agent is None:
            self._agent = super().client()
        yield self._agent

    def create(self, folder: str) -> None:
        with self.client() as client:
            status, answer = client.create(self.spelled(folder))
            assert status == "OK", answer

    def append(self, folder: str, raws: Iterable[bytes], flags: str = "", when: str = "") -> None:
        """Place messages; a client that finds no Sent or Drafts makes one."""
        with self.client() as client:
            if folder != "INBOX":
                client.create(self.spelled(folder))
            client.select("INBOX")  # Courier appends to no folder that is open for reading only
            for raw in raws:
                status, answer = client.append(self.spelled(folder), flags, when, raw)
                assert status == "OK", answer

    def folders(self) -> list[str]:
        with self.client() as client:
            return [self.named(name) for name in _listed(client.list()[1])]

    def subscribed(self) -> set[str]:
        with self.client() as client:
            return {self.named(name) for name in _listed(client.lsub()[1])}

    def messages(self, folder: str) -> dict[int, bytes]:
        """UID → bytes of what lies in a folder, without what is marked as deleted; {} when there is no such folder."""
        with self.client() as client:
            if client.select(self.spelled(folder), readonly=True)[0] != "OK":
                return {}
            _, data = client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[])")
        return {uid: body for uid, flags, body in _fetched(data) if "\\Deleted" not in flags}

    def flags(self, folder: str) -> dict[int, set[str]]:
        with self.client() as client:
            if client.select(self.spelled(folder), readonly=True)[0] != "OK":
                return {}  # a parent that holds no mail
            _, data = client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (Subject)])")
        return {uid: flags for uid, flags, _ in _fetched(data)}

    def mark(self, folder: str, uid: int, flag: str) -> None:
        with self.client() as client:
            client.select(self.spelled(folder))
            assert client.uid("STORE", str(uid), "+FLAGS", f"({flag})")[0] == "OK"

    def delete(self, folder: str, uid: int) -> None:
        """As a client does it: mark and expunge."""
        with self.client() as client:
            client.select(self.spelled(folder))
            client.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)")
            client.expunge()

    def copy(self, uid: int, source: str, destination: str) -> None:
        with self.client() as client:
            client.select(self.spelled(source))
            assert client.uid("COPY", str(uid), self.spelled(destination))[0] == "OK"

    def move(self, uid: int, source: str, destination: str) -> None:
        """As clients of every age do it: copy, mark, expunge."""
        self.copy(uid, source, destination)
        self.delete(source, uid)

    def rename(self, folder: str, name: str) -> None:
        with self.client() as client:
            status, answer = client.rename(self.spelled(folder), self.spelled(name))
            assert status == "OK", answer

    def snapshot(self) -> dict[str, Any]:
        """Everything a client can see: folders, subscriptions, messages, flags."""
        folders = sorted(self.folders())
        flags = {name: {uid: f - {"\\Recent"} for uid, f in self.flags(name).items()} for name in folders}
        return {
            "folders": folders,
            "subscribed": self.subscribed(),
            "messages": {name: self.messages(name) for name in folders},
            "flags": flags,
        }

    def whereabouts(self, without: Collection[str] = ("Drafts",)) -> dict[bytes, dict[str, int]]:
        """Of every mail, byte for byte: in which folders it lies, and how often."""
        found: dict[bytes, Counter[str]] = defaultdict(Counter)
        for folder in self.folders():
            if folder not in without:
                for raw in self.messages(folder).values():
                    found[raw][folder] += 1
        return {raw: dict(folders) for raw, folders in found.items()}

    def kill_at(self, point: str, forks: Forks) -> None:
        """A pass that dies at a point."""
        words = ["once", "--config", str(self.config), "--json"]
        code, _, err = forks.start(words, self.env(INBOX_ROUTER_FAULT_POINT=point)).wait()
        assert code == -signal.SIGKILL, f"{point} was not reached: {err[-2000:]}"


_LISTED = re.compile(rb'^\([^)]*\) (?:NIL|"(?:\\.|[^"])") (?:"((?:\\.|[^"\\])*)"|(\S+))$')


def _listed(lines: Iterable[Any]) -> list[bytes]:
    found = []
    for line in lines:
        if isinstance(line, tuple):  # a name as a literal
            found.append(line[1])
        elif line and (match := _LISTED.match(line)):
            found.append(re.sub(rb"\\(.)", rb"\1", match[1]) if match[1] is not None else match[2])
    return found


def _fetched(data: Iterable[Any]) -> list[tuple[int, set[str], bytes]]:
    found = []
    pieces = list(data)
    for place, piece in enumerate(pieces):
        if not isinstance(piece, tuple):
            continue
        after = pieces[place + 1] if place + 1 < len(pieces) and isinstance(pieces[place + 1], bytes) else b""
        said = piece[0] + after  # some servers put the flags behind the body
        uid, flags = re.search(rb"UID (\d+)", said), re.search(rb"FLAGS \(([^)]*)\)", said)
        assert uid, said
        found.append((int(uid[1]), set(flags[1].decode().split()) if flags else set(), piece[1]))
    return found
