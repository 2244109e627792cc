"""What viewers of IIIF read, from the node to the JSON."""

import json
from typing import Any

import pytest
from lxml import etree

from api.controllers import iiif
from tests.iiif_rules import broken, ids
from tests.library import Library
from tests.paths import SPECIMEN

PRESENTATION = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
SEARCH = 'application/ld+json;profile="http://iiif.io/api/search/2/context.json"'

ALTO = SPECIMEN / "companion-1843" / "alto"
ALTO_TO_SCAN = 0.8
"""The Page of this ALTO is 1.25 times its scan; see the specimen's README."""


def got(library: Library, address: str, media_type: str = PRESENTATION, **params: Any) -> dict[str, Any]:
    answer = library.web.get(address, params=params or None)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == media_type
    assert broken(answer.json()) == []
    return dict(answer.json())


def book_of(library: Library, words: str) -> str:
    """The library's id of the book that has the words in its title."""
    (book,) = {hit["book_id"] for hit in library.ask(q=f"title:{words}", size=100)["hits"]}
    return str(book)


@pytest.fixture(scope="module")
def companion(specimen: Library) -> str:
    return book_of(specimen, "Companion")


def printed(word: str) -> list[tuple[int, list[float]]]:
    """Where ALTO has the word: page and box in pixels of the scan."""
    found = []
    for file in sorted(ALTO.glob("*.xml")):
        for string in etree.parse(file).iter("{*}String"):
            if string.get("CONTENT", "").lower().strip(".,;") == word:
                box = [float(string.get(side)) * ALTO_TO_SCAN for side in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
                found.append((int(file.stem), box))
    return found


def placed(annotation: dict[str, Any]) -> tuple[int, list[int]]:
    """Page and box of an annotation's target."""
    canvas, _, box = annotation["target"].partition("#xywh=")
    return int(canvas.rpartition("/")[2]), [int(side) for side in box.split(",")]


def test_manifests_have_every_page_of_every_book(specimen: Library) -> None:
    books = {hit["book_id"] for hit in specimen.ask(size=100)["hits"]}
    manifests = [got(specimen, f"/iiif/books/{book}/manifest") for book in books]
    assert len(manifests) == 3
    assert sum(len(manifest["items"]) for manifest in manifests) == 34
    for manifest in manifests:
        assert len(set(ids(manifest))) == len(list(ids(manifest)))
        assert all(canvas["width"] > 500 for canvas in manifest["items"])


def test_a_manifest_leads_to_all_that_it_names(specimen: Library, companion: str) -> None:
    manifest = got(specimen, f"/iiif/books/{companion}/manifest")
    assert got(specimen, manifest["id"]) == manifest
    assert got(specimen, manifest["annotations"][0]["id"])["items"]
    assert got(specimen, manifest["service"][0]["id"], SEARCH)["items"]
    assert all(specimen.web.get(each["id"]).status_code == 200 for each in manifest["seeAlso"])
    assert specimen.web.get(manifest["thumbnail"][0]["id"]).headers["content-type"] == "image/jpeg"


def test_a_book_and_its_pages_annotate_the_same_pictures(specimen: Library, companion: str) -> None:
    manifest = got(specimen, f"/iiif/books/{companion}/manifest")
    whole = got(specimen, manifest["annotations"][0]["id"])["items"]
    pages = [got(specimen, each["id"]) for canvas in manifest["items"] for each in canvas.get("annotations", [])]
    assert [each for page in pages for each in page["items"]] == whole
    shown = specimen.ask(book=companion, size=100)
    assert len(whole) == shown["total"]
    assert {tuple(placed(each)[1]) for each in whole} == {tuple(hit["box"]) for hit in shown["hits"]}


@pytest.mark.parametrize("word", ["foxglove", "child"])
def test_found_words_have_the_boxes_that_alto_gives_them(specimen: Library, companion: str, word: str) -> None:
    truth = printed(word)
    assert truth
    content = got(specimen, f"/iiif/books/{companion}/search", SEARCH, q=word, motivation="supplementing")
    found = {(page, tuple(box)) for page, box in map(placed, content["items"])}
    for page, box in truth:
        assert any(
            page == there and max(abs(one - other) for one, other in zip(box, place, strict=True)) <= 1
            for there, place in found
        ), (page, box, found)
    assert all(word[:4] in each["body"]["value"].lower() for each in content["items"])
    (contexts,) = content["annotations"]
    assert [each["target"]["source"] for each in contexts["items"]] == [each["id"] for each in content["items"]]


def test_a_phrase_marks_its_words_and_no_others(specimen: Library, companion: str) -> None:
    content = got(specimen, f"/iiif/books/{companion}/search", SEARCH, q='"white root"', motivation="supplementing")
    assert [each["body"]["value"] for each in content["items"]] == ["white", "root,"]


def test_old_spelling_and_long_s_are_found_where_they_stand(specimen: Library) -> None:
    book = book_of(specimen, "Skibe")
    content = got(specimen, f"/iiif/books/{book}/search", SEARCH, q="kysten", motivation="supplementing")
    assert any("ſ" in each["body"]["value"] for each in content["items"])


def test_pictures_are_found_by_their_captions_and_what_was_passed_over_is_named(
    specimen: Library, companion: str
) -> None:
    content = got(
        specimen, f"/iiif/books/{companion}/search", SEARCH, q="foxglove", motivation="describing", user="x", min="2"
    )
    assert content["ignored"] == ["user", "min"]
    assert any("Foxglove" in body.get("value", "") for each in content["items"] for body in each["body"])
    assert {each["motivation"] for each in content["items"]} == {"describing"}


@pytest.mark.parametrize("typed", ["!?", '"', "zzzzzz", "a" * 2000, "-the", "*"])
def test_what_cannot_be_found_is_an_empty_page(specimen: Library, companion: str, typed: str) -> None:
    assert got(specimen, f"/iiif/books/{companion}/search", SEARCH, q=typed)["items"] == []


def test_a_long_answer_is_paged_and_loses_nothing(
    specimen: Library, companion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = got(specimen, f"/iiif/books/{companion}/search", SEARCH, q="the", motivation="supplementing")
    assert "partOf" not in whole
    monkeypatch.setattr(iiif, "PASSAGES", 2)
    page = got(specimen, f"/iiif/books/{companion}/search", SEARCH, q="the", motivation="supplementing")
    assert page["partOf"]["first"]["id"] == page["id"]
    last, found = page["partOf"]["last"]["id"], page["items"]
    while "next" in page:
        before, page = page["id"], got(specimen, page["next"]["id"], SEARCH)
        assert page["prev"]["id"] == before
        found = [*found, *page["items"]]
    assert page["id"] == last
    assert [each["id"] for each in found] == [each["id"] for each in whole["items"]]


def test_results_are_a_collection_of_pages_of_pictures(specimen: Library) -> None:
    asked = specimen.ask(q="fyr", size=5)
    assert asked["pages"] > 1
    whole = got(specimen, "/iiif/search", q="fyr", size=5)
    assert len(whole["items"]) == asked["pages"]
    first = got(specimen, whole["items"][0]["id"])
    assert first["partOf"][0]["id"] == whole["id"]
    assert len(first["items"]) == 5
    annotations = got(specimen, first["annotations"][0]["id"])
    regions = [each["target"]["selector"][0]["value"] for each in annotations["items"]]
    assert regions == [f"xywh={','.join(map(str, hit['box']))}" for hit in asked["hits"]]
    assert annotations["partOf"][0]["total"] == asked["total"]


def test_each_picture_is_a_manifest_with_its_crop(specimen: Library) -> None:
    collection = got(specimen, "/iiif/search", q="fyr", page=1)
    manifest = got(specimen, collection["items"][0]["id"])
    (canvas,) = manifest["items"]
    body = canvas["items"][0]["items"][0]["body"]
    assert specimen.web.get(body["id"]).headers["content-type"] == "image/jpeg"
    assert got(specimen, manifest["partOf"][0]["id"])["type"] == "Manifest"


def test_every_book_that_libraries_gave_us_is_a_manifest_that_keeps_the_rules(real: Library) -> None:
    books = {source["book_id"] for source in real.documents().values()}
    assert len(books) > 5
    for book in sorted(books):
        collection = got(real, "/iiif/search", book=book, page=1, size=1, set_aside="show")
        for item in collection["items"]:
            manifest = got(real, got(real, item["id"])["partOf"][0]["id"])
            assert len(set(ids(manifest))) == len(list(ids(manifest)))


def test_viewers_on_other_sites_may_read_it(specimen: Library, companion: str) -> None:
    answer = specimen.web.get(f"/iiif/books/{companion}/manifest", headers={"Origin": "https://viewer.example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/iiif/books/nowhere/manifest", 404),
        ("/iiif/books/nowhere/search?q=x", 404),
        ("/iiif/books/nowhere/pages/1/pictures", 404),
        ("/iiif/pictures/nowhere/manifest", 404),
        ("/iiif/search?publischer=x", 400),
        ("/iiif/books/nowhere/search?page=0", 400),
    ],
)
def test_what_is_not_there_is_a_sentence_in_json(specimen: Library, address: str, status: int) -> None:
    answer = specimen.web.get(address)
    assert answer.status_code == status
    assert json.loads(answer.text)["detail"]
