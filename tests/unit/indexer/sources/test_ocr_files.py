"""PAGE-XML and hOCR beside scans are pages of a book, like ALTO."""

from pathlib import Path

import pytest
from PIL import Image

from indexer.records import Leaf, Problem, Volume
from indexer.run_records import FileAccount
from indexer.sources import find_volumes
from tests.alto_factory import alto_document
from tests.paths import CASES, SHARED

PAGE_XML = (
    b'<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">'
    b'<Page imageFilename="bok_0001.jpg" imageWidth="30" imageHeight="20"/></PcGts>'
)


def hocr(*images: str) -> bytes:
    pages = "".join(f"<div class='ocr_page' title='image \"{image}\"; bbox 0 0 30 20'></div>" for image in images)
    return f"<html><head><meta name='ocr-system' content='tesseract'></head><body>{pages}</body></html>".encode()


FILES = {"alto": alto_document(""), "page": PAGE_XML, "hocr": hocr("x.tif")}


def write(path: Path, data: bytes | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if data is None:
        Image.new("L", (30, 20)).save(path)
    else:
        path.write_bytes(data)
    return path


def read_volumes(source: Path) -> list[Volume]:
    return [item for item in find_volumes(source) if isinstance(item, Volume)]


def leaf_files(folder: Path, *leaves: Leaf) -> list[tuple[str, ...]]:
    return [
        tuple(
            Path(location).resolve().relative_to(folder.resolve()).as_posix() if location else "" for location in files
        )
        for files in ((leaf.alto, leaf.scan) for leaf in leaves)
    ]


def account_of(folder: Path) -> FileAccount:
    (account,) = (item for item in find_volumes(folder) if isinstance(item, FileAccount))
    return account


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bok_0001.xml", PAGE_XML),
        ("bok_0001.page.xml", PAGE_XML),
        ("page/bok_0001.xml", PAGE_XML),
        ("bok_0001.hocr", FILES["hocr"]),
        ("bok_0001.html", FILES["hocr"]),
        ("bok_0001_hocr.html", FILES["hocr"]),
        ("bok_0001.hocr.html", FILES["hocr"]),
        ("hocr/bok_0001.xhtml", FILES["hocr"]),
        ("bok_0001.xml", FILES["hocr"]),
    ],
)
def test_page_belongs_to_the_scan_of_its_name(tmp_path: Path, name: str, data: bytes) -> None:
    folder = tmp_path / "library"
    write(folder / name, data)
    write(folder / "bok_0001.jpg")
    (volume,) = read_volumes(folder)
    assert leaf_files(folder, *volume.leaves) == [(name, "bok_0001.jpg")]
    assert (volume.leaves[0].number, volume.warnings) == (1, ())
    assert (account_of(folder).read_count, account_of(folder).total) == (2, 2)


def test_real_hocr_beside_scans_is_read_and_no_scan_becomes_a_picture() -> None:
    folder = CASES / "silent-formats" / "hocr"
    (volume,) = read_volumes(folder)
    assert leaf_files(folder, *volume.leaves) == [
        ("bok_0001.hocr", "bok_0001.jpg"),
        ("bok_0002.hocr", "bok_0002.jpg"),
        ("bok_0003.html", "bok_0003.jpg"),
    ]


@pytest.mark.parametrize(
    ("names", "read"),
    [
        ({"alto": "bok_0001.xml", "hocr": "bok_0001.hocr"}, "bok_0001.xml"),
        ({"alto": "alto/bok_0001.xml", "page": "page/bok_0001.xml", "hocr": "hocr/bok_0001.html"}, "alto/bok_0001.xml"),
        ({"alto": "alto/0001.xml", "page": "page/0001.xml"}, "alto/0001.xml"),
        ({"page": "bok_0001.xml", "hocr": "bok_0001.html"}, "bok_0001.xml"),
    ],
)
def test_of_several_texts_of_a_page_alto_is_read_then_page_xml(
    tmp_path: Path, names: dict[str, str], read: str
) -> None:
    for file_format, name in names.items():
        write(tmp_path / name, FILES[file_format])
    scan = write(tmp_path / Path(read).with_suffix(".jpg").name)
    (volume,) = read_volumes(tmp_path)
    assert leaf_files(tmp_path, *volume.leaves) == [(read, scan.name)]
    account = account_of(tmp_path)
    assert (account.read_count, account.companion_count) == (2, len(names) - 1)
    (note,) = account.notes
    assert "another text of the same page" in note.reason
    assert not [item for item in find_volumes(tmp_path) if isinstance(item, Problem)]


