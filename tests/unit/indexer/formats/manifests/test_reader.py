"""IIIF manifests of versions 2 and 3: real ones, and broken ones."""

import json
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import SourceError
from indexer.formats.manifests import read_manifest
from indexer.formats.manifests.metadata import book_from_manifest
from indexer.records import Volume
from tests.iiif_server import IIIFServer
from tests.paths import SHARED

IIIF = SHARED / "iiif"
FILES = sorted(IIIF.glob("*.json"))


def read_stored_manifest(name: str) -> Volume:
    return read_manifest((IIIF / name).read_bytes(), name)


def manifest_json(**fields: Any) -> bytes:
    return json.dumps(
        {"@context": "http://iiif.io/api/presentation/3/context.json", "type": "Manifest", **fields}
    ).encode()


def canvas(body: dict[str, Any], **fields: Any) -> dict[str, Any]:
    annotation = {"type": "Annotation", "motivation": "painting", "body": body}
    page = {"type": "AnnotationPage", "items": [annotation]}
    return {"id": "https://x/c1", "type": "Canvas", "items": [page], **fields}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_document_gives_pages_or_a_reason(path: Path) -> None:
    """Manifests with pictures are read, everything else is refused by a `SourceError`, nothing else is raised."""
    try:
        volume = read_manifest(path.read_bytes(), path.name)
    except SourceError:
        return
    assert volume.book.id
    assert volume.leaves
    assert len({leaf.id for leaf in volume.leaves}) == len(volume.leaves)
    for leaf in volume.leaves:
        urls = [url for url in (leaf.scan, leaf.image_service, leaf.alto) if url]
        assert urls
        assert all(url.startswith(("http://", "https://")) for url in urls)


def test_most_real_manifests_have_pages() -> None:
    """The refused ones are collections, info.json, annotations, film and sound, and version 4."""
    reasons = []
    for path in FILES:
        try:
            read_manifest(path.read_bytes(), path.name)
        except SourceError as error:
            reasons.append(error.reason)
    assert len(FILES) - len(reasons) >= 95
    known_reasons = (
        "collection",
        "info.json",
        "its type is",
        "sound or film",
        "Presentation 4",
        "no canvas",
        "over http",
    )
    assert [reason for reason in reasons if not any(known_reason in reason for known_reason in known_reasons)] == []


def test_the_national_librarys_manifest() -> None:
    volume = read_stored_manifest("nb_p2_recognized-text.json")
    leaf, book = volume.leaves[0], volume.book
    assert (len(volume.leaves), book.id) == (5, "api.nb.no:10ca37a8595f4a63dd033dbfa4a130bc")
    assert book.title == "Brevs. 348 Brev fra Cather, Willa (1876-1947) til Undset, Sigrid (1882-1949)"
    assert (book.year, book.date, book.type_of_work) == (1941, "24.12.1941", "Brev og manuskripter")
    assert book.licence == "https://www.nb.no/lisens/ccbyncnd"
    assert leaf.id == "URN:NBN:no-nb_digimanus_14280_0001"
    assert leaf.image_service == "https://www.nb.no/services/image/resolver/URN:NBN:no-nb_digimanus_14280_0001"
    assert leaf.alto == (
        "https://api.nb.no:443/catalog/v1/metadata/10ca37a8595f4a63dd033dbfa4a130bc/altos/"
        "URN:NBN:no-nb_digimanus_14280_0001"
    )
    assert (leaf.width, leaf.height, leaf.image_api_version, leaf.label) == (2194, 2843, 2, "1")


def test_a_norwegian_imprint_is_split_into_publisher_place_and_year() -> None:
    book = read_stored_manifest("nb_p2_landscape.json").book
    assert (book.place, book.publisher, book.year) == ("Guovdageaidnu", "Beaivváš sámi našunálateáhter", 2014)
    assert book.authors == ("Bergroth, Aina.", "Lahti, Ari-Pekka")
    assert book.languages == ("Flerspråklig", "Finsk", "Samisk (Nordsamisk)", "Engelsk")
    assert book.subjects == ("Samer", "Teaterforestillinger")


