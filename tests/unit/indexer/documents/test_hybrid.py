"""The border: what is written equals what the mapping takes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.encoders import SPECS
from core.geometry import PixelBox
from core.identifiers import MAX_ID_BYTES
from indexer.documents.hybrid import HybridDocument, IndexDocument, book_document, page_document
from indexer.documents.pictures import LIBRARIAN, OcrPage, Picture
from indexer.documents.stored import Correction
from indexer.elasticsearch.mappings import INDEX_KINDS, IndexKind, index_body
from indexer.records import Book, Context, GraphicalElement, Leaf, TextPassage

FULL_PICTURE = Picture(
    book=Book(
        id="digibok_1",
        title="Fyr",
        authors=("A. Ås",),
        subjects=("Fyr",),
        year=1867,
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
)


def value_paths(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Dotted names of everything that holds a value."""
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
    picture_count=2,
)

NOW = "2026-11-24T10:00:00+00:00"

LATER_FIELDS = ("family.", "hash", "hidden", "zero_shot.", "label.")
"""By other commands, and by people: a run writes a label only where the record has one."""


def test_a_full_document_fills_every_field_of_the_mapping_and_no_other() -> None:
    vectors = {name: np.ones(spec.dimensions, np.float32) for name, spec in SPECS.items()}
    features = {name: np.zeros(9, np.int8) for name, spec in SPECS.items() if spec.features}
    written_fields = set(
        value_paths(HybridDocument.from_picture(FULL_PICTURE, "scan").with_vectors(vectors, features).body(NOW))
    )
    absent_fields = {"context.after.confidence", "page_text.confidence"}
    mapped_fields = set(mapped_field_paths(index_body("pictures")["mappings"]["properties"]))
    assert written_fields <= mapped_fields
    assert {
        name
        for name in mapped_fields - written_fields - absent_fields
        if not name.startswith((*LATER_FIELDS, "stems."))
    } == set()


@pytest.mark.parametrize(
    ("kind", "document"),
    [("pages", page_document(PAGE)), ("books", book_document(FULL_PICTURE.book, pages=12, pictures=0))],
)
def test_a_page_and_a_book_fill_every_field_of_their_mapping_and_no_other(
    kind: IndexKind, document: IndexDocument
) -> None:
    written_fields, mapped_fields = (
        set(value_paths(document.body(NOW))),
        set(mapped_field_paths(index_body(kind)["mappings"]["properties"])),
    )
    assert written_fields <= mapped_fields
    # A book has no text of its own; the field is there because suggestions are asked of all three at once.
    unused_prefixes = ("stems.", "page_text.") if kind == "books" else ("stems.",)
    assert {name for name in mapped_fields - written_fields if not name.startswith(unused_prefixes)} == set()


def test_the_record_is_the_same_in_all_three() -> None:
    record = {"book_id", "title", "authors", "subjects", "identifiers", "year", "date", "publisher", "place"}
    record |= {"language", "type_of_work", "licence"}
    documents = [
        HybridDocument.from_picture(FULL_PICTURE, ""),
        page_document(PAGE),
        book_document(FULL_PICTURE.book, pages=12, pictures=1),
    ]
    assert [document.source["document"] for document in documents] == ["picture", "page", "book"]
    first, *others = [{name: document.source[name] for name in record} for document in documents]
    assert others == [first, first]


def test_the_words_stand_again_under_the_books_own_languages_alone() -> None:
    assert page_document(PAGE).source["stems"] == {
        "no": {"title": "Fyr", "subjects": ["Fyr"], "page_text": "Alt om Fyr"}
    }
    assert HybridDocument.from_picture(FULL_PICTURE, "").source["stems"]["no"] == {
        "title": "Fyr",
        "subjects": ["Fyr"],
        "caption": "Fig. 1. Fyret",
        "before": "før",
        "after": "efter",
        "page_text": "alt",
    }
    swedish_book = replace(FULL_PICTURE.book, languages=("swe",))
    assert "stems" not in book_document(swedish_book, pages=1, pictures=1).source


def test_a_record_without_a_language_has_its_pages_and_else_all() -> None:
    page_without_language = replace(PAGE, book=replace(FULL_PICTURE.book, languages=()))
    assert set(page_document(replace(page_without_language, language="de-DE")).source["stems"]) == {"de"}
    assert set(page_document(page_without_language).source["stems"]) == {"no", "nn", "da", "de", "en", "fr"}


def test_every_box_is_kept_and_the_fingerprint_knows_it() -> None:
    source = page_document(PAGE).source
    assert len(source["boxes"].split()) == len(source["page_text"]["text"].split())
    moved_page = replace(PAGE, word_boxes="1,0,30,10 40,0,20,10 70,0,30,10")
    assert page_document(moved_page).fingerprint != page_document(PAGE).fingerprint == page_document(PAGE).fingerprint


def test_a_label_given_here_is_not_part_of_the_fingerprint() -> None:
    document = HybridDocument.from_picture(FULL_PICTURE, "scan")
    corrected_document = document.with_correction(Correction(label={"name": "map", "source": LIBRARIAN}))
    assert corrected_document.source["label"] == {"name": "map", "source": LIBRARIAN}
    assert corrected_document.fingerprint == document.fingerprint


