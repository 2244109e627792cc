"""A server as a worker sees it: every question goes to the register that all workers share."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from indexer.cluster.host_register import RequestTerms
from indexer.images.hosts import ServerDown
from indexer.images.robots import RobotRules

Ask = Callable[..., Any]
"""Calls a method of the register, by name, and returns its result."""
Tell = Callable[..., None]
"""Calls a method of the register, by name, and does not wait for it."""


ANSWER_SECONDS = 0.1
"""How late an answer of the register may come."""


class _Terms(threading.local):
    """The terms of the request that a thread sends."""

    value = RequestTerms()


class RemoteHost:
    """The `Host` of a fetcher whose state is kept elsewhere."""

    def __init__(self, name: str, owner: str, ask: Ask, tell: Tell) -> None:
        self.name = name
        self._owner, self._ask, self._tell = owner, ask, tell
        self._terms = _Terms()
        self._robots_lock = threading.Lock()
        self._robots: RobotRules | None = None

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait until one more request may be sent to the server; ServerDown if it gets none any more."""
        self._take(self._ask("acquire", self.name, self._owner))
        try:
            yield
        finally:
            self._tell("release", self.name, self._owner)

    def robots(self, load: Callable[[], RobotRules]) -> RobotRules:
        """Return the server's rules, which one worker loads for all."""
        with self._robots_lock:
            if self._robots is None or self._robots.is_provisional:
                self._robots = self._ask("begin_robots", self.name, self._owner)
            if self._robots is not None:
                return self._robots
            try:
                self._robots = load()
            finally:
                # Others load them, if this worker could not.
                self._tell("finish_robots", self.name, self._owner, self._robots)
            return self._robots

    def wait(self, sleep: Callable[[float], object]) -> None:
        """Wait for the moment of the next request, and for another one if the server asks to wait meanwhile."""
        while True:
            self._take(self._ask("next_request", self.name))
            if not self._terms.value.delay:
                return
            start = time.monotonic() + self._terms.value.delay
            sleep(self._terms.value.delay)
            if time.monotonic() + self._ask("held_seconds", self.name) <= start + ANSWER_SECONDS:
                return

    def hold(self, seconds: float) -> None:
        """Send no request for some seconds, as the server has asked to wait."""
        self._tell("hold", self.name, seconds)

    def slow_down(self) -> None:
        self._tell("slow_down", self.name)

    def record_response(self) -> None:
        self._tell("record_response", self.name)

    def record_hang(self, started_at: float) -> None:
        """Count the seconds since a request, to which there is no answer."""
        self._tell("record_hang", self.name, time.monotonic() - started_at)

    def record_failure(self, reason: str, started_at: float) -> None:
        """Count a failure in spite of all retries; `ServerDown` if the server has been given up already."""
        if down_reason := self._ask("record_failure", self.name, reason, time.monotonic() - started_at):
            raise ServerDown(self.name, down_reason)

    @property
    def remaining_patience(self) -> float:
        """The seconds that the server may still cost; at least one."""
        return max(1.0, self._terms.value.remaining_patience)

    @property
    def timeout_seconds(self) -> float:
        return max(1.0, self._terms.value.timeout_seconds)

    def _take(self, terms: RequestTerms) -> None:
        if terms.down_reason:
            raise ServerDown(self.name, terms.down_reason)
        self._terms.value = terms
