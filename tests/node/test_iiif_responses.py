"""IIIF responses, with a real node."""

import json
from typing import Any

import pytest
from lxml import etree

from api.controllers import content_search
from tests.iiif_rules import resource_ids, rule_violations
from tests.library import ServedLibrary
from tests.paths import SPECIMEN

PRESENTATION_MEDIA_TYPE = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
SEARCH_MEDIA_TYPE = 'application/ld+json;profile="http://iiif.io/api/search/2/context.json"'

ALTO_FOLDER = SPECIMEN / "companion-1843" / "alto"
ALTO_TO_SCAN = 0.8
"""The Page of this ALTO is 1.25 times its scan; see the specimen's README."""


def get_resource(
    library: ServedLibrary, address: str, media_type: str = PRESENTATION_MEDIA_TYPE, **params: Any
) -> dict[str, Any]:
    response = library.api_client.get(address, params=params or None)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == media_type
    assert rule_violations(response.json()) == []
    return dict(response.json())


def find_book_id(library: ServedLibrary, title_words: str) -> str:
    """Return the library's id of the book with these words in its title."""
    (book,) = {hit["book_id"] for hit in library.search(q=f"title:{title_words}", size=100)["hits"]}
    return str(book)


@pytest.fixture(scope="module")
def companion_book_id(specimen: ServedLibrary) -> str:
    return find_book_id(specimen, "Companion")


