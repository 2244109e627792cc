"""How far a run is: told to whoever asks, and on the terminal as a bar."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from indexer.records import Book


@dataclass(frozen=True, slots=True)
class ProgressCallbacks:
    """Called as the run goes on; each does nothing by default."""

    on_book: Callable[[Book, int], None] = lambda _book, _pages: None
    on_page: Callable[[], None] = lambda: None


NO_PROGRESS = ProgressCallbacks()


def create_progress_bar(console: Console) -> Bar:
    """Pages of the book at hand, on the terminal."""
    return Bar(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("pages"),
        TimeElapsedColumn(),
        console=console,
    )


def bar_callbacks(progress_bar: Bar) -> ProgressCallbacks:
    task = progress_bar.add_task("looking for books", total=None)

    def start_book(record: Book, pages: int) -> None:
        progress_bar.reset(task, total=pages, description=_shorten(record.title or record.id))

    return ProgressCallbacks(on_book=start_book, on_page=lambda: progress_bar.advance(task))


def _shorten(title: str, max_length: int = 44) -> str:
    return title if len(title) <= max_length else title[: max_length - 1] + "…"
