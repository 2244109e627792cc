"""Elasticsearch's responses become dataclasses; missing fields become empty values."""

from typing import Any

import pytest

from api.elasticsearch.book_hits import read_picture_record
from api.elasticsearch.hits import EMPTY_HIT, read_hit, read_named_picture, read_result_key
from api.elasticsearch.search_results import add_documents, read_collection_counts, read_search_results
from api.records import PictureFiles
from api.responses import ResultPage
from api.search.highlighting import Highlighter
from api.search.query_syntax import parse_query_text
from api.search.request import SearchRequest
from api.search.result_pages import build_result_page
from core.geometry import PixelBox

RAW_HIT: dict[str, Any] = {
    "_index": "pictures-v1",
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
        "block_type": "Illustration",
        "box": {"x": 10, "y": 20, "width": 300, "height": 400},
        "caption": {"text": "Et fyr", "confidence": 0.9},
        "context": {"after": {"text": "Det lyser."}},
        "label": {"name": "Map", "source": "catalogue"},
        "image": {"crop": "ab/cd.jpg", "region": "https://iiif.example.org/1/10,20,300,400/full/0/default.jpg"},
    },
    "matched_queries": {"caption": 12.5, "sscd": 30.0},
}


def build_response(total: int, *hits: dict[str, Any], **aggregations: Any) -> dict[str, Any]:
    return {"took": 7, "hits": {"total": {"value": total}, "hits": list(hits)}, "aggregations": aggregations}


def test_hit_has_all_fields_of_its_source() -> None:
    result = read_hit(RAW_HIT, highlighter=Highlighter(parse_query_text("fyr")))
    assert (result.id, result.score, result.scores) == (RAW_HIT["_id"], 42.5, {"caption": 12.5, "sscd": 30.0})
    assert (result.title, result.authors, result.languages, result.year) == ("Norges kyst", ["Anna Moe"], ["nob"], 1885)
    assert (result.caption, result.before, result.after, result.label) == ("Et fyr", "", "Det lyser.", "Map")
    assert (result.box, result.page, result.page_label, result.block_type) == (
        [10, 20, 300, 400],
        12,
        "iv",
        "Illustration",
    )
    assert result.highlights == {"caption": ["Et <em>fyr</em>"]}
    assert result.image == "/crops/ab/cd.jpg"


def test_image_is_the_iiif_region_without_a_crop() -> None:
    source = RAW_HIT["_source"]
    result = read_hit({**RAW_HIT, "_source": {**source, "image": {"region": source["image"]["region"]}}})
    assert result.image == result.region == source["image"]["region"]


@pytest.mark.parametrize(("stored", "read"), [("d8c8a5", "d8c8a5"), ('"/><script>', ""), ("#fff", ""), (None, "")])
def test_only_a_colour_is_read_as_one(stored: object, read: str) -> None:
    assert read_hit({"_id": "1", "_source": {"image": {"colour": stored}}}).colour == read


def test_empty_document_gives_empty_fields() -> None:
    result = read_hit({"_id": "x", "_score": None, "_source": {}})
    assert (result.score, result.scores, result.title, result.authors, result.year) == (0, {}, "", [], None)
    assert (result.image, result.box, result.highlights) == ("", [0, 0, 0, 0], {})
    assert read_picture_record({"_id": "x", "_source": {}}).page_text == ""


def build_page(response: dict[str, Any], knn_boosts: dict[str, float] | None = None, **parameters: Any) -> ResultPage:
    return build_result_page(
        read_search_results(response, knn_boosts or {}), {}, SearchRequest().with_changes(**parameters), []
    )


def test_page_count_ends_at_the_result_window() -> None:
    assert build_page(build_response(0)).pages == 0
    assert build_page(build_response(25)).pages == 2
    assert build_page(build_response(10_000_000), size=100).pages == 100


def test_score_shares_sum_to_one() -> None:
    result = build_page(build_response(1, RAW_HIT), {"sscd": 60.0}).hits[0]
    assert result.scores == {"caption": 12.5, "sscd": 30.0}
    assert result.score_shares == {"caption": pytest.approx(12.5 / 42.5), "sscd": pytest.approx(30 / 42.5)}
    assert result.similarities == {"sscd": 0.0}, "half of the boost is a right angle"


def hit_in_book(book_id: str, document_type: str, picture_id: str) -> dict[str, Any]:
    return {
        "_index": "pictures-v1",
        "_id": picture_id,
        "_score": 1.0,
        "_source": {"book_id": book_id, "title": book_id.upper(), "document": document_type},
    }


def test_books_rank_by_their_best_hits() -> None:
    hits = [hit_in_book("b", "picture", "1"), hit_in_book("a", "page", "2"), hit_in_book("b", "page", "3")]
    document_counts = {"buckets": [{"key": "picture", "doc_count": 5}, {"key": "page", "doc_count": 3}]}
    books = {"buckets": [{"key": "b", "doc_count": 8, "document": document_counts}]}
    result_page = build_page(build_response(9, *hits, books=books), group="book")
    assert [(group.book_id, group.title, len(group.hits)) for group in result_page.groups] == [
        ("b", "B", 2),
        ("a", "A", 1),
    ]
    assert result_page.groups[0].counts == {"picture": 5, "page": 3}, (
        "counted in all of the book, not only among the best"
    )
    assert result_page.groups[1].counts == {"page": 1}
    assert (result_page.total, result_page.hits) == (2, [])


