"""The threads of one run: queues with bounds, and a stop that reaches every one of them."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")

JOIN_SECONDS = 5.0
"""How long the end of a run waits for all threads that only read, such as one that waits for a server."""


class RunStopped(Exception):
    """The run ends because of an error in another thread, or of Ctrl-C."""


class RunControl:
    """Starts the threads of a run; the first error of any thread stops all of them.

    Everything that threads wait for is guarded by one lock, `lock`, and announced by conditions that share it.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._conditions: list[threading.Condition] = []
        self._ended = self.condition()
        self.lane_may_go_on = self.condition()
        """Announces the ends of tasks and of pages, for which lanes wait."""
        self._threads: list[tuple[threading.Thread, bool]] = []
        self._running = 0
        self._is_stopped = False
        self._error: BaseException | None = None

    def condition(self) -> threading.Condition:
        """Return a condition that a stop announces too."""
        condition = threading.Condition(self.lock)
        self._conditions.append(condition)
        return condition

    def wait(self, condition: threading.Condition, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
        """Wait, with the lock held, and return whether the predicate holds; `RunStopped` if the run is stopped."""
        condition.wait_for(lambda: self._is_stopped or predicate(), timeout)
        if self._is_stopped:
            raise RunStopped
        return predicate()

    def start(self, name: str, function: Callable[[], None], *, writes: bool = False) -> None:
        """Run a function in a thread; the end of the run waits for a thread that `writes`, whatever it takes."""

        def run() -> None:
            try:
                function()
            except RunStopped:
                pass
            except BaseException as error:  # noqa: BLE001 every error, Ctrl-C too, is raised in the main thread
                self.stop(error)
            finally:
                with self.lock:
                    self._running -= 1
                    self._ended.notify_all()

        thread = threading.Thread(target=run, name=f"frontispiece-{name}", daemon=True)
        with self.lock:
            self._running += 1
            self._threads = [(other, waits) for other, waits in self._threads if other.is_alive()]
            self._threads.append((thread, writes))
            thread.start()

    def stop(self, error: BaseException | None = None) -> None:
        """Stop every thread at its next wait; the first error is kept for `raise_error`."""
        with self.lock:
            if not self._is_stopped:
                self._is_stopped, self._error = True, error
            for condition in self._conditions:
                condition.notify_all()

    def join(self) -> None:
        """Wait until the threads have ended; not for long for those that only read."""
        deadline = time.monotonic() + JOIN_SECONDS
        for thread, writes in sorted(self._threads, key=lambda entry: not entry[1]):
            thread.join(None if writes else max(0.0, deadline - time.monotonic()))

    def wait_for_end(self) -> None:
        """Wait until every thread has ended."""
        with self.lock:
            self.wait(self._ended, lambda: not self._running)

    def raise_error(self) -> None:
        """Raise the first error of any thread."""
        if self._error:
            raise self._error


class ThreadGroup:
    """Threads whose end can be waited for together."""

    def __init__(self, control: RunControl) -> None:
        self._control = control
        self._ended = control.condition()
        self._running = 0

    def start(self, name: str, function: Callable[[], None]) -> None:
        with self._control.lock:
            self._running += 1
        self._control.start(name, lambda: self._run(function))

    def _run(self, function: Callable[[], None]) -> None:
        function()
        with self._control.lock:
            self._running -= 1
            self._ended.notify_all()

    def wait(self) -> None:
        """Wait until each has returned."""
        with self._control.lock:
            self._control.wait(self._ended, lambda: not self._running)


class StageQueue(Generic[Item]):
    """Passes items from one stage to the next; `put` waits while there are too many that wait or are worked on."""

    def __init__(self, control: RunControl, capacity: int) -> None:
        self._control, self._capacity = control, capacity
        self._not_full, self._not_empty = control.condition(), control.condition()
        self._items: deque[Item] = deque()
        self._in_work = 0
        self._is_closed = False
        self.peak = 0
        """The most items that were here at once."""

    def put(self, item: Item, *, at_once: bool = False) -> None:
        """Add an item; `at_once` waits for nothing, for a thread that must not wait for this queue."""
        with self._control.lock:
            if not at_once:
                self._control.wait(self._not_full, lambda: len(self._items) + self._in_work < self._capacity)
            self._items.append(item)
            self.peak = max(self.peak, len(self._items) + self._in_work)
            self._not_empty.notify()

    def get_batch(self, size: int = 1, idle_seconds: float | None = None) -> list[Item]:
        """Return up to `size` items, in order; none if the queue is closed and empty.

        It waits for `size` items, but not longer than `idle_seconds` without a new one.
        """
        with self._control.lock:
            count = -1
            while len(self._items) < size and not self._is_closed and count != len(self._items):
                count = len(self._items)
                self._control.wait(
                    self._not_empty,
                    lambda: self._is_closed or len(self._items) > count,  # noqa: B023 called in this round only
                    idle_seconds if count else None,
                )
            batch = [self._items.popleft() for _ in range(min(size, len(self._items)))]
            self._in_work += len(batch)
            return batch

    def finish(self, count: int = 1) -> None:
        """Say that items of a batch are no longer worked on."""
        with self._control.lock:
            self._in_work -= count
            self._not_full.notify_all()

    def close(self) -> None:
        """Say that no more items come."""
        with self._control.lock:
            self._is_closed = True
            self._not_empty.notify_all()
