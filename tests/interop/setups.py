"""The five server set-ups on which the whole behaviour suite runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.servers import courier, cyrus, dovecot
from tests.servers.courier import Courier
from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import Dovecot

RealServer = Dovecot | Cyrus | Courier


@dataclass(frozen=True, kw_only=True)
class Setup:
    """One kind of server, and in what it differs for somebody who uses it."""

    name: str
    program: str  # the pytest mark that says what must be there
    missing: Callable[[], str]
    make: Callable[[], RealServer]
    moves: bool = True  # MOVE (RFC 6851)
    special_use: bool = True  # RFC 6154


SETUPS = {
    setup.name: setup
    for setup in (
        Setup(name="dovecot-maildir", program="dovecot", missing=dovecot.missing, make=Dovecot),
        Setup(
            name="dovecot-maildir-dot",
            program="dovecot",
            missing=dovecot.missing,
            make=lambda: Dovecot(separator=".", prefix="INBOX."),
        ),
        Setup(
            name="dovecot-sdbox", program="dovecot", missing=dovecot.missing, make=lambda: Dovecot(layout="sdbox")
        ),
        Setup(name="cyrus", program="cyrus", missing=cyrus.missing, make=Cyrus),
        Setup(
            name="courier", program="courier", missing=courier.missing, make=Courier, moves=False, special_use=False
        ),
    )
}