def test_fused_page_is_a_slice_of_all_candidates() -> None:
    hits = [hit_in_book("a", "picture", str(number)) for number in range(30)]
    result_page = build_page(build_response(500, *hits), fusion="rrf", size=10, page=2)
    assert [result.id for result in result_page.hits] == [str(number) for number in range(10, 20)]
    assert (result_page.total, result_page.pages) == (30, 3)


def test_documents_are_counted_by_type() -> None:
    document_counts = {"buckets": [{"key": "picture", "doc_count": 5}, {"key": "book", "doc_count": 1}]}
    assert build_page(build_response(6, document=document_counts)).document_counts == {"picture": 5, "book": 1}


def test_cut_off_is_set_only_on_first_page_of_picture_searches() -> None:
    near_hits = [{**RAW_HIT, "matched_queries": {"sscd": 95.0}}]
    far_hits = [{**RAW_HIT, "matched_queries": {"sscd": 60.0 - rank / 10}} for rank in range(20)]
    parameters = {"knn_boosts": {"sscd": 100.0}, "like": ("x",)}
    assert build_page(build_response(21, *near_hits, *far_hits), **parameters).cut_off == 1
    assert build_page(build_response(21, *near_hits, *far_hits), **parameters, query_text="fyr").cut_off is None
    assert build_page(build_response(21, *near_hits, *far_hits), **parameters, page=2).cut_off is None
    assert build_page(build_response(21, *near_hits, *far_hits), {"sscd": 100.0}).cut_off is None


def test_named_picture_has_vectors_by_model_and_crops_largest_first() -> None:
    image = {"crop": "ab/cd.jpg", "large": "ab/cd-large.jpg", "region": "javascript:alert(1)"}
    raw_hit = {**RAW_HIT, "_source": {**RAW_HIT["_source"], "image": image}, "fields": {"vectors.sscd": [0.6, 0.8]}}
    picture = read_named_picture(raw_hit)
    assert picture.vectors == {"sscd": [0.6, 0.8]}
    assert picture.files == PictureFiles(
        box=PixelBox(10, 20, 300, 400), crop_names=("ab/cd-large.jpg", "ab/cd.jpg"), region_url=""
    )
    assert read_named_picture(RAW_HIT).vectors == {}


def test_collection_without_years_has_no_year_range() -> None:
    aggregations = {"books": {"value": 2}, "first": {"value": None}, "last": {"value": None}}
    assert read_collection_counts(build_response(5, **aggregations)) == (5, 2, None)
    assert read_collection_counts(
        build_response(5, **aggregations | {"first": {"value": 1885.0}, "last": {"value": 1901.0}})
    ) == (5, 2, (1885, 1901))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//example.org/x", " https://x", "", None]
)
def test_only_http_urls_become_links_and_images(address: str | None) -> None:
    result = read_hit({"_id": "x", "_source": {"image": {"region": address, "viewer": address}}})
    assert (result.image, result.region, result.viewer) == ("", "", "")


def test_hit_without_its_document_gets_it_and_keeps_its_scores() -> None:
    keys = {"_seq_no": [7], "document": ["picture"], "book_id": ["b"], "family.id": ["f"]}
    bare_hit = {
        "_index": "pictures-v1",
        "_score": 2.5,
        "fields": keys,
        "matched_queries": {"caption": 2.5},
    }
    results = read_search_results(build_response(1, bare_hit), {"sscd": 35.0})
    assert (results.hits[0].hit, results.hits[0].is_picture) == (EMPTY_HIT, True)
    assert read_result_key(bare_hit).family_id == "f"
    # A book of another index and a picture of another shard have the same number.
    fields = {"_seq_no": [7], "book_id": ["b"]}
    other_fields = {**fields, "fingerprint": ["another"]}
    documents = [
        {"_index": "books-v1", "_id": "b", "fields": fields, "_source": {"title": "Another"}},
        {"_index": "pictures-v1", "_id": "b_2", "fields": other_fields, "_source": {"title": "Another"}},
        {"_index": "pictures-v1", "_id": "b_1", "fields": fields, "_source": {"book_id": "b", "title": "A fyr"}},
    ]
    highlighter = Highlighter(parse_query_text("fyr"))
    hit = add_documents(results, build_response(1, *documents), {"sscd": 35.0}, highlighter).hits[0].hit
    assert (hit.id, hit.title, hit.book_id, hit.score) == ("b_1", "A fyr", "b", 2.5)
    assert hit.scores == {"caption": 2.5}
    assert hit.highlights == {"title": ["A <em>fyr</em>"]}


def test_result_whose_document_was_deleted_meanwhile_is_not_shown() -> None:
    hits = [{"_index": "p", "_score": 1.0, "fields": {"_seq_no": [number]}} for number in (1, 2)]
    results = read_search_results(build_response(2, *hits), {})
    document = {**hits[1], "_id": "b_2", "_source": {}}
    results = add_documents(results, build_response(1, document), {}, Highlighter(parse_query_text("fyr")))
    page = build_result_page(results, {}, SearchRequest(query_text="fyr"), [])
    assert [hit.id for hit in page.hits] == ["b_2"]
