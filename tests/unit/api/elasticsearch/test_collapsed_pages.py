"""Pages of results on which reprints are one hit."""

from typing import Any

from api.elasticsearch.search_results import SearchResults, add_documents, read_search_results
from api.search.highlighting import Highlighter
from api.search.query_syntax import parse_query_text


def make_hit(number: int, book: str, family: str = "") -> dict[str, Any]:
    keys = {"_seq_no": [number], "document": ["picture"], "book_id": [book]}
    family_keys = {"family.id": [family]} if family else {}
    return {"_index": "pictures", "_score": 1.0, "fields": keys | family_keys}


def make_document(hit: dict[str, Any]) -> dict[str, Any]:
    family = {"family": {"id": hit["fields"]["family.id"][0], "books": 2}} if "family.id" in hit["fields"] else {}
    return {**hit, "_id": str(hit["fields"]["_seq_no"][0]), "_source": {"document": "picture", **family}}


def read_page(*hits: dict[str, Any], total: int, page: int = 1) -> SearchResults:
    """Return a page of results with the documents that were fetched for it alone."""
    results = read_search_results(make_response(*hits, total=total), {}, collapsed_page=(page, 24))
    numbers = {key.sequence_number for scored_hit in results.hits for key in scored_hit.keys}
    documents = [make_document(hit) for hit in hits if hit["fields"]["_seq_no"][0] in numbers]
    return add_documents(results, make_response(*documents, total=total), {}, Highlighter(parse_query_text("fyr")))


def make_response(*hits: dict[str, Any], total: int) -> dict[str, Any]:
    return {"took": 1, "hits": {"total": {"value": total}, "hits": list(hits)}}


def test_a_reprint_is_named_by_the_hit_that_stands_for_it() -> None:
    results = read_page(make_hit(1, "a", "f"), make_hit(2, "b"), make_hit(3, "b", "f"), total=3)
    assert [(scored_hit.hit.id, scored_hit.hit.reprints) for scored_hit in results.hits] == [("1", ["3"]), ("2", [])]
    assert (results.total, results.prints, results.pages, results.is_collapsed) == (3, 2, 1, True)
    assert results.hits[0].hit.family.books == 2  # type: ignore[union-attr]


def test_all_pages_together_have_every_result_once() -> None:
    hits = [make_hit(number, f"{number % 3}", "f" if number % 5 == 0 else "") for number in range(96)]
    pages = [read_page(*hits, total=500, page=page) for page in range(1, 5)]
    shown = [scored_hit.hit for results in pages for scored_hit in results.hits]
    assert sorted([hit.id for hit in shown] + [id_ for hit in shown for id_ in hit.reprints]) == sorted(
        map(str, range(96))
    )
    assert {results.pages for results in pages} == {None}
    assert {results.prints for results in pages} == {None}, "there may be reprints among the results after these"


def test_pages_that_are_not_collapsed_keep_their_hits() -> None:
    documents = [make_document(make_hit(number, book, "f")) for number, book in ((1, "a"), (2, "b"))]
    results = read_search_results(make_response(*documents, total=2), {})
    assert [scored_hit.hit.id for scored_hit in results.hits] == ["1", "2"]
    assert not results.is_collapsed
