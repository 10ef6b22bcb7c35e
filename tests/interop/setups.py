"""The five server set-ups on which the whole behaviour suite runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.servers.courier import Courier
from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import Dovecot

RealServer = Dovecot | Cyrus | Courier


@dataclass(frozen=True, kw_only=True)
class Setup:
    """One kind of server, and in what it differs for somebody who uses it."""

    name: str
    program: str  # the fixture that runs it, and the mark of its tests
    dovecot: Mapping[str, str] = field(default_factory=dict)  # how a Dovecot of its own is set up
    moves: bool = True  # MOVE (RFC 6851)


SETUPS = {
    setup.name: setup
    for setup in (
        Setup(name="dovecot-maildir", program="dovecot"),
        Setup(name="dovecot-maildir-dot", program="dovecot", dovecot={"separator": ".", "prefix": "INBOX."}),
        Setup(name="dovecot-sdbox", program="dovecot", dovecot={"layout": "sdbox"}),
        Setup(name="cyrus", program="cyrus"),
        Setup(name="courier", program="courier", moves=False),
    )
}
