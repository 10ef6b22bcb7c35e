"""The mailbox that these tests share the shape of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.builders import Shop
from tests.servers.dovecot import Dovecot


@pytest.fixture
def shop(dovecot: Dovecot, user: str, tmp_path: Path) -> Shop:
    return Shop(server=dovecot, user=user, root=tmp_path)