def alto_word_boxes(word: str) -> list[tuple[int, list[float]]]:
    """Return page and box, in pixels of the scan, of each occurrence of the word in the ALTO files."""
    word_boxes = []
    for file in sorted(ALTO_FOLDER.glob("*.xml")):
        for string in etree.parse(file).iter("{*}String"):
            if string.get("CONTENT", "").lower().strip(".,;") == word:
                box = [float(string.get(side)) * ALTO_TO_SCAN for side in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
                word_boxes.append((int(file.stem), box))
    return word_boxes


def target_box(annotation: dict[str, Any]) -> tuple[int, list[int]]:
    """Return page and box of an annotation's target."""
    canvas, _, box = annotation["target"].partition("#xywh=")
    return int(canvas.rpartition("/")[2]), [int(side) for side in box.split(",")]


def test_manifests_have_all_pages_of_all_books(specimen: ServedLibrary) -> None:
    books = {hit["book_id"] for hit in specimen.search(size=100)["hits"]}
    manifests = [get_resource(specimen, f"/iiif/books/{book}/manifest") for book in books]
    assert len(manifests) == 3
    assert sum(len(manifest["items"]) for manifest in manifests) == 34
    for manifest in manifests:
        assert len(set(resource_ids(manifest))) == len(list(resource_ids(manifest)))
        assert all(canvas["width"] > 500 for canvas in manifest["items"])


def test_all_links_of_a_manifest_work(specimen: ServedLibrary, companion_book_id: str) -> None:
    manifest = get_resource(specimen, f"/iiif/books/{companion_book_id}/manifest")
    assert get_resource(specimen, manifest["id"]) == manifest
    assert get_resource(specimen, manifest["annotations"][0]["id"])["items"]
    assert get_resource(specimen, manifest["service"][0]["id"], SEARCH_MEDIA_TYPE)["items"]
    assert all(specimen.api_client.get(link["id"]).status_code == 200 for link in manifest["seeAlso"])
    assert specimen.api_client.get(manifest["thumbnail"][0]["id"]).headers["content-type"] == "image/jpeg"


def test_a_book_and_its_pages_annotate_the_same_pictures(specimen: ServedLibrary, companion_book_id: str) -> None:
    manifest = get_resource(specimen, f"/iiif/books/{companion_book_id}/manifest")
    book_annotations = get_resource(specimen, manifest["annotations"][0]["id"])["items"]
    pages = [
        get_resource(specimen, page_reference["id"])
        for canvas in manifest["items"]
        for page_reference in canvas.get("annotations", [])
    ]
    assert [annotation for page in pages for annotation in page["items"]] == book_annotations
    search_page = specimen.search(book=companion_book_id, size=100, decoration="include")
    assert len(book_annotations) == search_page["total"]
    assert {tuple(target_box(annotation)[1]) for annotation in book_annotations} == {
        tuple(hit["box"]) for hit in search_page["hits"]
    }


@pytest.mark.parametrize("word", ["foxglove", "child"])
def test_matching_words_have_their_boxes_from_alto(specimen: ServedLibrary, companion_book_id: str, word: str) -> None:
    expected_boxes = alto_word_boxes(word)
    assert expected_boxes
    content = get_resource(
        specimen, f"/iiif/books/{companion_book_id}/search", SEARCH_MEDIA_TYPE, q=word, motivation="supplementing"
    )
    annotated_boxes = {(page, tuple(box)) for page, box in map(target_box, content["items"])}
    for page, box in expected_boxes:
        assert any(
            page == annotated_page
            and max(
                abs(expected_value - actual_value)
                for expected_value, actual_value in zip(box, annotated_box, strict=True)
            )
            <= 1
            for annotated_page, annotated_box in annotated_boxes
        ), (page, box, annotated_boxes)
    assert all(word[:4] in annotation["body"]["value"].lower() for annotation in content["items"])
    (contexts,) = content["annotations"]
    assert [annotation["target"]["source"] for annotation in contexts["items"]] == [
        annotation["id"] for annotation in content["items"]
    ]


def test_a_phrase_matches_its_words_only(specimen: ServedLibrary, companion_book_id: str) -> None:
    content = get_resource(
        specimen,
        f"/iiif/books/{companion_book_id}/search",
        SEARCH_MEDIA_TYPE,
        q='"white root"',
        motivation="supplementing",
    )
    assert [annotation["body"]["value"] for annotation in content["items"]] == ["white", "root,"]


def test_content_search_finds_long_s(specimen: ServedLibrary) -> None:
    book = find_book_id(specimen, "Skibe")
    content = get_resource(
        specimen, f"/iiif/books/{book}/search", SEARCH_MEDIA_TYPE, q="kysten", motivation="supplementing"
    )
    assert any("ſ" in annotation["body"]["value"] for annotation in content["items"])


def test_content_search_finds_captions_and_names_ignored_parameters(
    specimen: ServedLibrary, companion_book_id: str
) -> None:
    content = get_resource(
        specimen,
        f"/iiif/books/{companion_book_id}/search",
        SEARCH_MEDIA_TYPE,
        q="foxglove",
        motivation="describing",
        user="x",
        min="2",
    )
    assert content["ignored"] == ["user", "min"]
    assert any("Foxglove" in body.get("value", "") for annotation in content["items"] for body in annotation["body"])
    assert {annotation["motivation"] for annotation in content["items"]} == {"describing"}


@pytest.mark.parametrize("query_text", ["!?", '"', "zzzzzz", "a" * 2000, "-the", "*"])
def test_content_search_without_matches_is_an_empty_page(
    specimen: ServedLibrary, companion_book_id: str, query_text: str
) -> None:
    assert (
        get_resource(specimen, f"/iiif/books/{companion_book_id}/search", SEARCH_MEDIA_TYPE, q=query_text)["items"]
        == []
    )


def test_a_paged_content_search_has_all_annotations(
    specimen: ServedLibrary, companion_book_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpaged_response = get_resource(
        specimen, f"/iiif/books/{companion_book_id}/search", SEARCH_MEDIA_TYPE, q="the", motivation="supplementing"
    )
    assert "partOf" not in unpaged_response
    monkeypatch.setattr(content_search, "CONTENT_SEARCH_PAGE_SIZE", 2)
    page = get_resource(
        specimen, f"/iiif/books/{companion_book_id}/search", SEARCH_MEDIA_TYPE, q="the", motivation="supplementing"
    )
    assert page["partOf"]["first"]["id"] == page["id"]
    last_page_id, annotations = page["partOf"]["last"]["id"], page["items"]
    while "next" in page:
        previous_id, page = page["id"], get_resource(specimen, page["next"]["id"], SEARCH_MEDIA_TYPE)
        assert page["prev"]["id"] == previous_id
        annotations = [*annotations, *page["items"]]
    assert page["id"] == last_page_id
    assert [annotation["id"] for annotation in annotations] == [
        annotation["id"] for annotation in unpaged_response["items"]
    ]


def test_results_are_a_collection_of_pages(specimen: ServedLibrary) -> None:
    search_page = specimen.search(q="fyr", size=5, collapse="none")
    assert search_page["pages"] > 1
    iiif_collection = get_resource(specimen, "/iiif/search", q="fyr", size=5)
    assert len(iiif_collection["items"]) == search_page["pages"]
    first_page = get_resource(specimen, iiif_collection["items"][0]["id"])
    assert first_page["partOf"][0]["id"] == iiif_collection["id"]
    assert len(first_page["items"]) == 5
    annotations = get_resource(specimen, first_page["annotations"][0]["id"])
    regions = [annotation["target"]["selector"][0]["value"] for annotation in annotations["items"]]
    assert regions == [f"xywh={','.join(map(str, hit['box']))}" for hit in search_page["hits"]]
    assert annotations["partOf"][0]["total"] == search_page["total"]


def test_each_picture_has_a_manifest_with_its_crop(specimen: ServedLibrary) -> None:
    collection = get_resource(specimen, "/iiif/search", q="fyr", page=1)
    manifest = get_resource(specimen, collection["items"][0]["id"])
    (canvas,) = manifest["items"]
    body = canvas["items"][0]["items"][0]["body"]
    assert specimen.api_client.get(body["id"]).headers["content-type"] == "image/jpeg"
    assert get_resource(specimen, manifest["partOf"][0]["id"])["type"] == "Manifest"


def test_manifests_of_real_books_follow_the_specification(real_library: ServedLibrary) -> None:
    books = {source["book_id"] for source in real_library.documents().values()}
    assert len(books) > 5
    for book in sorted(books):
        collection = get_resource(
            real_library, "/iiif/search", book=book, page=1, size=1, hidden="include", decoration="include"
        )
        for item in collection["items"]:
            manifest = get_resource(real_library, get_resource(real_library, item["id"])["partOf"][0]["id"])
            assert len(set(resource_ids(manifest))) == len(list(resource_ids(manifest)))


def test_viewers_on_other_sites_may_read_manifests(specimen: ServedLibrary, companion_book_id: str) -> None:
    response = specimen.api_client.get(
        f"/iiif/books/{companion_book_id}/manifest", headers={"Origin": "https://viewer.example.org"}
    )
    assert response.headers["access-control-allow-origin"] == "*"


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
def test_errors_are_sentences_in_json(specimen: ServedLibrary, address: str, status: int) -> None:
    response = specimen.api_client.get(address)
    assert response.status_code == status
    assert json.loads(response.text)["detail"]
