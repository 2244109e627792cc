"""Polite HTTP fetching from library servers: few requests at a time, with pauses, retries, robots.txt and a cache."""

import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpx
import stamina

from core.errors import FileUnavailable, ProblemCode
from core.settings import Settings
from core.timestamps import utc_now
from indexer.images.hosts import HANG_TIMEOUT_SECONDS, Host, HostState
from indexer.images.http_client import CachingClient
from indexer.images.robots import MAX_ROBOTS_BYTES, RobotRules
from indexer.records import is_url
from indexer.stage_meters import StageMeters

MAX_RESPONSE_BYTES = 256 * 2**20
"""Bytes of one response; an uncompressed TIFF of a newspaper page has about 150 MB."""

MAX_ATTEMPTS = 5
MAX_RETRY_SECONDS = 180.0
"""Seconds for one request with all retries."""

MAX_RETRY_AFTER = 60.0
"""Seconds; a longer Retry-After is reported instead of waited for."""

RETRY_STATUSES = {408, 425, 429, 500, 502, 503, 504, 509}
"""Some IIIF servers send 509 for 429."""

THROTTLING_STATUSES = {429, 503, 509}
"""Statuses that slow down all further requests; the others concern one picture only."""

PRODUCT = "Frontispiece"
"""The name by which robots.txt can address this program."""


