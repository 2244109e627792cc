"""How many pages a run reads and fetches at once: in all, and of each server."""

from collections import Counter
from collections.abc import Callable, Iterable

from indexer.ingest.flow_control import RunControl


class PageBudget:
    """The pages between reading and encoding; each lane can always have one."""

    def __init__(self, control: RunControl, limit: int, host_limit: Callable[[str], int]) -> None:
        self._control, self._limit, self._host_limit = control, limit, host_limit
        self._changed = control.lane_may_go_on
        self._pages_by_lane: dict[int, int] = {}
        self._pages_by_host: Counter[str] = Counter()
        self._in_flight = 0
        self.peak = 0
        """The most pages that were in flight at once."""

    def open_lane(self, lane: int) -> None:
        with self._control.lock:
            self._pages_by_lane[lane] = 0

    def close_lane(self, lane: int) -> None:
        """Give up what is kept for the lane; its pages are still released one by one."""
        with self._control.lock:
            self._pages_by_lane[lane] += 1
            self._changed.notify_all()

    def take(self, lane: int, host: str) -> bool:
        """Take one page of a host into flight and return True; False if there is no room for it."""
        with self._control.lock:
            if not self._has_room(lane, host):
                return False
            self._pages_by_lane[lane] += 1
            self._pages_by_host[host] += 1
            self._in_flight += 1
            self.peak = max(self.peak, self._in_flight)
            return True

    def wait_for_room(self, lane: int, hosts: Iterable[str]) -> None:
        """Wait until a page of one of the hosts can be taken."""
        hosts = tuple(hosts)
        with self._control.lock:
            self._control.wait(self._changed, lambda: self.has_room(lane, hosts))

    def release(self, lane: int, host: str) -> None:
        with self._control.lock:
            self._pages_by_lane[lane] -= 1
            self._pages_by_host[host] -= 1
            self._in_flight -= 1
            self._changed.notify_all()

    def has_room(self, lane: int, hosts: Iterable[str]) -> bool:
        """Return whether a page of one of the hosts can be taken; called with the lock held."""
        return any(self._has_room(lane, host) for host in hosts)

    def _has_room(self, lane: int, host: str) -> bool:
        """Return whether a lane may take a page, with one kept for each lane that has none."""
        reserved = sum(not pages for other, pages in self._pages_by_lane.items() if other != lane)
        limit = self._limit - reserved if self._pages_by_lane[lane] else self._limit
        return self._in_flight < limit and self._pages_by_host[host] < self._host_limit(host)


class PageTicket:
    """One page in flight, until it has been read and each of its pictures is on the way to the encoder or left out."""

    def __init__(self, control: RunControl, budget: PageBudget, lane: int, host: str) -> None:
        self._lock, self._budget, self._lane, self._host = control.lock, budget, lane, host
        self._part_count = 1

    def add(self, count: int) -> None:
        """Count parts that have to be finished too."""
        with self._lock:
            self._part_count += count

    def finish(self) -> None:
        """Count a part as finished; with the last one the page is no longer in flight."""
        with self._lock:
            self._part_count -= 1
            is_last = not self._part_count
        if is_last:
            self._budget.release(self._lane, self._host)
