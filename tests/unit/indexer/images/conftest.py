"""A server, and a client for fetching that does not wait."""

from collections.abc import Iterator

import pytest

from core.settings import Settings
from indexer.images.fetching import Fetcher
from tests.iiif_server import IIIFServer, run_iiif_server


@pytest.fixture
def server() -> Iterator[IIIFServer]:
    """Return a server that has one document, `/good`."""
    with run_iiif_server() as server:
        server.documents["/good"] = b"good"
        yield server


@pytest.fixture
def waits() -> list[float]:
    """Return a list to which the client adds the seconds that it waits between requests."""
    return []


@pytest.fixture
def fetcher(settings: Settings, waits: list[float]) -> Iterator[Fetcher]:
    """Return a client with the settings of the test's module."""
    with Fetcher(settings, sleep=waits.append) as fetcher:
        yield fetcher
