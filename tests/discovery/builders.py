"""Autoconfig files, and a network that is a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from router.discovery.network import Page, Silent


def endpoint(
    host: str,
    port: object = 993,
    socket_type: str = "SSL",
    *,
    kind: str = "imap",
    user: str = "%EMAILADDRESS%",
    logins: Sequence[str] = ("password-cleartext",),
) -> str:
    """One server of an autoconfig file."""
    tag = "outgoingServer" if kind == "smtp" else "incomingServer"
    ways = "".join(f"<authentication>{login}</authentication>" for login in logins)
    return (
        f'<{tag} type="{kind}"><hostname>{host}</hostname><port>{port}</port><socketType>{socket_type}</socketType>'
        f"<username>{user}</username>{ways}</{tag}>"
    )


def file_of(*endpoints: str) -> str:
    """An autoconfig file."""
    inside = "".join(endpoints)
    return f'<?xml version="1.0"?><clientConfig version="1.1"><emailProvider>{inside}</emailProvider></clientConfig>'


SMTP = endpoint("smtp.shop.example", 587, "STARTTLS", kind="smtp")


@dataclass
class Table:
    """A network of these records and pages. None as records: DNS is silent. `greeting`: hosts that answer on 993."""

    known: Mapping[tuple[str, str], list[str] | None] = field(default_factory=dict)
    pages: Mapping[str, str | int] = field(default_factory=dict)  # URL → the file, or a status
    greeting: Sequence[str] = ()
    asked: list[str] = field(default_factory=list)

    def records(self, name: str, kind: str, seconds: float) -> list[str]:
        self.asked.append(f"{kind} {name}")
        found = self.known.get((name, kind), [])
        if found is None:
            raise Silent
        return found

    def page(self, url: str, seconds: float) -> Page | None:
        self.asked.append(url)
        found = self.pages.get(url)
        if isinstance(found, int):
            return Page(status=found, content=b"")
        return None if found is None else Page(status=200, content=found.encode())

    def greets(self, host: str, port: int, seconds: float) -> bool:
        self.asked.append(f"{host}:{port}")
        return host in self.greeting
