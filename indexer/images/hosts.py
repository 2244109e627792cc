"""What a run knows of one server: how many requests it gets at once, its pauses, its failures, its robots.txt."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from core.errors import FileUnavailable, ProblemCode
from indexer.images.robots import RobotRules

MIN_PAUSE, MAX_PAUSE = 0.5, 15.0
"""Seconds between two requests to a server that throttles; doubled each time, and reduced slowly."""

MAX_FAILURES = 5
"""Consecutive failures, each with all retries, after which a server is not asked again."""

FORGIVENESS = 0.999
"""What a good answer leaves of the seconds that a server has cost: 90 % after a hundred, nothing after a long run."""

ROBOTS_RETRY_SECONDS = 300.0
"""Seconds after which a robots.txt that could not be had is requested again; doubled each time."""

TIMEOUT_SECONDS = 30.0
"""Seconds without data; image servers on slow storage can take ten."""
HANG_TIMEOUT_SECONDS = 10.0
"""The same for a server that has not answered once already."""


class ServerDown(FileUnavailable):
    """A server has failed so often, or for so long, that this run sends it no more requests."""

    default_code = ProblemCode.UNAVAILABLE


class Host(Protocol):
    """What a fetcher asks of a server's state; times are of `time.monotonic` in the fetcher's process."""

    @property
    def name(self) -> str: ...

    def slot(self) -> AbstractContextManager[None]: ...

    def robots(self, load: Callable[[], RobotRules]) -> RobotRules: ...

    def wait(self, sleep: Callable[[float], object]) -> None: ...

    def hold(self, seconds: float) -> None: ...

    def slow_down(self) -> None: ...

    def record_response(self) -> None: ...

    def record_hang(self, started_at: float) -> None: ...

    def record_failure(self, reason: str, started_at: float) -> None: ...

    @property
    def remaining_patience(self) -> float: ...

    @property
    def timeout_seconds(self) -> float: ...


class HostState:
    """The requests, pauses and failures of one server; any thread may use it."""

    def __init__(self, name: str, *, connections: int, patience: float) -> None:
        self.name = name
        self._patience = patience
        self._slots = threading.BoundedSemaphore(connections)
        self._lock, self._robots_lock = threading.Lock(), threading.Lock()
        self._robots: RobotRules | None = None
        self._robots_due_at, self._robots_interval = 0.0, ROBOTS_RETRY_SECONDS
        self._pause = 0.0
        self._next_request_at = 0.0
        self._held_until = 0.0
        """Until when the server has asked to wait."""
        self._failure_count = 0
        self._last_reason = ""
        self._down_reason = ""
        """Why the server gets no more requests; empty while it gets some."""
        self._wasted_seconds = 0.0
        self._wasted_until = 0.0
        self._has_hung = False

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait until one more request may be sent to the server; ServerDown if it gets none any more."""
        with self._slots:
            self.check_is_up()
            yield

    def robots(self, load: Callable[[], RobotRules]) -> RobotRules:
        """Return the server's rules, loaded before its first request, and again later if they could not be had."""
        with self._robots_lock:
            if self._robots is None or self.are_robots_due:
                self._robots = load()
                self._robots_due_at = time.monotonic() + self._robots_interval
                self._robots_interval *= 2
            return self._robots

    @property
    def are_robots_due(self) -> bool:
        """Whether the server's rules are to be loaded, or once more as they could not be had."""
        rules = self._robots
        return rules is None or (rules.is_provisional and time.monotonic() >= self._robots_due_at)

    def wait(self, sleep: Callable[[float], object]) -> None:
        """Wait for the moment of the next request, and for another one if the server asks to wait meanwhile."""
        while True:
            now, start = self._take_moment()
            if start > now:
                sleep(start - now)
            with self._lock:
                if self._held_until <= start:
                    return

    def _take_moment(self) -> tuple[float, float]:
        """Return the time, and the moment at which one request may be sent."""
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next_request_at)
            pause = max(self._pause, self._robots.crawl_delay if self._robots else 0.0)
            self._next_request_at = start + pause
            return now, start

    def hold(self, seconds: float) -> None:
        """Send no request for some seconds, as the server has asked to wait."""
        with self._lock:
            self._held_until = max(self._held_until, time.monotonic() + seconds)
            self._next_request_at = max(self._next_request_at, self._held_until)

    @property
    def held_seconds(self) -> float:
        """The seconds for which the server still gets no request."""
        return max(0.0, self._held_until - time.monotonic())

    def slow_down(self) -> None:
        with self._lock:
            self._pause = min(max(self._pause * 2, MIN_PAUSE), MAX_PAUSE)

    def record_response(self) -> None:
        with self._lock:
            self._pause = self._pause * 0.9 if self._pause > 0.05 else 0.0
            self._next_request_at = max(self._next_request_at, time.monotonic() + self._pause)
            self._failure_count = 0
            self._wasted_seconds *= FORGIVENESS

    def record_hang(self, started_at: float) -> None:
        """Count the seconds since a request, to which there is no answer; those of several requests are not added."""
        with self._lock:
            self._has_hung |= self._waste(started_at) >= HANG_TIMEOUT_SECONDS

    def record_failure(self, reason: str, started_at: float) -> None:
        """Count a failure in spite of all retries; `ServerDown` if the server has been given up already."""
        with self._lock:
            if self._down_reason:
                # A request that was under way when the server was given up is no failure of its own.
                raise ServerDown(self.name, self._down_reason)
            self._failure_count, self._last_reason = self._failure_count + 1, reason
            self._waste(started_at)
            if self._failure_count >= MAX_FAILURES or self._wasted_seconds >= self._patience:
                self._give_up()

    def _waste(self, started_at: float) -> float:
        """Count the seconds since a request as far as no other request has counted them; return all of them."""
        now = time.monotonic()
        self._wasted_seconds += max(0.0, now - max(started_at, self._wasted_until))
        self._wasted_until = now
        return now - started_at

    @property
    def remaining_patience(self) -> float:
        """The seconds that the server may still cost; at least one."""
        return max(1.0, self._patience - self._wasted_seconds)

    @property
    def timeout_seconds(self) -> float:
        return min(HANG_TIMEOUT_SECONDS if self._has_hung else TIMEOUT_SECONDS, self.remaining_patience)

    def check_is_up(self) -> None:
        """Raise `ServerDown` if the run sends the server no more requests."""
        with self._lock:
            if not self._down_reason and self._wasted_seconds >= self._patience:
                self._give_up()
            if self._down_reason:
                raise ServerDown(self.name, self._down_reason)

    def _give_up(self) -> None:
        cause = (
            f"failed {MAX_FAILURES} times in a row ({self._last_reason})"
            if self._failure_count >= MAX_FAILURES
            else f"cost {self._patience:.0f} seconds (FRONTISPIECE_HOST_PATIENCE) without an answer"
        )
        self._down_reason = f"the server has {cause}; run again later"
