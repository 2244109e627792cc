"""Books whose METS names OCR that is not here: they are left out, so that nothing of an earlier run is removed."""

from pathlib import Path

import pytest
from PIL import Image

from core.errors import ProblemCode
from indexer.records import Problem, Volume
from indexer.run_records import FileAccount
from indexer.sources import find_volumes
from tests.mets_factory import NAMESPACES

ALTO = "<alto><Layout/></alto>"


def mets_xml(book: str, page_count: int, alto: str = "alto/{}.xml", scan: str = "scans/{}.jpg") -> str:
    """Return a METS with the ALTO and the scan of each page; with an empty `alto` it names scans only."""
    files, pages = "", ""
    for number in range(1, page_count + 1):
        for use, href in (("ALTO", alto), ("IMAGE", scan)):
            if href:
                location = f'<m:FLocat LOCTYPE="URL" x:href="{href.format(number)}"/>'
                files += f'<m:fileGrp USE="{use}"><m:file ID="{use}{number}">{location}</m:file></m:fileGrp>'
        pointers = "".join(f'<m:fptr FILEID="{use}{number}"/>' for use in ("ALTO", "IMAGE"))
        pages += f'<m:div TYPE="page" ORDER="{number}">{pointers}</m:div>'
    return (
        f'<m:mets {NAMESPACES} OBJID="{book}"><m:fileSec>{files}</m:fileSec>'
        f'<m:structMap TYPE="PHYSICAL"><m:div>{pages}</m:div></m:structMap></m:mets>'
    )


def write_book(folder: Path, book: str, page_count: int = 3, alto: str = "alto/{}.xml") -> Path:
    """Write a METS with the scans that it names, and without ALTO; return its path."""
    (folder / "scans").mkdir(parents=True)
    for number in range(1, page_count + 1):
        Image.new("L", (8, 8)).save(folder / "scans" / f"{number}.jpg")
    (folder / "mets.xml").write_text(mets_xml(book, page_count, alto))
    return folder / "mets.xml"


def read_source(source: Path | str) -> tuple[list[Volume], list[Problem]]:
    items = list(find_volumes(source))
    return [item for item in items if isinstance(item, Volume)], [item for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize("is_named_itself", [True, False])
def test_book_whose_alto_folder_is_missing_is_a_problem_and_no_book_of_whole_pages(
    tmp_path: Path, *, is_named_itself: bool
) -> None:
    path = write_book(tmp_path / "book", "book_0001")
    volumes, problems = read_source(path if is_named_itself else tmp_path)
    reason = (
        "the METS names 3 OCR files, none of which can be read here, so the book is left out; mount or copy the "
        "folder that has them"
    )
    assert volumes == []
    assert problems == [Problem(str(path), reason, ProblemCode.NO_FILES)]


def test_alto_files_without_content_are_not_read_as_pages_without_text(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book", "book_0001")
    (tmp_path / "book/alto").mkdir()
    for number in (1, 2, 3):
        (tmp_path / f"book/alto/{number}.xml").touch()
    volumes, problems = read_source(tmp_path)
    assert volumes == []
    assert (problems[0].file, problems[0].code) == (str(path), ProblemCode.NO_FILES)


def test_many_books_whose_alto_is_missing_are_one_problem_and_their_scans_are_not_read(tmp_path: Path) -> None:
    for number in range(4):
        write_book(tmp_path / f"book{number}", f"book_000{number}")
    volumes, (problem,) = read_source(tmp_path)
    assert volumes == []
    assert problem.reason == (
        "4 METS files name OCR files, none of which can be read here; mount or copy the folders that have them "
        "(book0/mets.xml, book1/mets.xml, book2/mets.xml, …)"
    )
    (account,) = (item for item in find_volumes(tmp_path) if isinstance(item, FileAccount))
    assert (account.not_read_count, account.total) == (16, 16)


def test_alto_on_the_web_is_named_with_advice_and_read_if_the_mets_is_named_itself(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book", "book_0001", alto="https://x.org/{}.xml")
    volumes, (problem,) = read_source(tmp_path)
    assert volumes == []
    assert problem.reason == (
        "the METS names 3 OCR files, none of which can be read here; name the METS itself to fetch them from the web"
    )
    (volume,), _ = read_source(path)
    assert [leaf.alto for leaf in volume.leaves] == [f"https://x.org/{number}.xml" for number in (1, 2, 3)]


def test_book_with_a_part_of_its_alto_is_read_with_a_warning(tmp_path: Path) -> None:
    write_book(tmp_path / "book", "book_0001")
    (tmp_path / "book/alto").mkdir()
    (tmp_path / "book/alto/2.xml").write_text(ALTO)
    (volume,), problems = read_source(tmp_path)
    assert [leaf.number for leaf in volume.leaves] == [2]
    assert (volume.warnings, problems) == (("no ALTO was found for 2 of 3 pages",), [])


def test_book_of_scans_only_is_read_as_pictures(tmp_path: Path) -> None:
    write_book(tmp_path / "book", "book_0001", alto="")
    (volume,), problems = read_source(tmp_path)
    assert [(leaf.alto, bool(leaf.scan)) for leaf in volume.leaves] == [(None, True)] * 3
    assert (volume.is_complete, volume.warnings, problems) == (True, (), [])


def test_refnum_which_names_no_ocr_itself_may_have_scans_only(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "T0000001.tif")
    view = '<vueObjet ordre="1"><image nomImage="T0000001"/></vueObjet>'
    (tmp_path / "N1.xml").write_text(f'<refNum><document identifiant="N1">{view}</document></refNum>')
    (volume,), problems = read_source(tmp_path)
    assert [(leaf.alto, bool(leaf.scan)) for leaf in volume.leaves] == [(None, True)]
    assert problems == []


def test_mets_at_a_url_whose_ocr_has_no_url_is_a_problem() -> None:
    document = mets_xml("book_0001", 2, "file:///srv/alto/{}.xml", "https://x.org/{}.jpg").encode()
    (problem,) = find_volumes("https://x.org/mets.xml", lambda _: document)
    reason = "the METS names 2 OCR files, none of which has an http or https URL, so the book is left out"
    assert problem == Problem("https://x.org/mets.xml", reason, ProblemCode.NO_FILES)
