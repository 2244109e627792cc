"""Pages of a list, within what Elasticsearch can page to."""

from math import ceil

from api.search.collapse import window_pages
from api.search.parameters import MAX_RESULT_WINDOW
from api.search.request import SearchRequest


def page_window(page: int, size: int) -> tuple[int, int]:
    """Return where a page begins and how many results it can show.

    Beyond what Elasticsearch can page to, that is none from 0 on: the page is empty, and its totals are true.
    """
    offset = (page - 1) * size
    return (offset, min(size, MAX_RESULT_WINDOW - offset)) if offset < MAX_RESULT_WINDOW else (0, 0)


def request_window(search_request: SearchRequest) -> tuple[int, int]:
    """Return the window of the page of a request; the first pages are collapsed together."""
    if search_request.collapsed_page:
        return page_window(1, window_pages(search_request.size) * search_request.size)
    return page_window(search_request.page, search_request.size)


def page_count(total: int, size: int) -> int:
    """Return how many pages of `size` can be paged to."""
    return ceil(min(total, MAX_RESULT_WINDOW) / size)
