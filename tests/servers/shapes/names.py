"""Folder names as servers write them (modified UTF-7, RFC 3501 §5.1.3)."""

from __future__ import annotations

from imapclient import imap_utf7

from tests.servers.shapes.wireformat import quoted


def encode(name: str) -> bytes:
    return quoted(imap_utf7.encode(name).decode("ascii"))


def decode(spelled: str) -> str:
    name: str = imap_utf7.decode(spelled.encode("ascii"))
    return "INBOX" if name.upper() == "INBOX" else name
