"""How full a mailbox is, where the server tells (RFC 9208)."""

from __future__ import annotations

from dataclasses import dataclass

from router.imap import responses
from router.imap.session import Session, quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What is used of one limit. STORAGE counts in units of 1024 octets."""

    resource: str  # STORAGE · MESSAGE · …
    used: int
    limit: int

    @property
    def share(self) -> float:
        """1.0 is full."""
        return self.used / self.limit if self.limit else 0.0


def usages(session: Session, folder: str = "INBOX") -> tuple[Usage, ...]:
    """The limits that a folder's mail counts towards, the fullest first; () without QUOTA or without limits."""
    if "QUOTA" not in session.capabilities:
        return ()
    data = session.run("GETQUOTAROOT", quote(session.spell(folder)), answer="QUOTA")
    found = [usage for response in responses.parse(data) for usage in _of_root(response)]
    return tuple(sorted(found, key=lambda usage: -usage.share))


def _of_root(response: list[responses.Item]) -> list[Usage]:
    resources = response[1] if len(response) > 1 and isinstance(response[1], list) else []
    triples = zip(resources[::3], resources[1::3], resources[2::3], strict=False)
    return [
        Usage(resource=name.decode("latin-1").upper(), used=responses.number(used), limit=responses.number(limit))
        for name, used, limit in triples
        if isinstance(name, bytes) and responses.number(limit)
    ]
