"""Folders become volumes and problems."""

import gzip
import re
import shutil
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image

from core.errors import ProblemCode
from core.identifiers import identifier_of_place
from indexer.records import Leaf, Problem, Volume
from indexer.run_records import FileAccount
from indexer.sources import file_names, find_volumes, scans
from indexer.sources.file_names import folder_identifier, picture_identifier
from tests.iiif_server import run_iiif_server
from tests.paths import SHARED
from tests.picture_files import noise, tiff_file

UnicodeForm = Literal["NFC", "NFD"]

ALTO = '<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout/></alto>'
MODS = '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>{}</title></titleInfo></mods>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library"


def write_files(folder: Path, *paths: str) -> None:
    """Write files: ALTO for `.xml`, a small picture for every other suffix."""
    for path in paths:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".xml":
            file.write_text(ALTO)
        else:
            Image.new("L", (8, 8)).save(file)


def write_text(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, "utf-8")


def volumes_by_book(source: Path) -> dict[str, Volume]:
    """Return the books by their names: their ids without the hash of a place."""
    volumes = [volume for volume in find_volumes(source) if isinstance(volume, Volume)]
    names = [re.sub("-[0-9a-f]{8}$", "", volume.book.id) for volume in volumes]
    assert len(set(names)) == len(names)
    return dict(zip(names, volumes, strict=True))


def problem_reasons(source: Path) -> list[str]:
    return [problem.reason for problem in find_volumes(source) if isinstance(problem, Problem)]


def relative_path(folder: Path, path: str | None) -> str | None:
    return Path(path).relative_to(folder).as_posix() if path else None


def leaf_files(folder: Path, volume: Volume) -> list[tuple[str | None, str | None]]:
    return [(relative_path(folder, leaf.alto), relative_path(folder, leaf.scan)) for leaf in volume.leaves]


# The real library


@pytest.fixture(scope="module")
def real_items() -> list[Volume | Problem | FileAccount]:
    return list(find_volumes(SHARED))


def test_real_folder_gives_all_its_pages_pictures_and_problems(
    real_items: list[Volume | Problem | FileAccount],
) -> None:
    """75 ALTO pages, 21 of them with a scan; 827 labelled pictures and a page's detail; the rest in one line each."""
    leaves = [leaf for volume in real_items if isinstance(volume, Volume) for leaf in volume.leaves]
    altos = [leaf for leaf in leaves if leaf.alto]
    labelled_leaves = [leaf for leaf in leaves if leaf.catalogue_label]
    reasons = [problem.reason.partition(" (")[0] for problem in real_items if isinstance(problem, Problem)]
    assert (len(altos), len([leaf for leaf in altos if leaf.scan]), len(labelled_leaves), len(leaves)) == (
        75,
        21,
        827,
        903,
    )
    assert reasons == [
        "3 METS files list no page; the METS of each volume has the pages of a larger work",
        "13 METS files name files, none of which is here",
        "9 METS files name files on the web, none of which is here; name each METS itself to fetch them",
        "7 JSON files are not read",
        "13 IIIF info.json files are not read",
        "157 IIIF documents are not indexed as part of a folder; `frontispiece index FILE-or-URL` reads a manifest",
        "2 text files are not read; the text of a page comes from its ALTO, PAGE-XML or hOCR",
        "6 tables name no picture and no book that is here",
        "3 XML files have the root element <analyseAlto>, which is not that of ALTO, PAGE-XML, METS or a record",
        "8 catalogue records match no book by their file names or their numbers",
    ]


def test_real_pages_are_grouped_into_books_by_name(real_items: list[Volume | Problem | FileAccount]) -> None:
    page_ids_by_book = {
        volume.book.id: [leaf.id for leaf in volume.leaves] for volume in real_items if isinstance(volume, Volume)
    }
    assert page_ids_by_book["bnf_5628146"] == [f"bnf_5628146_{page}" for page in ("04", "06", "09", "10")]
    assert [page_id.rpartition("_")[2] for page_id in page_ids_by_book["nb_2014062307158"]] == [
        "I1",
        "0001",
        "0003",
        "0005",
        "0007",
        "I3",
        "C3",
    ]
    assert len(page_ids_by_book["gc_impr18_bpt6k6495917k_bpt6k6495917k"]) == 3
    issue = identifier_of_place("dbmdz_bnl_lunion_1865-04-15", SHARED.resolve() / "alto")
    assert page_ids_by_book[issue] == [issue]


