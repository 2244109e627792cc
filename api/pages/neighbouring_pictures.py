"""The pictures around one: its copies, those before and after it on its page and in its book."""

from collections.abc import Iterable

from api.responses import Hit

BESIDE_SIZE = 6
"""Pictures of the book that are shown before and after this one."""


def list_copies(hit: Hit, others: Iterable[Hit]) -> list[Hit]:
    """Return the picture among these, the oldest first, each once; nothing if there are no others."""
    copies = {copy.id: copy for copy in (*others, hit)}.values()
    years = {copy.id: float("inf") if copy.year is None else copy.year for copy in copies}
    return sorted(copies, key=lambda copy: (years[copy.id], copy.book_id, copy.page)) if len(copies) > 1 else []


def split_page(hit: Hit, on_page: list[Hit]) -> tuple[list[Hit], list[Hit]]:
    """Return the pictures of the page before this one, the nearest first, and those after it.

    A figure has no ornaments and the like beside it, as the list of its book has none. Pictures that begin at the same
    place have no order but that of the list.
    """
    if not hit.decoration:
        on_page = [other for other in on_page if not other.decoration or other.id == hit.id]
    index = next((place for place, other in enumerate(on_page) if other.id == hit.id), None)
    return ([], []) if index is None else (on_page[:index][::-1], on_page[index + 1 :])


def add_neighbours(hit: Hit, same_page: list[Hit], others: list[Hit]) -> list[Hit]:
    """Return the pictures on one side of this one: those of its page, then those of other pages."""
    known_ids = {hit.id, *(other.id for other in same_page)}
    return [*same_page, *(other for other in others if other.id not in known_ids)][:BESIDE_SIZE]
