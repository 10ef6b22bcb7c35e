"""A stage per test. The model is fitted once for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.forked import Forks
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


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """A warm process to run passes in."""
    with Forks(tmp_path_factory.mktemp("forks")) as running:
        yield running
