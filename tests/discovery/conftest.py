"""An authority that this process trusts as if it were one of the system's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from router import tls
from tests.discovery.stubs import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """The authority, trusted by whoever uses the system's (OpenSSL reads the variable when a context is made)."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    tls._context.cache_clear()
    yield authority
    tls._context.cache_clear()
