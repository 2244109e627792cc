"""Leaves become pages; unreadable files become problems."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from core.errors import ProblemCode
from core.settings import Settings
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.reader import LeafReader, PageContents
from indexer.ingest.report import RunReportBuilder
from indexer.records import Book, Leaf
from tests.alto_factory import alto_document, position_attributes, print_space, text_block

BOOK = Book(id="book")


@pytest.fixture
def report_builder() -> RunReportBuilder:
    return RunReportBuilder()


@pytest.fixture
def reader(tmp_path: Path, report_builder: RunReportBuilder) -> Iterator[LeafReader]:
    settings = Settings(cache=tmp_path / "cache")
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as crops:
        yield LeafReader(crops, fetcher, report_builder)


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
