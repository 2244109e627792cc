"""Manifests of books and pictures."""

from dataclasses import replace
from typing import Any

import pytest

from api.elasticsearch.book_hits import read_book_picture
from api.iiif import manifests
from api.iiif.urls import IIIFUrls
from core.dates import YearRange
from tests.hit_factory import BASE_URL, BOOK_DETAILS, SOURCE, make_book_leaf, make_book_picture
from tests.iiif_rules import resource_ids, rule_violations

URLS = IIIFUrls(BASE_URL)
BOOK_ROOT = f"{BASE_URL}/iiif/books/digibok_1"
BOOK_FIELDS: dict[str, Any] = {"book_id": "digibok_1"}
SERVED_IMAGE = {
    "page": "https://iiif.example.org/p1/full/full/0/default.jpg",
    "service": "https://iiif.example.org/p1",
    "viewer": "https://library.example.org/1/1",
}


def test_a_book_manifest_follows_the_specification_and_has_the_record() -> None:
    manifest = manifests.build_book_manifest(
        BOOK_DETAILS, [make_book_leaf(1), make_book_leaf(2, page_label="i")], [make_book_picture(**BOOK_FIELDS)], URLS
    )
    assert rule_violations(manifest) == []
    assert len(set(resource_ids(manifest))) == len(list(resource_ids(manifest)))
    assert (manifest["id"], manifest["label"]) == (f"{BOOK_ROOT}/manifest", {"none": ["Norges kyst"]})
    assert [pair["label"]["en"][0] for pair in manifest["metadata"]] == [
        *("Title", "Other titles", "Authors", "Date", "Place", "Language", "Identifiers")
    ]
    assert manifest["rights"] == "http://creativecommons.org/publicdomain/zero/1.0/"
    assert manifest["navDate"] == "0885-01-01T00:00:00Z"
    assert manifest["service"] == [{"id": f"{BOOK_ROOT}/search", "type": "SearchService2"}]


@pytest.mark.parametrize(
    ("name", "value"),
    [("label", "Norges kyst"), ("id", "/iiif/x"), ("rights", "CC BY"), ("partOf", {}), ("type", "Book"), ("items", {})],
)
def test_the_rule_checker_notices_a_broken_rule(name: str, value: Any) -> None:
    assert rule_violations({**manifests.build_book_manifest(BOOK_DETAILS, [make_book_leaf(1)], [], URLS), name: value})


def test_pages_without_text_have_a_canvas_if_they_have_pictures() -> None:
    manifest = manifests.build_book_manifest(
        BOOK_DETAILS,
        [make_book_leaf(1), make_book_leaf(13)],
        [make_book_picture(**BOOK_FIELDS), make_book_picture("b", **BOOK_FIELDS)],
        URLS,
    )
    assert [canvas["id"] for canvas in manifest["items"]] == [f"{BOOK_ROOT}/canvas/{number}" for number in (1, 12, 13)]
    assert [canvas["label"]["none"] for canvas in manifest["items"]] == [["image 1"], ["p. iv"], ["image 13"]]


def test_without_a_scan_url_the_crops_are_painted_in_their_places() -> None:
    (canvas,) = manifests.build_book_manifest(BOOK_DETAILS, [], [make_book_picture(**BOOK_FIELDS)], URLS)["items"]
    (painting,) = canvas["items"][0]["items"]
    assert painting["target"] == f"{BOOK_ROOT}/canvas/12#xywh=10,20,300,400"
    assert painting["body"]["id"] == f"{BASE_URL}/crops/ab/cd-large.jpg"
    assert canvas["thumbnail"][0]["id"] == f"{BASE_URL}/crops/ab/cd.jpg"
    assert canvas["annotations"] == [{"id": f"{BOOK_ROOT}/pages/12/pictures", "type": "AnnotationPage"}]


def test_a_scan_with_a_url_is_painted_whole_with_its_image_service() -> None:
    manifest = manifests.build_book_manifest(
        BOOK_DETAILS, [make_book_leaf(12, image=SERVED_IMAGE)], [make_book_picture(**BOOK_FIELDS)], URLS
    )
    assert rule_violations(manifest) == []
    (canvas,) = manifest["items"]
    (painting,) = canvas["items"][0]["items"]
    assert painting["target"] == canvas["id"]
    assert painting["body"]["service"][0]["@id"] == "https://iiif.example.org/p1"
    assert (
        (painting["body"]["width"], painting["body"]["height"]) == (canvas["width"], canvas["height"]) == (1200, 1800)
    )
    assert canvas["thumbnail"][0]["id"] == "https://iiif.example.org/p1/full/133,/0/default.jpg"


def test_a_page_of_unknown_size_extends_to_its_pictures() -> None:
    (canvas,) = manifests.build_book_manifest(BOOK_DETAILS, [], [make_book_picture(**BOOK_FIELDS, scan={})], URLS)[
        "items"
    ]
    assert (canvas["width"], canvas["height"]) == (310, 420)


@pytest.mark.parametrize("year", [None, 0, -44, 10_000])
def test_years_outside_the_range_of_navdate_are_omitted(year: int | None) -> None:
    years = None if year is None else YearRange(year, year)
    assert "navDate" not in manifests.build_book_manifest(replace(BOOK_DETAILS, years=years), [], [], URLS)


