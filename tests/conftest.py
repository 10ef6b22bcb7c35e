"""Servers shared by the tests. A missing one is said loudly, or is a failure with INBOX_ROUTER_REQUIRE_SERVERS=1."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest

from tests.servers import courier as courier_server
from tests.servers import cyrus as cyrus_server
from tests.servers import dovecot as dovecot_server
from tests.servers import postgres as postgres_server

_numbers = itertools.count(1)
_did_not_run: set[str] = set()


def pytest_configure(config: pytest.Config) -> None:
    for name in ("cyrus", "courier"):
        config.addinivalue_line("markers", f"{name}: needs {name.title()} (unpacked by deploy/setup-servers.sh)")


def without_server(reason: str) -> None:
    """Skip the test and say so at the end; fail it where servers are required."""
    message = f"SERVER TESTS DID NOT RUN: {reason}"
    if os.environ.get("INBOX_ROUTER_REQUIRE_SERVERS") == "1":
        pytest.fail(message)
    _did_not_run.add(message)
    pytest.skip(message)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for message in sorted(_did_not_run):
        terminalreporter.write_line(message, red=True, bold=True)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[dovecot_server.Dovecot]:
    """A Dovecot for the whole run: Maildir, separator `/`, everything offered."""
    if lacking := dovecot_server.missing():
        without_server(f"not installed: {lacking}")
    with dovecot_server.Dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def cyrus() -> Iterator[cyrus_server.Cyrus]:
    """A Cyrus for the whole run: everything offered that a plain Debian Cyrus offers."""
    if lacking := cyrus_server.missing():
        without_server(f"not unpacked: {lacking}")
    with cyrus_server.Cyrus() as server:
        yield server


@pytest.fixture(scope="session")
def courier() -> Iterator[courier_server.Courier]:
    """A Courier for the whole run: prefix `INBOX.`, separator `.`, and little of what is newer than 2003."""
    if lacking := courier_server.missing():
        without_server(f"not unpacked: {lacking}")
    with courier_server.Courier() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Postgres]:
    """A PostgreSQL for the whole run; every test makes a database of its own."""
    if lacking := postgres_server.missing():
        without_server(f"not installed: {lacking}")
    with postgres_server.Postgres() as server:
        yield server


@pytest.fixture
def user() -> str:
    """A user name that no other test has used."""
    return f"user{next(_numbers)}"
