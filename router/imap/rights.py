"""What we may do in a folder, where the server tells (RFC 4314)."""

from __future__ import annotations

from router.imap import responses
from router.imap.session import Session, quote

# Rights of RFC 2086, and those into which RFC 4314 §2.1.1 divided them.
_OLD = {"c": "kx", "d": "te"}


def my_rights(session: Session, folder: str) -> frozenset[str] | None:
    """The letters of our rights in a folder; None when the server does not tell. Raises FolderMissing."""
    if "ACL" not in session.capabilities:
        return None
    for response in responses.parse(session.run("MYRIGHTS", quote(session.spell(folder)), answer="MYRIGHTS")):
        if len(response) > 1 and isinstance(response[1], bytes):
            letters = response[1].decode("latin-1")
            return frozenset(letters + "".join(_OLD.get(letter, "") for letter in letters))
    return None
