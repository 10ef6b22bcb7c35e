"""A stage per test. The model is fitted once for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.stage import Stage
from tests.servers.dovecot import Dovecot


@pytest.fixture(scope="session")
def learned(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state directory in which the starter model and the word forms are ready."""
    first = Stage(server=dovecot, user="learner", root=tmp_path_factory.mktemp("learned"))
    first.once()
    return first.state


@pytest.fixture
def stage(dovecot: Dovecot, user: str, tmp_path: Path, learned: Path) -> Stage:
    """A fresh mailbox and a fresh state directory."""
    return Stage(server=dovecot, user=user, root=tmp_path, learned=learned)
