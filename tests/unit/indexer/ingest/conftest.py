"""A reader of leaves and the report that it fills."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import Settings
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.reader import LeafReader
from indexer.ingest.report import RunReportBuilder


@pytest.fixture
def report_builder() -> RunReportBuilder:
    return RunReportBuilder()


@pytest.fixture
def reader(tmp_path: Path, report_builder: RunReportBuilder) -> Iterator[LeafReader]:
    settings = Settings(cache=tmp_path / "cache")
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as crops:
        yield LeafReader(crops, fetcher, report_builder)
