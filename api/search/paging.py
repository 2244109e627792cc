"""Pages of a list, within what Elasticsearch can page to."""

from math import ceil

from api.errors import InvalidRequest
from api.search.parameters import MAX_RESULT_WINDOW
from api.search.request import SearchRequest


def page_offset(search_request: SearchRequest) -> int:
    """Return where the page begins; raise InvalidRequest if Elasticsearch cannot page that far."""
    if search_request.page * search_request.size > MAX_RESULT_WINDOW:
        raise InvalidRequest(
            f"Only the first {MAX_RESULT_WINDOW:,} results can be shown. Add filters to the search to reach the others."
        )
    return (search_request.page - 1) * search_request.size


def page_count(total: int, size: int) -> int:
    """Return how many pages of `size` can be paged to."""
    return ceil(min(total, MAX_RESULT_WINDOW) / size)
