"""Elasticsearch's answers become data; what a document does not say is empty and never missing."""

from typing import Any

import pytest

from api.elasticsearch.hits import hit, page_text, search_page, start, vectors
from api.responses import SearchPage
from api.search.request import Question

RAW: dict[str, Any] = {
    "_id": "page_0012:GE1:10,20,300,400",
    "_score": 42.5,
    "_source": {
        "book_id": "b1",
        "title": "Norges kyst",
        "authors": ["Anna Moe"],
        "language": "nob",
        "year": 1885,
        "page": 12,
        "page_label": "iv",
        "kind": "Illustration",
        "box": {"x": 10, "y": 20, "width": 300, "height": 400},
        "caption": {"text": "Et fyr", "confidence": 0.9},
        "context": {"after": {"text": "Det lyser."}},
        "label": {"name": "Map", "source": "catalogue"},
        "image": {"crop": "ab/cd.jpg", "region": "https://iiif.example.org/1/10,20,300,400/full/0/default.jpg"},
    },
    "matched_queries": {"caption": 12.5, "sscd": 30.0},
    "highlight": {"caption.text.folded": ["Et <em>fyr</em>"]},
}


def answer(total: int, *hits: dict[str, Any], **aggregations: Any) -> dict[str, Any]:
    return {"took": 7, "hits": {"total": {"value": total}, "hits": list(hits)}, "aggregations": aggregations}


def test_a_hit_has_every_field_in_its_place() -> None:
    found = hit(RAW)
    assert (found.id, found.score, found.scores) == (RAW["_id"], 42.5, {"caption": 12.5, "sscd": 30.0})
    assert (found.title, found.authors, found.languages, found.year) == ("Norges kyst", ["Anna Moe"], ["nob"], 1885)
    assert (found.caption, found.before, found.after, found.label) == ("Et fyr", "", "Det lyser.", "Map")
    assert (found.box, found.page, found.page_label, found.kind) == ([10, 20, 300, 400], 12, "iv", "Illustration")
    assert found.highlights == {"caption": ["Et <em>fyr</em>"]}
    assert found.image == "/crops/ab/cd.jpg"


def test_without_a_crop_the_library_shows_its_region() -> None:
    source = RAW["_source"]
    found = hit({**RAW, "_source": {**source, "image": {"region": source["image"]["region"]}}})
    assert found.image == found.region == source["image"]["region"]


def test_a_document_that_says_nothing_gives_empty_fields() -> None:
    found = hit({"_id": "x", "_score": None, "_source": {}})
    assert (found.score, found.scores, found.title, found.authors, found.year) == (0, {}, "", [], None)
    assert (found.image, found.box, found.highlights) == ("", [0, 0, 0, 0], {})
    assert page_text({}) == ""


def page(answered: dict[str, Any], knn_boosts: dict[str, float] | None = None, **asked: Any) -> SearchPage:
    return search_page(answered, Question(**asked), models=[], knn_boosts=knn_boosts or {})


def test_pages_end_where_elasticsearch_stops_counting_pages() -> None:
    assert page(answer(0)).pages == 0
    assert page(answer(25)).pages == 2
    assert page(answer(10_000_000), size=100).pages == 100


def test_every_share_is_told_raw_and_as_a_part_of_one() -> None:
    found = page(answer(1, RAW), {"sscd": 60.0}).hits[0]
    assert found.scores == {"caption": 12.5, "sscd": 30.0}
    assert found.shares == {"caption": pytest.approx(12.5 / 42.5), "sscd": pytest.approx(30 / 42.5)}
    assert found.cosines == {"sscd": 0.0}, "half of the boost is a right angle"


def in_book(book: str, document: str, picture_id: str) -> dict[str, Any]:
    return {"_id": picture_id, "_score": 1.0, "_source": {"book_id": book, "title": book.upper(), "document": document}}


def test_grouped_by_book_a_book_stands_where_its_best_result_would() -> None:
    hits = [in_book("b", "picture", "1"), in_book("a", "page", "2"), in_book("b", "page", "3")]
    kinds = {"buckets": [{"key": "picture", "doc_count": 5}, {"key": "page", "doc_count": 3}]}
    books = {"buckets": [{"key": "b", "doc_count": 8, "document": kinds}]}
    found = page(answer(9, *hits, books=books), group="book")
    assert [(group.book_id, group.title, len(group.hits)) for group in found.groups] == [("b", "B", 2), ("a", "A", 1)]
    assert found.groups[0].counts == {"picture": 5, "page": 3}, "counted in all of the book, not only among the best"
    assert found.groups[1].counts == {"page": 1}
    assert (found.total, found.hits) == (2, [])


def test_a_fused_page_is_cut_from_all_candidates() -> None:
    hits = [in_book("a", "picture", str(number)) for number in range(30)]
    found = page(answer(500, *hits), fusion="rrf", size=10, page=2)
    assert [each.id for each in found.hits] == [str(number) for number in range(10, 20)]
    assert (found.total, found.pages) == (30, 3)


def test_kinds_are_counted_apart() -> None:
    kinds = {"buckets": [{"key": "picture", "doc_count": 5}, {"key": "book", "doc_count": 1}]}
    assert page(answer(6, document=kinds)).documents == {"picture": 5, "book": 1}


def test_what_stands_out_is_told_on_the_first_page_of_a_question_by_picture_alone() -> None:
    near = [{**RAW, "matched_queries": {"sscd": 95.0}}]
    far = [{**RAW, "matched_queries": {"sscd": 60.0 - each / 10}} for each in range(20)]
    asked = {"knn_boosts": {"sscd": 100.0}, "like": ("x",)}
    assert page(answer(21, *near, *far), **asked).close == 1
    assert page(answer(21, *near, *far), **asked, words="fyr").close is None
    assert page(answer(21, *near, *far), **asked, page=2).close is None
    assert page(answer(21, *near, *far), {"sscd": 100.0}).close is None


def test_vectors_lose_the_field_that_they_lie_below() -> None:
    assert vectors({"fields": {"vectors.sscd": [0.6, 0.8]}}) == {"sscd": [0.6, 0.8]}
    assert vectors({}) == {}


def test_a_collection_without_years_has_none() -> None:
    counts = {"books": {"value": 2}, "first": {"value": None}, "last": {"value": None}}
    assert start(answer(5, **counts)) == (5, 2, None)
    assert start(answer(5, **counts | {"first": {"value": 1885.0}, "last": {"value": 1901.0}})) == (5, 2, (1885, 1901))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//example.org/x", " https://x", "", None]
)
def test_only_addresses_of_the_web_become_links_and_pictures(address: str | None) -> None:
    shown = hit({"_id": "x", "_source": {"image": {"region": address, "viewer": address}}})
    assert (shown.image, shown.region, shown.viewer) == ("", "", "")