def test_alto_is_found_where_the_cookbook_links_it() -> None:
    """Under `rendering`, called application/xml; its profile says ALTO. The template in the URL is not fetched."""
    text = (IIIF / "cookbook68_newspaper_issue_2-manifest.json").read_text("utf-8")
    volume = read_manifest(text.replace("{{ id.path }}", "https://example.org/68").encode(), "68")
    assert volume.leaves[0].alto == "https://example.org/68/newspaper_issue_2-alto_p1.xml"
    assert volume.leaves[0].image_api_version == 3
    assert (volume.book.year, volume.book.languages) == (1925, ("German",))
    assert read_stored_manifest("cookbook68_newspaper_issue_2-manifest.json").leaves[0].alto is None


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ([{"id": "https://x/1.hocr", "format": "text/vnd.hocr+html"}], "https://x/1.hocr"),
        ([{"id": "https://x/1", "profile": "http://kba.cloud/hocr-spec/1.2/"}], "https://x/1"),
        ([{"id": "https://x/1", "format": "application/vnd.prima.page+xml"}], "https://x/1"),
        ([{"id": "https://x/h", "label": "hOCR"}, {"id": "https://x/a", "label": "ALTO"}], "https://x/a"),
        ([{"id": "https://x/1.txt", "format": "text/plain"}], None),
    ],
)
def test_text_with_boxes_is_found_by_its_description(links: list[dict[str, str]], url: str | None) -> None:
    page = canvas({"id": "https://x/1.jpg", "type": "Image"}, seeAlso=links)
    assert read_manifest(manifest_json(items=[page]), "x.json").leaves[0].alto == url


def test_the_first_image_of_a_choice_is_used() -> None:
    (leaf,) = read_stored_manifest("commons_p3_ghent-choices.json").leaves
    assert leaf.image_service
    assert leaf.image_service.endswith("O.0219_ColorB")


def test_a_reduced_picture_does_not_give_the_size_of_its_service() -> None:
    """The Library of Congress lists `pct:25` with that picture's size: boxes would be off by four."""
    leaf = read_stored_manifest("commons_p2_loc.json").leaves[0]
    assert leaf.image_service
    assert (leaf.width, leaf.height) == (None, None)


@pytest.mark.parametrize(
    ("size_keyword", "canvas_size", "size"),
    [
        ("max", (4000, 6000), (None, None)),
        ("full", (4000, 6000), (1000, 1500)),
        ("max", (1000, 1500), (1000, 1500)),
        ("max", (500, 750), (1000, 1500)),
        ("max", None, (None, None)),
    ],
)
def test_a_picture_that_the_server_may_have_reduced_does_not_give_the_size_of_its_service(
    size_keyword: str, canvas_size: tuple[int, int] | None, size: tuple[int | None, int | None]
) -> None:
    """A server with `maxWidth` 1000 sends 1,000 of 4,000 pixels for `max`."""
    service = {"id": "https://x/i", "type": "ImageService3", "profile": "level2"}
    url = f"https://x/i/full/{size_keyword}/0/default.jpg"
    body = {"id": url, "type": "Image", "width": 1000, "height": 1500, "service": [service]}
    sides = {"width": canvas_size[0], "height": canvas_size[1]} if canvas_size else {}
    leaf = read_manifest(manifest_json(items=[canvas(body, **sides)]), "x.json").leaves[0]
    assert (leaf.width, leaf.height) == size


def test_a_picture_on_a_part_of_the_canvas_is_compared_with_this_part() -> None:
    service = {"id": "https://x/i", "type": "ImageService3", "profile": "level2"}
    url = "https://x/i/full/max/0/default.jpg"
    body = {"id": url, "type": "Image", "width": 1000, "height": 1500, "service": [service]}
    annotation = {"motivation": "painting", "body": body, "target": "https://x/c1#xywh=0,0,1000,1500"}
    page = {"id": "https://x/c1", "type": "Canvas", "width": 4000, "height": 6000, "items": [{"items": [annotation]}]}
    leaf = read_manifest(manifest_json(items=[page]), "x.json").leaves[0]
    assert (leaf.width, leaf.height) == (1000, 1500)


@pytest.mark.parametrize("service_id", ["https://x/i/info.json", "https://x/i/"])
def test_the_address_of_an_info_json_is_read_as_its_service(service_id: str) -> None:
    for service in ({"id": service_id, "type": "ImageService3", "profile": "level2"}, {"id": service_id}):
        body = {"id": "https://x/i/full/max/0/default.jpg", "type": "Image", "service": [service]}
        leaf = read_manifest(manifest_json(items=[canvas(body)]), "x.json").leaves[0]
        assert leaf.image_service == "https://x/i"


