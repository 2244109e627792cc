"""Each golden file is a body that can be pasted into Kibana's Dev Tools; a change of a query is a change of its file.

`python -m tests.unit.api.queries.test_body` writes them anew.
"""

from pathlib import Path
from typing import Any

import pytest

from api.elasticsearch import queries
from api.search.boosts import BOOSTS
from api.search.query_syntax import parse_query_text
from api.search.request import SearchRequest, Sort
from tests.golden_files import to_json_text, write_golden_files

GOLDEN = Path(__file__).parent / "golden" / "body"

FILTERED_REQUEST = SearchRequest(publisher=("Aschehoug", "Cammermeyer"), label=("Map",), year_from=1880, year_to=1899)
SHORT_VECTOR = [0.6, 0.8, 0.0]
"""Stands for a vector of 512 numbers."""

NO_TERMS = parse_query_text("")
QUERY_TERMS = parse_query_text("fyr ved kysten")

BODIES: dict[str, dict[str, Any]] = {
    "words": queries.hybrid_query(QUERY_TERMS, {}, size=24),
    "picture": queries.hybrid_query(NO_TERMS, {"sscd": SHORT_VECTOR}, size=24),
    "words_and_picture": queries.hybrid_query(
        QUERY_TERMS,
        {"siglip": SHORT_VECTOR, "sscd": SHORT_VECTOR},
        size=24,
        offset=24,
        filters=queries.filter_clauses(FILTERED_REQUEST, excluded_ids=["page_0001:GE1:0,0,64,64"]),
        text_vectors={"siglip": SHORT_VECTOR},
        model_weights={"siglip": 1.0, "sscd": 3.0},
        balance=0.8,
        aggregations=queries.facet_aggregations(FILTERED_REQUEST),
    ),
    "less_of_a_picture": queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=24, only_negative=True),
    "by_book": queries.add_book_counts(queries.hybrid_query(QUERY_TERMS, {}, size=queries.MAX_CANDIDATES)),
    "by_year": queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=24, sort="-year"),
    "browse": queries.hybrid_query(NO_TERMS, {}, size=24, filters=queries.filter_clauses(FILTERED_REQUEST)),
    "likenesses": queries.similarity_query({"sscd": SHORT_VECTOR}, ["page_0001:GE1:0,0,64,64"]),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_its_golden_file(name: str) -> None:
    assert to_json_text(BODIES[name]) == (GOLDEN / f"{name}.json").read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(BODIES)


def test_the_same_filters_are_inside_both_halves() -> None:
    """As a `post_filter` they would act after the nearest are chosen."""
    filter_clauses = queries.filter_clauses(FILTERED_REQUEST)
    body = queries.hybrid_query(
        QUERY_TERMS, {"sscd": SHORT_VECTOR, "clip": SHORT_VECTOR}, size=1, filters=filter_clauses
    )
    assert [clause for clause in body["query"]["bool"]["filter"] if clause in filter_clauses] == filter_clauses
    assert [clause["filter"] for clause in body["knn"]] == [filter_clauses, filter_clauses]
    assert "post_filter" not in body


def test_what_a_reader_excludes_is_excluded_from_the_nearest_pictures_too() -> None:
    body = queries.hybrid_query(parse_query_text("fyr -skip"), {"sscd": SHORT_VECTOR}, size=1)
    assert len(body["knn"][0]["filter"]) == 1
    assert body["knn"][0]["filter"][0] in body["query"]["bool"]["filter"]


def test_every_clause_has_a_name() -> None:
    body = queries.hybrid_query(
        parse_query_text("fyr 1867"), {"sscd": SHORT_VECTOR}, size=1, text_vectors={"clip": SHORT_VECTOR}
    )
    names = [next(iter(clause.values()))["_name"] for clause in body["query"]["bool"]["should"]]
    assert set(names) == set(BOOSTS.clauses)
    assert [clause["_name"] for clause in body["knn"]] == ["sscd", "clip words"]


def test_a_second_model_does_not_make_pictures_heavier_against_words() -> None:
    for image_vectors in ({"sscd": SHORT_VECTOR}, {"sscd": SHORT_VECTOR, "siglip": SHORT_VECTOR}):
        body = queries.hybrid_query(QUERY_TERMS, image_vectors, size=1, model_weights={"sscd": 3.0})
        assert sum(clause["boost"] for clause in body["knn"]) == pytest.approx(BOOSTS.knn_boost)


@pytest.mark.parametrize(("balance", "factor"), [(None, 1), (BOOSTS.balance, 1), (0, 0)])
def test_the_balance_moves_pictures_against_words(balance: float | None, factor: float) -> None:
    body = queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=1, balance=balance)
    assert body["knn"][0]["boost"] == pytest.approx(BOOSTS.knn_boost * factor)


def test_all_for_pictures_is_still_a_number() -> None:
    body = queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=1, balance=1)
    assert BOOSTS.knn_boost * 100 < body["knn"][0]["boost"] < float("inf")


@pytest.mark.parametrize("sort", ["year", "-year", "title"])
def test_a_sort_keeps_the_scores(sort: Sort) -> None:
    body = queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=1, sort=sort)
    assert (body["sort"][-1], body["track_scores"]) == ("_score", True)


def test_relevance_needs_no_sort_beside_the_nearest_neighbours() -> None:
    assert "sort" not in queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=1)


if __name__ == "__main__":
    write_golden_files(GOLDEN, BODIES)
