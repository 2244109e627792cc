"""Bodies that look one thing up, and their golden files (how to write them again: tests/golden_files.py)."""

from typing import Any

import pytest

from api.elasticsearch.queries import lookups, start_page
from api.elasticsearch.queries.facets import facet_aggregations
from api.elasticsearch.queries.filters import filter_clauses
from api.elasticsearch.queries.vocabulary import vocabulary_query
from api.search.filter_values import FilterValues
from api.search.request import SearchRequest
from tests.golden_files import GoldenFiles

FILTERED_REQUEST = SearchRequest(
    year_from=1880, has_caption=True, filters=FilterValues(publisher=("Aschehoug", "Cammermeyer"), label=("Map",))
)
PICTURE_ID = "page_0001:GE1:0,0,64,64"

BODIES: dict[str, dict[str, Any]] = {
    "picture": lookups.picture_query(PICTURE_ID),
    "named_pictures": lookups.named_pictures_query([PICTURE_ID]),
    "selected_pictures": lookups.selected_pictures_query(["b", "a"]),
    "start_page": start_page.collection_query(739000, 60),
    "start_page_tiles": start_page.tiles_query(739000, [(1840, 1849), (1850, 1859)]),
    "start_page_subject": start_page.subject_pictures_query("Steam-engines and boats"),
    "start_page_reprints": start_page.reprints_query(),
    "start_page_plates": start_page.plates_query(7, 6),
    "random": lookups.random_query(7, filter_clauses(FILTERED_REQUEST), size=24),
    "page_order": lookups.page_order_query(
        filter_clauses(SearchRequest(filters=FilterValues(book=("b1",)))), size=24, offset=48
    ),
    "document_counts": lookups.document_counts_query("b1"),
    "picture_counts": lookups.picture_counts_query(["b1", "b2"]),
    "picture_places": lookups.picture_places_query(filter_clauses(SearchRequest(filters=FilterValues(book=("b1",))))),
    "neighbours": lookups.neighbours_query(PICTURE_ID, "b1", 12, size=100),
    "copies": lookups.copies_query("f1", size=24),
    "facets": {"aggs": facet_aggregations(FILTERED_REQUEST)},
    "vocabulary": vocabulary_query(FILTERED_REQUEST, "publisher", "Gad & Søn", order="count", size=50),
    "vocabulary_by_value": vocabulary_query(SearchRequest(), "place", "", order="value", size=50),
}


@pytest.mark.parametrize("name", BODIES)
def test_body_equals_its_golden_file(name: str, golden_files: GoldenFiles) -> None:
    golden_files.check(name, BODIES[name])


def test_there_are_no_unused_golden_files(golden_files: GoldenFiles) -> None:
    golden_files.check_names(set(BODIES))
