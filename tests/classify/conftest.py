"""One small model for all tests of this part: fitting takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.classify import model
from router.classify.train import fit
from tests.classify.builders import some_examples


@pytest.fixture(scope="session")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a model fitted from `some_examples`; nobody changes it."""
    directory = tmp_path_factory.mktemp("models") / "small"
    fit(some_examples(), directory, timeout=120)
    return directory


@pytest.fixture(scope="session")
def small_model(fitted: Path) -> model.Model:
    return model.load(fitted)
