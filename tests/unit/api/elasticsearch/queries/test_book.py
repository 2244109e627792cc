"""Each golden file is a body that can be pasted into Kibana's Dev Tools; a change of a query is a change of its file.

`python -m tests.unit.api.queries.test_book` writes them anew.
"""

from pathlib import Path
from typing import Any

import pytest

from api.elasticsearch.queries import book
from api.search.query_syntax import QueryTerms, parse_query_text
from tests.golden_files import to_json_text, write_golden_files

GOLDEN = Path(__file__).parent / "golden" / "book"


def matches_body(query_terms: QueryTerms | None, **options: Any) -> dict[str, Any]:
    return book.book_matches_query("digibok_1", query_terms, **{"pages": True, "pictures": True, "size": 20, **options})


BODIES: dict[str, dict[str, Any]] = {
    "book": book.book_query("digibok_1"),
    "leaves": book.leaves_query("digibok_1"),
    "plates": book.book_pictures_query("digibok_1"),
    "plates_of_a_page": book.book_pictures_query("digibok_1", 12),
    "passages": matches_body(parse_query_text('fyr* "hvite steiner" kyst OR strand -skip'), offset=20),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_its_golden_file(name: str) -> None:
    assert to_json_text(BODIES[name]) == (GOLDEN / f"{name}.json").read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(BODIES)


def should_clauses(body: dict[str, Any]) -> list[Any]:
    (must,) = body["query"]["bool"]["must"]
    return list(must["bool"]["should"]) if "bool" in must else [must]


def test_without_words_every_picture_and_no_page_is_sought() -> None:
    assert should_clauses(matches_body(None)) == [{"bool": {"filter": [{"term": {"document": "picture"}}]}}]
    assert should_clauses(matches_body(None, pictures=False)) == [{"match_none": {}}]


def test_words_of_signs_alone_find_nothing() -> None:
    assert all(
        {"match_none": {}} in clause["bool"]["must"]
        for clause in should_clauses(matches_body(parse_query_text("!? ...")))
    )


if __name__ == "__main__":
    write_golden_files(GOLDEN, BODIES)
