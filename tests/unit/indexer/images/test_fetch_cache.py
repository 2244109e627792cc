"""A run goes on without a cache of HTTP responses that it cannot use, and says so once."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.settings import Settings
from indexer.images.fetching import Fetcher
from tests.iiif_server import CannedResponse, IIIFServer, run_iiif_server

pytestmark = pytest.mark.network

OLD_TABLES = (
    "CREATE TABLE entries (id BLOB, cache_key BLOB, data BLOB, created_at REAL, deleted_at REAL);"
    "CREATE TABLE streams (entry_id BLOB, chunk_number INTEGER, chunk_data BLOB)"
)
"""The tables of hishel 1."""
OTHER_TABLES = "CREATE TABLE entries (name TEXT)"


@pytest.fixture
def server() -> Iterator[IIIFServer]:
    with run_iiif_server() as server:
        kept = CannedResponse(200, {"Cache-Control": "max-age=3600"}, b"kept")
        server.queue_responses("/kept", *[kept] * 20)
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache")


def fetch_in_two_runs(server: IIIFServer, settings: Settings) -> int:
    """Fetch a file that may be kept in two runs; return the number of requests."""
    for _ in range(2):
        with Fetcher(settings) as fetcher:
            assert fetcher.get(f"{server.url}/kept") == b"kept"
    return len(server.requested_paths)


def test_a_cache_is_used_by_later_runs_without_a_word(
    server: IIIFServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assert fetch_in_two_runs(server, settings) == 1
    assert _own_records(caplog) == []


@pytest.mark.parametrize("tables", [OLD_TABLES, OTHER_TABLES], ids=["hishel 1", "another program"])
def test_a_cache_of_another_version_is_left_for_a_new_file(
    server: IIIFServer, settings: Settings, caplog: pytest.LogCaptureFixture, tables: str
) -> None:
    settings.cache.mkdir()
    file = settings.cache / "iiif.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(tables)
    content = file.read_bytes()
    assert fetch_in_two_runs(server, settings) == 1
    assert file.read_bytes() == content
    assert len(_own_records(caplog)) == 2, "one sentence for each run"
    assert _own_records(caplog)[0].getMessage().startswith(f"{file}: cannot be the cache of HTTP responses (")


def test_without_any_file_for_a_cache_a_run_goes_on(
    server: IIIFServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.cache.mkdir()
    for name in ("iiif.sqlite", "iiif-2.sqlite"):
        (settings.cache / name).write_bytes(b"this is no database" * 100)
    assert fetch_in_two_runs(server, settings) == 2
    assert len(_own_records(caplog)) == 4
    assert all("file is not a database" in record.getMessage() for record in _own_records(caplog))


def test_a_cache_that_breaks_during_a_run_prints_no_traceback(
    server: IIIFServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with Fetcher(settings) as fetcher:
        assert fetcher.get(f"{server.url}/kept") == b"kept"
        with closing(sqlite3.connect(settings.cache / "iiif.sqlite")) as connection:
            connection.executescript("DROP TABLE streams; DROP TABLE entries")
        assert fetcher.get(f"{server.url}/kept") == b"kept"
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def _own_records(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return what our own modules have logged: other tests let httpx log its requests."""
    return [record for record in caplog.records if record.name.startswith("indexer.")]
