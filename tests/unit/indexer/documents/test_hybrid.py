"""Documents have exactly the fields of the mappings."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.dates import YearRange
from core.encoders import SPECS
from core.geometry import PixelBox
from core.identifiers import MAX_ID_BYTES
from core.words.forms import index_forms
from core.words.languages import STEMMERS
from indexer.documents.hybrid import HybridDocument, IndexDocument, book_document, page_document
from indexer.documents.pictures import LIBRARIAN, OcrPage, Picture
from indexer.documents.stored import Correction
from indexer.elasticsearch.mappings import INDEX_KINDS, IndexKind, index_body
from indexer.records import Book, Context, GraphicalElement, Leaf, TextPassage

FULL_PICTURE = Picture(
    book=Book(
        id="digibok_1",
        title="Fyr",
        alternative_titles=("Lighthouses",),
        authors=("A. Ås",),
        subjects=("Fyr",),
        years=YearRange(1867, 1869, is_certain=False),
        date="[1867?]",
        publisher="Cappelen",
        place="Christiania",
        languages=("nob",),
        type_of_work="book",
        identifiers=("URN:NBN:no-nb_digibok_1",),
        licence="CC0",
        viewer="https://example.org/b",
    ),
    leaf=Leaf(
        id="URN:NBN:no-nb_digibok_1_0003",
        number=3,
        label="1",
        viewer="https://example.org/p",
        catalogue_label="print",
        frame=2,
    ),
    element=GraphicalElement(
        alto_id="P3_CB1",
        block_type="Illustration",
        box=PixelBox(0, 10, 600, 1400),
        context=Context(
            caption=TextPassage("Fig. 1. Fyret", 0.9),
            before=TextPassage("før", 0.8),
            after=TextPassage("efter"),
            page_text=TextPassage("alt"),
        ),
    ),
    scan_width=900,
    scan_height=1400,
    region="https://example.org/iiif/0,10,600,1400/max/0/default.jpg",
    page_image="https://example.org/iiif/full/max/0/default.jpg",
    scan_name="books/digibok_1.tif",
)


def value_paths(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Return the dotted paths of all fields with a value."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from value_paths(value, f"{prefix}{name}.")
        else:
            yield prefix + name


def mapped_field_paths(properties: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, field in properties.items():
        if "properties" in field:
            yield from mapped_field_paths(field["properties"], f"{prefix}{name}.")
        else:
            yield prefix + name


PAGE = OcrPage(
    book=FULL_PICTURE.book,
    leaf=replace(FULL_PICTURE.leaf, image_service="https://example.org/iiif/3"),
    text=TextPassage("Alt om Fyr", 0.91234),
    word_boxes="0,0,30,10 40,0,20,10 70,0,30,10",
    width=900,
    height=1400,
    scan_name="books/digibok_1.tif",
    picture_count=2,
)

NOW = "2026-11-24T10:00:00+00:00"

LATER_FIELDS = ("family.", "hash", "hidden", "decoration", "zero_shot.", "label.")
"""By other commands, by people, or from the pixels: a run writes a label only where the record has one."""


def test_full_picture_document_has_exactly_the_fields_of_the_mapping() -> None:
    vectors = {name: np.ones(spec.dimensions, np.float32) for name, spec in SPECS.items()}
    features = {name: np.zeros(9, np.int8) for name, spec in SPECS.items() if spec.features}
    written_fields = set(
        value_paths(
            HybridDocument.from_picture(FULL_PICTURE, "scan")
            .with_pixels(digest="d", colour="d8c8a5", origin="o", decoration="")
            .with_vectors(vectors, features)
            .body(NOW)
        )
    )
    absent_fields = {"context.after.confidence", "page_text.confidence"}
    mapped_fields = set(mapped_field_paths(index_body("pictures")["mappings"]["properties"]))
    assert written_fields <= mapped_fields
    assert {
        name for name in mapped_fields - written_fields - absent_fields if not name.startswith((*LATER_FIELDS, "words"))
    } == set()


@pytest.mark.parametrize(
    ("kind", "document"),
    [("pages", page_document(PAGE)), ("books", book_document(FULL_PICTURE.book, pages=12, pictures=0, source="/b/"))],
)
def test_page_and_book_documents_have_exactly_the_fields_of_their_mappings(
    kind: IndexKind, document: IndexDocument
) -> None:
    written_fields, mapped_fields = (
        set(value_paths(document.body(NOW))),
        set(mapped_field_paths(index_body(kind)["mappings"]["properties"])),
    )
    assert written_fields <= mapped_fields
    # Books have no text; the field exists because suggestions are requested from all three indices at once.
    unused_prefixes = ("words", "page_text.", "forms.page_text") if kind == "books" else ("words",)
    assert {name for name in mapped_fields - written_fields if not name.startswith(unused_prefixes)} == set()


def test_catalogue_fields_are_the_same_in_all_three_documents() -> None:
    record = {"book_id", "title", "authors", "subjects", "identifiers", "year", "date", "publisher", "place"}
    record |= {"alternative_titles", "last_year", "year_is_certain", "language", "type_of_work", "licence"}
    documents = [
        HybridDocument.from_picture(FULL_PICTURE, ""),
        page_document(PAGE),
        book_document(FULL_PICTURE.book, pages=12, pictures=1),
    ]
    assert [document.source["document"] for document in documents] == ["picture", "page", "book"]
    first, *others = [{name: document.source[name] for name in record} for document in documents]
    assert others == [first, first]


FORM_NAMES = {"title", "subjects", "authors", "publisher", "place"}


def test_forms_are_written_for_each_text_by_the_languages_of_the_book() -> None:
    forms = HybridDocument.from_picture(FULL_PICTURE, "").source["forms"]
    assert set(forms) == {*FORM_NAMES, "caption", "caption_head", "before", "after", "page_text"}
    assert forms["caption"].split() == index_forms("Fig. 1. Fyret", ["no"])
    assert forms["caption_head"].split() == index_forms("Fyret", ["no"])
    assert set(page_document(PAGE).source["forms"]) == {*FORM_NAMES, "page_text"}
    icelandic_book = replace(FULL_PICTURE.book, languages=("ice",))
    assert book_document(icelandic_book, pages=1, pictures=1).source["forms"]["title"].split() == ["fyr", "lighthouses"]


def test_forms_fall_back_to_the_pages_language_and_then_to_all() -> None:
    page = replace(PAGE, book=replace(FULL_PICTURE.book, title="Häuser", alternative_titles=(), languages=()))
    german_page = replace(page, language="de-DE")
    assert page_document(german_page).source["forms"]["title"].split() == index_forms("Häuser", ["de"])
    assert page_document(page).source["forms"]["title"].split() == index_forms("Häuser", list(STEMMERS))


def test_fingerprint_of_a_page_covers_the_boxes_of_its_words() -> None:
    source = page_document(PAGE).source
    assert len(source["boxes"].split()) == len(source["page_text"]["text"].split())
    moved_page = replace(PAGE, word_boxes="1,0,30,10 40,0,20,10 70,0,30,10")
    assert page_document(moved_page).fingerprint != page_document(PAGE).fingerprint == page_document(PAGE).fingerprint


def test_librarians_label_does_not_change_the_fingerprint() -> None:
    document = HybridDocument.from_picture(FULL_PICTURE, "scan")
    corrected_document = document.with_correction(Correction(label={"name": "map", "source": LIBRARIAN}))
    assert corrected_document.source["label"] == {"name": "map", "source": LIBRARIAN}
    assert corrected_document.fingerprint == document.fingerprint


@pytest.mark.parametrize("kind", INDEX_KINDS)
def test_mappings_are_composed_of_existing_component_templates(kind: IndexKind) -> None:
    body = index_body(kind)
    assert body["mappings"]["dynamic"] == "strict"
    assert body["mappings"]["_meta"]["kind"] == kind
    assert body["mappings"]["properties"]["title"]["fields"]["folded"]["analyzer"] == "historical"
    assert "historical" in body["settings"]["analysis"]["analyzer"]


def test_vector_fields_match_the_registry_of_models() -> None:
    fields = index_body("pictures")["mappings"]["properties"]["vectors"]["properties"]
    assert {name: field["dims"] for name, field in fields.items()} == {
        name: spec.dimensions for name, spec in SPECS.items()
    }
    assert all(field["index_options"]["type"].endswith("hnsw") for field in fields.values())


def test_feature_fields_match_the_models_with_features_and_have_no_graph() -> None:
    """The fields are flat but indexed: otherwise `_source` also stores them, as text of twice the length."""
    fields = index_body("pictures")["mappings"]["properties"]["features"]["properties"]
    assert set(fields) == {name for name, spec in SPECS.items() if spec.features}
    assert {(field["element_type"], field["index_options"]["type"]) for field in fields.values()} == {("byte", "flat")}
    assert all(field["index"] for field in fields.values())


def test_features_are_written_as_signed_numbers() -> None:
    """Elasticsearch 9.1 returns numbers as a field, and not the bytes in hexadecimal that it takes too."""
    document, vectors = HybridDocument.from_picture(FULL_PICTURE, "scan"), {"sscd": np.ones(2, np.float32)}
    features = np.array([0, 1, 127, -1, -128], np.int8)
    assert document.with_vectors(vectors, {"sscd": features}).body(NOW)["features"] == {"sscd": [0, 1, 127, -1, -128]}
    assert "features" not in document.with_vectors(vectors).body(NOW)


def test_classifier_inputs_prefer_features_to_vectors() -> None:
    vectors = {"sscd": np.ones(2, np.float32), "clip": np.zeros(3, np.float32)}
    document = HybridDocument.from_picture(FULL_PICTURE, "scan").with_vectors(
        vectors, {"sscd": np.array([5, -5], np.int8)}
    )
    assert {name: values.tolist() for name, values in document.classifier_inputs.items()} == {
        "sscd": [5, -5],
        "clip": [0, 0, 0],
    }


def test_empty_fields_are_left_out_and_zero_is_kept() -> None:
    bare_picture = Picture(
        book=Book(id="b"),
        leaf=Leaf(id="p", number=1),
        element=GraphicalElement(alto_id="", block_type="Image", box=PixelBox(0, 0, 9, 9)),
        scan_width=9,
        scan_height=9,
    )
    source = HybridDocument.from_picture(bare_picture, "").source
    assert source["box"]["x"] == 0
    assert not {"title", "year", "caption", "context", "label", "language"} & source.keys()


def test_viewer_link_of_the_page_falls_back_to_the_book() -> None:
    assert HybridDocument.from_picture(FULL_PICTURE, "").source["image"]["viewer"] == "https://example.org/p"
    picture_without_page_viewer = replace(FULL_PICTURE, leaf=replace(FULL_PICTURE.leaf, viewer=""))
    assert (
        HybridDocument.from_picture(picture_without_page_viewer, "").source["image"]["viewer"]
        == "https://example.org/b"
    )


def test_catalogue_label_has_its_source() -> None:
    source = HybridDocument.from_picture(FULL_PICTURE, "").source
    assert source["label"] == {"name": "print", "source": "catalogue"}
    assert (source["image"]["region"], source["image"]["page"]) == (FULL_PICTURE.region, FULL_PICTURE.page_image)


def test_ids_are_stable_and_safe_in_urls() -> None:
    assert FULL_PICTURE.id == "URN:NBN:no-nb_digibok_1_0003:P3_CB1:0,10,600,1400"
    odd_picture = Picture(
        book=Book(id="b"),
        leaf=Leaf(id="https://example.org/a b/ø?x=1#y", number=1),
        element=GraphicalElement(alto_id="", block_type="Image", box=PixelBox(0, 0, 9, 9)),
        scan_width=9,
        scan_height=9,
    )
    assert re.fullmatch("https:_example.org_a_b_ø_x_1_y~[0-9a-f]{16}::0,0,9,9", odd_picture.id)


def test_too_long_id_becomes_a_hash() -> None:
    long_id_picture = Picture(
        book=Book(id="b"),
        leaf=Leaf(id="ø" * MAX_ID_BYTES, number=1),
        element=FULL_PICTURE.element,
        scan_width=9,
        scan_height=9,
    )
    assert len(long_id_picture.id.encode()) <= MAX_ID_BYTES


def test_larger_picture_is_kept_for_local_scans_with_more_pixels() -> None:
    assert FULL_PICTURE.large_file == FULL_PICTURE.crop_file.replace(".jpg", "-large.jpg")
    small_picture = replace(FULL_PICTURE, element=replace(FULL_PICTURE.element, box=PixelBox(0, 0, 300, 200)))
    served_picture = replace(FULL_PICTURE, leaf=replace(FULL_PICTURE.leaf, image_service="https://example.org/iiif"))
    assert (small_picture.large_file, served_picture.large_file) == ("", "")


@pytest.mark.parametrize(
    ("made_from", "same"), [("scan", True), ("another scan", False)], ids=["the same", "another scan"]
)
def test_fingerprint_changes_with_the_scan(made_from: str, *, same: bool) -> None:
    original, recreated = (
        HybridDocument.from_picture(FULL_PICTURE, "scan"),
        HybridDocument.from_picture(FULL_PICTURE, made_from),
    )
    assert (original.fingerprint == recreated.fingerprint) is same
