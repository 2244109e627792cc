"""Threads that read and fetch: a few for each host, so that one that hangs keeps no other waiting."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar, cast
from urllib.parse import urlsplit

from indexer.ingest.flow_control import RunControl
from indexer.records import Leaf, Volume, is_url

Result = TypeVar("Result")

LOCAL_HOST = ""
"""The host of files on disk."""


def host_of(leaf: Leaf) -> str:
    """Return the host that a page is fetched from; `LOCAL_HOST` if all of it is on disk."""
    sources = (leaf.image_service, leaf.scan, leaf.alto)
    return next((host_in_url(source) for source in sources if source and is_url(source)), LOCAL_HOST)


def host_in_url(url: str) -> str:
    """Return the host of a URL with its port; of an invalid one, which the fetcher refuses, the text in its place."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return url.partition("://")[2].partition("/")[0]


def has_files_below(folder: Path | None, volume: Volume) -> bool:
    """Return whether any page of a volume is a file below a folder; if none is given, whether any is a file."""
    paths = (source for leaf in volume.leaves for source in (leaf.scan, leaf.alto) if source and not is_url(source))
    if folder is None:
        return any(paths)
    folders = (folder.absolute(), folder.resolve())
    return any(any(map(Path(path).absolute().is_relative_to, folders)) for path in paths)


class HostPools:
    """Calls functions in the threads of their hosts; a thread ends when its host has nothing to do."""

    def __init__(self, control: RunControl, thread_count: Callable[[str], int]) -> None:
        self._control, self._thread_count = control, thread_count
        self._urgent: dict[str, deque[Callable[[], None]]] = {}
        self._others: dict[str, deque[Callable[[], None]]] = {}
        self._threads: dict[str, int] = {}

    def submit(self, host: str, function: Callable[[], None], *, urgent: bool = False) -> None:
        """Call a function in a thread of the host, after those that wait there already; `urgent` ones come first."""
        with self._control.lock:
            queues = self._urgent if urgent else self._others
            queues.setdefault(host, deque()).append(function)
            needs_thread = self._threads.get(host, 0) < self._thread_count(host)
            if needs_thread:
                self._threads[host] = self._threads.get(host, 0) + 1
        if needs_thread:
            self._control.start(host or "files", lambda: self._work(host))

    def _work(self, host: str) -> None:
        while function := self._next_function(host):
            function()

    def _next_function(self, host: str) -> Callable[[], None] | None:
        with self._control.lock:
            for queues in (self._urgent, self._others):
                if queue := queues.get(host):
                    return queue.popleft()
            self._threads[host] -= 1
            return None

    def announce_end(self) -> None:
        """Say that a task has ended."""
        with self._control.lock:
            self._control.lane_may_go_on.notify_all()

    def wait_for_task(self, predicate: Callable[[], bool]) -> None:
        """Wait until tasks have ended as a predicate says."""
        with self._control.lock:
            self._control.wait(self._control.lane_may_go_on, predicate)


class Task(Generic[Result]):
    """A function that a thread calls, and what it returned or raised."""

    def __init__(self, pools: HostPools, function: Callable[[], Result]) -> None:
        self._pools, self._function = pools, function
        self._error: BaseException | None = None
        self._result: Result | None = None
        self.is_done = False

    def run(self) -> None:
        try:
            self._result = self._function()
        except BaseException as error:  # noqa: BLE001 it is raised where the result is needed
            self._error = error
        self.is_done = True
        self._pools.announce_end()

    def result(self) -> Result:
        """Wait for the end of the function and return what it returned, or raise what it raised."""
        self._pools.wait_for_task(lambda: self.is_done)
        if self._error:
            raise self._error
        return cast(Result, self._result)
