"""The strip of a book's pages with a mark wherever pictures stand. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from api.responses import Hit

MAX_MARKS = 200
"""Marks that can be told apart on a wide screen; a mark of a longer book stands for several pages."""
WIDTH = 1000
"""Units of the strip's width."""
MIN_WIDTH, MAX_WIDTH = 1.5, 14.0
"""Units of a mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The pictures of one page, or of a few pages that follow each other."""

    x: float
    width: float
    height: float
    """Share of the strip's height, 0 to 1."""
    first_page: int
    last_page: int
    count: int
    hit: Hit
    """The first of the pictures."""
    list_page: int
    """The page of the list of pictures that the first one is on."""
    is_match: bool
    """Whether one of the pages has the words that the reader looks for."""


def build_marks(
    hits: Sequence[Hit], last_page: int, *, size: int, matches: Mapping[int, bool] | None = None
) -> list[Mark]:
    """Return the marks of pictures in page order; `size` is the number of pictures on a page of the list."""
    last_page = max(last_page, *(hit.page for hit in hits), 1) if hits else max(last_page, 1)
    pages_per_mark = -(-last_page // MAX_MARKS)
    room = WIDTH * pages_per_mark / last_page
    width = min(max(room * 0.8, MIN_WIDTH), MAX_WIDTH)
    numbered = [(position, hit) for position, hit in enumerate(hits)]
    groups = [
        list(group) for _, group in groupby(numbered, key=lambda item: (max(item[1].page, 1) - 1) // pages_per_mark)
    ]
    most = max(map(len, groups), default=1)
    return [
        Mark(
            x=round((max(group[0][1].page, 1) - 1) // pages_per_mark * room + max(room - width, 0) / 2, 2),
            width=round(width, 2),
            height=round(0.35 + 0.65 * len(group) / most, 2),
            first_page=group[0][1].page,
            last_page=group[-1][1].page,
            count=len(group),
            hit=group[0][1],
            list_page=group[0][0] // size + 1,
            is_match=any((matches or {}).get(hit.page, False) for _, hit in group),
        )
        for group in groups
    ]
