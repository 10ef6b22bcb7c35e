"""A mailbox on a real server, our command beside it, and a second client that looks and acts as an agent would."""

from __future__ import annotations

import hashlib
import imaplib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from tests.servers.dovecot import Dovecot

RULES = """
people: {team: [olha@acme.example, bat@acme.example], lead: lead@acme.example}
hours: {always-open: 24/7}
reply_within: 6h
categories:
  refund: Support/Refunds
  cancel: Support/Cancellations
  faq: Support/FAQ
senders:
  vip: {from: [ceo@big.example, "*@partner.example"], folder: Support/VIP, reply_within: 1h}
"""


def mail(
    subject: str = "Refund please",
    text: str = "I want my money back for order 4711.\n\nThanks,\nJane",
    *,
    sender: str = "Jane Miller <jane@client.example>",
    message_id: str | None = None,
    to: str = "support@acme.example",
    headers: dict[str, str] | None = None,
    answers: str = "",
) -> bytes:
    """A customer's mail as a server stores it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(datetime.now(UTC))
    digest = hashlib.sha256(f"{subject}{text}{sender}".encode()).hexdigest()[:20]
    message["Message-ID"] = message_id or f"<{digest}@client.example>"
    if answers:
        message["In-Reply-To"] = message["References"] = answers
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@dataclass
class Stage:
    """One user of a Dovecot with a configuration and a state directory of its own."""

    server: Dovecot
    user: str
    root: Path
    rules: str = RULES
    mailbox: str = ""  # further keys of the mailbox
    environment: dict[str, str] = field(default_factory=dict)
    learned: Path | None = None  # a state directory whose model and word forms are taken over: fitting takes seconds

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.server.prepare(self.user)
        self.write(self.rules)
        for name in ("models", "forms.json") if self.learned else ():
            source = self.learned / name if self.learned else Path()
            self.state.mkdir(mode=0o700, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, self.state / name)

    def write(self, rules: str, mailbox: str | None = None) -> None:
        """Write workflows.yaml with these rules."""
        extra = self.mailbox if mailbox is None else mailbox
        self.config.write_text(
            "version: 1\nmailboxes:\n  support:\n    address: support@acme.example\n"
            f"    imap: {{host: 127.0.0.1, port: {self.port}, tls: none}}\n"
            f"    login: {{user: {self.user}, password: {{env: STAGE_PASSWORD}}}}\n{extra}{rules}",
            encoding="utf-8",
        )

    @property
    def port(self) -> int:
        """Where our program finds the server."""
        return self.server.imap_port

    @property
    def config(self) -> Path:
        return self.root / "workflows.yaml"

    @property
    def state(self) -> Path:
        return self.root / "state"

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "router", *words]

    def env(self, **more: str) -> dict[str, str]:
        """The environment of our command, which may keep its bytecode: compiling it anew takes two seconds a start."""
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {
            **inherited,
            "STAGE_PASSWORD": self.server.password,
            "INBOX_ROUTER_STATE": str(self.state),
            **self.environment,
            **more,
        }

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run one of our commands to its end."""
        command = self.command(*words)
        return subprocess.run(command, env=self.env(**env), capture_output=True, text=True, timeout=240, check=False)

    def once(self, **env: str) -> dict[str, Any]:
        """One pass that must succeed; what it says of the mailbox."""
        done = self.run("once", "--config", str(self.config), "--json", **env)
        assert done.returncode == 0, done.stderr[-3000:]
        result: dict[str, Any] = json.loads(done.stdout)["mailboxes"]["support"]
        return result

    # ------------------------------------------------------------------ the second client

    def client(self) -> imaplib.IMAP4:
        """An agent's own connection."""
        connection = imaplib.IMAP4("127.0.0.1", self.server.imap_port)
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each APPEND waits 40 ms for an ACK
        connection.login(self.user, self.server.password)
        return connection

    def append(self, folder: str, raws: Iterable[bytes], flags: str = "") -> None:
        with self.client() as client:
            for raw in raws:
                status, answer = client.append(f'"{folder}"', flags, "", raw)
                assert status == "OK", answer

    def folders(self) -> list[str]:
        with self.client() as client:
            return [re.sub(rb'^.*"/" ', b"", line).decode().strip('"') for line in client.list()[1]]

    def messages(self, folder: str) -> dict[int, bytes]:
        """UID → bytes of everything in a folder."""
        with self.client() as client:
            if client.select(f'"{folder}"', readonly=True)[0] != "OK":
                return {}
            _, data = client.uid("FETCH", "1:*", "(BODY.PEEK[])")
        parts = [p for p in data if isinstance(p, tuple)]
        return {int(re.search(rb"UID (\d+)", head)[1]): body for head, body in parts}  # type: ignore[index]

    def flags(self, folder: str) -> dict[int, set[str]]:
        with self.client() as client:
            client.select(f'"{folder}"', readonly=True)
            _, data = client.uid("FETCH", "1:*", "(FLAGS)")
        found = [
            re.search(rb"UID (\d+).*FLAGS \(([^)]*)\)", line) or re.search(rb"FLAGS \(([^)]*)\).*UID (\d+)", line)
            for line in data
            if isinstance(line, bytes)
        ]
        return {int(m[1]): set(m[2].decode().split()) for m in found if m}

    def move(self, uid: int, source: str, destination: str) -> None:
        with self.client() as client:
            client.select(f'"{source}"')
            assert client.uid("MOVE", str(uid), f'"{destination}"')[0] == "OK"

    def everything(self, *, without: tuple[str, ...] = ("Drafts",)) -> Counter[str]:
        """sha256 of every message in every folder: the oracle for "nothing lost, nothing twice"."""
        found: Counter[str] = Counter()
        for folder in self.folders():
            if folder not in without:
                found.update(hashlib.sha256(raw).hexdigest() for raw in self.messages(folder).values())
        return found


def digests(raws: Iterable[bytes]) -> Counter[str]:
    """What `everything` must show when these were delivered."""
    return Counter(hashlib.sha256(raw).hexdigest() for raw in raws)
