"""The committed specimen books: complete, small, and consistent with their ground truth."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree
from PIL import Image

from tests.paths import SPECIMEN, SPECIMEN_TRUTH

MAX_BYTES = 5_000_000
"""Maximum size of all three books in bytes."""

LABELS = {"illustration", "map", "chart", "music", "ornament", "blank", "anomaly"}
DARK_THRESHOLD = 0.62
"""Share of the paper's brightness: darker than any stain, lighter than any ink."""

HREF = "{http://www.w3.org/1999/xlink}href"
BOOKS = sorted(folder for folder in SPECIMEN.iterdir() if folder.is_dir())

GreyPixels = np.ndarray[Any, np.dtype[np.uint8]]


@cache
def ground_truth(book: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((SPECIMEN_TRUTH / f"{book.name}.json").read_text(encoding="utf-8"))
    return entries


@cache
def scan_pixels(file: Path) -> GreyPixels:
    with Image.open(file) as image:
        return np.asarray(image.convert("L"))


PICTURES = [
    pytest.param(book, entry, id=f"{entry['page_id']}-{entry['picture']['subject'] or 'blank'}-{number}")
    for book in BOOKS
    for number, entry in enumerate(ground_truth(book))
]


def picture_pixels(book: Path, entry: dict[str, Any]) -> GreyPixels:
    x, y, width, height = entry["picture"]["box"]
    return scan_pixels(book / entry["scan"])[y : y + height, x : x + width]


def test_there_are_three_books_with_every_kind_of_picture() -> None:
    entries = [entry for book in BOOKS for entry in ground_truth(book)]
    assert len(BOOKS) == 3
    assert len(entries) >= 30
    assert {entry["picture"]["label"] for entry in entries} == LABELS


def test_books_are_small() -> None:
    assert sum(file.stat().st_size for file in SPECIMEN.rglob("*") if file.is_file()) < MAX_BYTES


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_mets_names_every_file_and_no_other(book: Path) -> None:
    listed_files = {file_location.get(HREF) for file_location in etree.parse(book / "mets.xml").iter("{*}FLocat")}
    existing_files = {
        f"{file.parent.name}/{file.name}" for folder in ("alto", "scans") for file in (book / folder).iterdir()
    }
    assert listed_files == existing_files


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_every_page_has_alto_that_parses_and_a_scan_that_opens(book: Path) -> None:
    pages = sorted(file.stem for file in (book / "alto").iterdir())
    assert pages == sorted(file.stem for file in (book / "scans").iterdir())
    for page in pages:
        assert etree.QName(etree.parse(book / "alto" / f"{page}.xml").getroot()).localname == "alto"
        assert min(scan_pixels(book / "scans" / f"{page}.jpg").shape) >= 900


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_catalogue_record_is_complete(book: Path) -> None:
    record = etree.parse(book / "mets.xml")
    for name in (
        "title",
        "namePart",
        "publisher",
        "placeTerm",
        "dateIssued",
        "languageTerm",
        "genre",
        "topic",
        "identifier",
        "accessCondition",
    ):
        assert record.xpath(f"string(//*[local-name() = '{name}'])"), name


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_each_picture_is_in_the_alto_of_its_page(book: Path) -> None:
    for entry in ground_truth(book):
        page = etree.parse(book / "alto" / f"{entry['page_id']}.xml")
        assert page.xpath("//*[@ID = $id]", id=entry["picture"]["alto_id"]), entry["page_id"]


@pytest.mark.parametrize(("book", "entry"), PICTURES)
def test_a_box_lies_inside_its_scan(book: Path, entry: dict[str, Any]) -> None:
    x, y, width, height = entry["picture"]["box"]
    rows, columns = scan_pixels(book / entry["scan"]).shape
    assert 0 <= x < x + width <= columns
    assert 0 <= y < y + height <= rows


@pytest.mark.parametrize(("book", "entry"), PICTURES)
def test_a_box_holds_ink_unless_the_page_is_blank(book: Path, entry: dict[str, Any]) -> None:
    region = picture_pixels(book, entry)
    paper_brightness = float(np.percentile(scan_pixels(book / entry["scan"]), 75))
    ink_share = float((region < DARK_THRESHOLD * paper_brightness).mean())
    if entry["picture"]["label"] == "blank":
        assert np.median(region) > 0.9 * paper_brightness
    else:
        assert ink_share > 0.05


@pytest.mark.parametrize(("book", "entry"), PICTURES)
def test_a_drawing_fills_its_box_to_all_four_edges(book: Path, entry: dict[str, Any]) -> None:
    """A box that is more than a few pixels too large fails."""
    if entry["picture"]["label"] in {"blank", "anomaly"}:
        return
    dark = picture_pixels(book, entry) < 0.8 * float(np.percentile(scan_pixels(book / entry["scan"]), 75))
    for edge in (dark[:4], dark[-4:], dark[:, :4], dark[:, -4:]):
        assert edge.any()


def test_figures_of_a_page_of_plates_have_no_context() -> None:
    plates = [
        entry["picture"] for book in BOOKS for entry in ground_truth(book) if entry["picture"]["subject"] == "anchor"
    ]
    assert [(plate["caption"], plate["before"], plate["after"]) for plate in plates] == [("", "", "")]


def test_one_block_was_printed_in_two_books() -> None:
    """The ship is the same print apart from skew; the lighthouse is a later state of its block."""
    prints = [(book, entry["picture"]) for book in BOOKS for entry in ground_truth(book)]
    for subject in ("ship", "lighthouse"):
        sizes = [(book.name, picture["box"][2:]) for book, picture in prints if picture["subject"] == subject]
        assert len({book for book, _ in sizes}) == 2
        (first_size, second_size) = (size for _, size in sizes)
        assert first_size == pytest.approx(second_size, abs=10)
