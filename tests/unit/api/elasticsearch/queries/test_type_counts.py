"""The body that counts results by type of document, and what is hidden from them."""

from api.elasticsearch.queries import add_meaning, exclude_pictures, filter_clauses, hybrid_query
from api.elasticsearch.queries.catalogue import catalogue_query
from api.elasticsearch.queries.clause import Body
from api.elasticsearch.queries.filters import DECORATION_CLAUSE, HIDDEN_CLAUSE
from api.elasticsearch.queries.type_counts import type_counts_query
from api.elasticsearch.type_counts import read_type_counts
from api.search.choices import DOCUMENT_TYPES
from api.search.query_syntax import parse_query_text
from api.search.request import SearchRequest


def counts_body(**parameters: object) -> Body | None:
    search_request = SearchRequest(document=DOCUMENT_TYPES).with_changes(**parameters)
    filters = filter_clauses(search_request)
    body = hybrid_query(search_request.query_terms, {}, size=24, filters=filters)
    if search_request.meaning == "on":
        body = add_meaning(body, [0.0, 1.0], search_request.query_terms, filters=filters)
    return type_counts_query(body)


def test_hidden_documents_and_ornaments_are_counted_apart() -> None:
    body = counts_body(query_text="fyr", meaning="off")
    assert body
    assert HIDDEN_CLAUSE not in body["query"]["bool"]["filter"]
    assert {"bool": {"must_not": [HIDDEN_CLAUSE]}} not in body["query"]["bool"]["filter"]
    assert body["aggs"]["shown"]["filter"]["bool"]["must_not"] == [HIDDEN_CLAUSE, DECORATION_CLAUSE]
    assert body["aggs"]["hidden"]["filter"]["bool"] == {"filter": [HIDDEN_CLAUSE], "must_not": [DECORATION_CLAUSE]}


def test_hidden_documents_that_the_search_includes_are_shown() -> None:
    body = counts_body(query_text="fyr", meaning="off", hidden="include", decoration="include")
    assert body
    assert body["aggs"]["shown"]["filter"]["bool"]["must_not"] == []


def test_pictures_that_the_request_names_are_in_no_count() -> None:
    body = hybrid_query(parse_query_text("fyr"), {"sscd": [0.0, 1.0]}, size=24, filters=[])
    named = {"ids": {"values": ["page_0001:GE1:0,0,64,64"]}}
    counts = type_counts_query(exclude_pictures(body, named["ids"]["values"]))
    assert counts
    assert "post_filter" not in counts
    for name in ("shown", "hidden"):
        assert counts["aggs"][name]["filter"]["bool"]["must_not"] == [named]


def test_what_is_near_in_meaning_counts_as_in_the_search() -> None:
    body = counts_body(query_text="fyr")
    assert body
    assert [clause["_name"] for clause in body["knn"]] == ["meaning"]
    assert "by words" in body["aggs"]["shown"]["aggs"]


def test_a_search_by_pictures_alone_is_not_counted() -> None:
    assert type_counts_query(hybrid_query(parse_query_text(""), {"sscd": [0.0, 1.0]}, size=24)) is None


def test_missing_indices_count_nothing() -> None:
    counts = read_type_counts({"hits": {"hits": []}})
    assert (counts.totals, counts.by_words, counts.hidden) == ({}, {}, {})


def test_the_catalogue_is_asked_for_all_words_in_the_title_or_in_the_author() -> None:
    body = catalogue_query(parse_query_text("robinson crusoe"))
    by_title, by_author = (str(clause) for clause in body["query"]["bool"]["should"])
    assert "title" in by_title
    assert "authors" not in by_title
    assert "authors" in by_author
    assert "100%" in by_title or "'filter'" in by_title
