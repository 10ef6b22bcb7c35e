"""The mailbox that these tests share the shape of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.builders import Shop
from tests.cli.town import Town, founded, secured
from tests.conftest import without_server
from tests.discovery.stubs import Authority
from tests.servers.dovecot import Dovecot, missing


@pytest.fixture
def shop(dovecot: Dovecot, user: str, tmp_path: Path) -> Shop:
    return Shop(server=dovecot, user=user, root=tmp_path)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def secured_dovecot(authority: Authority) -> Iterator[Dovecot]:
    """A Dovecot whose certificate is of that authority."""
    if lacking := missing():
        without_server(f"not installed: {lacking}")
    with Dovecot() as server:
        secured(server, authority)
        yield server


@pytest.fixture
def town(secured_dovecot: Dovecot, user: str, tmp_path: Path, authority: Authority) -> Iterator[Town]:
    """A mailbox that only DNS and the web say where it is."""
    found = founded(Shop(server=secured_dovecot, user=user, root=tmp_path), authority)
    with found.world:
        found.knows({})
        yield found
