"""Titles, types, names, dates and languages of IIIF metadata, as libraries write them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold_letters
from indexer.formats.catalogue_records.work_types import MAX_LENGTH, short_type
from indexer.formats.manifests.labels import FIELD_LABELS, field_of_label
from indexer.formats.manifests.metadata import book_from_manifest, record_languages
from indexer.formats.manifests.titles import choose_title, is_part_number, is_shelf_mark
from indexer.formats.manifests.values import all_strings, strip_markup
from indexer.records import Book
from tests.paths import SHARED

REAL_MANIFESTS = [
    path
    for path in sorted((SHARED / "iiif").glob("*.json"))
    if b'"metadata"' in path.read_bytes().partition(b"items")[0]
]


def read_book(label: Any, metadata: dict[str, Any] | None = None, **fields: Any) -> Book:
    pairs = [{"label": name, "value": value} for name, value in (metadata or {}).items()]
    return book_from_manifest({"id": "https://x/m", "label": label, "metadata": pairs, **fields}, "m")


def stored_book(name: str) -> Book:
    return book_from_manifest(json.loads((SHARED / "iiif" / name).read_bytes()), name)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("bnf_manifests_bpt6k9604118j_server_annot.json", "Vogue"),
        ("commons_p2_bodleian-manifest.json", "Mushaf"),
        ("commons_p3_bodleian.json", "Portrait of a woman, called Mary, Queen of Scots (1542–1587)"),
        ("mirador_v2_gau.json", "Psalterium iuxta Hebraeos (Fragment)"),
        ("mirador_v3_001.json", "[Handbill of Mr. Becket, [1787] ]"),
        ("mirador_v2_canvasService.json", "Feuerwerksbuch. Sammlung von medizinischen und Hausrezepten - BSB Cgm 399"),
        ("commons_p2_nls-manifest-2.json", "Robert Burns. [A biography.]"),
        ("mirador_v2_BibliographicResource_3000126341277.json", "Uusi Aura, nr: 274A - 1909-11-26"),
    ],
)
def test_titles_of_libraries_whose_labels_are_shelf_marks(name: str, title: str) -> None:
    """And of some whose labels are titles."""
    assert stored_book(name).title == title


def test_a_shelf_mark_stays_an_identifier() -> None:
    book = read_book("Français 2813", {"Titre": "Grandes Chroniques de France"})
    assert book.title == "Grandes Chroniques de France"
    assert "Français 2813" in book.identifiers


@pytest.mark.parametrize(
    "label",
    [
        *("Français 12345", "Paris, BnF, Français 2813", "Latin 8878", "BnF, département Arsenal, FOL-V-5554 (BIS)"),
        *("Harley MS 4431", "Add MS 7475", "St. Gallen, Stiftsbibliothek, Cod. Sang. 390", "Vat.lat.3225", "Clm 4452"),
        *("Bodleian Library MS. Junius 11", "bsb00122140", "BU29", "R.169.g", "NLI, Ms. Heb. 8°4450"),
        *("URN:NBN:no-nb_digibok_2014062307158", "ark:/12148/btv1b8449691v", "https://x/1867", "PPN 1867234X"),
        *("BnF, Bibliothèque de l'Arsenal, Ms-5070 réserve", "NAF 4337", "Paris, BnF, 8-LC2-1234 (BIS)"),
    ],
)
def test_labels_that_look_like_shelf_marks(label: str) -> None:
    assert is_shelf_mark(label, [])
    assert choose_title(label, ["A title"], []) == "A title"


@pytest.mark.parametrize(
    "label",
    [
        *("Oslo 1905", "Yearbook 1912", "Holland 1:25,000", "Book 1", "Codex Manesse", "Royal visit 1911"),
        *("A Royal Story in 3 parts", "Bible (Latin)", "Volume 3: The North", "Kart 12", "Fyret : en fortelling"),
    ],
)
def test_labels_that_are_titles_stay(label: str) -> None:
    assert choose_title(label, ["A title"], ["https://x/1", "978-82-1"]) == label


def test_a_label_that_is_one_of_the_shelf_marks_gives_way() -> None:
    assert choose_title("Human Freaks 2 (33)", ["Handbill"], ["Human Freaks 2 (33)"]) == "Handbill"
    assert choose_title("Oxford, Bodleian Library, LP 44", ["Portrait"], ["LP 44"]) == "Portrait"
    shelf_mark = "Bibliothèque nationale de France, Département des manuscrits, Smith-Lesouëf 317"
    assert choose_title("BnF, Manuscrits, Smith-Lesouëf 317", ["Heures"], [shelf_mark]) == "Heures"


def test_a_label_that_has_more_than_the_title_stays() -> None:
    assert choose_title("Nova, Clm 4452", ["Nova"], ["Clm 4452"]) == "Nova, Clm 4452"


@pytest.mark.parametrize("label", ["Bd. 2", "1922-01-31", "No. 17 (1867)", "12", "Vol. 3", "tome 4"])
def test_the_number_of_a_part_is_added_to_the_title(label: str) -> None:
    assert is_part_number(label)
    assert choose_title(label, ["Le Petit Journal"], []) == f"Le Petit Journal, {label}"


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=2), st.lists(st.text(max_size=30), max_size=2))
def test_a_title_is_made_of_label_and_metadata_only(label: str, titles: list[str], marks: list[str]) -> None:
    title = choose_title(label, titles, marks)
    assert title in {label, *titles, *(f"{other}, {label}" for other in titles)}
    assert title or not (label or any(titles))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["Livre"], "Livre"),
        (["text/printed monograph"], "printed monograph"),
        (["text", "printed monograph"], "printed monograph"),
        (["1 map", "electronic", "map"], "map"),
        (["Nombre total de vues :  22193", ""], ""),
        (["This volume holds letters that were written by several persons of the court"], ""),
        (["http://schema.org/PublicationIssue"], "Publication Issue"),
        (["http://data.europeana.eu/concept/base/18", "Newspaper"], "Newspaper"),
        (["image/jpeg", "still image", "Photograph"], "Photograph"),
        (["Reconstructed manuscript (partial reconstruction)"], "Reconstructed manuscript"),
        (["text"], "text"),
        ([], ""),
    ],
)
def test_types_of_work_in_few_words(values: list[str], expected: str) -> None:
    assert short_type(values) == expected


@given(st.lists(st.text(max_size=60), max_size=4))
def test_a_type_of_work_is_short(values: list[str]) -> None:
    assert len(short_type(values)) <= MAX_LENGTH


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Título", "title"),
        ("Title (English)", "title"),
        ("Titolo:", "title"),
        ("Autoři", "authors"),
        ("Författare", "authors"),
        ("Автор", "authors"),
        ("Fecha de publicación", "date"),
        ("出版年", "date"),
        ("Date of Origin (English)", "date"),
        ("Editorial", "publisher"),
        ("Nakladatel", "publisher"),
        ("Lugar de publicación", "place"),
        ("Erscheinungsort", "place"),
        ("Kieli", "languages"),
        ("Sprache / 語言 / Language", "languages"),
        ("dc:language", "languages"),
        ("dcterms.publisher", "publisher"),
        ("Original language", "languages"),
        ("Język utworu", "languages"),
        ("Język", "languages"),
        ("Mots-clés", "subjects"),
        ("Subject (Geographic)", "subjects"),
        ("Type de document", "type_of_work"),
        ("Gattung", "type_of_work"),
        ("Cote", "identifiers"),
        ("Signatura", "identifiers"),
        ("Derechos", "licence"),
        ("Published (digital)", ""),
        ("Digitised by", ""),
        ("", ""),
    ],
)
def test_labels_of_many_languages(label: str, field: str) -> None:
    assert field_of_label(label) == field


def test_no_plain_label_means_two_fields() -> None:
    """Patterns apart, a label stands in one row of the table only."""
    rows: dict[str, str] = {}
    for field, labels in FIELD_LABELS.items():
        for label in re.sub(r"\([^()]*\)", "#", labels).split("|"):
            name = fold_letters(" ".join(label.split()))
            if name.replace(" ", "").isalpha():
                assert rows.setdefault(name, field) == field, name


def test_values_are_read_in_the_language_of_the_book() -> None:
    value = {"en": ["Drawing"], "de": ["Zeichnung"], "fr": ["Dessin"]}
    languages = {"Sprache": {"de": ["Deutsch"], "en": ["German"]}}
    assert read_book({"en": ["Lights"], "de": ["Lichter"]}, {**languages, "Typ": value}).title == "Lichter"
    assert read_book("x", {**languages, "Typ": value}).type_of_work == "Zeichnung"
    assert read_book("x", {"Typ": value}).type_of_work == "Drawing"
    assert read_book("x", {"Typ": {"sv": ["Teckning"], "fr": ["Dessin"]}}).type_of_work == "Teckning"
    assert read_book("x", {"Typ": {"none": ["Dessin"], "sv": ["Teckning"]}}).type_of_work == "Dessin"


def test_norwegian_values_are_read_whichever_code_they_have() -> None:
    assert all_strings({"en": ["Lights"], "nn": ["Ljos"]}, ["no"]) == ["Ljos"]
    assert all_strings([{"@value": "Lights", "@language": "en"}, {"@value": "Lys", "@language": "nb-NO"}], ["no"]) == [
        "Lys"
    ]


def test_the_languages_of_a_record_are_codes() -> None:
    metadata = [{"label": "Language", "value": "German; Latin"}, {"label": "Språk", "value": "Klingonsk"}]
    assert record_languages({"metadata": metadata}) == ("de", "la")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Erste<br/>Zeile</p>", "Erste Zeile"),
        ("H<sub>2</sub>O and <i>e</i>tc.", "H2O and etc."),
        ("a < b and c > d", "a < b and c > d"),
        ("1 <2> 3", "1 <2> 3"),
        ("Tom &amp; Jerry &lt;i&gt;sic&lt;/i&gt;", "Tom & Jerry sic"),
        ("before<script>alert('x')</script>after", "before after"),
        ("a <!-- hidden --> b", "a b"),
        ("<span class='x'>Bøker</span>", "Bøker"),
    ],
)
def test_markup_in_values_is_removed(markup: str, text: str) -> None:
    assert strip_markup(markup) == text


@pytest.mark.parametrize(
    ("label", "value", "field", "expected"),
    [
        (
            "Creator",
            '<span><a href="http://x">Moe, Anna, 1800-1870</a></span><br/><span>Li, Bo</span>',
            "authors",
            ("Moe, Anna, 1800-1870", "Li, Bo"),
        ),
        ("Creator", "<span>Moe, Anna</span> <span>Li, Bo</span>", "authors", ("Moe, Anna", "Li, Bo")),
        ("Creator", "<span>Moe, Anna</span><span>, 1800-1870</span>", "authors", ("Moe, Anna , 1800-1870",)),
        ("Creator", "&lt;p&gt;Moe, Anna&lt;/p&gt;&lt;p&gt;Li, Bo&lt;/p&gt;", "authors", ("Moe, Anna", "Li, Bo")),
        ("Subject", "<ul><li>Ships</li><li>The <b>sea</b></li></ul>", "subjects", ("Ships", "The sea")),
        ("Language", "Norwegian<br>Latin", "languages", ("Norwegian", "Latin")),
        ("Title", "The lighthouse<br>and the ship", "title", "The lighthouse and the ship"),
        ("Published", "Oslo : Cappelen,<br/>1867", "publisher", "Cappelen"),
    ],
)
def test_the_lines_of_a_value_are_values_of_a_list_but_one_title(
    label: str, value: str, field: str, expected: object
) -> None:
    assert getattr(read_book("", {label: value}), field) == expected


def test_nav_date_is_the_date_of_a_book_without_another() -> None:
    book = read_book("x", navDate="1856-01-01T00:00:00Z")
    assert (book.date, book.year) == ("1856", 1856)
    assert read_book("x", navDate="1856-05-03T00:00:00Z").date == "1856-05-03"
    assert read_book("x", {"Date": "1850"}, navDate="1856-01-01T00:00:00Z").year == 1850
    assert read_book("x", {"Date": "s.d."}, navDate="1856-01-01T00:00:00Z").date == "1856"
    assert read_book("x", navDate=["1856-01-01T00:00:00Z"]).date == ""


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("Becket, Mr ([London], England) [author]", ("Becket, Mr ([London], England)",)),
        ("Stewart, Pearson H., former owner", ()),
        ("Grimm, Jacob, 1785-1863", ("Grimm, Jacob, 1785-1863",)),
        ("Hansen, Ole (illustrator)", ("Hansen, Ole",)),
        ("Hansen, Ole (Bergen)", ("Hansen, Ole (Bergen)",)),
        ("Royal Society (donor); Darwin, Charles", ("Darwin, Charles",)),
        ("Trévou, Henri de (13..-13..). Copiste", ()),
        ("Charles V (roi de France ; 1338-1380). Ancien possesseur", ()),
        ("Prof. Meier", ("Prof. Meier",)),
    ],
)
def test_names_are_read_without_roles_and_owners_are_no_authors(value: str, authors: tuple[str, ...]) -> None:
    assert read_book("x", {"Contributor": value}).authors == authors


@pytest.mark.parametrize("path", REAL_MANIFESTS, ids=lambda path: path.name)
def test_every_real_record_has_a_short_type_and_no_markup(path: Path) -> None:
    document = json.loads(path.read_bytes())
    book = book_from_manifest(document, path.name)
    assert len(book.type_of_work.split()) <= 4
    assert "</" not in f"{book.title} {book.authors} {book.subjects} {book.publisher} {book.place}"
