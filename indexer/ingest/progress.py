"""How far a run is: told to whoever asks, and on the terminal as a bar."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from indexer.records import Book


@dataclass(frozen=True, slots=True)
class Progress:
    """Called as the run goes on; each does nothing by default."""

    book: Callable[[Book, int], None] = lambda _book, _pages: None
    page: Callable[[], None] = lambda: None


SILENT = Progress()


def bar(console: Console) -> Bar:
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


def following(shown: Bar) -> Progress:
    task = shown.add_task("looking for books", total=None)

    def book(record: Book, pages: int) -> None:
        shown.reset(task, total=pages, description=_short(record.title or record.id))

    return Progress(book=book, page=lambda: shown.advance(task))


def _short(title: str, length: int = 44) -> str:
    return title if len(title) <= length else title[: length - 1] + "…"
