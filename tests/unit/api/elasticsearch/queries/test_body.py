"""Bodies of whole searches, and their golden files (how to write them again: tests/golden_files.py)."""

from typing import Any

import pytest

from api.elasticsearch import queries
from api.elasticsearch.queries.documents import DocumentKey, documents_query, without_documents
from api.elasticsearch.queries.filters import DECORATION_CLAUSE
from api.search.boosts import BOOSTS
from api.search.choices import Sort
from api.search.filter_values import FilterValues
from api.search.query_syntax import parse_query_text
from api.search.request import SearchRequest
from tests.golden_files import GoldenFiles

FILTERED_REQUEST = SearchRequest(
    year_from=1880, year_to=1899, filters=FilterValues(publisher=("Aschehoug", "Cammermeyer"), label=("Map",))
)
SHORT_VECTOR = [0.6, 0.8, 0.0]
"""Stands for a vector of 512 numbers."""


def without_keys(body: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in keys}


NO_TERMS = parse_query_text("")
QUERY_TERMS = parse_query_text("fyr ved kysten")

WORDS_AND_PICTURE = queries.hybrid_query(
    QUERY_TERMS,
    {"siglip": SHORT_VECTOR, "sscd": SHORT_VECTOR},
    size=24,
    offset=24,
    filters=queries.filter_clauses(FILTERED_REQUEST),
    text_vectors={"siglip": SHORT_VECTOR},
    model_weights={"siglip": 1.0, "sscd": 3.0},
    balance=0.8,
    aggregations=queries.facet_aggregations(FILTERED_REQUEST),
)
WORDS = queries.hybrid_query(QUERY_TERMS, {}, size=24)
NAMED_PICTURES = ["page_0001:GE1:0,0,64,64", "page_0002:GE1:0,0,64,64"]
NOT_NAMED = {"bool": {"must_not": [{"ids": {"values": NAMED_PICTURES}}]}}
DOCUMENT_KEYS = [
    DocumentKey(index="pictures-v1", sequence_number=number, book_id="book_0001", fingerprint=f"{number:032x}")
    for number in (18, 3)
]
WORDS_AND_MEANING = queries.add_meaning(
    WORDS, SHORT_VECTOR, QUERY_TERMS, filters=queries.filter_clauses(FILTERED_REQUEST)
)
TEXT_CLAUSES = ("query", "suggest")

BODIES: dict[str, dict[str, Any]] = {
    "words": WORDS,
    "picture": queries.hybrid_query(NO_TERMS, {"sscd": SHORT_VECTOR}, size=24),
    "words_and_picture_without_text_clauses": without_keys(
        queries.exclude_pictures(WORDS_AND_PICTURE, NAMED_PICTURES[:1]), *TEXT_CLAUSES
    ),
    "meaning": {"knn": WORDS_AND_MEANING["knn"]},
    "browse": queries.hybrid_query(NO_TERMS, {}, size=24, filters=queries.filter_clauses(FILTERED_REQUEST)),
    "words_without_documents": without_keys(without_documents(WORDS), "query", "suggest", "aggs"),
    "documents": documents_query(DOCUMENT_KEYS),
    "similarity": queries.similarity_query({"sscd": SHORT_VECTOR}, DOCUMENT_KEYS),
}


@pytest.mark.parametrize("name", BODIES)
def test_body_equals_its_golden_file(name: str, golden_files: GoldenFiles) -> None:
    golden_files.check(name, BODIES[name])


def test_there_are_no_unused_golden_files(golden_files: GoldenFiles) -> None:
    golden_files.check_names(set(BODIES))


def test_pictures_and_filters_change_only_the_filters_of_the_text_clauses() -> None:
    filter_clauses = queries.filter_clauses(FILTERED_REQUEST)
    text_bool, words_bool = WORDS_AND_PICTURE["query"]["bool"], WORDS["query"]["bool"]
    assert without_keys(text_bool, "filter") == without_keys(words_bool, "filter")
    assert text_bool["filter"] == [*filter_clauses, *words_bool["filter"]]
    assert WORDS_AND_PICTURE["suggest"] == WORDS["suggest"]


def test_words_are_ranked_and_counted_by_two_bodies_and_pictures_by_one() -> None:
    ranking, counts = queries.split_counts(WORDS_AND_PICTURE)
    assert counts is not None
    assert ranking["query"] == WORDS_AND_PICTURE["query"]
    assert counts["query"] == {"bool": {"filter": WORDS_AND_PICTURE["query"]["bool"]["filter"]}}, "nothing ranks"
    assert ranking["knn"] == counts["knn"] == WORDS_AND_PICTURE["knn"]
    assert (ranking["track_total_hits"], counts["track_total_hits"], counts["size"]) == (False, True, 0)
    assert counts["aggs"] == WORDS_AND_PICTURE["aggs"]
    assert "aggs" not in ranking
    assert queries.split_counts(BODIES["picture"]) == (BODIES["picture"], None)


def test_meaning_adds_one_clause_and_one_count_to_the_same_body() -> None:
    assert {**WORDS_AND_MEANING, "aggs": WORDS["aggs"]} == {**WORDS, "knn": WORDS_AND_MEANING["knn"]}
    assert WORDS_AND_MEANING["aggs"].keys() - WORDS["aggs"].keys() == {"by words"}
    ranking, counts = queries.split_counts(WORDS_AND_MEANING)
    assert counts is not None
    assert ranking["knn"] == counts["knn"] == WORDS_AND_MEANING["knn"]
    assert not queries.has_neighbours(WORDS_AND_MEANING)
    assert queries.has_neighbours(WORDS_AND_PICTURE)