def test_a_collection_is_no_manifest() -> None:
    with pytest.raises(SourceError, match="a IIIF collection, not a manifest"):
        read_stored_manifest("bnf_collection_cartes_plans_paris_XIX.json")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("p4_04_scene.json", "Presentation 4"),
        ("bnf_manifests_video.json", "sound or film"),
        ("imgvalidator_info-3.0.json", "one picture, not a book"),
        ("allmaps_empty-object.json", "type is not given"),
        ("mirador_v2_related.json", "no canvas"),
    ],
)
def test_a_document_that_is_no_book_is_refused_with_the_reason(name: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read_stored_manifest(name)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_a_file_without_a_json_object_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        read_manifest(data, "x.json")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x/1.jpg", "data:image/png;base64,AA", "/etc/passwd", "//x/1"]
)
def test_urls_that_are_not_http_are_ignored(url: str) -> None:
    """Neither the picture, nor its service, nor its ALTO can be a file of this machine."""
    bad_canvas = canvas(
        {"id": url, "type": "Image", "service": [{"id": url, "type": "ImageService3", "profile": "level1"}]}
    )
    with pytest.raises(SourceError, match="over http"):
        read_manifest(manifest_json(items=[bad_canvas]), "x.json")
    good_canvas = canvas(
        {"id": "https://x/1.jpg", "type": "Image"}, seeAlso=[{"id": url, "format": "application/alto+xml"}]
    )
    assert read_manifest(manifest_json(items=[good_canvas]), "x.json").leaves[0].alto is None


def test_a_level_0_service_is_not_used_for_crops() -> None:
    service = {"id": "https://x/i", "type": "ImageService3", "profile": "level0"}
    body = {"id": "https://x/i/full/max/0/default.jpg", "type": "Image", "service": [service]}
    leaf = read_manifest(manifest_json(items=[canvas(body)]), "x.json").leaves[0]
    assert (leaf.image_service, leaf.scan) == (None, "https://x/i/full/max/0/default.jpg")


def test_the_image_service_is_chosen_from_several_services() -> None:
    services = [
        {"@context": "http://iiif.io/api/annex/services/physdim/1/context.json", "profile": "physdim"},
        {"@id": "https://x/i/", "@type": "ImageService2", "profile": "http://iiif.io/api/image/2/level2.json"},
    ]
    leaf = read_manifest(
        manifest_json(items=[canvas({"id": "https://x/1.jpg", "type": "Image", "service": services})]), "x"
    ).leaves[0]
    assert (leaf.image_service, leaf.image_api_version) == ("https://x/i", 2)


def test_canvases_without_a_picture_are_counted() -> None:
    good_canvas, bad_canvas = (
        canvas({"id": "https://x/1.jpg", "type": "Image"}),
        {"id": "https://x/c2", "type": "Canvas"},
    )
    volume = read_manifest(manifest_json(items=[good_canvas, bad_canvas]), "x.json")
    assert volume.warnings == ("1 of 2 canvases have no picture that can be fetched",)


@pytest.mark.parametrize(
    ("label", "value", "field", "expected"),
    [
        ({"de": ["Verfasser"]}, {"de": ["Grimm, J."]}, "authors", ("Grimm, J.",)),
        ({"fr": ["Éditeur"]}, {"fr": ["Hachette"]}, "publisher", "Hachette"),
        ("Sprache / Language", "Deutsch", "languages", ("Deutsch",)),
        ({"en": ["Place of publication"]}, {"en": ["London"]}, "place", "London"),
        ([{"@value": "Dato", "@language": "nb"}, {"@value": "Date", "@language": "en"}], "ca. 1867", "year", 1867),
        ({"sv": ["Ämne"]}, ["<b>Skepp</b> &amp; b\u00e5tar"], "subjects", ("Skepp & båtar",)),
    ],
)
def test_labels_in_many_languages_are_recognised(label: Any, value: Any, field: str, expected: object) -> None:
    items = [canvas({"id": "https://x/1.jpg", "type": "Image"})]
    book = read_manifest(manifest_json(items=items, metadata=[{"label": label, "value": value}]), "x.json").book
    assert getattr(book, field) == expected


@pytest.mark.parametrize(
    ("label", "value", "field", "expected"),
    [
        ("Publication/Creation", "London : Morgan Brothers, 1859-", "place", "London"),
        ("Date Created", "1873/1874", "year", 1873),
        ("Language", "English;", "languages", ("English",)),
        ("Contributors", "Bolle, Fritz; Ås, Anna", "authors", ("Bolle, Fritz", "Ås, Anna")),
        ("License", "CC-BY-NC", "licence", "CC-BY-NC"),
        ("Rights", "See https://x.org/rights for more", "licence", "https://x.org/rights"),
        ("Origin Place", "England", "place", "England"),
    ],
)
def test_labels_of_four_libraries_are_recognised(label: str, value: str, field: str, expected: object) -> None:
    items = [canvas({"id": "https://x/1.jpg", "type": "Image"})]
    book = read_manifest(manifest_json(items=items, metadata=[{"label": label, "value": value}]), "x.json").book
    assert getattr(book, field) == expected


