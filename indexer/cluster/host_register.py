"""The servers that a run fetches from, as the whole cluster sees them: one register for all workers.

It keeps the state of each server as a run without Ray does; the workers tell it what they ask and how it went.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass

from core.errors import FileUnavailable
from indexer.images.hosts import HostState
from indexer.images.robots import RobotRules


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTerms:
    """When and how patiently a worker may send its next request to a server."""

    down_reason: str = ""
    """Why the server gets no more requests; empty while it gets some."""
    delay: float = 0.0
    """Seconds to wait before the request."""
    timeout_seconds: float = 0.0
    remaining_patience: float = 0.0


class _SharedHost:
    """One server: its state, who sends requests to it now, and who loads its robots.txt."""

    def __init__(self, name: str, connections: int, patience: float) -> None:
        self.state = HostState(name, connections=connections, patience=patience)
        self.rules: RobotRules | None = None
        self.robots_loader = ""
        self.requests: Counter[str] = Counter()
        """How many requests each volume has under way."""


class HostRegister:
    """Gives out the requests of all servers; an `owner` is one attempt at a volume, and its requests die with it."""

    def __init__(self, connections: int, patience: float) -> None:
        self._connections, self._patience = connections, patience
        self._hosts: dict[str, _SharedHost] = {}
        self._changed = asyncio.Condition()
        self._dead_owners: set[str] = set()

    async def acquire(self, name: str, owner: str) -> RequestTerms:
        """Wait until one more request may be under way to a server."""
        host = self._host(name)
        async with self._changed:
            await self._changed.wait_for(
                lambda: owner in self._dead_owners or host.requests.total() < self._connections
            )
            if owner in self._dead_owners:
                return RequestTerms(down_reason="the worker was given up")
            terms = self._terms(host)
            if not terms.down_reason:
                host.requests[owner] += 1
            return terms

    async def release(self, name: str, owner: str) -> None:
        """Say that a request has ended."""
        async with self._changed:
            host = self._host(name)
            host.requests[owner] -= 1
            host.requests += Counter()
            self._changed.notify_all()

    async def release_owner(self, owner: str) -> None:
        """Give up everything that a worker had which died."""
        async with self._changed:
            self._dead_owners.add(owner)
            for host in self._hosts.values():
                host.requests.pop(owner, None)
                if host.robots_loader == owner:
                    host.robots_loader = ""
            self._changed.notify_all()

    async def begin_robots(self, name: str, owner: str) -> RobotRules | None:
        """Return a server's rules; None if the worker is to load them. The others wait for it."""
        host = self._host(name)
        async with self._changed:
            await self._changed.wait_for(
                lambda: owner in self._dead_owners or host.rules is not None or not host.robots_loader
            )
            if owner in self._dead_owners:
                # It gets no request either.
                return RobotRules()
            if host.state.are_robots_due and not host.robots_loader:
                host.robots_loader = owner
                return None
            return host.rules

    async def finish_robots(self, name: str, owner: str, rules: RobotRules | None) -> None:
        """Give the rules that a worker has loaded to all; None lets another one load them."""
        async with self._changed:
            host = self._host(name)
            if host.robots_loader != owner:
                return
            host.robots_loader = ""
            if rules is not None:
                host.rules = host.state.robots(lambda: rules)
            self._changed.notify_all()

    async def next_request(self, name: str) -> RequestTerms:
        """Return the terms of the next request, which takes its turn among those of all workers."""
        host = self._host(name)
        delays = [0.0]
        host.state.wait(delays.append)
        return self._terms(host, delays[-1])

    async def held_seconds(self, name: str) -> float:
        """Return for how many seconds a server still gets no request."""
        return self._host(name).state.held_seconds

    async def hold(self, name: str, seconds: float) -> None:
        self._host(name).state.hold(seconds)

    async def slow_down(self, name: str) -> None:
        self._host(name).state.slow_down()

    async def record_response(self, name: str) -> None:
        self._host(name).state.record_response()

    async def record_hang(self, name: str, seconds: float) -> None:
        """Count a request that was sent `seconds` ago and got no answer."""
        self._host(name).state.record_hang(time.monotonic() - seconds)

    async def record_failure(self, name: str, reason: str, seconds: float) -> str:
        """Count a failure; return why the server was given up before, if it was."""
        try:
            self._host(name).state.record_failure(reason, time.monotonic() - seconds)
        except FileUnavailable as error:
            return error.reason
        return ""

    def _host(self, name: str) -> _SharedHost:
        if name not in self._hosts:
            self._hosts[name] = _SharedHost(name, self._connections, self._patience)
        return self._hosts[name]

    def _terms(self, host: _SharedHost, delay: float = 0.0) -> RequestTerms:
        try:
            host.state.check_is_up()
        except FileUnavailable as error:
            return RequestTerms(down_reason=error.reason)
        return RequestTerms(
            delay=delay,
            timeout_seconds=host.state.timeout_seconds,
            remaining_patience=host.state.remaining_patience,
        )
