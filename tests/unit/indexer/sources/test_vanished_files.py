"""Files that vanish while a source is read, and addresses that are none: problems of a run, never its end."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from core.errors import ProblemCode
from indexer.records import Problem, Volume
from indexer.sources import discovery, find_volumes
from tests.mets_factory import NAMESPACES


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_picture(path: Path, size: int = 8) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (size, size)).save(path)


def write_mets(path: Path, href: str) -> None:
    write_text(
        path,
        f'<m:mets {NAMESPACES}><m:fileSec><m:fileGrp USE="IMAGE"><m:file ID="F"><m:FLocat x:href="{href}"/></m:file>'
        '</m:fileGrp></m:fileSec><m:structMap TYPE="PHYSICAL"><m:div TYPE="page"><m:fptr FILEID="F"/></m:div>'
        "</m:structMap></m:mets>",
    )


def write_alto_book(folder: Path) -> None:
    write_text(folder / "alto/bok_1.xml", "<alto><Layout/></alto>")


def write_mets_book(folder: Path) -> None:
    write_mets(folder / "meta.xml", "file:///elsewhere/bok_1.tif")


def write_archive_book(folder: Path) -> None:
    write_text(
        folder / "bok_scandata.xml",
        '<book><pageData><page leafNum="1"><pageType>Normal</pageType></page></pageData></book>',
    )
    write_text(folder / "bok_hocr.html", '<html><body><div class="ocr_page" title="bbox 0 0 8 8"></div></body></html>')


@pytest.mark.parametrize(
    ("write_book", "name"), [(write_alto_book, "bok_1"), (write_mets_book, "bok_1"), (write_archive_book, "bok_0001")]
)
def test_of_two_copies_of_a_scan_one_may_vanish_after_the_folder_was_listed(
    tmp_path: Path, write_book: Callable[[Path], None], name: str
) -> None:
    write_picture(tmp_path / "a/first.jpg")
    write_mets(tmp_path / "a/mets.xml", "first.jpg")
    folder = tmp_path / "b"
    write_book(folder)
    write_picture(folder / f"large/{name}.jpg", 90)
    write_picture(folder / f"small/{name}.jpg")
    items = iter(find_volumes(tmp_path))
    next(items)
    (folder / f"large/{name}.jpg").unlink()
    volume = next(item for item in items if isinstance(item, Volume))
    (leaf,) = (page for leaf in volume.leaves for page in leaf.single_pages)
    assert leaf.scan == str(folder / f"small/{name}.jpg")


def test_disk_that_fails_while_a_folder_is_read_is_a_problem_that_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_and_fail(root: Path) -> Iterator[Problem]:
        yield Problem(str(root), "first")
        raise OSError(5, "Input/output error", os.fsencode(root / "b.xml"))

    monkeypatch.setattr(discovery, "find_folder_volumes", find_and_fail)
    _, problem = find_volumes(tmp_path)
    assert problem == Problem(
        str(tmp_path / "b.xml"),
        f"Input/output error; the rest of {tmp_path} is not read: check the disk and index it again",
        ProblemCode.UNREADABLE,
    )


@pytest.mark.parametrize("url", ["http://[bad/x", "http://a℀b/x", "https://x.org:port/mets.xml"])
def test_address_that_is_not_valid_is_a_problem(url: str) -> None:
    def fetch(url: str) -> bytes:
        raise AssertionError(url)

    (problem,) = find_volumes(url, fetch)
    assert isinstance(problem, Problem)
    assert (problem.file, problem.code) == (url, ProblemCode.UNAVAILABLE)
    assert problem.reason.startswith("not a valid URL (")
    assert problem.reason.endswith("name the address of a IIIF manifest or collection, a METS or an OAI-PMH repository")


def test_mets_on_the_web_with_an_href_that_is_not_valid_is_a_problem(tmp_path: Path) -> None:
    write_mets(tmp_path / "mets.xml", "//[bad/x.jpg")
    document = (tmp_path / "mets.xml").read_bytes()
    (problem,) = find_volumes("https://x.org/mets.xml", lambda _: document)
    assert isinstance(problem, Problem)
    assert problem.reason == "the METS has an href that is not a valid URL (Invalid IPv6 URL)"
