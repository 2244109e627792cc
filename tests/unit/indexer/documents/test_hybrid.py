"""The border: what is written equals what the mapping takes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.encoders import SPECS
from core.geometry import PixelBox
from indexer.documents.hybrid import Document, HybridDocument, book_document, page_document
from core.identifiers import MAX_ID_BYTES
from indexer.documents.pictures import LIBRARIAN, Picture, PrintedPage
from indexer.elasticsearch.mappings import KINDS, Kind, mapping
from indexer.records import Book, Context, GraphicalElement, Leaf, Passage

FULL = Picture(
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
        kind="Illustration",
        box=PixelBox(0, 10, 600, 1400),
        context=Context(
            caption=Passage("Fig. 1. Fyret", 0.9),
            before=Passage("før", 0.8),
            after=Passage("efter"),
            page_text=Passage("alt"),
        ),
    ),
    scan_width=900,
    scan_height=1400,
    region="https://example.org/iiif/0,10,600,1400/max/0/default.jpg",
    page_image="https://example.org/iiif/full/max/0/default.jpg",
)


def leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Dotted names of everything that holds a value."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name


def mapped(properties: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, field in properties.items():
        if "properties" in field:
            yield from mapped(field["properties"], f"{prefix}{name}.")
        else:
            yield prefix + name


PAGE = PrintedPage(
    book=FULL.book,
    leaf=replace(FULL.leaf, image_service="https://example.org/iiif/3"),
    text=Passage("Alt om Fyr", 0.91234),
    boxes="0,0,30,10 40,0,20,10 70,0,30,10",
    width=900,
    height=1400,
    pictures=2,
)

NOW = "2026-11-24T10:00:00+00:00"

WRITTEN_LATER = ("family.", "hash", "set_aside", "zero_shot.", "label.")
"""By other commands, and by people: a run writes a label only where the record has one."""


def test_a_full_document_fills_every_field_of_the_mapping_and_no_other() -> None:
    vectors = {name: np.ones(spec.dimensions, np.float32) for name, spec in SPECS.items()}
    traits = {name: np.zeros(9, np.int8) for name, spec in SPECS.items() if spec.traits}
    written = set(leaves(HybridDocument.of(FULL, "scan").with_vectors(vectors, traits).body(NOW)))
    silent = {"context.after.confidence", "page_text.confidence"}
    known = set(mapped(mapping("pictures")["mappings"]["properties"]))
    assert written <= known
    assert {name for name in known - written - silent if not name.startswith((*WRITTEN_LATER, "stems."))} == set()


@pytest.mark.parametrize(
    ("kind", "document"),
    [("pages", page_document(PAGE)), ("books", book_document(FULL.book, pages=12, pictures=0))],
)
def test_a_page_and_a_book_fill_every_field_of_their_mapping_and_no_other(kind: Kind, document: Document) -> None:
    written, known = set(leaves(document.body(NOW))), set(mapped(mapping(kind)["mappings"]["properties"]))
    assert written <= known
    # A book has no text of its own; the field is there because suggestions are asked of all three at once.
    unused = ("stems.", "page_text.") if kind == "books" else ("stems.",)
    assert {name for name in known - written if not name.startswith(unused)} == set()


def test_the_record_is_the_same_in_all_three() -> None:
    record = {"book_id", "title", "authors", "subjects", "identifiers", "year", "date", "publisher", "place"}
    record |= {"language", "type_of_work", "licence"}
    documents = [HybridDocument.of(FULL, ""), page_document(PAGE), book_document(FULL.book, pages=12, pictures=1)]
    assert [each.source["document"] for each in documents] == ["picture", "page", "book"]
    first, *others = [{name: each.source[name] for name in record} for each in documents]
    assert others == [first, first]


def test_the_words_stand_again_under_the_books_own_languages_alone() -> None:
    assert page_document(PAGE).source["stems"] == {
        "no": {"title": "Fyr", "subjects": ["Fyr"], "page_text": "Alt om Fyr"}
    }
    assert HybridDocument.of(FULL, "").source["stems"]["no"] == {
        "title": "Fyr",
        "subjects": ["Fyr"],
        "caption": "Fig. 1. Fyret",
        "before": "før",
        "after": "efter",
        "page_text": "alt",
    }
    swedish = replace(FULL.book, languages=("swe",))
    assert "stems" not in book_document(swedish, pages=1, pictures=1).source


def test_a_record_without_a_language_has_its_pages_and_else_all() -> None:
    unknown = replace(PAGE, book=replace(FULL.book, languages=()))
    assert set(page_document(replace(unknown, language="de-DE")).source["stems"]) == {"de"}
    assert set(page_document(unknown).source["stems"]) == {"no", "nn", "da", "de", "en", "fr"}


def test_every_box_is_kept_and_the_fingerprint_knows_it() -> None:
    source = page_document(PAGE).source
    assert len(source["boxes"].split()) == len(source["page_text"]["text"].split())
    moved = replace(PAGE, boxes="1,0,30,10 40,0,20,10 70,0,30,10")
    assert page_document(moved).fingerprint != page_document(PAGE).fingerprint == page_document(PAGE).fingerprint


def test_a_label_given_here_is_not_part_of_the_fingerprint() -> None:
    document = HybridDocument.of(FULL, "scan")
    corrected = document.labelled({"name": "map", "source": LIBRARIAN})
    assert corrected.source["label"] == {"name": "map", "source": LIBRARIAN}
    assert corrected.fingerprint == document.fingerprint


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_composed_of_the_component_templates_that_lie_beside_it(kind: Kind) -> None:
    body = mapping(kind)
    assert body["mappings"]["dynamic"] == "strict"
    assert body["mappings"]["_meta"]["kind"] == kind
    assert body["mappings"]["properties"]["title"]["fields"]["folded"]["analyzer"] == "historical"
    assert "historical" in body["settings"]["analysis"]["analyzer"]


def test_vector_fields_are_the_registrys_models_with_their_dimensions() -> None:
    fields = mapping("pictures")["mappings"]["properties"]["vectors"]["properties"]
    assert {name: field["dims"] for name, field in fields.items()} == {
        name: spec.dimensions for name, spec in SPECS.items()
    }
    assert all(field["index_options"]["type"].endswith("hnsw") for field in fields.values())


def test_trait_fields_are_those_of_the_models_that_have_traits_and_have_no_graph() -> None:
    """Flat, and not without an index: else `_source` keeps it too, as text of twice the length."""
    fields = mapping("pictures")["mappings"]["properties"]["traits"]["properties"]
    assert set(fields) == {name for name, spec in SPECS.items() if spec.traits}
    assert {(field["element_type"], field["index_options"]["type"]) for field in fields.values()} == {("byte", "flat")}
    assert all(field["index"] for field in fields.values())


def test_traits_are_written_as_signed_bytes_in_hexadecimal_and_none_are_no_field() -> None:
    document, vectors = HybridDocument.of(FULL, "scan"), {"sscd": np.ones(2, np.float32)}
    row = np.array([0, 1, 127, -1, -128], np.int8)
    assert document.with_vectors(vectors, {"sscd": row}).body(NOW)["traits"] == {"sscd": "00017fff80"}
    assert "traits" not in document.with_vectors(vectors).body(NOW)


def test_a_classifier_learns_from_traits_where_a_model_has_them() -> None:
    vectors = {"sscd": np.ones(2, np.float32), "clip": np.zeros(3, np.float32)}
    document = HybridDocument.of(FULL, "scan").with_vectors(vectors, {"sscd": np.array([5, -5], np.int8)})
    assert {name: row.tolist() for name, row in document.learnable.items()} == {"sscd": [5, -5], "clip": [0, 0, 0]}


def test_what_a_record_does_not_say_is_left_out_and_zero_is_a_value() -> None:
    bare = Picture(
        book=Book(id="b"),
        leaf=Leaf(id="p", number=1),
        element=GraphicalElement(alto_id="", kind="Image", box=PixelBox(0, 0, 9, 9)),
        scan_width=9,
        scan_height=9,
    )
    source = HybridDocument.of(bare, "").source
    assert source["box"]["x"] == 0
    assert not {"title", "year", "caption", "context", "label", "language"} & source.keys()


def test_the_viewer_opens_at_the_page_and_for_want_of_that_at_the_book() -> None:
    assert HybridDocument.of(FULL, "").source["image"]["viewer"] == "https://example.org/p"
    pageless = replace(FULL, leaf=replace(FULL.leaf, viewer=""))
    assert HybridDocument.of(pageless, "").source["image"]["viewer"] == "https://example.org/b"


def test_a_label_says_whose_word_it_is_and_the_page_is_not_the_picture() -> None:
    source = HybridDocument.of(FULL, "").source
    assert source["label"] == {"name": "print", "source": "catalogue"}
    assert (source["image"]["region"], source["image"]["page"]) == (FULL.region, FULL.page_image)


def test_the_id_is_stable_and_safe_in_a_url() -> None:
    assert FULL.id == "URN:NBN:no-nb_digibok_1_0003:P3_CB1:0,10,600,1400"
    odd = Picture(
        book=Book(id="b"),
        leaf=Leaf(id="https://example.org/a b/ø?x=1#y", number=1),
        element=GraphicalElement(alto_id="", kind="Image", box=PixelBox(0, 0, 9, 9)),
        scan_width=9,
        scan_height=9,
    )
    assert odd.id == "https:_example.org_a_b_ø_x_1_y:0,0,9,9"


def test_an_id_that_elasticsearch_would_refuse_becomes_a_hash() -> None:
    long = Picture(
        book=Book(id="b"),
        leaf=Leaf(id="ø" * MAX_ID_BYTES, number=1),
        element=FULL.element,
        scan_width=9,
        scan_height=9,
    )
    assert len(long.id.encode()) <= MAX_ID_BYTES


def test_a_larger_picture_is_kept_where_the_crop_is_smaller_and_no_server_has_it() -> None:
    assert FULL.large_file == FULL.crop_file.replace(".jpg", "-large.jpg")
    small = replace(FULL, element=replace(FULL.element, box=PixelBox(0, 0, 300, 200)))
    served = replace(FULL, leaf=replace(FULL.leaf, image_service="https://example.org/iiif"))
    assert (small.large_file, served.large_file) == ("", "")


@pytest.mark.parametrize(
    ("made_from", "same"), [("scan", True), ("another scan", False)], ids=["the same", "another scan"]
)
def test_the_fingerprint_changes_with_what_the_document_was_made_from(made_from: str, *, same: bool) -> None:
    one, other = HybridDocument.of(FULL, "scan"), HybridDocument.of(FULL, made_from)
    assert (one.fingerprint == other.fingerprint) is same
