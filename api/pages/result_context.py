"""What the template of the results shows of one search."""

from typing import Any

from api.exports import MAX_EXPORTED_PICTURES
from api.pages.likeness import divide_by_likeness
from api.pages.page_numbers import page_numbers
from api.pages.result_tabs import list_tabs
from api.search.parameters import FILTERS, MAX_PAGE_SIZE, PAGE_SIZE
from api.search.prepared_search import ResultsWithQueryImages
from api.search.request import SearchRequest, parameter_default


def build_result_context(search_request: SearchRequest, results: ResultsWithQueryImages) -> dict[str, Any]:
    """Return the variables of `partials/results.html.jinja`."""
    page, side_results = results.result_page, results.side_results
    catalogue = side_results.catalogue
    return {
        "results": page,
        "query_images": results.query_images,
        "tabs": list_tabs(search_request, page, side_results),
        "catalogue": catalogue,
        "hidden_count": side_results.count_hidden(search_request.document),
        "likeness": divide_by_likeness(search_request, page, results.query_images),
        "page_numbers": page_numbers(page.page, page.pages),
        "more_size": _size_with_more(search_request),
        "filter_count": count_filters(search_request),
        "export": _export_context(search_request, results),
    }


def count_filters(search_request: SearchRequest) -> int:
    """Return how many filters a reader can remove; the two years are one."""
    set_names = [name for name in FILTERS if search_request.get(name) != parameter_default(name)]
    years = {"year_from", "year_to"} & set(set_names)
    values = [search_request.get(name) for name in set_names if name not in years]
    return bool(years) + sum(len(value) if isinstance(value, tuple) else 1 for value in values)


def _size_with_more(search_request: SearchRequest) -> int | None:
    """Return the size of a first page that also has the results of the second; None if it would be too large."""
    size = search_request.size + PAGE_SIZE
    is_first = search_request.page == 1 and search_request.size % PAGE_SIZE == 0
    return size if is_first and size <= MAX_PAGE_SIZE else None


def _export_context(search_request: SearchRequest, results: ResultsWithQueryImages) -> dict[str, Any]:
    """Return the query string of the same search for pictures, and how many of them a file has."""
    page = results.result_page
    pictures = search_request.with_changes(
        document=("picture",), group="", collapse="auto", page=1, size=PAGE_SIZE, view=""
    )
    is_pictures = search_request.document == ("picture",)
    count = page.document_counts.get("picture", 0) if is_pictures else results.side_results.count(("picture",)) or 0
    if is_pictures and not search_request.group and page.total < count:
        count = page.total  # a fusion ranks the best results alone
    return {
        "query": pictures.query_string(),
        "total": count,
        "included": min(count, MAX_EXPORTED_PICTURES),
        "json_query": search_request.with_changes(view="").query_string(),
    }
