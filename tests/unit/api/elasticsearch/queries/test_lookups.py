"""Each golden file is a body that can be pasted into Kibana's Dev Tools; a change of a query is a change of its file.

`python -m tests.unit.api.queries.test_lookups` writes them anew.
"""

from pathlib import Path
from typing import Any

import pytest

from api.elasticsearch.queries import lookups
from api.elasticsearch.queries.facets import facet_aggregations
from api.elasticsearch.queries.filters import filter_clauses
from api.elasticsearch.queries.vocabulary import vocabulary_query
from api.search.request import SearchRequest
from tests.golden_files import to_json_text, write_golden_files

GOLDEN = Path(__file__).parent / "golden" / "lookups"

FILTERED_REQUEST = SearchRequest(
    publisher=("Aschehoug", "Cammermeyer"), label=("Map",), year_from=1880, has_caption=True
)
PICTURE_ID = "page_0001:GE1:0,0,64,64"

BODIES: dict[str, dict[str, Any]] = {
    "picture": lookups.picture_query(PICTURE_ID),
    "picture_vectors": lookups.vectors_query(PICTURE_ID),
    "start_page": lookups.start_page_query(739000, 60),
    "random": lookups.random_query(7, filter_clauses(FILTERED_REQUEST), size=24),
    "in_page_order": lookups.page_order_query(filter_clauses(SearchRequest(book=("b1",))), size=24, offset=48),
    "kinds": lookups.document_counts_query("b1"),
    "neighbours": lookups.neighbours_query(PICTURE_ID, "b1", 12, size=100),
    "copies": lookups.copies_query("f1", size=24),
    "facets": {"aggs": facet_aggregations(FILTERED_REQUEST)},
    "vocabulary": vocabulary_query(FILTERED_REQUEST, "publisher", "Gad & Søn", order="count", size=50),
    "vocabulary_by_value": vocabulary_query(SearchRequest(), "place", "", order="value", size=50),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_its_golden_file(name: str) -> None:
    assert to_json_text(BODIES[name]) == (GOLDEN / f"{name}.json").read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(BODIES)


if __name__ == "__main__":
    write_golden_files(GOLDEN, BODIES)
