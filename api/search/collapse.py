"""The first pages of a search by words: one result for each print, and few of each book before those of others.

Elasticsearch's own `collapse` visits every match and hides all but one picture of a book. Here the best results, as
many as `WINDOW`, change places among themselves, so nothing is lost and the pages after them stay as they are.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

PICTURES_PER_BOOK = 3
"""Pictures of a book that come before the first pictures of other books.

Measured in docs/decisions/0002-boosts-from-evaluation.md."""

WINDOW = 96
"""Best results that change places: four pages. No more than `queries.body.MAX_HITS_WITH_TEXT`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultKey:
    """What tells two results apart."""

    id: str
    book_id: str
    family_id: str = ""
    is_exact: bool = False
    """Whether an identifier or the whole title matches: such results stay where they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollapsedResult:
    """A result of a collapsed page."""

    position: int
    """Its position among the results that were collapsed."""
    reprints: tuple[str, ...] = ()
    """Ids of the pictures of the same print that it stands for."""
    more_of_book: bool = False
    """Whether results of its book were moved behind those of other books; true for the last before them."""


def window_pages(size: int) -> int:
    """Return how many pages of `size` results are collapsed together."""
    return max(1, WINDOW // size)


def collapse_results(keys: Sequence[ResultKey], limit: int = PICTURES_PER_BOOK) -> list[CollapsedResult]:
    """Return the results in their new order: each result is a position or a reprint of one, once.

    A result that matches an identifier or the whole title is not moved, and no book counts it.
    """
    first_by_family: dict[str, int] = {}
    reprints: dict[int, list[str]] = {}
    folded: set[int] = set()
    for position, key in enumerate(keys):
        if (
            key.family_id
            and not key.is_exact
            and (first := first_by_family.setdefault(key.family_id, position)) != position
        ):
            reprints.setdefault(first, []).append(key.id)
            folded.add(position)
    positions = [position for position in range(len(keys)) if position not in folded]
    counts: Counter[str] = Counter()
    leading, following = [], []
    last_of_book: dict[str, int] = {}
    for position in positions:
        key = keys[position]
        if not key.is_exact:
            counts[key.book_id] += 1
        if key.is_exact or counts[key.book_id] <= limit:
            leading.append(position)
            last_of_book[key.book_id] = position
        else:
            following.append(position)
    moved_books = {keys[position].book_id for position in following} if leading[-1:] > following[:1] else set()
    with_more = {last_of_book[book_id] for book_id in moved_books}
    return [
        CollapsedResult(
            position=position, reprints=tuple(reprints.get(position, ())), more_of_book=position in with_more
        )
        for position in [*leading, *following]
    ]


def page_bounds(count: int, total: int, page: int, size: int) -> tuple[int, int]:
    """Return the first result of a page and the one after its last, of `count` collapsed results.

    If there are more than the window's, its pages share them evenly, so that the first has some.
    """
    pages = window_pages(size)
    if total <= pages * size:
        return (page - 1) * size, page * size
    return ceil((page - 1) * count / pages), ceil(page * count / pages)


def collapsed_page_count(count: int, total: int, size: int) -> int | None:
    """Return how many pages there are if all results are collapsed, else None."""
    return ceil(count / size) if total <= window_pages(size) * size else None
