"""Nothing of one book is overwritten or removed by another; a run names both."""

import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from PIL import Image

from core.errors import ProblemCode
from core.settings import Settings
from indexer.run_records import RunReport
from indexer.sources import find_volumes
from tests.node.pipelines import open_pipeline
from tests.node.test_index import MeanGreyEncoder
from tests.paths import CASES

ALTO = (
    '<alto><Layout><Page ID="P" WIDTH="60" HEIGHT="60"><PrintSpace>'
    '<Illustration ID="I" HPOS="5" VPOS="5" WIDTH="40" HEIGHT="40"/></PrintSpace></Page></Layout></alto>'
)
METS = (
    '<mets xmlns="http://www.loc.gov/METS/" xmlns:x="http://www.w3.org/1999/xlink" OBJID="urn:x:work" LABEL="{title}">'
    '<fileSec><fileGrp><file ID="A" USE="ALTO"><FLocat x:href="{page}.xml"/></file>'
    '<file ID="S" MIMETYPE="image/png"><FLocat x:href="{page}.png"/></file></fileGrp></fileSec>'
    '<structMap TYPE="PHYSICAL"><div><div TYPE="page"><fptr FILEID="A"/><fptr FILEID="S"/></div></div></structMap>'
    "</mets>"
)

IndexBooks = Callable[..., RunReport]


@pytest.fixture
def index_books(client: Elasticsearch, index_name: str, tmp_path: Path) -> IndexBooks:
    """Return a function that indexes sources in one run."""

    def index_books(*sources: Path) -> RunReport:
        settings = Settings(data=tmp_path / "data", cache=tmp_path / "cache")
        with open_pipeline(client, index_name, [MeanGreyEncoder()], settings) as (pipeline, _):
            return pipeline.run(item for source in sources for item in find_volumes(source))

    return index_books


def write_book(folder: Path, title: str, *, page: str = "0001", grey: int = 100) -> Path:
    """Write a METS with one page; every book has the same id."""
    folder.mkdir(parents=True)
    (folder / "mets.xml").write_text(METS.format(title=title, page=page), "utf-8")
    (folder / f"{page}.xml").write_text(ALTO, "utf-8")
    Image.new("L", (60, 60), grey).save(folder / f"{page}.png")
    return folder


def documents(client: Elasticsearch, alias: str) -> dict[str, dict[str, Any]]:
    """Return every document of the three indices by index and id."""
    names = [alias, f"{alias}-pages", f"{alias}-books"]
    client.indices.refresh(index=names)
    hits = client.search(index=names, size=1000)["hits"]["hits"]
    return {f"{hit['_source']['document']} {hit['_id']}": hit["_source"] for hit in hits}


def test_six_pictures_with_similar_names_are_six_documents(
    index_books: IndexBooks, client: Elasticsearch, index_name: str
) -> None:
    """Case `id-collision`."""
    report = index_books(CASES / "id-collision")
    assert (report.written, report.problems) == (6, ())
    pictures = {id_: source for id_, source in documents(client, index_name).items() if id_.startswith("picture")}
    assert len(pictures) == len({source["image"]["crop"].lower() for source in pictures.values()}) == 6
    assert index_books(CASES / "id-collision").unchanged == 6


def test_names_in_two_unicode_forms_are_reported_with_both_files(index_books: IndexBooks, tmp_path: Path) -> None:
    files = [tmp_path / "library" / unicodedata.normalize(form, "Ås é.png") for form in ("NFC", "NFD")]
    files[0].parent.mkdir()
    for grey, file in enumerate(files):
        Image.new("L", (60, 60), 50 + grey).save(file)
    report = index_books(files[0].parent)
    [problem] = report.problems
    assert (report.written, problem.code) == (1, ProblemCode.DUPLICATE)
    assert {problem.file} | {str(file) for file in files if str(file) in problem.reason} == set(map(str, files))


def test_file_names_that_are_not_utf_8_are_indexed_and_stay(
    index_books: IndexBooks, client: Elasticsearch, index_name: str, tmp_path: Path
) -> None:
    folder = tmp_path / b"b\xf8ker".decode(errors="surrogateescape")
    folder.mkdir()
    for name in (b"\xe5s", b"\xf8s"):
        Image.new("L", (60, 60), name[0]).save(folder / f"{name.decode(errors='surrogateescape')}.png")
    assert [(report.written, report.unchanged, report.problems) for report in map(index_books, [folder] * 2)] == [
        (2, 0, ()),
        (0, 2, ()),
    ]
    page_ids = {str(source.get("page_id")).rpartition(":")[2] for source in documents(client, index_name).values()}
    names_without_hash = {page_id.partition("-")[0] for page_id in page_ids}
    assert {"\\xe5s.png", "\\xf8s.png"} <= names_without_hash


