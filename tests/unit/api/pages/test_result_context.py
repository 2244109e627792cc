"""Tabs, files and the size of a page that shows more."""

from api.elasticsearch.type_counts import TypeCounts
from api.pages.result_context import build_result_context, count_filters
from api.responses import ResultPage
from api.search.prepared_search import ResultsWithQueryImages
from api.search.request import SearchRequest
from api.search.side_searches import SideResults

COUNTS = TypeCounts(
    totals={"picture": 12, "page": 3, "book": 1},
    by_words={"picture": 12, "page": 3, "book": 1},
    hidden={"picture": 6},
)
MISREAD = TypeCounts(totals={"picture": 14, "page": 5, "book": 1}, by_words={}, hidden={"picture": 7})


def context(search_request: SearchRequest, side_results: SideResults, **page: object) -> dict[str, object]:
    values = {"total": 12, "pages": 1, "document_counts": {"picture": 12}, **page}
    result_page = ResultPage(page=search_request.page, size=search_request.size, took=1, models=[], **values)  # type: ignore[arg-type]
    results = ResultsWithQueryImages(result_page=result_page, query_images=[], side_results=side_results)
    return build_result_context(search_request, results)


def tab_counts(search_request: SearchRequest, side_results: SideResults) -> dict[str, int | None]:
    return {tab.name: tab.count for tab in context(search_request, side_results)["tabs"]}  # type: ignore[attr-defined]


def test_tabs_count_what_a_click_shows() -> None:
    words = SearchRequest(query_text="fyr")
    assert tab_counts(words, SideResults(counts=COUNTS)) == {"picture": 12, "page": 3, "book": 1, "all": 16}
    # Fewer than ten pages have the words, so the search for pages also finds misread words; that for all does not.
    sides = SideResults(counts=COUNTS, counts_with_misreadings=MISREAD)
    assert tab_counts(words, sides) == {"picture": 12, "page": 5, "book": 1, "all": 16}
    assert context(words, sides)["hidden_count"] == 6


def test_tabs_count_no_pictures_that_are_only_the_nearest() -> None:
    mixed = SearchRequest(query_text="fyr", like=("a",))
    assert tab_counts(mixed, SideResults(counts=COUNTS)) == {"picture": None, "page": 3, "book": 1, "all": None}


def test_pictures_alone_have_no_tabs() -> None:
    only_pictures = TypeCounts(totals={"picture": 12}, by_words={}, hidden={})
    assert tab_counts(SearchRequest(query_text="fyr"), SideResults(counts=only_pictures)) == {}
    assert tab_counts(SearchRequest(like=("a",)), SideResults()) == {}


def test_the_first_page_can_grow_until_the_largest_size() -> None:
    sizes = {size: context(SearchRequest(size=size), SideResults())["more_size"] for size in (24, 48, 72, 96, 10)}
    assert sizes == {24: 48, 48: 72, 72: 96, 96: None, 10: None}
    assert context(SearchRequest(page=2), SideResults())["more_size"] is None


def test_a_file_has_the_pictures_of_the_search_whatever_the_page_shows() -> None:
    shown = SearchRequest(query_text="fyr", document=("page",), view="list", page=2, size=48)
    assert context(shown, SideResults(counts=COUNTS))["export"] == {
        "query": "q=fyr",
        "total": 12,
        "included": 12,
        "json_query": "q=fyr&document=page&page=2&size=48",
    }
    many = context(SearchRequest(query_text="fyr"), SideResults(), total=5000, document_counts={"picture": 5000})
    assert many["export"]["included"] == 1000  # type: ignore[index]


def test_two_years_are_one_filter() -> None:
    years = SearchRequest(year_from=1800, year_to=1900, hidden="include")
    assert count_filters(years.with_changes(place=("Oslo", "Bergen"))) == 4
    assert count_filters(SearchRequest(query_text="fyr")) == 0
