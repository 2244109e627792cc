"""A client for fetching that does not wait."""

from collections.abc import Iterator

import pytest

from core.settings import Settings
from indexer.images.fetching import Fetcher


@pytest.fixture
def waits() -> list[float]:
    """Return a list to which the client adds the seconds that it waits between requests."""
    return []


@pytest.fixture
def fetcher(settings: Settings, waits: list[float]) -> Iterator[Fetcher]:
    """Return a client with the settings of the test's module."""
    with Fetcher(settings, sleep=waits.append) as fetcher:
        yield fetcher