def test_pages_of_two_books_with_equal_names_are_both_read(tmp_path: Path) -> None:
    write(tmp_path / "a" / "0001.xml", FILES["alto"])
    write(tmp_path / "b" / "0001.hocr", FILES["hocr"])
    assert len(read_volumes(tmp_path)) == 2


@pytest.mark.parametrize("image", ["scans/default-01.jpg", "V:\\Temp\\default-01.jpg", "/home/x/default-01.tif"])
def test_pages_of_one_hocr_file_have_the_scans_that_it_names(tmp_path: Path, image: str) -> None:
    write(tmp_path / "bok.hocr", hocr(image, "default-02.jpg", "missing.jpg"))
    write(tmp_path / "scans" / "default-01.jpg")
    write(tmp_path / "default-02.jpg")
    (volume,) = read_volumes(tmp_path)
    (leaf,) = volume.leaves
    assert leaf_files(tmp_path, *leaf.page_leaves) == [
        ("bok.hocr", "scans/default-01.jpg"),
        ("bok.hocr", "default-02.jpg"),
        ("bok.hocr", ""),
    ]
    assert volume.warnings == ("no scan was found for 1 of 3 pages",)
    assert (account_of(tmp_path).read_count, account_of(tmp_path).not_read_count) == (3, 0)


@pytest.mark.parametrize("data", [PAGE_XML, hocr("bok_0001.jpg")])
def test_page_of_another_name_has_the_scan_that_it_names(tmp_path: Path, data: bytes) -> None:
    write(tmp_path / "OCR" / "FILE_17_OCR.xml", data)
    write(tmp_path / "OCR" / "bok_0001.jpg")
    (volume,) = read_volumes(tmp_path)
    assert leaf_files(tmp_path, *volume.leaves) == [("OCR/FILE_17_OCR.xml", "OCR/bok_0001.jpg")]


@pytest.mark.parametrize(("name", "data"), [("bok_0001.xml", PAGE_XML), ("bok_0001.hocr", FILES["hocr"])])
def test_single_page_can_be_named_itself(tmp_path: Path, name: str, data: bytes) -> None:
    path = write(tmp_path / name, data)
    write(tmp_path / "bok_0001.jpg")
    (volume,) = read_volumes(path)
    assert leaf_files(tmp_path, *volume.leaves) == [(name, "bok_0001.jpg")]


def test_single_hocr_file_of_a_book_has_its_scans(tmp_path: Path) -> None:
    path = write(tmp_path / "bok.hocr", hocr("1.jpg", "2.jpg"))
    write(tmp_path / "1.jpg")
    write(tmp_path / "2.jpg")
    (volume,) = read_volumes(path)
    assert [leaf[1] for leaf in leaf_files(tmp_path, *volume.leaves[0].page_leaves)] == ["1.jpg", "2.jpg"]


@pytest.mark.parametrize(
    ("groups", "read"),
    [(("PAGE", "ALTO"), "OCR-D-GT-ALTO"), (("PAGE",), "OCR-D-GT-PAGE")],
)
def test_mets_of_ocr_d_gives_alto_if_it_is_here_and_page_xml_otherwise(
    tmp_path: Path, groups: tuple[str, ...], read: str
) -> None:
    mets = (SHARED / "mets" / "ocrd_kant_mets.xml").read_bytes()
    write(tmp_path / "mets.xml", mets)
    for group in groups:
        for page in ("0017", "0020"):
            data = FILES["alto" if group == "ALTO" else "page"]
            write(tmp_path / f"OCR-D-GT-{group}" / f"PAGE_{page}_{group}.xml", data)
    for page in ("0017", "0020"):
        write(tmp_path / "OCR-D-IMG" / f"INPUT_{page}.tif")
    (volume,) = read_volumes(tmp_path)
    assert [Path(leaf.alto or "").parent.name for leaf in volume.leaves] == [read, read]
    assert account_of(tmp_path).not_read_count == 0


def test_web_pages_are_not_hocr(tmp_path: Path) -> None:
    write(tmp_path / "index.html", b"<!DOCTYPE html><html><body>Hello</body></html>")
    assert [item.reason for item in find_volumes(tmp_path) if isinstance(item, Problem)][-1].startswith(
        "1 web page is not read"
    )
