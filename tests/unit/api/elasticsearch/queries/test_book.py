"""Bodies about one book, and their golden files (how to write them again: tests/golden_files.py)."""

from typing import Any

import pytest

from api.elasticsearch.queries import book
from api.search.query_syntax import parse_query_text
from api.search.query_terms import QueryTerms
from tests.golden_files import GoldenFiles


def matches_body(query_terms: QueryTerms | None, **options: Any) -> dict[str, Any]:
    return book.book_matches_query("digibok_1", query_terms, **{"pages": True, "pictures": True, "size": 20, **options})


BODIES: dict[str, dict[str, Any]] = {
    "book": book.book_query("digibok_1"),
    "leaves": book.leaves_query("digibok_1"),
    "pictures": book.book_pictures_query("digibok_1"),
    "pictures_of_a_page": book.book_pictures_query("digibok_1", 12),
    "matches": matches_body(parse_query_text('fyr* "hvite steiner" kyst OR strand -skip'), offset=20),
}


@pytest.mark.parametrize("name", BODIES)
def test_body_equals_its_golden_file(name: str, golden_files: GoldenFiles) -> None:
    golden_files.check(name, BODIES[name])


def test_there_are_no_unused_golden_files(golden_files: GoldenFiles) -> None:
    golden_files.check_names(set(BODIES))


def should_clauses(body: dict[str, Any]) -> list[Any]:
    (must,) = body["query"]["bool"]["must"]
    return list(must["bool"]["should"]) if "bool" in must else [must]


def test_without_words_all_pictures_and_no_pages_match() -> None:
    assert should_clauses(matches_body(None)) == [{"bool": {"filter": [{"term": {"document": "picture"}}]}}]
    assert should_clauses(matches_body(None, pictures=False)) == [{"match_none": {}}]


def test_query_of_punctuation_matches_no_document() -> None:
    assert all(
        {"match_none": {}} in clause["bool"]["must"]
        for clause in should_clauses(matches_body(parse_query_text("!? ...")))
    )
