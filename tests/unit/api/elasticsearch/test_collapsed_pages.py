"""Pages of results on which reprints are one hit."""

from typing import Any

from api.elasticsearch.search_results import read_search_results


def make_hit(number: int, book: str, family: str = "") -> dict[str, Any]:
    source = {"document": "picture", "book_id": book, **({"family": {"id": family, "books": 2}} if family else {})}
    return {"_index": "pictures", "_id": f"{number}", "_score": 1.0, "_source": source}


def make_response(*hits: dict[str, Any], total: int) -> dict[str, Any]:
    return {"took": 1, "hits": {"total": {"value": total}, "hits": list(hits)}}


def test_a_reprint_is_named_by_the_hit_that_stands_for_it() -> None:
    response = make_response(make_hit(1, "a", "f"), make_hit(2, "b"), make_hit(3, "b", "f"), total=3)
    results = read_search_results(response, {}, collapsed_page=(1, 24))
    assert [(scored_hit.hit.id, scored_hit.hit.reprints) for scored_hit in results.hits] == [("1", ["3"]), ("2", [])]
    assert (results.total, results.pages, results.is_collapsed) == (3, 1, True)
    assert results.hits[0].hit.family.books == 2  # type: ignore[union-attr]


def test_all_pages_together_have_every_result_once() -> None:
    hits = [make_hit(number, f"{number % 3}", "f" if number % 5 == 0 else "") for number in range(96)]
    pages = [
        read_search_results(make_response(*hits, total=500), {}, collapsed_page=(page, 24)) for page in range(1, 5)
    ]
    shown = [scored_hit.hit for results in pages for scored_hit in results.hits]
    assert sorted([hit.id for hit in shown] + [id_ for hit in shown for id_ in hit.reprints]) == sorted(
        hit["_id"] for hit in hits
    )
    assert {results.pages for results in pages} == {None}


def test_pages_that_are_not_collapsed_keep_their_hits() -> None:
    response = make_response(make_hit(1, "a", "f"), make_hit(2, "b", "f"), total=2)
    results = read_search_results(response, {})
    assert [scored_hit.hit.id for scored_hit in results.hits] == ["1", "2"]
    assert not results.is_collapsed
