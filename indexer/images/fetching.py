"""Bytes from libraries' servers, politely: one request at a time, waiting when told, keeping what may be kept."""

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

from core.errors import CropUnavailable
from core.settings import Settings
from indexer.records import is_url

LIMIT = 256 * 2**20
"""Bytes of one answer; an uncompressed TIFF of a newspaper page is some 150 MB."""

TIMEOUT = httpx.Timeout(30, connect=10)
"""Seconds without a byte; image servers that cut from a slow archive take ten."""

ATTEMPTS = 5
PATIENCE = 180.0
"""Seconds for one picture with all its retries."""

LONGEST_WAIT = 60.0
"""Seconds; a server that asks for more is not waited for, the report says so."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Seconds between two requests after a server has complained; doubled at each complaint, and forgotten slowly."""

TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504, 509}
"""509 is what some IIIF servers say for 429."""

TOO_FAST = {429, 503, 509}
"""Complaints about us; the others are about one picture, and do not slow down those that come after it."""

GIVEN_UP_AFTER = 5
"""Pictures in a row for which a server gave no answer in spite of all retries: 500 more would tell the same."""


class _Again(Exception):
    """Worth another try, after so many seconds (None: the usual back-off)."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Unanswered(CropUnavailable):
    """No usable answer, in spite of all retries."""


class ServerDown(CropUnavailable):
    """The server has not answered for so long that it is not asked any more in this run."""

    def __init__(self, host: str, last: str) -> None:
        super().__init__(host, f"the server has failed {GIVEN_UP_AFTER} times in a row ({last}); run again later")


class Refused(CropUnavailable):
    """The server answered, and said no."""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(url, f"the server answers {status} {httpx.codes.get_reason_phrase(status)}".rstrip())
        self.status = status


@dataclass(slots=True)
class _Host:
    """How we get on with one server."""

    pause: float = 0.0
    free_at: float = 0.0
    failed: int = 0
    """Pictures in a row that could not be had."""
    last: str = ""
    """What it said to the last of them."""

    def wait(self, sleep: Callable[[float], None]) -> None:
        if (seconds := self.free_at - time.monotonic()) > 0:
            sleep(seconds)

    def answered(self) -> None:
        self.pause = self.pause * 0.9 if self.pause > 0.05 else 0.0
        self.free_at = time.monotonic() + self.pause
        self.failed = 0

    def complained(self) -> None:
        self.pause = min(max(self.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)


class Fetcher:
    """An HTTP client for one run; not for several threads, for it asks one thing at a time on purpose."""

    def __init__(self, settings: Settings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._hosts: dict[str, _Host] = {}
        self._sleep = sleep
        self._cache = settings.cache / "iiif.sqlite"
        self._agent = settings.agent
        self._client: httpx.Client | None = None
        self._remembers = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._client:
            self._client.close()
            self._client = None

    def get(self, url: str) -> bytes:
        """The body at a URL; `CropUnavailable` names the URL and says why there is none."""
        if not is_url(url):
            raise CropUnavailable(url, "only http and https are fetched")
        try:
            return self._patiently(url)
        except sqlite3.Error:
            # The cache is damaged, or another run holds it: it saves time, and is not needed.
            self.close()
            self._remembers = False
            return self._patiently(url)

    def _patiently(self, url: str) -> bytes:
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise CropUnavailable(url, str(error)) from error
        name = f"{address.scheme}://{address.netloc.decode('ascii', 'replace')}"
        host = self._hosts.setdefault(name, _Host())
        if host.failed >= GIVEN_UP_AFTER:
            raise ServerDown(name, host.last)
        try:
            return self._retried(url, host)
        except Unanswered as error:
            host.failed, host.last = host.failed + 1, error.reason
            raise

    def _retried(self, url: str, host: _Host) -> bytes:
        try:
            for attempt in stamina.retry_context(
                on=_retry, attempts=ATTEMPTS, timeout=PATIENCE, wait_initial=0.5, wait_max=20
            ):
                with attempt:
                    return self._once(url, host)
        except _Again as error:
            raise Unanswered(url, str(error)) from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise Unanswered(url, str(error) or type(error).__name__) from error
        raise CropUnavailable(url, "no answer")  # unreachable: stamina either returns or raises

    def _once(self, url: str, host: _Host) -> bytes:
        host.wait(self._sleep)
        with self._http.stream("GET", url) as answer:
            if answer.status_code in TRY_AGAIN:
                raise self._complaint(answer, url, host)
            host.answered()
            if answer.status_code != httpx.codes.OK:
                raise Refused(url, answer.status_code)
            return _body(answer, url)

    def _complaint(self, answer: httpx.Response, url: str, host: _Host) -> Exception:
        if answer.status_code in TOO_FAST:
            host.complained()
        wait = _retry_after(answer.headers.get("Retry-After", ""))
        refusal = Refused(url, answer.status_code)
        if wait is not None and wait > LONGEST_WAIT:
            return Unanswered(url, f"{refusal.reason} and asks to wait {wait:.0f} seconds; run again later")
        return _Again(refusal.reason, wait)

    @property
    def _http(self) -> httpx.Client:
        """Made at the first request: most runs read from disk alone."""
        if self._client is None:
            self._client = CacheClient(
                storage=self._storage(),
                rfc={"shared": False},
                headers={"User-Agent": self._agent},
                timeout=TIMEOUT,
                follow_redirects=True,
                max_redirects=5,
            )
        return self._client

    def _storage(self) -> hishel.BaseStorage:
        """What a server lets us keep is not asked for again in the next run; without a place for it, in this one."""
        with suppress(OSError):
            if self._remembers:
                self._cache.parent.mkdir(parents=True, exist_ok=True)
                return hishel.SqliteStorage(database_path=self._cache)
        return hishel.SqliteStorage(connection=sqlite3.connect(":memory:", check_same_thread=False))


def _retry(error: Exception) -> bool | float:
    """stamina's question: again, and after how long."""
    if isinstance(error, _Again):
        return True if error.wait is None else error.wait
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol)


def _retry_after(header: str) -> float | None:
    """Seconds or a date, as HTTP allows."""
    with suppress(ValueError):
        return max(0.0, float(header))
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    return None


def _body(answer: httpx.Response, url: str) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > LIMIT:
            raise CropUnavailable(url, f"larger than {LIMIT // 2**20} MiB")
        parts.append(part)
    return b"".join(parts)
