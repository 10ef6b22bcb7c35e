"""A mailbox whose rules need no trained model, and our commands run in this process."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from router.cli.app import app
from tests.acceptance.stage import Stage
from tests.servers.dovecot import Dovecot

RULES = """
reply_within: 6h
people: {team: [olha@acme.example], lead: lead@acme.example}
categories:
  money: {folder: Support/Money, phrases: {en: [refund, money back]}}
  parcel: {folder: Support/Parcels, phrases: {en: [parcel, delivery]}}
"""
REPLY = """---
title: We look into it
---
{{ greeting }}

We are checking this and will write to you today.

Kind regards,
The support team
"""


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)


def call(*words: str, **env: str) -> Said:
    """Run one of our commands in this process."""
    result = CliRunner().invoke(app, list(words), env={"NO_COLOR": "1", **env}, catch_exceptions=False)
    return Said(result.exit_code, result.stdout, result.stderr)


class Shop(Stage):
    """A support mailbox with two categories and a reply for each."""

    def __post_init__(self) -> None:
        self.rules = RULES
        super().__post_init__()
        for category in ("money", "parcel"):
            folder = self.root / "replies" / category
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "first.md").write_text(REPLY, encoding="utf-8")

    def call(self, *words: str, **env: str) -> Said:
        """Run one of our commands in this process, with this stage's state and password."""
        ours = {k: v for k, v in self.env(**env).items() if os.environ.get(k) != v}
        return call(*words, **ours)

    def with_config(self, *words: str, **env: str) -> Said:
        return self.call(*words, "--config", str(self.config), **env)

    def look(self, *words: str) -> Said:
        """`try` on this mailbox."""
        password = self.root / "password"
        password.write_text(self.server.password, encoding="utf-8")
        password.chmod(0o600)
        server = f"127.0.0.1:{self.server.imap_port}"
        options = ["--imap", server, "--user", self.user, "--password-file", str(password)]
        return self.call("try", "support@acme.example", "--config", str(self.config), *options, *words)

    def snapshot(self) -> dict[str, Any]:
        """Everything a client can see: folders, subscriptions, messages, flags."""
        with self.client() as client:
            subscribed = sorted(client.lsub()[1], key=str)
        folders = sorted(self.folders())
        found = {name: self.messages(name) for name in folders}
        return {
            "folders": folders,
            "subscribed": subscribed,
            "messages": found,
            "flags": {n: {u: f - {"\\Recent"} for u, f in self.flags(n).items()} for n in folders if found[n]},
        }


def on_disk(server: Dovecot, user: str) -> dict[str, str]:
    """File → digest of all that belongs to an account: folders, mails (their names hold the flags), subscriptions,
    UIDs, keywords. What the server writes for itself, its indexes, is left out."""
    top = server.root / "mail" / user
    found = {}
    for path in sorted(top.rglob("*")):
        if not path.name.startswith(("dovecot.index", "dovecot.list.index")):
            content = b"folder" if path.is_dir() else path.read_bytes()
            found[str(path.relative_to(top))] = hashlib.sha256(content).hexdigest()
    return found


def unreadable() -> bytes:
    """A mail that no parser may follow to its end."""
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(80))
    head = "From: Eve <eve@client.example>\r\nTo: support@acme.example\r\nSubject: Please read\r\n"
    text = f"{head}Message-ID: <deep@client.example>\r\nMIME-Version: 1.0\r\n{parts}\r\nhello\r\n"
    return text.encode()


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
