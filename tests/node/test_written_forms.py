"""One thing written in several ways is found and counted as one: Unicode forms, languages, publishers and places."""

import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from core.errors import SourceError
from core.settings import Settings
from indexer.ingest.run import index_sources
from tests.library import ServedLibrary, index_library
from tests.paths import CASES

TABLE = """file,title,year,publisher,place,language,caption
1.png,Fyret,1885,[ASCHEHOUG],Christiania [u.a.],Norwegian Bokmål,Et fyrtårn
2.png,Havet,1901,Aschehoug,Kristiania,nob,Et hav
3.png,Lyset,1950,[s.n.],Oslo,norsk,Et lys
4.png,Mikrographia,1665,Hackius,Lugduni Batavorum,lat,En loppe
5.png,Beide,1890,Reclam ; Cotta,Leipzig ; Wien,"ger, lat",Ein Haus
6.png,Unbekannt,1700,s.n.,[S.l.],Xyzzy,Neue Dampfmaschinen
"""


@pytest.fixture(scope="module")
def library(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedLibrary]:
    folder = tmp_path_factory.mktemp("library")
    for case in ("nfd-text", "csv-names-composed-files-decomposed", "place-brackets"):
        shutil.copytree(CASES / case, folder / case)
    (folder / "pictures").mkdir()
    (folder / "pictures" / "list.csv").write_text(TABLE, "utf-8")
    for number in range(1, 7):
        picture = Image.new("RGB", (120, 90), "white")
        ImageDraw.Draw(picture).rectangle((10 * number, 10, 10 * number + 30, 60), fill="black")
        picture.save(folder / "pictures" / f"{number}.png")
    yield from index_library(node_url, folder, tmp_path_factory.mktemp("data"))


def titles(result_page: dict[str, Any]) -> set[str]:
    return {hit["title"] for hit in result_page["hits"]}


def facet_values(result_page: dict[str, Any], facet: str) -> dict[str, int]:
    return {bucket["value"]: bucket["count"] for bucket in result_page["facets"][facet]}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    "query_text",
    [
        "Märchen",
        "Bürgermeister",
        "Brücke",
        "Grünwald",
        "Köln",
        "Koeln",
        "Maerchen",
        'title:"Märchen vom"',
        "autor* OR märch*",
    ],
)
def test_decomposed_text_is_found_in_every_unicode_form(library: ServedLibrary, query_text: str, form: Any) -> None:
    result_page = library.search(q=unicodedata.normalize(form, query_text))
    assert "Märchen vom Fluß Überländ" in titles(result_page)


def test_a_composed_table_describes_a_file_with_a_decomposed_name(library: ServedLibrary) -> None:
    (hit,) = library.search(q="Überblick Köln")["hits"]
    assert (hit["title"], hit["year"], hit["caption"]) == ("Überblick über Köln", 1899, "Der Dom")


def test_filters_and_prefixes_take_every_unicode_form(library: ServedLibrary) -> None:
    author = unicodedata.normalize("NFD", "Grünwald, Jörg")
    assert titles(library.search(author=author)) == {"Märchen vom Fluß Überländ"}
    prefix = unicodedata.normalize("NFD", "Grü")
    vocabulary = library.api_client.get("/api/facets", params={"facet": "author", "prefix": prefix}).json()
    assert [value["value"] for value in vocabulary["values"]] == ["Grünwald, Jörg"]


@pytest.mark.parametrize(
    ("language", "expected_titles"),
    [
        *((language, {"Fyret", "Havet"}) for language in ("nb", "nob", "nb-NO", "Norwegian Bokmål", "norsk bokmål")),
        *((language, {"Lyset"}) for language in ("no", "nor", "Norwegian")),
        ("Latin", {"Mikrographia", "Beide"}),
        ("xyzzy", set()),
        ("Xyzzy", {"Unbekannt"}),
    ],
)
def test_a_language_is_found_by_each_of_its_names(
    library: ServedLibrary, language: str, expected_titles: set[str]
) -> None:
    assert titles(library.search(language=language)) == expected_titles


def test_a_language_is_counted_under_one_code(library: ServedLibrary) -> None:
    assert facet_values(library.search(q="Et"), "language").items() >= {"nb": 2, "no": 1}.items()
    assert "Norwegian Bokmål" not in facet_values(library.search(), "language")


def test_text_in_an_unknown_language_is_stemmed_in_all(library: ServedLibrary) -> None:
    assert "Unbekannt" in titles(library.search(q="Dampfmaschine"))


@pytest.mark.parametrize(
    ("place", "expected_titles"),
    [
        *(
            (place, {"Fyret", "Havet", "Lyset"})
            for place in ("Oslo", "Christiania", "kristiania", "Kria.", "CHRISTIANIÆ")
        ),
        ("Christiania [u.a.]", {"Fyret"}),
        *((place, {"Mikrographia"}) for place in ("Leiden", "Leyden", "lugduni batavorum")),
        ("Leipzig", {"Beide"}),
        ("Wien", {"Beide"}),
        ("[S.l.]", {"Unbekannt"}),
    ],
)
def test_a_place_is_found_by_each_of_its_names(library: ServedLibrary, place: str, expected_titles: set[str]) -> None:
    assert titles(library.search(place=place)) == expected_titles


@pytest.mark.parametrize(
    ("query_text", "title"), [("place:oslo", "Havet"), ("sted:christiania", "Lyset"), ("Leiden", "Mikrographia")]
)
def test_the_search_finds_a_place_by_another_name(library: ServedLibrary, query_text: str, title: str) -> None:
    assert title in titles(library.search(q=query_text))


def test_facets_count_normalised_values_and_records_show_what_is_printed(library: ServedLibrary) -> None:
    result_page = library.search(year_from=1600)
    places, publishers = facet_values(result_page, "place"), facet_values(result_page, "publisher")
    assert places.items() >= {"Oslo": 3, "Leiden": 1, "Leipzig": 1, "Wien": 1, "Köln": 1}.items()
    assert publishers.items() >= {"Aschehoug": 2, "Reclam": 2, "Cotta": 1, "Hackius": 1}.items()
    assert not {value for value in (*places, *publishers) if "[" in value or value.lower() in ("s.n.", "s.l.")}
    (hit,) = library.search(q="title:fyret")["hits"]
    assert (hit["publisher"], hit["place"], hit["languages"]) == ("[ASCHEHOUG]", "Christiania [u.a.]", ["nb"])


def test_brackets_of_a_real_record_make_no_other_place(library: ServedLibrary) -> None:
    books = library.search(document="book", place="Rostock")
    assert {hit["place"] for hit in books["hits"]} <= {"Rostock [u.a.]"}
    assert "Rostock [u.a." not in facet_values(library.search(document=["book", "page", "picture"]), "place")


def test_pages_show_the_names_of_languages(library: ServedLibrary) -> None:
    html = library.api_client.get("/", params={"q": "Et", "hidden": "include"}).text
    assert "Norwegian Bokmål" in html


def test_a_bad_line_in_the_librarys_own_table_stops_the_run(tmp_path: Path, node_url: str) -> None:
    table = tmp_path / "places.csv"
    table.write_text("name,place\nHof,\n", "utf-8")
    with pytest.raises(SourceError, match=r"places\.csv.*line 2"):
        index_sources(Settings(places=table, models="sscd"), node_url, [str(tmp_path)])