@pytest.mark.parametrize("together", [True, False], ids=["in one run", "in two runs"])
@pytest.mark.parametrize("titles", [("Bind", "Bind"), ("Bind 1", "Bind 2")], ids=["record of the work", "own records"])
def test_another_volume_with_the_same_id_is_left_out_and_both_are_named(
    index_books: IndexBooks,
    client: Elasticsearch,
    index_name: str,
    tmp_path: Path,
    titles: tuple[str, str],
    *,
    together: bool,
) -> None:
    first, second = (write_book(tmp_path / name, title) for name, title in zip("ab", titles, strict=True))
    (second / "mets.xml").write_text((second / "mets.xml").read_text("utf-8") + "<!-- 2 -->", "utf-8")
    third = tmp_path / "c"
    third.mkdir()
    Image.new("L", (60, 60), 9).save(third / "plate.png")
    index_books(first)
    before = documents(client, index_name)
    report = index_books(first, second, third) if together else index_books(second, third)
    after = documents(client, index_name)
    assert {id_: after.get(id_) for id_ in before} == before
    assert (report.removed, report.pages_removed, report.written) == (0, 0, 1), "the run goes on"
    [problem] = report.problems
    assert (problem.file, problem.code) == (str(second / "mets.xml"), ProblemCode.DUPLICATE)
    assert str(first / "mets.xml") in problem.reason
    assert "frontispiece remove urn:x:work" in problem.reason


def test_a_moved_book_replaces_itself_quietly(
    index_books: IndexBooks, client: Elasticsearch, index_name: str, tmp_path: Path
) -> None:
    index_books(write_book(tmp_path / "a", "Fyret"))
    before = documents(client, index_name)
    moved_folder = Path(shutil.move(tmp_path / "a", tmp_path / "elsewhere"))
    report = index_books(moved_folder)
    after = documents(client, index_name)
    assert (report.problems, set(after)) == ((), set(before))
    assert after["book urn:x:work"]["source"] == str(moved_folder / "mets.xml")


def test_a_page_of_another_book_is_not_taken_over(
    index_books: IndexBooks, client: Elasticsearch, index_name: str, tmp_path: Path
) -> None:
    """The second METS has an id of its own, but its page is called like the first one's."""
    first, second = write_book(tmp_path / "a", "Fyret"), write_book(tmp_path / "b", "Havet", grey=200)
    for folder, book_id in ((first, "urn:x:1"), (second, "urn:x:2")):
        mets = (folder / "mets.xml").read_text("utf-8").replace("urn:x:work", book_id)
        (folder / "mets.xml").write_text(mets.replace('TYPE="page"', 'TYPE="page" CONTENTIDS="urn:x:page"'), "utf-8")
    index_books(first)
    before = documents(client, index_name)
    report = index_books(second)
    after = documents(client, index_name)
    assert {id_: after.get(id_) for id_ in before} == before
    [problem] = report.problems
    assert (problem.file, problem.code, report.written) == (str(second / "mets.xml"), ProblemCode.DUPLICATE, 0)
    assert "urn:x:page" in problem.reason
    assert str(first / "mets.xml") in problem.reason


def test_a_book_with_a_corrected_id_takes_its_pages_along(
    index_books: IndexBooks, client: Elasticsearch, index_name: str, tmp_path: Path
) -> None:
    folder = write_book(tmp_path / "a", "Fyret")
    mets = (folder / "mets.xml").read_text("utf-8").replace('TYPE="page"', 'TYPE="page" CONTENTIDS="urn:x:page"')
    (folder / "mets.xml").write_text(mets, "utf-8")
    index_books(folder)
    (folder / "mets.xml").write_text(mets.replace("urn:x:work", "urn:x:corrected"), "utf-8")
    assert index_books(folder).problems == ()
    assert documents(client, index_name)["page urn:x:page"]["book_id"] == "urn:x:corrected"


def test_volumes_of_one_work_are_both_kept(index_books: IndexBooks, client: Elasticsearch, index_name: str) -> None:
    """Case `tome-volumes-collide`: the second run removed the first volume."""
    books = CASES / "tome-volumes-collide" / "books"
    index_books(books / "9427334")
    first_volume = documents(client, index_name)
    report = index_books(books / "9427335")
    assert (report.removed, report.pages_removed) == (0, 0)
    both_volumes = documents(client, index_name)
    assert {id_: both_volumes.get(id_) for id_ in first_volume} == first_volume
    assert {"book 211999539", "book 211999563"} <= set(both_volumes)
    report = index_books(books)
    assert (report.written, report.unchanged > 0, set(documents(client, index_name))) == (0, True, set(both_volumes))