def test_real_labels_and_licences_come_from_the_tables_above(real_items: list[Volume | Problem | FileAccount]) -> None:
    labels = Counter(
        leaf.catalogue_label for volume in real_items if isinstance(volume, Volume) for leaf in volume.leaves
    )
    licences = {volume.book.id: volume.book.licence for volume in real_items if isinstance(volume, Volume)}
    assert (labels["graphic"], labels["print"], labels["map"]) == (122, 61, 16)
    assert licences[identifier_of_place("altoxml_bnf_v2", SHARED.resolve() / "alto")] == "CC BY-SA 4.0 (README)"
    assert licences[folder_identifier(SHARED.resolve() / "images/map_tiles")].startswith("README: ground truth")


def test_page_ids_are_unique(real_items: list[Volume | Problem | FileAccount]) -> None:
    ids = [leaf.id for volume in real_items if isinstance(volume, Volume) for leaf in volume.leaves]
    assert [page_id for page_id, count in Counter(ids).items() if count > 1] == []


# Names

NAMES = {
    "digibok_2014062307158_0003.xml": ("digibok_2014062307158", 3),
    "digibok_2014062307158_C1.xml": ("digibok_2014062307158", None),
    "bnf_en_00031_p4.xml": ("bnf_en_00031", 4),
    "gc_inc15_bpt6k15260973_f47_chocomufin.xml": ("gc_inc15_bpt6k15260973", 47),
    "bok-1.alto.xml": ("bok", 1),
    "bnf_excelsior_p5.xml.gz": ("bnf_excelsior", 5),
    "0001.xml": ("", 1),
    "X0000004.xml": ("", 4),
    "PAGE_0017_ALTO.xml": ("", 17),
    "lunion_1865-04-15.xml": ("lunion_1865-04-15", None),
    "slub_41d3f429.xml": ("slub_41d3f429", None),
    "Baltische Studien 0012.xml": ("Baltische Studien", 12),
    "Seite 12.xml": ("", 12),
    "digibok_2014062301234_0112.xml": ("digibok_2014062301234", 112),
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_file_name_is_split_into_book_and_page(name: str, expected: tuple[str, int | None]) -> None:
    page_name = file_names.parse_page_name(file_names.stem(name))
    assert (page_name.book, page_name.number) == expected


def test_covers_and_pages_are_sorted_naturally(folder: Path) -> None:
    write_files(folder, *(f"digibok_123456_{page}.xml" for page in ("C3", "0010", "I1", "0002", "C1", "I3")))
    (volume,) = volumes_by_book(folder).values()
    assert [leaf.id.removeprefix("digibok_123456_") for leaf in volume.leaves] == [
        "C1",
        "I1",
        "0002",
        "0010",
        "I3",
        "C3",
    ]
    assert [leaf.number for leaf in volume.leaves] == [1, 2, 3, 4, 5, 6]


def test_page_numbers_come_from_file_names(folder: Path) -> None:
    write_files(folder, "bok_0007.xml", "bok_0012.xml")
    assert [leaf.number for leaf in volumes_by_book(folder)["bok"].leaves] == [7, 12]


# Scans

PLACES = {
    "beside": ("a/bok_1.xml", "a/bok_1.jpg"),
    "below": ("a/bok_1.xml", "a/scans/bok_1.tif"),
    "in a sibling folder": ("a/alto/bok_1.xml", "a/images/bok_1.png"),
    "in a mirrored tree": ("alto/bok/0001.xml", "scans/bok/0001.jpg"),
    "of a particular name, anywhere": ("x/y/z/digibok_2014062307158_0003.xml", "q/digibok_2014062307158_0003.jpg"),
}


@pytest.mark.parametrize("place", PLACES)
def test_scan_is_matched_to_its_alto_file(place: str, folder: Path) -> None:
    alto, scan = PLACES[place]
    write_files(folder, alto, scan)
    (volume,) = volumes_by_book(folder).values()
    assert leaf_files(folder, volume) == [(alto, scan)]
    assert volume.warnings == ()


def test_books_with_the_same_file_names_keep_their_own_scans(folder: Path) -> None:
    write_files(folder, "A/alto/0001.xml", "B/alto/0001.xml", "B/scans/0001.jpg", "A/scans/0001.jpg")
    volumes_found = volumes_by_book(folder)
    assert leaf_files(folder, volumes_found["A"]) == [("A/alto/0001.xml", "A/scans/0001.jpg")]
    assert leaf_files(folder, volumes_found["B"]) == [("B/alto/0001.xml", "B/scans/0001.jpg")]
    assert [leaf.id for leaf in volumes_found["A"].leaves] == [f"{volumes_found['A'].book.id}_0001"]


@pytest.mark.parametrize("place", ["{}/{}", "{}/alto/{}", "alto/{}/{}"])
def test_pages_of_one_name_are_not_compared_with_each_other(
    place: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand books have a `0001` each: matching must not be quadratic."""
    call_counts = Counter[Path]()
    original_distance = scans._distance

    def count_calls(alto: Path, image: Path) -> int:
        call_counts[alto] += 1
        return original_distance(alto, image)

    monkeypatch.setattr(scans, "_distance", count_calls)
    for number in range(12):
        for page in ("0001", "0002"):
            path = place.format(f"book{number}", page)
            write_files(folder, f"{path}.xml", f"{path.replace('alto', 'scans')}.png")
    assert [leaf.scan is not None for volume in volumes_by_book(folder).values() for leaf in volume.leaves] == [
        True
    ] * 24
    assert max(call_counts.values(), default=0) <= 1


def test_scan_of_another_book_is_not_used(folder: Path) -> None:
    write_files(folder, "A/0001.xml", "B/0001.xml", "B/0001.jpg")
    assert leaf_files(folder, volumes_by_book(folder)["A"]) == [("A/0001.xml", None)]
    assert volumes_by_book(folder)["A"].warnings == ("no scan was found for 1 of 1 page",)


def test_largest_copy_of_a_scan_is_used_and_the_others_are_ignored(folder: Path) -> None:
    write_files(folder, "a/alto/bok_1.xml", "a/thumbs/bok_1.jpg")
    (folder / "a/scans").mkdir()
    Image.effect_noise((90, 90), 50).save(folder / "a/scans/bok_1.jpg")
    assert leaf_files(folder, volumes_by_book(folder)["bok"]) == [("a/alto/bok_1.xml", "a/scans/bok_1.jpg")]
    assert list(volumes_by_book(folder)) == ["bok"]


def test_scan_without_alto_is_a_problem_and_not_a_picture(folder: Path) -> None:
    write_files(folder, "a/alto/bok_1.xml", "a/scans/bok_1.jpg", "a/scans/bok_2.jpg")
    assert list(volumes_by_book(folder)) == ["bok"]
    assert problem_reasons(folder) == ["1 scan has no ALTO"]


# Pictures and tables


def test_each_folder_of_plain_pictures_is_a_book(folder: Path) -> None:
    write_files(folder, "x/b10.jpg", "x/b2.png", "y/b2.jpg", "top.jpg")
    picture_books = volumes_by_book(folder)
    assert {name: leaf_files(folder, volume) for name, volume in picture_books.items()} == {
        "library": [(None, "top.jpg")],
        "x": [(None, "x/b2.png"), (None, "x/b10.jpg")],
        "y": [(None, "y/b2.jpg")],
    }
    assert picture_books["x"].leaves[0] == Leaf(
        id=picture_identifier(folder / "x/b2.png"), number=1, scan=str(folder / "x/b2.png")
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_gives_the_record_the_label_and_the_caption(delimiter: str, folder: Path) -> None:
    write_files(folder, "x/a.jpg", "x/b.jpg")
    rows = [
        ["Filename", "Tittel", "Forfatter", "År", "Forlag", "Sted", "Språk", "Emne", "Label", "Caption"],
        ["a.jpg", "Fyret", "Ås", "[1867?]", "Cappelen", "Bergen", "nob", "Fyr", "print", "Fig. 1"],
        ["b.jpg", "Havet", "Berg", "1901", "", "", "", "", "map", ""],
    ]
    write_text(folder, "x/list.csv", "\n".join(delimiter.join(row) for row in rows))
    fyret, havet = sorted(volumes_by_book(folder).values(), key=lambda volume: volume.book.title)
    assert (fyret.book.title, fyret.book.authors, fyret.book.year) == ("Fyret", ("Ås",), 1867)
    assert (fyret.book.publisher, fyret.book.place, fyret.book.languages, fyret.book.subjects) == (
        "Cappelen",
        "Bergen",
        ("nob",),
        ("Fyr",),
    )
    assert (fyret.leaves[0].catalogue_label, fyret.leaves[0].caption) == ("print", "Fig. 1")
    assert (havet.book.year, havet.leaves[0].catalogue_label) == (1901, "map")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_cells_with_several_values_and_excel_tables_are_read(folder: Path, encoding: str) -> None:
    write_files(folder, "a.jpg")
    (folder / "t.csv").write_bytes("file;authors;title\na.jpg;Ås, A. | Øy, B.;Æ\n".encode(encoding))
    (volume,) = volumes_by_book(folder).values()
    assert (volume.book.authors, volume.book.title) == (("Ås, A.", "Øy, B."), "Æ")


@pytest.mark.parametrize("disk_form", ["NFC", "NFD"])
@pytest.mark.parametrize("table_form", ["NFC", "NFD"])
def test_a_table_names_files_in_any_unicode_form(folder: Path, disk_form: UnicodeForm, table_form: UnicodeForm) -> None:
    """macOS decomposes the names of files; spreadsheets have them composed."""
    write_files(folder, unicodedata.normalize(disk_form, "Köln/Überblick.jpg"))
    row = unicodedata.normalize(table_form, "Köln/Überblick.jpg,Überblick über Köln,1899\n")
    write_text(folder, "list.csv", f"file,title,year\n{row}")
    (volume,) = volumes_by_book(folder).values()
    assert (volume.book.title, volume.book.year, problem_reasons(folder)) == ("Überblick über Köln", 1899, [])
    assert Path(volume.leaves[0].scan or "").is_file()


@pytest.mark.parametrize("disk_form", ["NFC", "NFD"])
def test_a_scan_and_its_alto_file_match_in_any_unicode_form(folder: Path, disk_form: UnicodeForm) -> None:
    write_files(
        folder,
        "alto/" + unicodedata.normalize("NFC", "Blätter_0001.xml"),
        "scans/" + unicodedata.normalize(disk_form, "Blätter_0001.jpg"),
    )
    (volume,) = volumes_by_book(folder).values()
    assert len(volume.leaves) == 1
    assert Path(volume.leaves[0].scan or "").is_file()


def test_paths_in_a_table_may_start_at_any_folder_above_it(folder: Path) -> None:
    write_files(folder, "images/x/a.jpg", "images/x/b.jpg")
    write_text(folder, "images/labels.csv", "path,label\nimages/x/a.jpg,map\n./x/b.jpg,print\n")
    (volume,) = volumes_by_book(folder).values()
    assert [leaf.catalogue_label for leaf in volume.leaves] == ["map", "print"]


def test_table_row_describes_a_book_of_alto_files(folder: Path) -> None:
    write_files(folder, "bok_1.xml", "bok_2.xml")
    write_text(folder, "books.tsv", "id\ttitle\tyear\nbok\tFyret\t1867\n")
    book = volumes_by_book(folder)["bok"].book
    assert (book.title, book.year) == ("Fyret", 1867)


def test_row_with_an_unquoted_comma_is_reported_and_not_used(folder: Path) -> None:
    """`Ås, Anna` without quotation marks would make a year of her first name."""
    write_files(folder, "a.jpg")
    write_text(folder, "t.csv", "file,author,year,label\na.jpg,Ås, Anna,1867,map\n")
    assert problem_reasons(folder) == [
        "1 row has more cells than the heading (line 2); quote the cells that have commas"
    ]
    (volume,) = volumes_by_book(folder).values()
    assert (volume.book.authors, volume.leaves[0].catalogue_label) == ((), "")


def test_table_that_names_missing_pictures_is_reported(folder: Path) -> None:
    write_files(folder, "a.jpg")
    write_text(folder, "t.csv", "file,label\na.jpg,map\ngone.jpg,map\n")
    assert problem_reasons(folder) == ["the table names 1 picture that is not here (gone.jpg)"]


def test_rows_that_repeat_a_name_with_other_values_are_reported(folder: Path) -> None:
    write_files(folder, "ä.jpg")
    names = [unicodedata.normalize(form, "ä.jpg") for form in ("NFC", "NFC", "NFD")]
    rows = "\n".join(f"{name},{caption}" for name, caption in zip(names, ("Fyret", "Fyret", "Byen"), strict=True))
    write_text(folder, "t.csv", f"Datei,caption\n{rows}\n")
    assert problem_reasons(folder) == [
        "1 row repeats a name with other values (line 4); the first row of a name counts"
    ]
    (volume,) = volumes_by_book(folder).values()
    assert volume.leaves[0].caption == "Fyret"


def test_unrelated_table_is_not_used_and_named(folder: Path) -> None:
    write_files(folder, "a.jpg")
    write_text(folder, "other.csv", 'x,y\n1,"2\n')
    write_text(folder, "empty.csv", "")
    assert problem_reasons(folder) == [
        "1 file is empty (empty.csv)",
        "1 table names no picture and no book that is here (other.csv)",
    ]


# METS and records


def write_mets(folder: Path, path: str, hrefs: dict[str, str], title: str = "Fyret", identifier: str = "bok_1") -> None:
    """Write a METS with one page per pair of ALTO and scan."""
    files, divs = "", ""
    for number, (alto, scan) in enumerate(hrefs.items(), start=1):
        files += f'<file ID="A{number}" USE="ALTO"><FLocat xlink:href="{alto}"/></file>'
        files += f'<file ID="S{number}" MIMETYPE="image/jpeg"><FLocat xlink:href="{scan}"/></file>'
        file_pointers = f'<fptr FILEID="A{number}"/><fptr FILEID="S{number}"/>'
        divs += f'<div TYPE="page" ORDER="{number}" ORDERLABEL="p{number}">{file_pointers}</div>'
    write_text(
        folder,
        path,
        f'<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink" OBJID="{identifier}">'
        f'<dmdSec ID="D"><mdWrap><xmlData>{MODS.format(title)}</xmlData></mdWrap></dmdSec>'
        f"<fileSec><fileGrp>{files}</fileGrp></fileSec>"
        f'<structMap TYPE="PHYSICAL"><div DMDID="D">{divs}</div></structMap></mets>',
    )


@pytest.mark.parametrize("href_form", ["NFC", "NFD"])
def test_a_mets_names_files_in_any_unicode_form(folder: Path, href_form: UnicodeForm) -> None:
    """Also beside another METS, where a short name alone does not identify a page."""
    for book in ("a", "b"):
        write_files(folder, unicodedata.normalize("NFD", f"{book}/Übersicht.xml"))
    hrefs = [unicodedata.normalize(href_form, f"{book}/Übersicht.xml") for book in ("a", "b")]
    write_mets(folder, "a.mets.xml", {hrefs[0]: "none.jpg"})
    write_mets(folder, "b.mets.xml", {hrefs[1]: "none.jpg"}, "Havet")
    volumes = [volume for volume in find_volumes(folder) if isinstance(volume, Volume)]
    assert [Path(volume.leaves[0].alto or "").parent.name for volume in volumes] == ["a", "b"]


def test_the_id_of_a_file_with_a_decomposed_name_is_composed(folder: Path) -> None:
    write_files(folder, unicodedata.normalize("NFD", "Überblick.jpg"))
    (volume,) = volumes_by_book(folder).values()
    assert volume.leaves[0].id.endswith(unicodedata.normalize("NFC", ":Überblick.jpg"))


def test_a_mets_orders_and_names_its_pages(folder: Path) -> None:
    write_files(folder, "b/alto/2.xml", "b/alto/side 1.xml", "b/scans/2.jpg", "b/scans/1.jpg")
    write_mets(folder, "b/mets.xml", {"alto/2.xml": "file:///./scans/2.jpg", "alto/side%201.xml": "scans/1.jpg"})
    (volume,) = volumes_by_book(folder).values()
    assert (volume.book.id, volume.book.title, volume.warnings) == ("bok_1", "Fyret", ())
    assert leaf_files(folder, volume) == [("b/alto/2.xml", "b/scans/2.jpg"), ("b/alto/side 1.xml", "b/scans/1.jpg")]
    assert [leaf.label for leaf in volume.leaves] == ["p1", "p2"]
    assert problem_reasons(folder) == []


def test_mets_files_in_other_folders_are_matched_by_name(folder: Path) -> None:
    """The METS names TIFFs on the scanner's disk; the JPEGs are in another folder."""
    write_files(folder, "b/a/00000001.xml", "b/jpg/00000001.jpg")
    write_mets(folder, "b/mets.xml", {"http://x/00000001.xml": "file:///goobi/tiff/00000001.tif"})
    (volume,) = volumes_by_book(folder).values()
    assert leaf_files(folder, volume) == [("b/a/00000001.xml", "b/jpg/00000001.jpg")]
    assert volume.leaves[0].image_service is None


def test_mets_whose_files_are_all_missing_is_one_problem(folder: Path) -> None:
    write_mets(folder, "b/mets.xml", {f"alto/{number}.xml": f"scans/{number}.jpg" for number in range(206)})
    assert problem_reasons(folder) == ["the METS names 412 files, none of which is here"]
    assert volumes_by_book(folder) == {}


def test_missing_pages_and_missing_scans_are_warnings_of_the_book(folder: Path) -> None:
    write_files(folder, "alto/1.xml", "alto/2.xml", "scans/1.jpg", "scans/3.jpg")
    write_mets(folder, "mets.xml", {f"alto/{number}.xml": f"scans/{number}.jpg" for number in (1, 2, 3, 4)})
    (volume,) = volumes_by_book(folder).values()
    assert leaf_files(folder, volume) == [("alto/1.xml", "scans/1.jpg"), ("alto/2.xml", None)]
    assert volume.warnings == (
        "neither ALTO nor scan was found for 1 of 4 pages",
        "no ALTO was found for 1 of 3 pages",
        "no scan was found for 1 of 3 pages",
    )


def test_mets_paths_outside_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    write_files(tmp_path, "secret/1.xml", "secret/1.jpg")
    write_mets(folder, "mets.xml", {"../secret/1.xml": str(tmp_path / "secret/1.jpg")})
    assert volumes_by_book(folder) == {}


def test_structmap_of_nb_finds_alto_by_page_name(folder: Path) -> None:
    write_files(folder, "xml/digibok_2014062307158_0003.xml")
    shutil.copy(SHARED / "mets" / "nb_2014062307158_struct.xml", folder)
    (volume,) = volumes_by_book(folder).values()
    (leaf,) = volume.leaves
    assert (volume.book.id, leaf.id) == ("digibok_2014062307158", "URN:NBN:no-nb_digibok_2014062307158_0003")
    assert relative_path(folder, leaf.alto) == "xml/digibok_2014062307158_0003.xml"
    assert leaf.image_service
    assert (leaf.width, leaf.height) == (2381, 4057)


@pytest.mark.parametrize("name", ["bok.mods.xml", "bok_mods.xml", "bok.xml", "mods.xml", "catalogue/bok.xml"])
def test_a_record_beside_the_pages_is_used(name: str, folder: Path) -> None:
    write_files(folder, "alto/bok_1.xml")
    write_text(folder, name, MODS.format("Fyret"))
    assert volumes_by_book(folder)["bok"].book.title == "Fyret"
    assert problem_reasons(folder) == []


# One file, and what is wrong


def test_record_with_the_books_name_has_precedence(folder: Path) -> None:
    write_files(folder, "bok/bok_0001.xml", "bok/bok_0001.png")
    write_text(folder, "mods.xml", MODS.format("Samlingen"))
    write_text(folder, "records/bok.mods.xml", MODS.format("Boken"))
    assert volumes_by_book(folder)["bok"].book.title == "Boken"


def test_single_mets_file_is_a_book(folder: Path) -> None:
    write_files(folder, "alto/1.xml", "other_1.xml")
    write_mets(folder, "mets.xml", {"alto/1.xml": "https://x/1.jpg"})
    (volume,) = find_volumes(folder / "mets.xml")
    assert isinstance(volume, Volume)
    assert [leaf.scan for leaf in volume.leaves] == ["https://x/1.jpg"]


def test_single_alto_file_is_matched_to_the_scan_beside_it(folder: Path) -> None:
    write_files(folder, "bok_3.xml", "bok_3.png", "bok_4.png")
    (volume,) = find_volumes(folder / "bok_3.xml")
    assert isinstance(volume, Volume)
    assert leaf_files(folder, volume) == [("bok_3.xml", "bok_3.png")]
    assert volume.leaves[0].id == f"{volume.book.id}_3"


def test_single_picture_is_a_book(folder: Path) -> None:
    write_files(folder, "plate.png")
    (volume,) = find_volumes(folder / "plate.png")
    assert isinstance(volume, Volume)
    assert volume.leaves == (
        Leaf(id=picture_identifier(folder / "plate.png"), number=1, scan=str(folder / "plate.png")),
    )


@pytest.mark.network
def test_manifest_is_read_from_a_file_and_from_a_url() -> None:
    (file_volume,) = find_volumes(SHARED / "iiif" / "nb_p2_recognized-text.json")
    assert isinstance(file_volume, Volume)
    assert len(file_volume.leaves) == 5
    with run_iiif_server() as server:
        server.scans["digibok_1_0001"] = Image.new("L", (30, 20))
        (web_volume,) = find_volumes(f"{server.url}/2/manifest")
    assert isinstance(web_volume, Volume)
    assert web_volume.leaves[0].id == "URN:NBN:no-nb_digibok_1_0001"


def test_unreadable_sources_are_problems_and_not_exceptions(folder: Path) -> None:
    write_files(folder, "a.jpg")
    write_text(folder, "broken.xml", "<mets><fileSec>")
    write_text(folder, "page.xml", "<TEI/>")
    write_text(folder, "other.xml", "<other/>")
    write_text(folder, "book.pdf", "%PDF-1.4")
    write_text(folder, "notes", "x")
    write_text(folder, "x.json", "{")
    cases = {
        "none": "no such file or folder",
        "broken.xml": "not well-formed XML",
        "page.xml": "TEI file: give the text and the places of the pictures as ALTO, PAGE-XML or hOCR; name a folder",
        "other.xml": "an XML file with the root element <other>",
        "book.pdf": "PDF file: give the scans of the pages with their ALTO, PAGE-XML or hOCR; name a folder",
        "notes": "an unknown kind of file",
        "x.json": "not JSON",
    }
    for name, reason in cases.items():
        (problem,) = find_volumes(folder / name)
        assert isinstance(problem, Problem)
        assert (problem.file, reason in problem.reason) == (str(folder / name), True)
    assert [reason.partition(" (")[0] for reason in problem_reasons(folder)] == [
        "line 1: not well-formed XML",
        "1 PDF file is not read; give the scans of the pages with their ALTO, PAGE-XML or hOCR",
        "1 file of an unknown kind is not read",
        "1 XML file has the root element <other>, which is not that of ALTO, PAGE-XML, METS or a record",
        "1 TEI file is not read; give the text and the places of the pictures as ALTO, PAGE-XML or hOCR",
        "1 JSON file is not read",
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bok.mrc", "5 catalogue records list no pages; put the file into the folder of the book or above it"),
        ("bok.xml", "a catalogue record lists no pages; put the file into the folder of the book or above it"),
        ("bok.mods.xml.gz", "a catalogue record lists no pages; put the file into the folder of the book or above it"),
        ("bok.csv", "a table lists no pages; put it into the folder of the pictures that it describes"),
        ("coco.json", "COCO file of boxes: give the text and the places of the pictures as ALTO, PAGE-XML or hOCR"),
        ("info.json", "IIIF info.json; name a folder"),
        ("marc.json", "file of MARC in JSON: give MARC, MODS or Dublin Core; name a folder"),
        ("damaged.mrc", "file with a suffix of binary MARC contains no MARC record; name a folder"),
    ],
)
def test_named_file_that_only_describes_pages_is_refused_with_advice(folder: Path, name: str, reason: str) -> None:
    record = (SHARED / "mets/nb_mods1.xml").read_bytes()
    contents = {
        "bok.mrc": (SHARED.parent / "cases/silent-formats/marcbin/bok.mrc").read_bytes(),
        "bok.xml": (SHARED / "mets/nb_marc1.xml").read_bytes(),
        "bok.mods.xml.gz": gzip.compress(record),
        "bok.csv": b"path,title\na.jpg,Fyr\n",
        "coco.json": (SHARED.parent / "cases/silent-formats/coco/coco.json").read_bytes(),
        "info.json": b'{"@context": "http://iiif.io/api/image/2/context.json", "width": 3, "height": 3}',
        "marc.json": b'[{"leader": "00000nam"}]',
        "damaged.mrc": b"00000nam",
    }
    folder.mkdir()
    (folder / name).write_bytes(contents[name])
    (problem,) = find_volumes(folder / name)
    assert isinstance(problem, Problem)
    assert (problem.file, problem.reason[: len(reason)]) == (str(folder / name), reason)


def test_mets_whose_files_are_on_the_web_are_named_with_advice_in_one_line(folder: Path) -> None:
    mets_document = (SHARED / "mets/ulb_kitodo2_147573602.xml").read_bytes()
    folder.mkdir()
    for name in ("1.xml", "2.xml"):
        (folder / name).write_bytes(mets_document)
    assert problem_reasons(folder) == [
        "2 METS files name files on the web, none of which is here; name each METS itself to fetch them (1.xml, 2.xml)"
    ]


@pytest.mark.network
def test_url_that_does_not_exist_is_a_problem() -> None:
    with run_iiif_server() as server:
        (problem,) = find_volumes(f"{server.url}/none")
    assert problem == Problem(f"{server.url}/none", "the server answers 404 Not Found", ProblemCode.UNAVAILABLE)


def test_empty_folder_is_a_problem(folder: Path) -> None:
    folder.mkdir()
    assert problem_reasons(folder) == ["the folder contains no ALTO, PAGE-XML, hOCR, METS, manifest or picture"]


def test_broken_alto_is_listed_so_that_its_error_is_reported(folder: Path) -> None:
    write_text(folder, "bok_1.xml", "<?xml version='1.0'?><?xml version='1.0'?>\n<alto><Layout>")
    assert leaf_files(folder, volumes_by_book(folder)["bok"]) == [("bok_1.xml", None)]


def test_volumes_are_read_lazily(folder: Path) -> None:
    """Volumes come one by one, in the same order each time."""
    write_files(folder, "b/b_1.xml", "a/a_1.xml", "c/c.jpg")
    first_volume = next(iter(find_volumes(folder)))
    assert isinstance(first_volume, Volume)
    assert [list(volumes_by_book(folder)) for _ in range(2)] == [["a", "b", "c"]] * 2


def write_tiff_pages(path: Path, count: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tiff_file([noise(30, 40, seed) for seed in range(count)]))


def leaf_frames(volume: Volume) -> list[tuple[str, int, int | None]]:
    """Return name, number and frame of each leaf."""
    return [(leaf.id.removeprefix(f"{volume.book.id}:"), leaf.number, leaf.frame) for leaf in volume.leaves]


def test_every_page_of_a_tiff_is_a_picture(folder: Path) -> None:
    write_tiff_pages(folder / "multi.tif", 3)
    write_files(folder, "single.jpg")
    (volume,) = volumes_by_book(folder).values()
    assert leaf_frames(volume) == [
        ("multi.tif:1", 1, 0),
        ("multi.tif:2", 2, 1),
        ("multi.tif:3", 3, 2),
        ("single.jpg", 4, None),
    ]


def test_every_page_of_a_tiff_that_is_named_itself_is_a_picture(folder: Path) -> None:
    write_tiff_pages(folder / "multi.tif", 2)
    (volume,) = volumes_by_book(folder / "multi.tif").values()
    (folder_volume,) = volumes_by_book(folder).values()
    assert leaf_frames(volume) == [("multi.tif:1", 1, 0), ("multi.tif:2", 2, 1)]
    assert [leaf.id for leaf in volume.leaves] == [leaf.id for leaf in folder_volume.leaves]


def test_alto_files_of_one_page_share_the_tiff_of_their_book(folder: Path) -> None:
    write_files(folder, "book_0001.xml", "book_0002.xml", "book_0003.xml")
    write_tiff_pages(folder / "book.tif", 3)
    volumes = volumes_by_book(folder)
    (volume,) = volumes.values()
    assert [(leaf.number, leaf.frame) for leaf in volume.leaves] == [(1, 0), (2, 1), (3, 2)]
    assert {leaf.scan for leaf in volume.leaves} == {str(folder / "book.tif")}
    assert volume.warnings == ()


@pytest.mark.parametrize("page_name", ["book_{:04}.xml", "page/{:04}.xml"])
def test_files_that_name_one_tiff_share_its_pages(page_name: str, folder: Path) -> None:
    for number in (1, 2, 3):
        text = '<PcGts><Page imageFilename="D:\\scans\\book.tif" imageWidth="8" imageHeight="8"/></PcGts>'
        write_text(folder, page_name.format(number), text)
    write_tiff_pages(folder / "book.tif", 3)
    (volume,) = volumes_by_book(folder).values()
    assert [(leaf.scan, leaf.frame) for leaf in volume.leaves] == [(str(folder / "book.tif"), n) for n in (0, 1, 2)]


def test_a_tiff_of_a_mets_without_alto_gives_all_its_pages(folder: Path) -> None:
    write_tiff_pages(folder / "book.tif", 2)
    write_text(
        folder,
        "mets.xml",
        '<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink" OBJID="book">'
        '<fileSec><fileGrp><file ID="F1" MIMETYPE="image/tiff"><FLocat LOCTYPE="URL" xlink:href="book.tif"/></file>'
        '</fileGrp></fileSec><structMap TYPE="PHYSICAL"><div TYPE="physSequence"><div TYPE="page" ORDER="1" ID="P1">'
        '<fptr FILEID="F1"/></div></div></structMap></mets>',
    )
    assert leaf_frames(volumes_by_book(folder)["book"]) == [("1", 1, 0), ("2", 2, 1)]
