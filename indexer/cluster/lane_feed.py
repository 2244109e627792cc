"""The volumes of all sources, read ahead: each lane in a thread of its own, as in a run without Ray."""

import queue
import threading
from collections.abc import Sequence
from pathlib import Path

from indexer.ingest.host_pools import has_files_below
from indexer.ingest.pipeline import LaneItems
from indexer.ingest.volume_lane import SourceItem
from indexer.ingest.volume_run import RunKey
from indexer.records import Volume

POLL_SECONDS = 0.2

FeedItem = tuple[RunKey, SourceItem]


class LaneFeed:
    """Hands out what the lanes yield; an archive goes on when its last volume has been written."""

    def __init__(self, lanes: Sequence[LaneItems], unpacked_folder: Path, capacity: int) -> None:
        self._unpacked_folder = unpacked_folder
        self._items: queue.Queue[FeedItem | BaseException] = queue.Queue(capacity)
        self._open_lanes = len(lanes)
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._ends: dict[RunKey, threading.Event] = {}
        for lane in lanes:
            threading.Thread(target=self._read, args=(lane,), name="frontispiece-sources", daemon=True).start()

    @property
    def is_exhausted(self) -> bool:
        """Whether there is nothing more to come."""
        with self._lock:
            return not self._open_lanes and self._items.empty()

    def take(self, seconds: float = 0.0) -> FeedItem | None:
        """Return the next item, after waiting `seconds` for it; None if there is none now.

        An error that a source raises is raised here.
        """
        try:
            item = self._items.get(block=seconds > 0, timeout=seconds or None)
        except queue.Empty:
            return None
        if isinstance(item, BaseException):
            raise item
        return item

    def end_volume(self, key: RunKey) -> None:
        """Say that the files of a volume are no longer needed."""
        if event := self._ends.pop(key, None):
            event.set()

    def stop(self) -> None:
        """Let the threads end at their next item."""
        self._stopping.set()

    def _read(self, lane: LaneItems) -> None:
        try:
            for key, item in lane:
                is_unpacked = isinstance(item, Volume) and has_files_below(self._unpacked_folder, item)
                if is_unpacked:
                    self._ends[key] = threading.Event()
                self._put((key, item))
                if is_unpacked:
                    self._wait_for_end(key)
                if self._stopping.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 it is raised in the main thread
            self._put(error)
        finally:
            with self._lock:
                self._open_lanes -= 1

    def _put(self, item: FeedItem | BaseException) -> None:
        while not self._stopping.is_set():
            try:
                self._items.put(item, timeout=POLL_SECONDS)
            except queue.Full:
                continue
            return

    def _wait_for_end(self, key: RunKey) -> None:
        event = self._ends.get(key)
        while event and not self._stopping.is_set() and not event.wait(POLL_SECONDS):
            pass
