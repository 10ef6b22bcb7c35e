"""pymap's in-memory IMAP server, made fit for real clients.

Stock pymap 0.36 drops keywords that a client invents, names no special folders, cuts clients off on Python 3.13, writes
IDLE updates in pieces and loses some between two waits, and refuses CLOSE after EXAMINE. Each is cured here by a
subclass; nothing in pymap is replaced.
"""

from __future__ import annotations

import asyncio
import ssl
import uuid
from argparse import Namespace
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event
from pymap.config import BackendCapability
from pymap.context import connection_exit, subsystem
from pymap.imap import IMAPConnection
from pymap.imap.state import ConnectionState
from pymap.listtree import ListEntry, ListTree
from pymap.parsing.command.select import CloseCommand
from pymap.parsing.message import AppendMessage
from pymap.parsing.response import CommandResponse, Response, ResponseOk
from pymap.parsing.specials import ObjectId
from pymap.parsing.specials.flag import Flag, Recent, Wildcard, get_system_flags
from pymap.selected import SelectedMailbox
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import BuiltinHash

SPECIAL_USE = {"Drafts": b"Drafts", "Sent": b"Sent", "Junk": b"Junk", "Trash": b"Trash", "Archive": b"Archive"}


class _Folder(MailboxData):
    """Lets clients invent keywords, and tells an idling client of what happened just before it began to wait."""

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        r"""`\*` is among them (RFC 3501 section 7.1)."""
        return (get_system_flags() - {Recent}) | {Wildcard}

    async def update_selected(self, selected: SelectedMailbox, *, wait_on: Event | None = None) -> SelectedMailbox:
        seen = selected.mod_sequence
        if seen is not None and seen < self._mod_sequences.highest:
            wait_on = None  # the event that would end this wait has come already
        return await super().update_selected(selected, wait_on=wait_on)


@dataclass(frozen=True)
class _Entry(ListEntry):
    """Adds special-use attributes by name (RFC 6154)."""

    @property
    def attributes(self) -> Sequence[bytes]:
        use = SPECIAL_USE.get(self.name)
        return [*super().attributes, *([use] if use else [])]


class _Tree(ListTree):
    def list(self) -> Iterable[ListEntry]:
        for entry in super().list():
            yield _Entry(entry.name, entry.exists, entry.marked, entry.has_children)


class _Account(MailboxSet):
    """All folders of one user. Special folders are there and subscribed from the start."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = self._folder()
        self._set = {name: self._folder() for name in SPECIAL_USE}
        self._subscribed = dict.fromkeys(SPECIAL_USE, True)

    def _folder(self) -> _Folder:
        return _Folder(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> ObjectId:
        async with self._set_lock.write_lock():
            if name in self._set:
                raise ValueError(name)
            folder = self._set[name] = self._folder()
            return folder.mailbox_id

    async def list_mailboxes(self) -> ListTree:
        async with self._set_lock.read_lock():
            return _Tree(self.delimiter).update("INBOX", *self._set)

    async def list_subscribed(self) -> ListTree:
        async with self._set_lock.read_lock():
            return _Tree(self.delimiter).update("INBOX", *(name for name in self._set if self._subscribed.get(name)))


class _Config(Config):
    """Says SPECIAL-USE, looks no host name up, and hashes passwords cheaply: they are all `demo`."""

    @classmethod
    def on_loopback(cls) -> _Config:
        return cls(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host="127.0.0.1",
            port=0,
            tls_enabled=False,
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),  # never used; the default one loads every CA
            hash_context=BuiltinHash(rounds=1),
            demo_data=False,
            demo_user="",
            demo_password="",
        )

    @property
    def greeting(self) -> bytes:
        return b"Inbox Router demo server ready"

    @property
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=True, object_id=True, multi_append=True, custom=[b"SPECIAL-USE"])


class _Connection(IMAPConnection):
    """Writes each batch of IDLE updates whole: clients that read what is there trip over half a line."""

    __slots__ = ()

    async def write_updates(self, untagged: Iterable[Response]) -> None:
        lines = b"".join(bytes(response) for response in untagged)
        if lines and not self.writer.is_closing():
            self.writer.write(lines)
            await self.writer.drain()


class _State(ConnectionState):
    async def do_close(self, cmd: CloseCommand) -> tuple[CommandResponse, SelectedMailbox | None]:
        """CLOSE of a folder opened with EXAMINE removes nothing and is no error (RFC 3501 section 6.4.2)."""
        if not self.selected.readonly:
            return await super().do_close(cmd)
        self._selected = None
        return ResponseOk(cmd.tag, cmd.command + b" completed."), None


class Imapd:
    """The IMAP server of one event loop. All methods belong to that loop."""

    def __init__(self) -> None:
        self._config = _Config.on_loopback()
        self._login = Login(self._config)
        self._connections: set[asyncio.Task[Any]] = set()

    async def start(self) -> int:
        """Listens on a free loopback port and returns it."""
        self._config.apply_context()
        self._listener = await asyncio.start_server(self._serve, self._config.host, self._config.port)
        return int(self._listener.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        self._listener.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def add_user(self, name: str, password: str) -> None:
        hashed = await Passwords(self._config).hash_password(password)
        await self._identity(name).set(UserMetadata(self._config, name, password=hashed))
        self._config.set_cache[name] = (_Account(), FilterSet())

    async def deliver(self, user: str, raw: bytes, when: datetime) -> int:
        """Puts a message into the user's INBOX, with `when` as INTERNALDATE; returns its UID."""
        async with self._identity(user).new_session() as session:
            placed, _ = await session.append_messages("INBOX", [AppendMessage(raw, when)])
            return int(next(iter(placed.uids)))

    def _identity(self, name: str) -> Identity:
        return Identity(name, self._login, None, frozenset())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection. Its task is kept by us: pymap's own start drops it, and Python 3.13 collects it alive."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection is served in a task")
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        subsystem.set(self._config.subsystem)
        peer = SocketInfo.get(writer, None, unique_id=uuid.uuid4().bytes)
        connection = _Connection(self._config.commands, self._config, reader, writer, peer)
        async with AsyncExitStack() as stack:
            connection_exit.set(stack)
            stack.enter_context(closing(connection))
            await connection.run(_State(self._login, self._config))