def test_named_pictures_leave_after_two_more_neighbours_are_found() -> None:
    """No clause of kNN has a filter of their ids, which Elasticsearch could not keep for the next picture."""
    for body in (BODIES["picture"], WORDS_AND_PICTURE):
        without = queries.exclude_pictures(body, NAMED_PICTURES)
        assert without["post_filter"] == NOT_NAMED
        assert [clause["k"] for clause in without["knn"]] == [clause["k"] + 2 for clause in body["knn"]]
        assert without_keys(without, "post_filter", "knn") == without_keys(body, "knn")
        assert queries.exclude_pictures(body, []) == body
    assert queries.exclude_pictures(WORDS, NAMED_PICTURES) == {**WORDS, "post_filter": NOT_NAMED}


def test_named_pictures_are_in_no_count() -> None:
    pictures = queries.exclude_pictures(BODIES["picture"], NAMED_PICTURES)
    counted = {"results": {"filter": NOT_NAMED, "aggs": pictures["aggs"]}}
    assert queries.split_counts(pictures) == ({**pictures, "aggs": counted}, None)
    mixed = queries.exclude_pictures(WORDS_AND_PICTURE, NAMED_PICTURES)
    ranking, counts = queries.split_counts(mixed)
    assert counts is not None
    assert ranking["post_filter"] == NOT_NAMED
    assert "post_filter" not in counts
    assert counts["aggs"] == {"results": {"filter": NOT_NAMED, "aggs": mixed["aggs"]}}


def test_named_pictures_are_not_among_the_ornaments_left_out() -> None:
    filters = queries.filter_clauses(SearchRequest(query_text="fyr"))
    body = queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=24, filters=filters)
    counts = queries.split_counts(queries.exclude_pictures(body, NAMED_PICTURES))[1]
    assert counts is not None
    left_out = NOT_NAMED["bool"]["must_not"]
    assert counts["aggs"]["results"]["filter"]["bool"]["must_not"] == [DECORATION_CLAUSE, *left_out]
    assert counts["aggs"]["decorations"]["filter"]["bool"] == {"filter": [DECORATION_CLAUSE], "must_not": left_out}


def test_book_counts_add_one_aggregation() -> None:
    counts = {"document": {"terms": {"field": "document"}}}
    books = {"terms": {"field": "book_id", "size": 1000}, "aggs": counts}
    assert queries.add_book_counts(WORDS) == {**WORDS, "aggs": {**counts, "books": books}}


def test_sort_by_year_changes_no_other_part_of_the_body() -> None:
    by_relevance = queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=24)
    by_year = queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=24, sort="-year")
    sort = [{"year": {"order": "desc", "missing": "_last"}}, "_score"]
    assert by_year == {**by_relevance, "sort": sort, "track_scores": True}
    assert without_keys(by_relevance, "knn") == WORDS


def test_negative_picture_only_reorders_results_of_words() -> None:
    body = queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=24, only_negative=True)
    assert without_keys(body, "knn") == WORDS
    assert [clause["filter"] for clause in body["knn"]] == [[WORDS["query"]]]


def test_the_same_filters_are_inside_both_halves() -> None:
    """A `post_filter` of what a reader chose would be applied after the nearest neighbours are chosen."""
    filter_clauses = queries.filter_clauses(FILTERED_REQUEST)
    body = queries.hybrid_query(
        QUERY_TERMS, {"sscd": SHORT_VECTOR, "clip": SHORT_VECTOR}, size=1, filters=filter_clauses
    )
    assert [clause for clause in body["query"]["bool"]["filter"] if clause in filter_clauses] == filter_clauses
    assert [clause["filter"] for clause in body["knn"]] == [filter_clauses, filter_clauses]
    assert "post_filter" not in body


def test_a_balance_without_words_leaves_the_scores_of_pictures() -> None:
    """Of pictures alone, a balance of 0 would make all scores equal."""
    pictures_alone = queries.hybrid_query(parse_query_text(""), {"sscd": SHORT_VECTOR}, size=1)
    for balance in (0, 0.5, 1):
        body = queries.hybrid_query(parse_query_text(""), {"sscd": SHORT_VECTOR}, size=1, balance=balance)
        assert body == pictures_alone


def test_exclusions_apply_to_nearest_pictures() -> None:
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


def test_number_of_models_does_not_change_the_weight_of_pictures() -> None:
    for image_vectors in ({"sscd": SHORT_VECTOR}, {"sscd": SHORT_VECTOR, "siglip": SHORT_VECTOR}):
        body = queries.hybrid_query(QUERY_TERMS, image_vectors, size=1, model_weights={"sscd": 3.0})
        assert sum(clause["boost"] for clause in body["knn"]) == pytest.approx(BOOSTS.knn_boost)


@pytest.mark.parametrize(("balance", "factor"), [(None, 1), (BOOSTS.balance, 1), (0, 0)])
def test_balance_shifts_weight_from_words_to_pictures(balance: float | None, factor: float) -> None:
    body = queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=1, balance=balance)
    assert body["knn"][0]["boost"] == pytest.approx(BOOSTS.knn_boost * factor)


def test_balance_of_one_gives_a_finite_boost() -> None:
    body = queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=1, balance=1)
    assert BOOSTS.knn_boost * 100 < body["knn"][0]["boost"] < float("inf")


@pytest.mark.parametrize("sort", ["year", "-year", "title"])
def test_sorted_search_keeps_the_scores(sort: Sort) -> None:
    body = queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=1, sort=sort)
    assert (body["sort"][-1], body["track_scores"]) == ("_score", True)


def test_relevance_needs_no_sort_beside_the_nearest_neighbours() -> None:
    assert "sort" not in queries.hybrid_query(QUERY_TERMS, {"sscd": SHORT_VECTOR}, size=1)
