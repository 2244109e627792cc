"""A copy of one specimen book, and runs over it with tiny models, for tests of runs that go wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.encoders.protocols import Encoder
from core.settings import Settings
from indexer.ingest import run
from indexer.ingest.run import index_sources
from indexer.run_records import RunReport
from tests.node.test_index import FakeSiglipEncoder, MeanGreyEncoder
from tests.paths import SPECIMEN

SPECIMEN_BOOK = next(iter(sorted(SPECIMEN.glob("digibok_*"))))
TWO_ENCODERS = (MeanGreyEncoder(), FakeSiglipEncoder())

RunIndex = Callable[..., RunReport]


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a copy of one specimen book, which tests may change."""
    return Path(shutil.copytree(SPECIMEN_BOOK, tmp_path / SPECIMEN_BOOK.name))


@pytest.fixture
def data_folder(book: Path) -> Path:
    """Return the folder of the crops."""
    return book.parent


@pytest.fixture
def run_index(
    *,
    node_url: str,
    index_name: str,
    book: Path,
    data_folder: Path,
    warnings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> RunIndex:
    """Return a function that indexes the book with tiny models, two if none are named."""
    settings = Settings(data=data_folder, cache=data_folder, batch_size=4)

    def run_index(*encoders: Encoder, alias: str = index_name, url: str = node_url, **options: Any) -> RunReport:
        monkeypatch.setattr(run, "load_encoders", lambda *_, **__: list(encoders or TWO_ENCODERS))
        monkeypatch.setattr(run, "load_meaning_encoder", lambda *_, **__: None)
        run_settings = settings.model_copy(update={"alias": alias})
        return index_sources(run_settings, url, [str(book)], warn=warnings.append, **options)

    return run_index
