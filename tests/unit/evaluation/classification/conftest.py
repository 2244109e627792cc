"""What the tests of the whole protocol share."""

from pathlib import Path

import pytest

from core.settings import Settings
from evaluation.classification import learning_curve
from indexer.classification import fitting


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One draw of the learning curve and three C to choose from: more say no more here."""
    monkeypatch.setattr(learning_curve, "DRAWS", 1)
    monkeypatch.setattr(fitting, "STRENGTHS", (0.1, 10.0, 1000.0))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", batch_size=32)
