"""Fixtures of the tests of the whole protocol."""

from pathlib import Path

import pytest

from core.settings import Settings
from evaluation.classification import learning_curve
from indexer.classification import fitting


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use one draw of the learning curve and three values of C, to save time."""
    monkeypatch.setattr(learning_curve, "DRAWS", 1)
    monkeypatch.setattr(fitting, "STRENGTHS", (0.1, 10.0, 1000.0))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", batch_size=32)