@pytest.mark.parametrize("kind", INDEX_KINDS)
def test_each_kind_is_composed_of_the_component_templates_that_lie_beside_it(kind: IndexKind) -> None:
    body = index_body(kind)
    assert body["mappings"]["dynamic"] == "strict"
    assert body["mappings"]["_meta"]["kind"] == kind
    assert body["mappings"]["properties"]["title"]["fields"]["folded"]["analyzer"] == "historical"
    assert "historical" in body["settings"]["analysis"]["analyzer"]


def test_vector_fields_are_the_registrys_models_with_their_dimensions() -> None:
    fields = index_body("pictures")["mappings"]["properties"]["vectors"]["properties"]
    assert {name: field["dims"] for name, field in fields.items()} == {
        name: spec.dimensions for name, spec in SPECS.items()
    }
    assert all(field["index_options"]["type"].endswith("hnsw") for field in fields.values())


def test_trait_fields_are_those_of_the_models_that_have_traits_and_have_no_graph() -> None:
    """Flat, and not without an index: else `_source` keeps it too, as text of twice the length."""
    fields = index_body("pictures")["mappings"]["properties"]["features"]["properties"]
    assert set(fields) == {name for name, spec in SPECS.items() if spec.features}
    assert {(field["element_type"], field["index_options"]["type"]) for field in fields.values()} == {("byte", "flat")}
    assert all(field["index"] for field in fields.values())


def test_traits_are_written_as_signed_bytes_in_hexadecimal_and_none_are_no_field() -> None:
    document, vectors = HybridDocument.from_picture(FULL_PICTURE, "scan"), {"sscd": np.ones(2, np.float32)}
    features = np.array([0, 1, 127, -1, -128], np.int8)
    assert document.with_vectors(vectors, {"sscd": features}).body(NOW)["features"] == {"sscd": "00017fff80"}
    assert "features" not in document.with_vectors(vectors).body(NOW)


def test_a_classifier_learns_from_traits_where_a_model_has_them() -> None:
    vectors = {"sscd": np.ones(2, np.float32), "clip": np.zeros(3, np.float32)}
    document = HybridDocument.from_picture(FULL_PICTURE, "scan").with_vectors(
        vectors, {"sscd": np.array([5, -5], np.int8)}
    )
    assert {name: values.tolist() for name, values in document.classifier_inputs.items()} == {
        "sscd": [5, -5],
        "clip": [0, 0, 0],
    }


def test_what_a_record_does_not_say_is_left_out_and_zero_is_a_value() -> None:
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


def test_the_viewer_opens_at_the_page_and_for_want_of_that_at_the_book() -> None:
    assert HybridDocument.from_picture(FULL_PICTURE, "").source["image"]["viewer"] == "https://example.org/p"
    picture_without_page_viewer = replace(FULL_PICTURE, leaf=replace(FULL_PICTURE.leaf, viewer=""))
    assert (
        HybridDocument.from_picture(picture_without_page_viewer, "").source["image"]["viewer"]
        == "https://example.org/b"
    )


def test_a_label_says_whose_word_it_is_and_the_page_is_not_the_picture() -> None:
    source = HybridDocument.from_picture(FULL_PICTURE, "").source
    assert source["label"] == {"name": "print", "source": "catalogue"}
    assert (source["image"]["region"], source["image"]["page"]) == (FULL_PICTURE.region, FULL_PICTURE.page_image)


def test_the_id_is_stable_and_safe_in_a_url() -> None:
    assert FULL_PICTURE.id == "URN:NBN:no-nb_digibok_1_0003:P3_CB1:0,10,600,1400"
    odd_picture = Picture(
        book=Book(id="b"),
        leaf=Leaf(id="https://example.org/a b/ø?x=1#y", number=1),
        element=GraphicalElement(alto_id="", block_type="Image", box=PixelBox(0, 0, 9, 9)),
        scan_width=9,
        scan_height=9,
    )
    assert odd_picture.id == "https:_example.org_a_b_ø_x_1_y:0,0,9,9"


def test_an_id_that_elasticsearch_would_refuse_becomes_a_hash() -> None:
    long_id_picture = Picture(
        book=Book(id="b"),
        leaf=Leaf(id="ø" * MAX_ID_BYTES, number=1),
        element=FULL_PICTURE.element,
        scan_width=9,
        scan_height=9,
    )
    assert len(long_id_picture.id.encode()) <= MAX_ID_BYTES


def test_a_larger_picture_is_kept_where_the_crop_is_smaller_and_no_server_has_it() -> None:
    assert FULL_PICTURE.large_file == FULL_PICTURE.crop_file.replace(".jpg", "-large.jpg")
    small_picture = replace(FULL_PICTURE, element=replace(FULL_PICTURE.element, box=PixelBox(0, 0, 300, 200)))
    served_picture = replace(FULL_PICTURE, leaf=replace(FULL_PICTURE.leaf, image_service="https://example.org/iiif"))
    assert (small_picture.large_file, served_picture.large_file) == ("", "")


@pytest.mark.parametrize(
    ("made_from", "same"), [("scan", True), ("another scan", False)], ids=["the same", "another scan"]
)
def test_the_fingerprint_changes_with_what_the_document_was_made_from(made_from: str, *, same: bool) -> None:
    original, recreated = (
        HybridDocument.from_picture(FULL_PICTURE, "scan"),
        HybridDocument.from_picture(FULL_PICTURE, made_from),
    )
    assert (original.fingerprint == recreated.fingerprint) is same
