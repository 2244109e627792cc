"""Elasticsearch's answers become data; what a document does not say is empty and never missing."""

from typing import Any

import pytest

from api.results import Bucket, hit, page_text, search_page, start, vectors

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
    "highlight": {"caption.text.norwegian": ["Et <em>fyr</em>"]},
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


def test_pages_end_where_elasticsearch_stops_counting_pages() -> None:
    assert search_page(answer(0), page=1, size=24, models=[]).pages == 0
    assert search_page(answer(25), page=1, size=24, models=[]).pages == 2
    assert search_page(answer(10_000_000), page=1, size=100, models=[]).pages == 100


def test_facets_are_words_and_years_are_whole_numbers() -> None:
    counted = {
        "year": {"buckets": [{"key": 1880.0, "doc_count": 2}]},
        "place": {"buckets": [{"key": "Oslo", "doc_count": 1}]},
    }
    page = search_page(answer(3, RAW, **counted), page=1, size=24, models=["sscd"])
    assert page.facets == {"year": [Bucket(value="1880", count=2)], "place": [Bucket(value="Oslo", count=1)]}


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
