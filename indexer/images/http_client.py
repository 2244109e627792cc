"""HTTP requests through a cache on disk, from any thread."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import hishel
import httpx
from hishel.httpx import CacheClient

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 10.0
MAX_REDIRECTS = 5


class CachingClient:
    """A client that is made at its first request, as most runs read from disk only."""

    def __init__(self, cache_file: Path, user_agent: str) -> None:
        self._cache_file: Path | None = cache_file
        self._user_agent = user_agent
        self._lock = threading.Lock()
        self._clients: list[httpx.Client] = []
        """The last one is used; earlier ones had a cache that could not be used."""

    def close(self) -> None:
        with self._lock:
            while self._clients:
                self._clients.pop().close()

    @contextmanager
    def open(self, url: str, timeout: float, *, follow_redirects: bool = False) -> Iterator[httpx.Response]:
        """Send a request and yield the response, whose body is read in the block; `timeout` is without any data."""
        timeouts = httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS))
        with self._client().stream("GET", url, timeout=timeouts, follow_redirects=follow_redirects) as response:
            yield response

    def leave_cache(self) -> None:
        """Send the next requests without the cache on disk."""
        with self._lock:
            if self._cache_file:
                self._cache_file = None
                self._clients.append(self._make_client())

    def _client(self) -> httpx.Client:
        with self._lock:
            if not self._clients:
                self._clients.append(self._make_client())
            return self._clients[-1]

    def _make_client(self) -> httpx.Client:
        return CacheClient(
            storage=self._make_storage(),
            rfc={"shared": False},
            headers={"User-Agent": self._user_agent},
            max_redirects=MAX_REDIRECTS,
        )

    def _make_storage(self) -> hishel.BaseStorage:
        """Return the storage of the HTTP cache: a file, another one if it cannot be used, or memory."""
        # Hishel prints a traceback for each entry that it cannot read or write, and goes on without the entry.
        logging.getLogger("hishel").setLevel(logging.CRITICAL)
        if file := self._cache_file:
            for candidate in (file, file.with_stem(f"{file.stem}-2")):
                try:
                    return _open_storage(candidate)
                except (OSError, sqlite3.Error, RuntimeError) as error:
                    logger.warning(
                        "%s: cannot be the cache of HTTP responses (%s); the run goes on without this file",
                        candidate,
                        error,
                    )
        return hishel.SqliteStorage(connection=sqlite3.connect(":memory:", check_same_thread=False))


def _open_storage(file: Path) -> hishel.BaseStorage:
    """Return the storage in a file; an error if it is no database that can be written, or not of this version."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("BEGIN IMMEDIATE")
    storage = hishel.SqliteStorage(database_path=file)
    try:
        storage.get_entries("")  # the first access compares the tables
    except RuntimeError:
        storage.close()
        raise
    return storage