def test_rights_have_precedence_over_labels() -> None:
    items = [canvas({"id": "https://x/1.jpg", "type": "Image"})]
    fields = {"rights": "https://x.org/by", "metadata": [{"label": "License", "value": "CC-BY"}]}
    assert read_manifest(manifest_json(items=items, **fields), "x.json").book.licence == "https://x.org/by"


def test_the_address_of_a_licence_in_the_markup_of_metadata_is_read() -> None:
    items = [canvas({"id": "https://x/1.jpg", "type": "Image"})]
    markup = "Public domain <a href='https://creativecommons.org/publicdomain/mark/1.0/'>mark</a>"
    book = read_manifest(manifest_json(items=items, metadata=[{"label": "Rights", "value": markup}]), "x.json").book
    assert book.licence == "https://creativecommons.org/publicdomain/mark/1.0/"


def test_spaces_in_an_image_identifier_are_escaped() -> None:
    """The Qatar Digital Library's."""
    service = {"@id": "http://x/Add MS 7475_0001.jp2", "profile": "http://iiif.io/api/image/2/level2.json"}
    (leaf,) = read_manifest(
        manifest_json(items=[canvas({"id": "http://x/Add MS 1.jpg", "type": "Image", "service": service})]), "x.json"
    ).leaves
    assert (leaf.scan, leaf.image_service) == ("http://x/Add%20MS%201.jpg", "http://x/Add%20MS%207475_0001.jp2")


def test_error_for_an_empty_file_calls_it_empty() -> None:
    with pytest.raises(SourceError, match="the file is empty"):
        read_manifest(b" \n", "x.json")


def test_the_test_servers_manifests_are_read() -> None:
    server = IIIFServer(
        "http://127.0.0.1:1", scans={"digibok_1_0001": Image.new("L", (30, 20))}, alto_files={"digibok_1_0001": b""}
    )
    volume_2 = read_manifest(json.dumps(server.manifest_2()).encode(), "2")
    volume_3 = read_manifest(json.dumps(server.manifest_3()).encode(), "3")
    assert volume_2.leaves[0].alto == volume_3.leaves[0].alto == "http://127.0.0.1:1/alto/digibok_1_0001"
    assert (volume_2.book.authors, volume_2.book.place, volume_2.book.publisher) == (
        ("Ås, Anna",),
        "Christiania",
        "Cappelen",
    )
    assert volume_2.book.year == volume_3.book.year == 1867
    assert volume_2.book.languages == ("Norsk", "Dansk")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "@id", "type", "en"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(["label", "metadata", "items", "sequences", "rights", "homepage", "seeAlso", "navDate", "id"]),
    JSON_VALUES,
)
def test_any_value_of_a_field_raises_only_source_errors(field: str, value: Any) -> None:
    items = [
        canvas({"id": "https://x/1.jpg", "type": "Image"}, **{field: value} if field in ("label", "seeAlso") else {})
    ]
    with suppress(SourceError):
        read_manifest(manifest_json(**{"items": items, field: value}), "x.json")


def test_decomposed_labels_and_values_are_composed() -> None:
    fields = {
        "label": {"de": [unicodedata.normalize("NFD", "Gebräuche")]},
        "metadata": [
            {"label": unicodedata.normalize("NFD", "Créateur"), "value": "Mu&#776;l&shy;ler"},
            {"label": {"sv": [unicodedata.normalize("NFD", "Utgivelsesår")]}, "value": ["1867"]},
        ],
    }
    book = read_manifest(manifest_json(items=[canvas({"id": "https://x/1.jpg", "type": "Image"})], **fields), "x").book
    assert (book.title, book.authors, book.year) == ("Gebräuche", ("Müller",), 1867)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://x.org/iiif/book1/vol1/manifest", "https://x.org/iiif/book2/vol1/manifest"),
        ("https://x.org/manifest?id=1", "https://x.org/manifest?id=2"),
        ("https://x.org/a/1/manifest.json", "https://y.org/a/1/manifest.json"),
    ],
)
def test_manifests_with_different_addresses_are_different_books(first: str, second: str) -> None:
    ids = {book_from_manifest({"id": address, "type": "Manifest"}, "m.json").id for address in (first, second)}
    assert len(ids) == 2


def test_files_without_an_address_are_different_books() -> None:
    ids = {book_from_manifest({}, path).id for path in ("/a/manifest.json", "/b/manifest.json")}
    assert len(ids) == 2
