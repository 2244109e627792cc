"""Each golden file is a body that can be pasted into Kibana's Dev Tools; a change of a query is a change of its file.

`python -m tests.unit.api.queries.test_lookups` writes them anew.
"""

from pathlib import Path
from typing import Any

import pytest

from api.elasticsearch.queries import lookups
from api.elasticsearch.queries.facets import facets
from api.elasticsearch.queries.filters import filters
from api.elasticsearch.queries.vocabulary import vocabulary
from api.search.request import Question
from tests.golden import as_text, write

GOLDEN = Path(__file__).parent / "golden" / "lookups"

NARROW = Question(publisher=("Aschehoug", "Cammermeyer"), label=("Map",), year_from=1880, has_caption=True)
PICTURE = "page_0001:GE1:0,0,64,64"

BODIES: dict[str, dict[str, Any]] = {
    "picture": lookups.picture(PICTURE),
    "picture_vectors": lookups.vectors_of(PICTURE),
    "start_page": lookups.start_page(739000, 60),
    "random": lookups.random(7, filters(NARROW), size=24),
    "in_page_order": lookups.in_page_order(filters(Question(book=("b1",))), size=24, offset=48),
    "kinds": lookups.kinds("b1"),
    "neighbours": lookups.neighbours(PICTURE, "b1", 12, size=100),
    "copies": lookups.copies("f1", size=24),
    "facets": {"aggs": facets(NARROW)},
    "vocabulary": vocabulary(NARROW, "publisher", "Gad & Søn", order="count", size=50),
    "vocabulary_by_value": vocabulary(Question(), "place", "", order="value", size=50),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_its_golden_file(name: str) -> None:
    assert as_text(BODIES[name]) == (GOLDEN / f"{name}.json").read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(BODIES)


if __name__ == "__main__":
    write(GOLDEN, BODIES)
