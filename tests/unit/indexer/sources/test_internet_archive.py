"""Books of the Internet Archive: the list of pages, one text of the whole book, and a folder of scans."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from core.settings import Settings
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.reader import LeafReader, PageContents
from indexer.ingest.report import RunReportBuilder
from indexer.records import Leaf, Problem, Volume
from indexer.run_records import FileAccount
from indexer.sources import find_volumes

PAGES = (
    ("Color Card", "false", ""),
    ("Cover", "true", ""),
    ("Title", "true", ""),
    ("Normal", "true", "1"),
    ("Delete", "false", ""),
    ("Normal", "true", "2"),
)
SHOWN_LEAVES = [1, 2, 3, 5]


def scandata(*pages: tuple[str, str, str], first_leaf: int = 0, namespace: str = "") -> bytes:
    elements = "".join(
        f'<page leafNum="{number}"><pageType>{page_type}</pageType><addToAccessFormats>{is_shown}</addToAccessFormats>'
        f"<pageNumber>{label}</pageNumber><origWidth>200</origWidth></page>"
        for number, (page_type, is_shown, label) in enumerate(pages, start=first_leaf)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><book{namespace}><bookData><bookId>fyrbok00holm</bookId></bookData>'
        f"<pageData>{elements}</pageData></book>"
    ).encode()


def hocr(numbers: list[int], picture_page: int = 3) -> bytes:
    pages = "".join(
        f'<div class="ocr_page" id="page_{number:06}" '
        f'title="image &quot;/tmp/fyrbok00holm_jp2/fyrbok00holm_{number:04}.jp2&quot;; bbox 0 0 200 300; ppageno 0">'
        f'<p class="ocr_par"><span class="ocr_line" title="bbox 10 10 190 30">'
        f'<span class="ocrx_word" title="bbox 10 10 190 30; x_wconf 90">leaf{number}</span></span></p>'
        + ('<div class="ocr_photo" id="x" title="bbox 20 50 180 250"></div>' if number == picture_page else "")
        + "</div>"
        for number in numbers
    )
    return f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{pages}</body></html>'.encode()


def djvu_xml(numbers: list[int]) -> bytes:
    objects = "".join(
        f'<OBJECT data="file://localhost//tmp/derive/x.djvu" height="300" type="image/x.djvu" width="200" '
        f'usemap="fyrbok00holm_{number:04}.djvu"><PARAM name="PAGE" value="fyrbok00holm_{number:04}.djvu"/>'
        f'<PARAM name="DPI" value="400"/><HIDDENTEXT><PAGECOLUMN><REGION><PARAGRAPH><LINE>'
        f'<WORD coords="10,30,90,10" x-confidence="63">leaf{number}</WORD><WORD coords="100,30,190,10,28">fyr</WORD>'
        f"</LINE></PARAGRAPH></REGION></PAGECOLUMN></HIDDENTEXT></OBJECT><MAP name='x'/>"
        for number in numbers
    )
    return f'<?xml version="1.0"?>\n<!DOCTYPE DjVuXML>\n<DjVuXML><BODY>{objects}</BODY></DjVuXML>'.encode()


def write_book(folder: Path, files: dict[str, bytes], scans: list[int]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for number in scans:
        (folder / "fyrbok00holm_jp2").mkdir(exist_ok=True)
        Image.new("L", (200, 300)).save(folder / "fyrbok00holm_jp2" / f"fyrbok00holm_{number:04}.jp2")
    return folder


def read_volume(folder: Path) -> Volume:
    (volume,) = (item for item in find_volumes(folder) if isinstance(item, Volume))
    return volume


def account_of(folder: Path) -> FileAccount:
    (account,) = (item for item in find_volumes(folder) if isinstance(item, FileAccount))
    return account


def shown_leaves(volume: Volume) -> tuple[Leaf, ...]:
    (leaf,) = volume.leaves
    return leaf.single_pages


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[LeafReader]:
    settings = Settings(cache=tmp_path / "cache")
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as crops:
        yield LeafReader(crops, fetcher, RunReportBuilder())


def read_contents(reader: LeafReader, volume: Volume) -> list[PageContents]:
    return [page for leaf in volume.leaves for page in reader.read_pages(volume.book, leaf)]


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://archive.org/scribe/xml"'])
def test_pages_have_numbers_scans_and_viewers_and_hidden_scans_are_no_pages(tmp_path: Path, namespace: str) -> None:
    files = {
        "fyrbok00holm_scandata.xml": scandata(*PAGES, namespace=namespace),
        "fyrbok00holm_hocr.html": hocr(list(range(6))),
    }
    folder = write_book(tmp_path / "item", files, [0, 1, 2, 3, 4, 5])
    volume = read_volume(folder)
    assert volume.book.id == "fyrbok00holm"
    assert volume.book.viewer == "https://archive.org/details/fyrbok00holm"
    leaves = shown_leaves(volume)
    assert [leaf.id for leaf in leaves] == [f"fyrbok00holm_{number:04}" for number in SHOWN_LEAVES]
    assert [leaf.label for leaf in leaves] == ["", "", "1", "2"]
    assert [leaf.number for leaf in leaves] == [1, 2, 3, 4]
    assert [Path(leaf.scan or "").name for leaf in leaves] == [f"{leaf.id}.jp2" for leaf in leaves]
    assert leaves[2].viewer == "https://archive.org/details/fyrbok00holm/page/n2"
    assert volume.warnings == ()
    account = account_of(folder)
    assert (account.read_count, account.companion_count, account.not_read_count) == (6, 2, 0)


def test_pictures_of_hocr_are_cut_from_the_scan_of_their_page(tmp_path: Path, reader: LeafReader) -> None:
    files = {"fyrbok00holm_scandata.xml": scandata(*PAGES), "fyrbok00holm_hocr.html": hocr(list(range(6)))}
    pages = read_contents(reader, read_volume(write_book(tmp_path / "item", files, list(range(6)))))
    assert [page.ocr_page.text.text for page in pages if page.ocr_page] == ["leaf1", "leaf2", "leaf3", "leaf5"]
    (picture,) = (picture for page in pages for picture in page.pictures)
    assert (picture.leaf.id, str(picture.element.box)) == ("fyrbok00holm_0003", "20,50,160,200")
    assert Path(picture.leaf.scan or "").name == "fyrbok00holm_0003.jp2"


def test_djvu_xml_gives_words_with_boxes_and_no_pictures_and_says_so(tmp_path: Path, reader: LeafReader) -> None:
    files = {"fyrbok00holm_scandata.xml": scandata(*PAGES), "fyrbok00holm_djvu.xml": djvu_xml(list(range(6)))}
    volume = read_volume(write_book(tmp_path / "item", files, list(range(6))))
    pages = [page.ocr_page for page in read_contents(reader, volume)]
    assert [page.text.text for page in pages if page] == ["leaf1 fyr", "leaf2 fyr", "leaf3 fyr", "leaf5 fyr"]
    assert pages[0] is not None
    assert pages[0].word_boxes == "10,10,80,20 100,10,90,20"
    assert pages[0].text.confidence == pytest.approx(0.63)
    assert volume.warnings == ("fyrbok00holm_djvu.xml has no pictures; they come only from an hOCR file of the book",)


def test_hocr_is_preferred_and_the_other_texts_belong_to_it(tmp_path: Path) -> None:
    files = {
        "fyrbok00holm_scandata.xml": scandata(*PAGES),
        "fyrbok00holm_djvu.xml": djvu_xml(list(range(6))),
        "fyrbok00holm_hocr.html": hocr(list(range(6))),
    }
    folder = write_book(tmp_path / "item", files, list(range(6)))
    assert Path(read_volume(folder).leaves[0].alto or "").name == "fyrbok00holm_hocr.html"
    account = account_of(folder)
    assert (account.read_count, account.companion_count, account.not_read_count) == (6, 3, 0)


@pytest.mark.parametrize(
    ("numbers", "first_leaf", "leaf_numbers"),
    [
        ([0, 1, 2, 3, 4, 5], 1, [2, 3, 4, 6]),
        ([100, 101, 102, 103], 0, SHOWN_LEAVES),
        ([1, 2, 3, 5], 0, SHOWN_LEAVES),
    ],
)
def test_pages_are_matched_by_number_else_by_position(
    tmp_path: Path, numbers: list[int], first_leaf: int, leaf_numbers: list[int]
) -> None:
    files = {
        "fyrbok00holm_scandata.xml": scandata(*PAGES, first_leaf=first_leaf),
        "fyrbok00holm_hocr.html": hocr(numbers),
    }
    leaves = shown_leaves(read_volume(write_book(tmp_path / "item", files, [])))
    assert [leaf.id for leaf in leaves] == [f"fyrbok00holm_{number:04}" for number in leaf_numbers]


def test_text_that_does_not_fit_the_list_is_read_without_scans_with_a_warning(
    tmp_path: Path, reader: LeafReader
) -> None:
    files = {"fyrbok00holm_scandata.xml": scandata(*PAGES), "fyrbok00holm_hocr.html": hocr([70, 71, 72], 0)}
    volume = read_volume(write_book(tmp_path / "item", files, [0, 1]))
    assert volume.warnings == (
        "fyrbok00holm_hocr.html has not the pages of the list, which has 6; its pages have no scans",
    )
    assert len(read_contents(reader, volume)) == 3


def test_scans_in_an_archive_are_named_with_advice(tmp_path: Path) -> None:
    files = {
        "fyrbok00holm_scandata.xml": scandata(*PAGES),
        "fyrbok00holm_hocr.html": hocr(list(range(6))),
        "fyrbok00holm_jp2.zip": b"PK\x03\x04",
    }
    folder = write_book(tmp_path / "item", files, [])
    (problem,) = (item for item in find_volumes(folder) if isinstance(item, Problem))
    assert (Path(problem.file).name, problem.reason) == (
        "fyrbok00holm_jp2.zip",
        "the scans of fyrbok00holm_hocr.html are in this archive; unpack it beside the text",
    )
    assert account_of(folder).not_read_count == 1


def test_records_of_the_item_describe_the_book(tmp_path: Path) -> None:
    meta = (
        b"<metadata><identifier>fyrbok00holm</identifier><mediatype>texts</mediatype><title>Fyrboken</title>"
        b"<creator>Holm, Anna</creator><date>1891</date><language>nor</language>"
        b"<licenseurl>http://creativecommons.org/publicdomain/mark/1.0/</licenseurl></metadata>"
    )
    files = {
        "fyrbok00holm_scandata.xml": scandata(*PAGES),
        "fyrbok00holm_hocr.html": hocr(list(range(6))),
        "fyrbok00holm_meta.xml": meta,
    }
    book = read_volume(write_book(tmp_path / "item", files, [])).book
    assert (book.title, book.authors, book.year, book.languages) == ("Fyrboken", ("Holm, Anna",), 1891, ("nor",))
    assert book.licence == "http://creativecommons.org/publicdomain/mark/1.0/"


@pytest.mark.parametrize("data", [b"<book><pageData/></book>", b"<book><pageData>"])
def test_list_without_pages_and_broken_list_are_problems_and_the_text_is_still_read(
    tmp_path: Path, data: bytes
) -> None:
    files = {"fyrbok00holm_scandata.xml": data, "fyrbok00holm_hocr.html": hocr([0, 1])}
    items = list(find_volumes(write_book(tmp_path / "item", files, [0, 1])))
    (problem,) = (item for item in items if isinstance(item, Problem))
    assert problem.file.endswith("_scandata.xml")
    (volume,) = (item for item in items if isinstance(item, Volume))
    assert [Path(leaf.scan or "").name for leaf in shown_leaves(volume)] == [
        "fyrbok00holm_0000.jp2",
        "fyrbok00holm_0001.jp2",
    ]


def test_list_without_a_text_is_not_read_with_advice(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "item", {"fyrbok00holm_scandata.xml": scandata(*PAGES)}, [])
    reasons = [item.reason for item in find_volumes(folder) if isinstance(item, Problem)]
    assert "put the text of the book" in reasons[-1]
