"""How far a run is: callbacks for a library's user, and a progress bar for the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.console import create_progress_bar
from indexer.records import Book

MAX_TITLE_LENGTH = 44
"""Characters of a book's title beside the progress bar."""


@dataclass(frozen=True, slots=True)
class ProgressCallbacks:
    """Functions that a run calls as it goes on; each does nothing by default."""

    on_book: Callable[[Book, int], None] = lambda _book, _pages: None
    """Called before a book is read, with its number of pages."""
    on_page: Callable[[], None] = lambda: None
    """Called after each page."""


NO_PROGRESS = ProgressCallbacks()


@contextmanager
def show_progress() -> Iterator[ProgressCallbacks]:
    """Show the pages of the current book as a progress bar on the terminal."""
    with create_progress_bar("pages") as progress_bar:
        task = progress_bar.add_task("looking for books", total=None)

        def start_book(book: Book, page_count: int) -> None:
            progress_bar.reset(task, total=page_count, description=_shorten(book.title or book.id))

        yield ProgressCallbacks(on_book=start_book, on_page=lambda: progress_bar.advance(task))


def _shorten(title: str) -> str:
    return title if len(title) <= MAX_TITLE_LENGTH else title[: MAX_TITLE_LENGTH - 1] + "…"