class _RetryLater(Exception):
    """Asks for another attempt after `wait` seconds (None: the usual back-off)."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class NoResponse(FileUnavailable):
    """A server gives no usable response in spite of all retries."""

    default_code = ProblemCode.UNAVAILABLE


class ErrorResponse(FileUnavailable):
    """A server responds with an error status."""

    default_code = ProblemCode.UNAVAILABLE

    def __init__(self, url: str, status: int) -> None:
        super().__init__(url, f"the server answers {status} {httpx.codes.get_reason_phrase(status)}".rstrip())
        self.status = status


class Fetcher:
    """The HTTP client of one run, for any number of threads; each server gets few requests at once."""

    def __init__(
        self,
        settings: Settings,
        sleep: Callable[[float], object] | None = None,
        meters: StageMeters | None = None,
        open_host: Callable[[str], Host] | None = None,
    ) -> None:
        """`open_host` returns what is known of a server; without it only this fetcher sends it requests."""
        self._settings, self._meters = settings, meters or StageMeters()
        self._stopping = threading.Event()
        self._sleep = sleep or self._stopping.wait
        self._lock = threading.Lock()
        self._hosts: dict[str, Host] = {}
        self._open_host = open_host or self._make_host
        self._client = CachingClient(settings.cache / "iiif.sqlite", settings.user_agent)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exception_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._stopping.set()
        self._client.close()

    def get(self, url: str) -> bytes:
        """Return the body at a URL; FileUnavailable with the URL and the reason if there is none."""
        if not is_url(url):
            raise FileUnavailable(url, "only http and https are fetched", code=ProblemCode.UNSUPPORTED)
        with self._meters.measure("fetch"):
            try:
                body = self._get_from_host(url)
            except sqlite3.Error:
                # The cache is damaged or locked by another run; go on without it.
                self._client.leave_cache()
                body = self._get_from_host(url)
        self._meters.count("fetch", amount=len(body))
        return body

    def _get_from_host(self, url: str) -> bytes:
        try:
            parsed_url = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise FileUnavailable(url, str(error), code=ProblemCode.UNAVAILABLE) from error
        host = self._host(parsed_url)
        with host.slot():
            self._check_robots(host, parsed_url)
            started_at = time.monotonic()
            try:
                return self._get_with_retries(url, host)
            except NoResponse as error:
                host.record_failure(error.reason, started_at)
                raise

    def _host(self, url: httpx.URL) -> Host:
        name = f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"
        with self._lock:
            if name not in self._hosts:
                self._hosts[name] = self._open_host(name)
            return self._hosts[name]

    def _make_host(self, name: str) -> Host:
        settings = self._settings
        return HostState(name, connections=settings.requests_per_host, patience=settings.host_patience)

    def _check_robots(self, host: Host, url: httpx.URL) -> None:
        if {url.host, url.netloc.decode("ascii", "replace")} & self._settings.hosts_without_robots:
            return
        rules = host.robots(lambda: self._load_robots(host))
        if not rules.allows(url.raw_path.decode("ascii", "replace")):
            reason = (
                "the server's robots.txt forbids it; if the library allows it to you, set "
                f"FRONTISPIECE_IGNORE_ROBOTS={url.netloc.decode('ascii', 'replace')}"
            )
            raise FileUnavailable(str(url), reason, code=ProblemCode.UNAVAILABLE)

    def _load_robots(self, host: Host) -> RobotRules:
        """Return the rules of robots.txt; none if there is none, or if it cannot be had."""
        started_at = time.monotonic()
        try:
            with self._client.open(f"{host.name}/robots.txt", HANG_TIMEOUT_SECONDS) as response:
                if response.status_code != httpx.codes.OK:
                    return RobotRules()
                return RobotRules.from_text(_read_start(response, MAX_ROBOTS_BYTES).decode("utf-8", "replace"), PRODUCT)
        except (httpx.HTTPError, httpx.StreamError) as error:
            if isinstance(error, httpx.TimeoutException):
                host.record_hang(started_at)
            return RobotRules()

    def _get_with_retries(self, url: str, host: Host) -> bytes:
        timeout = min(MAX_RETRY_SECONDS, host.remaining_patience)
        try:
            for attempt in stamina.retry_context(
                on=_retry_decision, attempts=MAX_ATTEMPTS, timeout=timeout, wait_initial=0.5, wait_max=20
            ):
                with attempt:
                    return self._get_once(url, host, is_retry=attempt.num > 1)
        except _RetryLater as error:
            raise NoResponse(url, str(error)) from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise NoResponse(url, str(error) or type(error).__name__) from error
        raise FileUnavailable(
            url, "no answer", code=ProblemCode.UNAVAILABLE
        )  # unreachable: stamina either returns or raises

    def _get_once(self, url: str, host: Host, *, is_retry: bool) -> bytes:
        host.wait(self._sleep)
        if self._stopping.is_set():
            raise NoResponse(url, "the run has ended")
        started_at = time.monotonic()
        try:
            with self._client.open(url, host.timeout_seconds) as response:
                if response.status_code in RETRY_STATUSES:
                    raise self._retry_error(response, url, host)
                host.record_response()
                if response.status_code != httpx.codes.OK:
                    raise ErrorResponse(url, response.status_code)
                return _read_body(response, url, started_at + host.remaining_patience)
        except httpx.TimeoutException as error:
            host.record_hang(started_at)
            reason = f"no answer within {time.monotonic() - started_at:.0f} seconds"
            raise (NoResponse(url, reason) if is_retry else _RetryLater(reason)) from error

    def _retry_error(self, response: httpx.Response, url: str, host: Host) -> Exception:
        if response.status_code in THROTTLING_STATUSES:
            host.slow_down()
        wait = parse_retry_after(response.headers)
        error = ErrorResponse(url, response.status_code)
        if wait is None:
            return _RetryLater(error.reason)
        if wait > MAX_RETRY_AFTER:
            return NoResponse(url, f"{error.reason} and asks to wait {wait:.0f} seconds; run again later")
        host.hold(wait)
        return _RetryLater(error.reason, 0.0)


def _retry_decision(error: Exception) -> bool | float:
    """Tell stamina whether to retry, and after how many seconds."""
    if isinstance(error, _RetryLater):
        return True if error.wait is None else error.wait
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol)


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of `Retry-After`, which is a number or a date; None if it is neither.

    A date is compared with the server's own `Date`: its clock, or this machine's, may be wrong.
    """
    retry_after = headers.get("Retry-After", "")
    with suppress(ValueError):
        return max(0.0, float(retry_after))
    with suppress(ValueError, TypeError):
        now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else utc_now()
        return max(0.0, (parsedate_to_datetime(retry_after) - now).total_seconds())
    return None


def _read_body(response: httpx.Response, url: str, deadline: float) -> bytes:
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > MAX_RESPONSE_BYTES:
            raise FileUnavailable(url, f"larger than {MAX_RESPONSE_BYTES // 2**20} MiB", code=ProblemCode.TOO_LARGE)
        if time.monotonic() > deadline:
            raise NoResponse(url, f"too slow: {size:,} bytes until the run's patience with the server ended")
        chunks.append(chunk)
    return b"".join(chunks)


def _read_start(response: httpx.Response, size: int) -> bytes:
    """Return at most the first bytes of a body."""
    start = b""
    for chunk in response.iter_bytes():
        start += chunk
        if len(start) >= size:
            break
    return start[:size]