@pytest.mark.parametrize(
    ("date", "years", "shown"),
    [
        ("[18--?]", YearRange(1800, 1899, is_certain=False), "[18--?] (1800–1899)"),
        ("1867", YearRange(1867, 1867), "1867"),
    ],
)
def test_the_date_is_shown_as_printed_with_its_years_where_they_differ(date: str, years: YearRange, shown: str) -> None:
    manifest = manifests.build_book_manifest(replace(BOOK_DETAILS, date=date, years=years), [], [], URLS)
    values = {entry["label"]["en"][0]: entry["value"]["none"][0] for entry in manifest["metadata"]}
    assert values["Date"] == shown


def test_a_book_without_a_record_is_a_valid_manifest() -> None:
    empty_details = replace(
        BOOK_DETAILS,
        title="",
        authors=(),
        identifiers=(),
        year=None,
        years=None,
        date="",
        place="",
        licence="",
        viewer="",
    )
    assert rule_violations(manifests.build_book_manifest(empty_details, [make_book_leaf(1, scan={})], [], URLS)) == []


def test_a_picture_manifest_is_part_of_its_books_manifest() -> None:
    manifest = manifests.build_picture_manifest(make_book_picture("a/b", **BOOK_FIELDS), URLS)
    assert rule_violations(manifest) == []
    assert manifest["id"] == f"{BASE_URL}/iiif/pictures/a%2Fb/manifest"
    assert manifest["partOf"] == [{"id": f"{BOOK_ROOT}/manifest", "type": "Manifest"}]
    (canvas,) = manifest["items"]
    assert (canvas["width"], canvas["height"]) == (300, 400)


SCAN_ON_DISK = {"width": 1200, "height": 1800, "file": "books/1/0012.tif"}


def test_a_scan_on_disk_is_painted_whole_with_our_image_service() -> None:
    leaf = replace(make_book_leaf(12), scan_name="books/1/0012.tif", scan_id="digibok_1_0012")
    manifest = manifests.build_book_manifest(BOOK_DETAILS, [leaf], [make_book_picture(**BOOK_FIELDS)], URLS)
    assert rule_violations(manifest) == []
    (canvas,) = manifest["items"]
    (painting,) = canvas["items"][0]["items"]
    service = f"{BASE_URL}/iiif/image/digibok_1_0012"
    assert painting["target"] == canvas["id"]
    assert painting["body"]["id"] == f"{service}/full/max/0/default.jpg"
    assert painting["body"]["service"] == [{"id": service, "type": "ImageService3", "profile": "level2"}]
    assert (painting["body"]["width"], painting["body"]["height"]) == (1200, 1800)
    assert canvas["thumbnail"][0]["id"] == f"{service}/full/!1200,200/0/default.jpg"
    assert canvas["annotations"] == [{"id": f"{BOOK_ROOT}/pages/12/pictures", "type": "AnnotationPage"}]
    assert "books/1" not in str(manifest)


@pytest.mark.parametrize(
    ("block_type", "identifier"), [("Illustration", "digibok_1_0012"), ("Image", "digibok_1_0012:GE1:10,20,300,400")]
)
def test_a_page_without_text_has_the_scan_of_its_picture(block_type: str, identifier: str) -> None:
    """A page without OCR has no document of its own, so the picture that is the whole scan stands for it."""
    hit = {"_id": "digibok_1_0012:GE1:10,20,300,400", "_source": {**SOURCE, "block_type": block_type}}
    assert read_book_picture(hit).leaf.scan_id == ""
    hit["_source"]["scan"] = SCAN_ON_DISK
    assert read_book_picture(hit).leaf.scan_id == identifier


def test_a_picture_from_disk_has_our_image_service() -> None:
    manifest = manifests.build_picture_manifest(make_book_picture(**BOOK_FIELDS), URLS)
    assert rule_violations(manifest) == []
    body = manifest["items"][0]["items"][0]["items"][0]["body"]
    service = f"{BASE_URL}/iiif/image/digibok_1_0012:GE1:10,20,300,400"
    assert body["id"] == f"{service}/full/max/0/default.jpg"
    assert body["service"] == [{"id": service, "type": "ImageService3", "profile": "level2"}]


def test_a_list_is_a_manifest_with_the_canvases_of_its_pictures_in_order() -> None:
    pictures = [make_book_picture("b", licence=""), make_book_picture("a")]
    hits = [picture.hit for picture in pictures]
    manifest = manifests.build_list_manifest(f"{BASE_URL}/iiif/list?id=b&id=a", "Fyr", hits, f"{BASE_URL}/list", URLS)
    assert rule_violations(manifest) == []
    assert [canvas["id"] for canvas in manifest["items"]] == [
        manifests.build_picture_manifest(picture, URLS)["items"][0]["id"] for picture in pictures
    ]
    assert ["rights" in canvas for canvas in manifest["items"]] == [False, True], "each picture has rights of its own"
    assert len(set(resource_ids(manifest))) == len(list(resource_ids(manifest)))
