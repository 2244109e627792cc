"""Polite HTTP fetching from library servers: few requests at a time, with pauses, retries, robots.txt and a cache."""

import sqlite3
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx
import stamina

from core.errors import FileUnavailable, ProblemCode
from core.settings import Settings
from indexer.images.addresses import invalid_address, parse_address, robots_address, server_name
from indexer.images.hosts import HANG_TIMEOUT_SECONDS, Host, HostState
from indexer.images.http_client import MAX_REDIRECTS, CachingClient
from indexer.images.responses import TooSlow, parse_retry_after, read_body, read_start
from indexer.images.retries import RetryHistory, RetryLater, retry_decision
from indexer.images.robots import MAX_ROBOTS_BYTES, RobotRules
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
"""Statuses that slow down all further requests; the others concern one file only, and the server is not down."""

SERVER_FAILURES = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError, TooSlow)
"""Errors that show a server that does not answer; others concern the request or the file."""

PRODUCT = "Frontispiece"
"""The name by which robots.txt can address this program."""


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
        self._retry_history = RetryHistory()
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
        with self._meters.measure("fetch"):
            try:
                body = self._follow_redirects(url)
            except sqlite3.Error:
                # The cache is damaged or locked by another run; go on without it.
                self._client.leave_cache()
                body = self._follow_redirects(url)
        self._meters.count("fetch", amount=len(body))
        return body

    def _follow_redirects(self, url: str) -> bytes:
        """Return the body; each redirect is one more request, as polite as the first, to the server that it names."""
        address = parse_address(url)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._get_from_host(address, url)
            if isinstance(answer, bytes):
                return answer
            try:
                address = parse_address(answer)
            except FileUnavailable as error:
                raise FileUnavailable(url, f"redirected to {answer}: {error.reason}", code=error.code) from error
        raise FileUnavailable(url, f"more than {MAX_REDIRECTS} redirects", code=ProblemCode.UNAVAILABLE)

    def _get_from_host(self, address: httpx.URL, url: str) -> bytes | str:
        """Return the body, or the address to which the server redirects; errors name `url`."""
        host = self._host(address)
        with host.slot():
            self._check_robots(host, address, url)
            try:
                return self._get_with_retries(address, url, host)
            except NoResponse as error:
                # Each attempt has counted its own seconds; the pauses between them are ours.
                host.record_failure(error.reason, time.monotonic())
                raise
            except ErrorResponse as error:
                if error.status in RETRY_STATUSES:
                    self._retry_history.record_futile(host.name)
                raise

    def _host(self, address: httpx.URL) -> Host:
        name = server_name(address)
        with self._lock:
            if name not in self._hosts:
                self._hosts[name] = self._open_host(name)
            return self._hosts[name]

    def _make_host(self, name: str) -> Host:
        settings = self._settings
        return HostState(name, connections=settings.requests_per_host, patience=settings.host_patience)

    def _check_robots(self, host: Host, address: httpx.URL, url: str) -> None:
        """Raise FileUnavailable if robots.txt forbids the request; leave of a server holds where it redirects to."""
        names = {name for place in (address, httpx.URL(url)) for name in (place.host, _netloc(place))}
        if names & self._settings.hosts_without_robots:
            return
        rules = host.robots(lambda: self._load_robots(host, address))
        if not rules.allows(address.raw_path.decode("ascii", "replace")):
            reason = (
                "the server's robots.txt forbids it; if the library allows it to you, set "
                f"FRONTISPIECE_IGNORE_ROBOTS={_netloc(address)}"
            )
            raise FileUnavailable(url, reason, code=ProblemCode.UNAVAILABLE)

    def _load_robots(self, host: Host, address: httpx.URL) -> RobotRules:
        """Return the rules of robots.txt; none if there is none, and none for the moment if it cannot be had."""
        url, started_at = str(robots_address(address)), time.monotonic()
        try:
            with self._client.open(url, HANG_TIMEOUT_SECONDS, follow_redirects=True) as response:
                if response.status_code in RETRY_STATUSES:
                    return RobotRules(is_provisional=True)
                if response.status_code != httpx.codes.OK:
                    return RobotRules()
                text = read_start(response, MAX_ROBOTS_BYTES).decode("utf-8-sig", "replace")
                return RobotRules.from_text(text, PRODUCT)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, ValueError) as error:
            if isinstance(error, httpx.TimeoutException):
                host.record_hang(started_at)
            return RobotRules(is_provisional=True)

    def _get_with_retries(self, address: httpx.URL, url: str, host: Host) -> bytes | str:
        try:
            for attempt in stamina.retry_context(
                on=retry_decision, attempts=MAX_ATTEMPTS, timeout=MAX_RETRY_SECONDS, wait_initial=0.5, wait_max=20
            ):
                with attempt:
                    answer = self._get_once(address, url, host, is_retry=attempt.num > 1)
                    if attempt.num > 1:
                        self._retry_history.record_success(host.name)
                    return answer
        except RetryLater as error:
            raise error.outcome from error
        raise AssertionError("stamina returns or raises")

    def _get_once(self, address: httpx.URL, url: str, host: Host, *, is_retry: bool) -> bytes | str:
        host.wait(self._sleep)
        if self._stopping.is_set():
            raise NoResponse(url, "the run has ended")
        started_at = time.monotonic()
        deadline = started_at + host.remaining_patience
        try:
            with self._client.open(str(address), host.timeout_seconds) as response:
                if response.status_code in RETRY_STATUSES:
                    raise self._retry_error(response, url, host)
                host.record_response()
                if response.next_request:
                    # A body that is read keeps the connection open, and lets the cache keep the redirect.
                    read_body(response, url, deadline=deadline, max_bytes=MAX_RESPONSE_BYTES)
                    return str(response.next_request.url)
                if response.status_code != httpx.codes.OK:
                    raise ErrorResponse(url, response.status_code)
                return read_body(response, url, deadline=deadline, max_bytes=MAX_RESPONSE_BYTES)
        except SERVER_FAILURES as error:
            host.record_hang(started_at)
            failure = NoResponse(url, _describe_failure(error, time.monotonic() - started_at))
            is_last = isinstance(error, TooSlow) or (is_retry and isinstance(error, httpx.TimeoutException))
            raise (failure if is_last or time.monotonic() >= deadline else RetryLater(failure)) from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            # An encoding that is wrong, say: this concerns one file, and the server does answer.
            raise FileUnavailable(url, str(error) or type(error).__name__, code=ProblemCode.UNAVAILABLE) from error
        except (httpx.InvalidURL, ValueError, OverflowError) as error:
            raise invalid_address(url, error) from error

    def _retry_error(self, response: httpx.Response, url: str, host: Host) -> Exception:
        """Return what to raise for a status that may be temporary."""
        error = ErrorResponse(url, response.status_code)
        is_throttling = response.status_code in THROTTLING_STATUSES
        if is_throttling:
            host.slow_down()
        outcome = NoResponse(url, error.reason) if is_throttling else error
        wait = parse_retry_after(response.headers)
        if wait is None:
            is_worth_repeating = is_throttling or self._retry_history.is_worth_repeating(host.name)
            return RetryLater(outcome) if is_worth_repeating else outcome
        if wait > MAX_RETRY_AFTER:
            return NoResponse(url, f"{error.reason} and asks to wait {wait:.0f} seconds; run again later")
        host.hold(wait)
        return RetryLater(outcome, 0.0)


def _describe_failure(error: Exception, seconds: float) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {seconds:.0f} seconds"
    return str(error) or type(error).__name__


def _netloc(address: httpx.URL) -> str:
    return address.netloc.decode("ascii", "replace")
