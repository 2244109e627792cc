"""The terminal: messages and progress on standard error, so that standard output holds results only."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from core.errors import FrontispieceError

console = Console(stderr=True, soft_wrap=True)

EXIT_INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended, as shells define it."""

Item = TypeVar("Item")


def print_message(message: object) -> None:
    """Print text as it is: a file called `[1].jpg` is not markup."""
    console.print(message, markup=False, highlight=False)


def print_warning(message: object) -> None:
    """Print text in yellow, without reading markup in it."""
    console.print(message, style="yellow", markup=False, highlight=False)


def create_progress_bar(unit: str = "") -> Progress:
    """Return a progress bar whose tasks show a description, `done/total unit` and the time."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def track(items: Iterable[Item], title: str) -> Iterator[Item]:
    """Yield the items one by one and advance a progress bar."""
    with create_progress_bar() as progress_bar:
        yield from progress_bar.track(items, description=title)


def check_writable(path: Path) -> None:
    """Raise an error if a file cannot be written, before the work that fills it starts."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError as error:
        raise FrontispieceError(f"{path} cannot be written: {error.strerror or error}") from error
