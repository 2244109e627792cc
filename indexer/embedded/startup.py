"""Wait for a node that is starting, for as long as it makes progress."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

import httpx

from core.errors import NodeError
from indexer.embedded.jars import ReportProgress

Result = TypeVar("Result")

STALL_SECONDS = 120.0
"""A start is given up after this time without progress; on an idle machine a whole start takes 3 s."""
POLL_SECONDS = 0.05
REPORT_SECONDS = 5.0
HEALTH_SECONDS = 30.0
"""Limit for one health request, which is slow on a busy machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressWait:
    """Polls until something has happened; gives up only when there is no progress for `stall_seconds`."""

    report_progress: ReportProgress
    stall_seconds: float = STALL_SECONDS
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def wait(
        self, subject: str, poll: Callable[[], Result | None], read_progress: Callable[[], Hashable]
    ) -> Result | None:
        """Call `poll` until it returns a result, and return that; None if the wait stalls.

        Any change of `read_progress()` counts as progress. `subject` says in the progress messages what is awaited.
        """
        started_at = changed_at = reported_at = self.clock()
        progress = read_progress()
        while (result := poll()) is None:
            now = self.clock()
            if (new_progress := read_progress()) != progress:
                progress, changed_at = new_progress, now
            elif now - changed_at >= self.stall_seconds:
                return None
            if now - reported_at >= REPORT_SECONDS:
                reported_at = now
                elapsed, idle = now - started_at, now - changed_at
                self.report_progress(f"waiting {elapsed:.0f} s for {subject}; last progress {idle:.0f} s ago")
            self.sleep(POLL_SECONDS)
        return result


@dataclass(slots=True)
class IndexHealth:
    """The health of a node's indices, as the latest request reported it."""

    client: httpx.Client
    is_alive: Callable[[], bool]
    """Whether the node's process still runs."""
    shards: tuple[Hashable, ...] = ()
    """Status and numbers of shards, empty before the first response; a change means that indices are recovered."""
    error: str = "no response"
    """Why the latest request failed; empty if it succeeded."""

    def poll(self) -> bool | None:
        """Return True once every index can be searched, and None before; raise `NodeError` if the node has ended."""
        if not self.is_alive():
            raise NodeError("it ended while it recovered its indices")
        try:
            health = self.client.get("/_cluster/health").raise_for_status().json()
            self.shards = tuple(health[name] for name in ("status", "active_shards", "initializing_shards"))
            self.error = ""
        except (httpx.HTTPError, ValueError, KeyError) as error:
            self.error = str(error) or type(error).__name__
            return None
        return True if health["status"] != "red" else None
