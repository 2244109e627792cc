"""Leaves become pages; unreadable files become problems."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from core.errors import ProblemCode
from core.settings import Settings
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.reader import LeafReader, PageContents
from indexer.ingest.report import RunReportBuilder
from indexer.records import Book, Leaf, Volume
from indexer.sources import find_volumes
from tests.alto_factory import alto_document, position_attributes, print_space, text_block
from tests.paths import CASES
from tests.picture_files import noise, picture_file, stored_picture, tiff_file, upright_picture

BOOK = Book(id="book")


def write_alto(folder: Path, *, with_picture: bool) -> Path:
    picture = f'<Illustration ID="I" {position_attributes(0, 0, 50, 50)}/>' if with_picture else ""
    path = folder / "page.xml"
    path.write_bytes(alto_document(print_space(picture + text_block("T", "ord", position=(0, 60, 100, 20)))))
    return path


def read_single_page(reader: LeafReader, leaf: Leaf) -> PageContents:
    (page,) = reader.read_pages(BOOK, leaf)
    return page


def test_missing_alto_file_becomes_a_problem(
    reader: LeafReader, report_builder: RunReportBuilder, tmp_path: Path
) -> None:
    assert list(reader.read_pages(BOOK, Leaf(id="p", number=1, alto=str(tmp_path / "x.xml")))) == []
    (problem,) = report_builder.build().problems
    assert problem.file == str(tmp_path / "x.xml")
    assert "No such file" in problem.reason


def test_page_without_scan_keeps_its_text_and_is_incomplete(
    reader: LeafReader, report_builder: RunReportBuilder, tmp_path: Path
) -> None:
    page = read_single_page(reader, Leaf(id="p", number=1, alto=str(write_alto(tmp_path, with_picture=True))))
    assert page.ocr_page is not None
    assert page.ocr_page.text.text == "ord"
    assert (page.pictures, page.is_complete) == ((), False)
    assert [problem.code for problem in report_builder.build().problems] == [ProblemCode.NO_SCAN]


def test_text_page_without_scan_is_complete(
    reader: LeafReader, report_builder: RunReportBuilder, tmp_path: Path
) -> None:
    page = read_single_page(reader, Leaf(id="p", number=1, alto=str(write_alto(tmp_path, with_picture=False))))
    assert page.is_complete
    assert report_builder.build().problems == ()


def test_boxes_of_words_and_pictures_use_one_scale(reader: LeafReader, tmp_path: Path) -> None:
    leaf = Leaf(id="p", number=1, alto=str(write_alto(tmp_path, with_picture=True)))
    unscaled_page = read_single_page(reader, leaf).ocr_page
    assert unscaled_page is not None
    scan = tmp_path / "scan.png"
    Image.new("L", (2 * unscaled_page.width, 2 * unscaled_page.height)).save(scan)
    page = read_single_page(reader, Leaf(id="p", number=1, alto=leaf.alto, scan=str(scan)))
    assert page.ocr_page is not None
    assert (page.ocr_page.width, page.ocr_page.height) == (2 * unscaled_page.width, 2 * unscaled_page.height)
    assert [str(picture.element.box) for picture in page.pictures] == ["0,0,100,100"]
    doubled = ",".join(str(2 * int(number)) for number in unscaled_page.word_boxes.split(","))
    assert page.ocr_page.word_boxes == doubled


def test_plain_picture_has_the_size_of_its_scan(reader: LeafReader, tmp_path: Path) -> None:
    Image.new("L", (60, 40)).save(tmp_path / "scan.png")
    page = read_single_page(reader, Leaf(id="p", number=1, scan=str(tmp_path / "scan.png"), caption="A ship"))
    assert page.ocr_page is None
    (picture,) = page.pictures
    assert (str(picture.element.box), picture.element.context.caption.text) == ("0,0,60,40", "A ship")


def write_turned_scan(folder: Path, width: int, height: int) -> str:
    """Return a JPEG that is stored on its side and stands upright with these sides."""
    scan = folder / "scan.jpg"
    scan.write_bytes(picture_file(stored_picture(6, upright_picture(width, height)), "JPEG", 6))
    return str(scan)


@pytest.mark.parametrize(("width", "height", "is_upright"), [(600, 900, True), (900, 600, False)])
def test_a_scan_is_turned_if_the_size_of_its_page_says_so(
    width: int, height: int, *, is_upright: bool, reader: LeafReader, report_builder: RunReportBuilder, tmp_path: Path
) -> None:
    illustration = f'<Illustration ID="I" {position_attributes(0, 0, 50, 50)}/>'
    alto = alto_document(print_space(illustration), size=f'WIDTH="{width}" HEIGHT="{height}"')
    (tmp_path / "page.xml").write_bytes(alto)
    scan = write_turned_scan(tmp_path, 600, 900)
    page = read_single_page(reader, Leaf(id="p", number=1, alto=str(tmp_path / "page.xml"), scan=scan))
    (picture,) = page.pictures
    assert (picture.scan_width, picture.scan_height, picture.leaf.is_upright) == (width, height, is_upright)
    assert report_builder.build().warnings == ()


def test_a_turned_scan_of_a_square_page_is_used_as_stored_with_a_warning(
    reader: LeafReader, report_builder: RunReportBuilder, tmp_path: Path
) -> None:
    alto = write_alto(tmp_path, with_picture=True)
    page = read_single_page(reader, Leaf(id="p", number=1, alto=str(alto), scan=write_turned_scan(tmp_path, 900, 900)))
    assert not page.pictures[0].leaf.is_upright
    (warning,) = report_builder.build().warnings
    assert (warning.file, warning.reason[:30]) == (str(alto), "the scan's EXIF orientation 6 ")


def test_pages_of_tesseracts_alto_have_the_pages_of_the_tiff_beside_it(
    reader: LeafReader, report_builder: RunReportBuilder, tmp_path: Path
) -> None:
    shutil.copy(CASES / "multipage-tiff" / "tess" / "book.xml", tmp_path)
    (tmp_path / "book.tif").write_bytes(tiff_file([noise(1200, 1600, seed, "L") for seed in range(3)]))
    (volume,) = (item for item in find_volumes(tmp_path) if isinstance(item, Volume))
    pages = [page for leaf in volume.leaves for page in reader.read_pages(volume.book, leaf)]
    pictures = [picture for page in pages for picture in page.pictures]
    assert [(picture.leaf.number, picture.leaf.frame, picture.element.alto_id) for picture in pictures] == [
        (1, 0, "i0"),
        (2, 1, "i1"),
        (3, 2, "i2"),
    ]
    assert len({picture.id for picture in pictures}) == 3
    report = report_builder.build()
    assert (report.problems, report.warnings) == ((), ())


def test_every_page_of_a_tiff_without_alto_is_a_picture(reader: LeafReader, tmp_path: Path) -> None:
    shutil.copy(CASES / "multipage-tiff" / "multi.tif", tmp_path)
    (volume,) = (item for item in find_volumes(tmp_path) if isinstance(item, Volume))
    pictures = [p for leaf in volume.leaves for page in reader.read_pages(volume.book, leaf) for p in page.pictures]
    assert [picture.leaf.number for picture in pictures] == [1, 2, 3]
    assert len({picture.id for picture in pictures}) == 3
    assert [picture.leaf.id.partition(":")[2] for picture in pictures] == ["multi.tif:1", "multi.tif:2", "multi.tif:3"]


def named_scans(folder: Path, leaf: Leaf) -> tuple[str, list[str]]:
    """Return the names of the scan that the documents of a page and of its pictures get."""
    settings = Settings(scans=str(folder), data=folder, cache=folder)
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as cropper:
        page = read_single_page(LeafReader(cropper, fetcher, RunReportBuilder()), leaf)
    return page.ocr_page.scan_name if page.ocr_page else "", [picture.scan_name for picture in page.pictures]


@pytest.mark.parametrize("with_picture", [True, False])
def test_a_scan_in_the_folders_of_the_setting_is_named(tmp_path: Path, with_picture: bool) -> None:  # noqa: FBT001
    books = tmp_path / "books"
    books.mkdir()
    scan = books / "1.tif"
    scan.write_bytes(picture_file(noise(1000, 1500), "TIFF"))
    leaf = Leaf(id="p", number=1, alto=str(write_alto(tmp_path, with_picture=with_picture)), scan=str(scan))
    assert named_scans(books, leaf) == ("books/1.tif", ["books/1.tif"] * with_picture)
    (tmp_path / "other").mkdir()
    assert named_scans(tmp_path / "other", leaf) == ("", [""] * with_picture)


def test_a_picture_without_ocr_has_the_name_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "plate.jpg").write_bytes(picture_file(noise(600, 600), "JPEG"))
    leaf = Leaf(id="p", number=1, scan=str(tmp_path / "plate.jpg"))
    assert named_scans(tmp_path, leaf) == ("", [f"{tmp_path.name}/plate.jpg"])


def test_a_scan_that_cannot_be_read_and_one_on_the_web_have_no_name(tmp_path: Path) -> None:
    (tmp_path / "broken.tif").write_bytes(b"II*\0")
    alto = str(write_alto(tmp_path, with_picture=False))
    for scan in (str(tmp_path / "broken.tif"), str(tmp_path / "missing.tif"), "https://iiif.example.org/1.jpg"):
        leaf = Leaf(id="p", number=1, alto=alto, scan=scan, width=1000, height=1500)
        assert named_scans(tmp_path, leaf) == ("", [])


def test_the_size_of_the_file_counts_and_not_that_of_the_mets(tmp_path: Path) -> None:
    (tmp_path / "1.tif").write_bytes(picture_file(noise(1000, 1500), "TIFF"))
    alto = str(write_alto(tmp_path, with_picture=False))
    settings = Settings(data=tmp_path, cache=tmp_path)
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as cropper:
        leaf = Leaf(id="p", number=1, alto=alto, scan=str(tmp_path / "1.tif"), width=500, height=750)
        page = read_single_page(LeafReader(cropper, fetcher, RunReportBuilder()), leaf)
    assert page.ocr_page is not None
    assert (page.ocr_page.width, page.ocr_page.height) == (1000, 1500)
