"""The filter clauses of a search request."""

from typing import Any

import pytest

from api.elasticsearch.queries.filters import (
    DECORATION_CLAUSE,
    NO_DECORATION_CLAUSE,
    clauses_by_filter,
    filter_clauses,
)
from api.search.choices import DOCUMENT_TYPES
from api.search.filter_values import FilterValues
from api.search.request import SearchRequest

PICTURES_CLAUSE = {"terms": {"document": ["picture"]}}
NOT_HIDDEN = {"bool": {"must_not": [{"term": {"hidden": True}}]}}


@pytest.mark.parametrize(
    ("search_request", "clauses"),
    [
        (SearchRequest(query_text="fyr"), [PICTURES_CLAUSE, NOT_HIDDEN, NO_DECORATION_CLAUSE]),
        (
            SearchRequest(query_text="fyr", filters=FilterValues(book=("b1",))),
            [{"terms": {"book_id": ["b1"]}}, PICTURES_CLAUSE, NOT_HIDDEN, NO_DECORATION_CLAUSE],
        ),
        (SearchRequest(document=DOCUMENT_TYPES, hidden="include", decoration="include"), []),
        (SearchRequest(document=("page", "book"), hidden="include"), [{"terms": {"document": ["page", "book"]}}]),
        (SearchRequest(decoration="only"), [PICTURES_CLAUSE, NOT_HIDDEN, DECORATION_CLAUSE]),
        (
            SearchRequest(filters=FilterValues(label=("Map", "Plan"))),
            [{"terms": {"label.name": ["Map", "Plan"]}}, PICTURES_CLAUSE, NOT_HIDDEN],
        ),
        (
            SearchRequest(filters=FilterValues(author=("Moe",))),
            [{"terms": {"authors.exact": ["Moe"]}}, PICTURES_CLAUSE, NOT_HIDDEN, NO_DECORATION_CLAUSE],
        ),
        (
            SearchRequest(filters=FilterValues(subject=("Fyr",))),
            [{"terms": {"subjects.exact": ["Fyr"]}}, PICTURES_CLAUSE, NOT_HIDDEN, NO_DECORATION_CLAUSE],
        ),
        (
            SearchRequest(filters=FilterValues(type=("book",))),
            [{"terms": {"type_of_work": ["book"]}}, PICTURES_CLAUSE, NOT_HIDDEN, NO_DECORATION_CLAUSE],
        ),
        (
            SearchRequest(filters=FilterValues(book=("b1",))),
            [{"terms": {"book_id": ["b1"]}}, PICTURES_CLAUSE, NOT_HIDDEN, NO_DECORATION_CLAUSE],
        ),
        (
            SearchRequest(filters=FilterValues(family=("f1",))),
            [{"terms": {"family.id": ["f1"]}}, PICTURES_CLAUSE, NOT_HIDDEN],
        ),
        (
            SearchRequest(year_from=0),
            [PICTURES_CLAUSE, {"range": {"last_year": {"gte": 0}}}, NOT_HIDDEN, NO_DECORATION_CLAUSE],
        ),
        (
            SearchRequest(year_to=1899),
            [PICTURES_CLAUSE, {"range": {"year": {"lte": 1899}}}, NOT_HIDDEN, NO_DECORATION_CLAUSE],
        ),
        (
            SearchRequest(year_from=1880, year_to=1899),
            [
                PICTURES_CLAUSE,
                {"bool": {"filter": [{"range": {"last_year": {"gte": 1880}}}, {"range": {"year": {"lte": 1899}}}]}},
                NOT_HIDDEN,
                NO_DECORATION_CLAUSE,
            ],
        ),
        (
            SearchRequest(has_caption=True),
            [PICTURES_CLAUSE, {"exists": {"field": "caption.text"}}, NOT_HIDDEN, NO_DECORATION_CLAUSE],
        ),
        (SearchRequest(like=("a",)), [PICTURES_CLAUSE, NOT_HIDDEN]),
        (SearchRequest(query_text="fyr", like=("a",)), [PICTURES_CLAUSE, NOT_HIDDEN, NO_DECORATION_CLAUSE]),
        (SearchRequest(hidden="only"), [PICTURES_CLAUSE, {"term": {"hidden": True}}]),
    ],
)
def test_clause_of_each_filter(search_request: SearchRequest, clauses: list[dict[str, Any]]) -> None:
    assert filter_clauses(search_request) == clauses


def test_except_filter_leaves_out_one_clause() -> None:
    search_request = SearchRequest(year_to=1900, filters=FilterValues(publisher=("Aschehoug",)))
    assert clauses_by_filter(search_request, except_filter="year") == {
        name: clause for name, clause in clauses_by_filter(search_request).items() if name != "year"
    }
    assert set(clauses_by_filter(search_request)) == {"publisher", "document", "year", "hidden", "decoration"}
