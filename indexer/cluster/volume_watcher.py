"""How far a volume is, as its worker sees it and reports it."""

import os
import platform
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from core.errors import FrontispieceError
from indexer.ingest.progress import ProgressCallbacks
from indexer.records import Problem
from indexer.stage_meters import Stage, StageFigures, StageMeters

REPORT_SECONDS = 1.0
"""How often a worker says how far its volume is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeProgress:
    """How far an attempt at a volume is."""

    host: str
    pid: int
    was_begun: bool
    """Whether the volume is one to be read; False while it is not known, or if its id is another book's."""
    pages: int
    figures: Mapping[Stage, StageFigures]


class VolumeWatcher:
    """Counts what the stages of one volume do in this process."""

    def __init__(self) -> None:
        self._meters = StageMeters()
        self._lock = threading.Lock()
        self._pages = 0
        self._was_begun = False
        self.problems: list[Problem] = []
        """Why the volume was left out, if it was."""

    def callbacks(self) -> ProgressCallbacks:
        return ProgressCallbacks(
            on_book=lambda _book, _pages: self._begin(),
            on_page=self._add_page,
            on_problem=self.problems.append,
            meters=self._meters,
        )

    def progress(self) -> VolumeProgress:
        return VolumeProgress(
            host=platform.node(),
            pid=os.getpid(),
            was_begun=self._was_begun,
            pages=self._pages,
            figures=self._meters.figures(),
        )

    def _begin(self) -> None:
        self._was_begun = True

    def _add_page(self) -> None:
        with self._lock:
            self._pages += 1


@contextmanager
def regular_reports(
    ask: Callable[..., bool], owner: str, watcher: VolumeWatcher, stop: Callable[[BaseException], None]
) -> Iterator[None]:
    """Say now and then how far a volume is; `stop` is called if the run is to end."""
    ended = threading.Event()

    def report() -> None:
        while not (is_stopping := ask("report_progress", owner, watcher.progress())):
            if ended.wait(REPORT_SECONDS):
                return
        if is_stopping:
            stop(FrontispieceError("the run was stopped"))

    thread = threading.Thread(target=report, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
