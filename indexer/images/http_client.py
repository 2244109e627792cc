"""HTTP requests through a cache on disk, from any thread."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import hishel
import httpx
from hishel.httpx import CacheClient

CONNECT_SECONDS = 10.0


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
    def open(self, url: str, timeout: float) -> Iterator[httpx.Response]:
        """Send a request and yield the response, whose body is read in the block; `timeout` is without any data."""
        timeouts = httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS))
        with self._client().stream("GET", url, timeout=timeouts) as response:
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
            follow_redirects=True,
            max_redirects=5,
        )

    def _make_storage(self) -> hishel.BaseStorage:
        """Return the storage of the HTTP cache: a file, or memory if the file cannot be used."""
        with suppress(OSError):
            if self._cache_file:
                self._cache_file.parent.mkdir(parents=True, exist_ok=True)
                return hishel.SqliteStorage(database_path=self._cache_file)
        return hishel.SqliteStorage(connection=sqlite3.connect(":memory:", check_same_thread=False))
