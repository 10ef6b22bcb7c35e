"""A provider of one's own for each test, whose authority this process trusts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from router.oauth import endpoint
from tests.conftest import without_server
from tests.servers import dovecot as dovecot_server
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.identity import Identity


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def provider(authority: Authority) -> Iterator[Identity]:
    with Identity(authority) as running:
        yield running


@pytest.fixture
def identity(provider: Identity, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Identity]:
    """The provider as it is when nothing is wrong; what a test sets is undone."""
    before = {name: value for name, value in vars(provider).items() if name not in ("asked", "agreed")}
    provider.asked.clear()
    provider.agreed.clear()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    endpoint.session.cache_clear()
    yield provider
    vars(provider).update(before)
    endpoint.session.cache_clear()


@pytest.fixture(scope="module")
def believing(provider: Identity) -> Iterator[Dovecot]:
    """A Dovecot that believes the provider's tokens."""
    if lacking := dovecot_server.missing():
        without_server(f"not installed: {lacking}")
    server = Dovecot(mechanisms="plain login xoauth2 oauthbearer", rawlog=True)
    provider.teach(server)
    with server:
        yield server


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"
