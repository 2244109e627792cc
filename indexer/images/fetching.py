"""Polite HTTP fetching from library servers: one request at a time, with pauses, retries and a cache."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import hishel
import httpx
import stamina
from hishel.httpx import CacheClient

from core.errors import FileUnavailable, ProblemCode
from core.settings import Settings
from indexer.records import is_url

MAX_RESPONSE_BYTES = 256 * 2**20
"""Bytes of one response; an uncompressed TIFF of a newspaper page has about 150 MB."""

TIMEOUT = httpx.Timeout(30, connect=10)
"""Seconds without data; image servers on slow storage can take ten."""

MAX_ATTEMPTS = 5
MAX_RETRY_SECONDS = 180.0
"""Seconds for one request with all retries."""

MAX_RETRY_AFTER = 60.0
"""Seconds; a longer Retry-After is reported instead of waited for."""

MIN_PAUSE, MAX_PAUSE = 0.5, 15.0
"""Seconds between two requests to a server that throttles; doubled each time, and reduced slowly."""

RETRY_STATUSES = {408, 425, 429, 500, 502, 503, 504, 509}
"""Some IIIF servers send 509 for 429."""

THROTTLING_STATUSES = {429, 503, 509}
"""Statuses that slow down all further requests; the others concern one picture only."""

MAX_FAILURES = 5
"""Consecutive failures, each with all retries, after which a server is not asked again."""


class _RetryLater(Exception):
    """Asks for another attempt after `wait` seconds (None: the usual back-off)."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class NoResponse(FileUnavailable):
    """A server gives no usable response in spite of all retries."""

    default_code = ProblemCode.UNAVAILABLE


class ServerDown(FileUnavailable):
    """A server has failed so often that this run sends it no more requests."""

    default_code = ProblemCode.UNAVAILABLE

    def __init__(self, host: str, last_reason: str) -> None:
        super().__init__(host, f"the server has failed {MAX_FAILURES} times in a row ({last_reason}); run again later")


class ErrorResponse(FileUnavailable):
    """A server responds with an error status."""

    default_code = ProblemCode.UNAVAILABLE

    def __init__(self, url: str, status: int) -> None:
        super().__init__(url, f"the server answers {status} {httpx.codes.get_reason_phrase(status)}".rstrip())
        self.status = status


@dataclass(slots=True)
class _HostState:
    """The pauses and failures of one server."""

    pause: float = 0.0
    next_request_at: float = 0.0
    failure_count: int = 0
    """Consecutive failures."""
    last_reason: str = ""
    """The reason of the last failure."""

    def wait(self, sleep: Callable[[float], None]) -> None:
        if (seconds := self.next_request_at - time.monotonic()) > 0:
            sleep(seconds)

    def record_response(self) -> None:
        self.pause = self.pause * 0.9 if self.pause > 0.05 else 0.0
        self.next_request_at = time.monotonic() + self.pause
        self.failure_count = 0

    def slow_down(self) -> None:
        self.pause = min(max(self.pause * 2, MIN_PAUSE), MAX_PAUSE)


class Fetcher:
    """The HTTP client of one run. It is not thread-safe, as it sends one request at a time on purpose."""

    def __init__(self, settings: Settings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._hosts: dict[str, _HostState] = {}
        self._sleep = sleep
        self._cache_file = settings.cache / "iiif.sqlite"
        self._user_agent = settings.user_agent
        self._client: httpx.Client | None = None
        self._use_cache_file = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exception_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._client:
            self._client.close()
            self._client = None

    def get(self, url: str) -> bytes:
        """Return the body at a URL; FileUnavailable with the URL and the reason if there is none."""
        if not is_url(url):
            raise FileUnavailable(url, "only http and https are fetched", code=ProblemCode.UNSUPPORTED)
        try:
            return self._get_from_host(url)
        except sqlite3.Error:
            # The cache is damaged or locked by another run; go on without it.
            self.close()
            self._use_cache_file = False
            return self._get_from_host(url)

    def _get_from_host(self, url: str) -> bytes:
        try:
            parsed_url = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise FileUnavailable(url, str(error), code=ProblemCode.UNAVAILABLE) from error
        host_name = f"{parsed_url.scheme}://{parsed_url.netloc.decode('ascii', 'replace')}"
        host = self._hosts.setdefault(host_name, _HostState())
        if host.failure_count >= MAX_FAILURES:
            raise ServerDown(host_name, host.last_reason)
        try:
            return self._get_with_retries(url, host)
        except NoResponse as error:
            host.failure_count, host.last_reason = host.failure_count + 1, error.reason
            raise

    def _get_with_retries(self, url: str, host: _HostState) -> bytes:
        try:
            for attempt in stamina.retry_context(
                on=_retry_decision, attempts=MAX_ATTEMPTS, timeout=MAX_RETRY_SECONDS, wait_initial=0.5, wait_max=20
            ):
                with attempt:
                    return self._get_once(url, host)
        except _RetryLater as error:
            raise NoResponse(url, str(error)) from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise NoResponse(url, str(error) or type(error).__name__) from error
        raise FileUnavailable(
            url, "no answer", code=ProblemCode.UNAVAILABLE
        )  # unreachable: stamina either returns or raises

    def _get_once(self, url: str, host: _HostState) -> bytes:
        host.wait(self._sleep)
        with self._http_client.stream("GET", url) as response:
            if response.status_code in RETRY_STATUSES:
                raise self._retry_error(response, url, host)
            host.record_response()
            if response.status_code != httpx.codes.OK:
                raise ErrorResponse(url, response.status_code)
            return _read_body(response, url)

    def _retry_error(self, response: httpx.Response, url: str, host: _HostState) -> Exception:
        if response.status_code in THROTTLING_STATUSES:
            host.slow_down()
        wait = _parse_retry_after(response.headers.get("Retry-After", ""))
        error = ErrorResponse(url, response.status_code)
        if wait is not None and wait > MAX_RETRY_AFTER:
            return NoResponse(url, f"{error.reason} and asks to wait {wait:.0f} seconds; run again later")
        return _RetryLater(error.reason, wait)

    @property
    def _http_client(self) -> httpx.Client:
        """The HTTP client, created at the first request, as most runs read from disk only."""
        if self._client is None:
            self._client = CacheClient(
                storage=self._storage(),
                rfc={"shared": False},
                headers={"User-Agent": self._user_agent},
                timeout=TIMEOUT,
                follow_redirects=True,
                max_redirects=5,
            )
        return self._client

    def _storage(self) -> hishel.BaseStorage:
        """Return the storage of the HTTP cache: a file, or memory if the file cannot be used."""
        with suppress(OSError):
            if self._use_cache_file:
                self._cache_file.parent.mkdir(parents=True, exist_ok=True)
                return hishel.SqliteStorage(database_path=self._cache_file)
        return hishel.SqliteStorage(connection=sqlite3.connect(":memory:", check_same_thread=False))


def _retry_decision(error: Exception) -> bool | float:
    """Tell stamina whether to retry, and after how many seconds."""
    if isinstance(error, _RetryLater):
        return True if error.wait is None else error.wait
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol)


def _parse_retry_after(header: str) -> float | None:
    """Return the seconds of a Retry-After header, which is a number or a date; None if it is neither."""
    with suppress(ValueError):
        return max(0.0, float(header))
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    return None


def _read_body(response: httpx.Response, url: str) -> bytes:
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > MAX_RESPONSE_BYTES:
            raise FileUnavailable(url, f"larger than {MAX_RESPONSE_BYTES // 2**20} MiB", code=ProblemCode.TOO_LARGE)
        chunks.append(chunk)
    return b"".join(chunks)
