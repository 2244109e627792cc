"""A book and a picture as viewers read them."""

from dataclasses import replace
from typing import Any

import pytest

from api.iiif import manifests
from api.iiif.addresses import Addresses
from tests.iiif_rules import broken, ids
from tests.made_hits import BASE, RECORD, page, plate

AT = Addresses(BASE)
BOOK = f"{BASE}/iiif/books/digibok_1"
OURS: dict[str, Any] = {"book_id": "digibok_1"}
SERVED = {
    "page": "https://iiif.example.org/p1/full/full/0/default.jpg",
    "service": "https://iiif.example.org/p1",
    "viewer": "https://library.example.org/1/1",
}


def test_a_book_keeps_the_rules_and_says_what_the_record_says() -> None:
    manifest = manifests.book(RECORD, [page(1), page(2, page_label="i")], [plate(**OURS)], AT)
    assert broken(manifest) == []
    assert len(set(ids(manifest))) == len(list(ids(manifest)))
    assert (manifest["id"], manifest["label"]) == (f"{BOOK}/manifest", {"none": ["Norges kyst"]})
    assert [pair["label"]["en"][0] for pair in manifest["metadata"]] == [
        *("Title", "Authors", "Date", "Place", "Language", "Identifiers")
    ]
    assert manifest["rights"] == "http://creativecommons.org/publicdomain/zero/1.0/"
    assert manifest["navDate"] == "0885-01-01T00:00:00Z"
    assert manifest["service"] == [{"id": f"{BOOK}/search", "type": "SearchService2"}]


@pytest.mark.parametrize(
    ("name", "value"),
    [("label", "Norges kyst"), ("id", "/iiif/x"), ("rights", "CC BY"), ("partOf", {}), ("type", "Book"), ("items", {})],
)
def test_a_broken_rule_is_noticed(name: str, value: Any) -> None:
    assert broken({**manifests.book(RECORD, [page(1)], [], AT), name: value})


def test_pages_without_words_are_there_for_their_pictures() -> None:
    manifest = manifests.book(RECORD, [page(1), page(13)], [plate(**OURS), plate("b", **OURS)], AT)
    assert [canvas["id"] for canvas in manifest["items"]] == [f"{BOOK}/canvas/{number}" for number in (1, 12, 13)]
    assert [canvas["label"]["none"] for canvas in manifest["items"]] == [["1"], ["iv"], ["13"]]


def test_without_a_served_scan_the_crops_are_painted_in_their_places() -> None:
    (canvas,) = manifests.book(RECORD, [], [plate(**OURS)], AT)["items"]
    (painting,) = canvas["items"][0]["items"]
    assert painting["target"] == f"{BOOK}/canvas/12#xywh=10,20,300,400"
    assert painting["body"]["id"] == f"{BASE}/crops/ab/cd-large.jpg"
    assert canvas["thumbnail"][0]["id"] == f"{BASE}/crops/ab/cd.jpg"
    assert canvas["annotations"] == [{"id": f"{BOOK}/pages/12/pictures", "type": "AnnotationPage"}]


def test_a_scan_that_the_library_serves_is_painted_whole_with_its_service() -> None:
    manifest = manifests.book(RECORD, [page(12, image=SERVED)], [plate(**OURS)], AT)
    assert broken(manifest) == []
    (canvas,) = manifest["items"]
    (painting,) = canvas["items"][0]["items"]
    assert painting["target"] == canvas["id"]
    assert painting["body"]["service"][0]["@id"] == "https://iiif.example.org/p1"
    assert (
        (painting["body"]["width"], painting["body"]["height"]) == (canvas["width"], canvas["height"]) == (1200, 1800)
    )
    assert canvas["thumbnail"][0]["id"] == "https://iiif.example.org/p1/full/133,/0/default.jpg"


def test_a_page_of_unknown_size_is_as_large_as_its_pictures_reach() -> None:
    (canvas,) = manifests.book(RECORD, [], [plate(**OURS, scan={})], AT)["items"]
    assert (canvas["width"], canvas["height"]) == (310, 420)


@pytest.mark.parametrize("year", [None, 0, -44, 10_000])
def test_a_year_that_cannot_be_written_is_no_date(year: int | None) -> None:
    assert "navDate" not in manifests.book(replace(RECORD, year=year), [], [], AT)


def test_a_book_that_says_nothing_is_still_a_manifest() -> None:
    empty = replace(RECORD, title="", authors=(), identifiers=(), year=None, date="", place="", licence="", viewer="")
    assert broken(manifests.book(empty, [page(1, scan={})], [], AT)) == []


def test_a_picture_is_a_manifest_of_its_own_within_the_book() -> None:
    manifest = manifests.picture(plate("a/b", **OURS), AT)
    assert broken(manifest) == []
    assert manifest["id"] == f"{BASE}/iiif/pictures/a%2Fb/manifest"
    assert manifest["partOf"] == [{"id": f"{BOOK}/manifest", "type": "Manifest"}]
    (canvas,) = manifest["items"]
    assert (canvas["width"], canvas["height"]) == (300, 400)
