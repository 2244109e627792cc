"""How far a run is: callbacks for a library's user, a progress bar for the terminal, and events for programs."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from core.console import create_progress_bar
from core.timestamps import utc_timestamp
from indexer.ingest.run_events import (
    EventName,
    RunOutcome,
    RunProgress,
    describe_progress,
    format_event,
    measure_progress,
    progress_fields,
)
from indexer.records import Book, Problem
from indexer.run_records import IngestRun, RunReport
from indexer.stage_meters import StageMeters

MAX_TITLE_LENGTH = 44
"""Characters of a book's title beside the progress bar."""
EVENT_SECONDS = 2.0
"""Between two events `progress`."""


@dataclass(frozen=True, slots=True)
class ProgressCallbacks:
    """Functions that a run calls as it goes on, from any thread; each does nothing by default."""

    on_book: Callable[[Book, int], None] = lambda _book, _pages: None
    """Called before a book is read, with its number of pages."""
    on_page: Callable[[], None] = lambda: None
    """Called after each page has been read."""
    on_book_end: Callable[[Book, RunReport], None] = lambda _book, _report: None
    """Called after the last document of a book has been written, with what became of the book."""
    on_problem: Callable[[Problem], None] = lambda _problem: None
    """Called for a source that is left out."""
    on_run: Callable[[IngestRun], None] = lambda _run: None
    """Called before anything is read."""
    on_run_end: Callable[[RunReport], None] = lambda _report: None
    """Called when everything has been written."""
    meters: StageMeters = field(default_factory=StageMeters)
    """What the stages of the run do."""


NO_PROGRESS = ProgressCallbacks()


class PageCounter:
    """Counts the pages of a run, and says how far it is."""

    def __init__(self, meters: StageMeters, clock: Callable[[], float] = time.monotonic) -> None:
        self._meters, self._clock = meters, clock
        self._lock = threading.Lock()
        self._started_at = clock()
        self.pages_known = 0
        self.pages_read = 0

    def add_book(self, page_count: int) -> None:
        with self._lock:
            self.pages_known += page_count

    def add_page(self) -> None:
        with self._lock:
            self.pages_read += 1

    def progress(self) -> RunProgress:
        """Return how far the run is now."""
        return measure_progress(
            self._meters.figures(),
            self._clock() - self._started_at,
            pages_read=self.pages_read,
            pages_known=self.pages_known,
        )


@contextmanager
def show_progress() -> Iterator[ProgressCallbacks]:
    """Show the pages of the books that have been begun as a bar on the terminal, with the rates of the stages."""
    meters = StageMeters()
    counter = PageCounter(meters)
    with create_progress_bar("pages") as progress_bar:
        task = progress_bar.add_task("looking for books", total=None)
        titles = [""]

        def update() -> None:
            description = "\n".join(filter(None, (titles[0], describe_progress(counter.progress()))))
            progress_bar.update(task, total=counter.pages_known, completed=counter.pages_read, description=description)

        def start_book(book: Book, page_count: int) -> None:
            titles[0] = _shorten(book.title or book.id)
            counter.add_book(page_count)
            update()

        def finish_page() -> None:
            counter.add_page()
            update()

        yield ProgressCallbacks(
            on_book=start_book, on_page=finish_page, on_book_end=lambda _book, _report: update(), meters=meters
        )


class EventWriter:
    """Writes what a run does as lines of JSON, one event each."""

    def __init__(self, write_line: Callable[[str], None]) -> None:
        self._write_line = write_line
        self._lock = threading.Lock()
        self._run_id = ""
        self._report: RunReport | None = None
        self._meters = StageMeters()
        self._counter = PageCounter(self._meters)
        self._last_progress_at = time.monotonic()

    def callbacks(self) -> ProgressCallbacks:
        """Return the callbacks that write events."""
        return ProgressCallbacks(
            on_book=self._start_book,
            on_page=self._finish_page,
            on_book_end=self._finish_book,
            on_problem=lambda problem: self._write("problem", {"book_id": None, **asdict(problem)}),
            on_run=self._start_run,
            on_run_end=self._keep_report,
            meters=self._meters,
        )

    def finish_run(self, outcome: RunOutcome, error: str = "") -> None:
        """Write the last figures, and how the run ended."""
        self._write("progress", progress_fields(self._counter.progress()))
        report = asdict(self._report) if self._report else None
        self._write("run_finished", {"outcome": outcome, "error": error, "report": report})

    def _keep_report(self, report: RunReport) -> None:
        self._report = report

    def _start_run(self, run: IngestRun) -> None:
        self._run_id = run.id
        self._write("run_started", {"sources": list(run.sources), "models": list(run.models), "rebuild": run.rebuild})

    def _start_book(self, book: Book, page_count: int) -> None:
        self._counter.add_book(page_count)
        self._write("volume_started", {"book_id": book.id, "title": book.title, "pages": page_count})

    def _finish_page(self) -> None:
        self._counter.add_page()
        now = time.monotonic()
        with self._lock:
            is_due = now - self._last_progress_at >= EVENT_SECONDS
            if is_due:
                self._last_progress_at = now
        if is_due:
            self._write("progress", progress_fields(self._counter.progress()))

    def _finish_book(self, book: Book, report: RunReport) -> None:
        for problem in (*report.problems, *report.rejected):
            self._write("problem", {"book_id": book.id, **asdict(problem)})
        counts = {name: value for name, value in asdict(report).items() if isinstance(value, int)}
        for name in ("books", "files_read", "files_companion", "files_ignored", "files_not_read"):
            del counts[name]
        failures = {
            "left_out": len(report.problems),
            "rejected": len(report.rejected),
            "warnings": len(report.warnings),
        }
        self._write("volume_finished", {"book_id": book.id, **counts, **failures})

    def _write(self, event: EventName, fields: Mapping[str, Any]) -> None:
        line = format_event(event, self._run_id, utc_timestamp("milliseconds"), fields)
        with self._lock:
            self._write_line(line)


@contextmanager
def write_events(write_line: Callable[[str], None]) -> Iterator[ProgressCallbacks]:
    """Write the events of a run, and at the end how it ended."""
    writer = EventWriter(write_line)
    try:
        yield writer.callbacks()
    except KeyboardInterrupt:
        writer.finish_run("stopped")
        raise
    except Exception as error:
        writer.finish_run("failed", str(error))
        raise
    writer.finish_run("complete")


def _shorten(title: str) -> str:
    return title if len(title) <= MAX_TITLE_LENGTH else title[: MAX_TITLE_LENGTH - 1] + "…"
