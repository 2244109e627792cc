"""Pages that show several images or a part of one."""

import json
from pathlib import Path

import pytest
from PIL import Image

from core.geometry import Box, PixelBox
from core.identifiers import document_id
from indexer.ingest.reader import LeafReader, PageContents
from indexer.ingest.report import RunReportBuilder
from indexer.page_records import Page, TextBlock, TextLine, Word
from indexer.page_selection import ImageSelection, TextAnnotations
from indexer.records import Book, Leaf
from tests.alto_factory import alto_document, position_attributes, text_block
from tests.iiif_server import run_iiif_server


def write_scan(folder: Path, name: str, width: int, height: int) -> str:
    Image.new("L", (width, height)).save(folder / name)
    return str(folder / name)


def write_alto(folder: Path, *boxes: tuple[int, int, int, int]) -> str:
    pictures = "".join(
        f'<Illustration ID="I{number}" {position_attributes(*box)}/>' for number, box in enumerate(boxes)
    )
    path = folder / "page.xml"
    text = text_block("T", "ord", position=(0, 60, 100, 20))
    path.write_bytes(alto_document(f"<PrintSpace>{pictures}{text}</PrintSpace>", size='WIDTH="100" HEIGHT="100"'))
    return str(path)


def read_single_page(reader: LeafReader, leaf: Leaf) -> PageContents:
    (page,) = reader.read_pages(Book(id="book"), leaf)
    return page


def make_leaf(scan: str, place: Box | None = None, *, region: str = "", **fields: object) -> Leaf:
    return Leaf(id="p", number=1, scan=scan, selection=ImageSelection(region=region, place=place), **fields)  # type: ignore[arg-type]


def test_each_image_of_a_page_is_a_picture_with_its_own_id(reader: LeafReader, tmp_path: Path) -> None:
    other = make_leaf(write_scan(tmp_path, "b.png", 60, 40), Box(0.5, 0, 0.5, 1), image_key="xywh=50,0,50,100:b")
    leaf = make_leaf(write_scan(tmp_path, "a.png", 60, 40), Box(0, 0, 0.5, 1), other_images=(other,))
    page = read_single_page(reader, leaf)
    assert [picture.id for picture in page.pictures] == [
        "p::0,0,60,40",
        document_id("p", "xywh=50,0,50,100:b", "", "0,0,60,40"),
    ]
    assert {(picture.leaf.id, picture.leaf.number) for picture in page.pictures} == {("p", 1)}
    assert page.is_complete


def test_a_page_is_incomplete_if_one_of_its_images_is_missing(reader: LeafReader, tmp_path: Path) -> None:
    other = make_leaf(str(tmp_path / "missing.png"), Box(0.5, 0, 0.5, 1), image_key="b")
    leaf = make_leaf(write_scan(tmp_path, "a.png", 60, 40), Box(0, 0, 0.5, 1), other_images=(other,))
    page = read_single_page(reader, leaf)
    assert (len(page.pictures), page.is_complete) == (1, False)


def test_only_the_region_of_a_scan_is_the_picture(reader: LeafReader, tmp_path: Path) -> None:
    page = read_single_page(reader, make_leaf(write_scan(tmp_path, "a.png", 60, 40), region="10,5,30,20"))
    assert page.pictures[0].element.box == PixelBox(10, 5, 30, 20)
    assert (page.pictures[0].scan_width, page.pictures[0].scan_height) == (60, 40)


def test_alto_of_a_page_that_is_half_a_scan_is_placed_on_the_scan(reader: LeafReader, tmp_path: Path) -> None:
    """ALTO of 100 × 100 units for the right half of a double page of 400 × 200 pixels."""
    alto = write_alto(tmp_path, (0, 0, 50, 50))
    scan = write_scan(tmp_path, "a.png", 400, 200)
    page = read_single_page(reader, make_leaf(scan, region="pct:50,0,50,100", alto=alto))
    assert page.pictures[0].element.box == PixelBox(200, 0, 100, 100)
    assert page.ocr_page
    assert (page.ocr_page.width, page.ocr_page.height) == (400, 200)
    assert page.ocr_page.word_boxes == "200,120,200,40"


def test_pictures_of_alto_are_cut_from_the_image_that_shows_them(reader: LeafReader, tmp_path: Path) -> None:
    """Two images side by side make the page of 100 × 100 units; each has 200 × 400 pixels."""
    alto = write_alto(tmp_path, (0, 0, 30, 50), (60, 0, 30, 50))
    other = make_leaf(write_scan(tmp_path, "b.png", 200, 400), Box(0.5, 0, 0.5, 1), image_key="b")
    scan = write_scan(tmp_path, "a.png", 200, 400)
    page = read_single_page(reader, make_leaf(scan, Box(0, 0, 0.5, 1), alto=alto, other_images=(other,)))
    assert [(Path(picture.leaf.scan or "").name, picture.element.box) for picture in page.pictures] == [
        ("a.png", PixelBox(0, 0, 120, 200)),
        ("b.png", PixelBox(40, 0, 120, 200)),
    ]
    assert page.ocr_page
    assert page.ocr_page.text.text == "ord"


def test_an_image_on_a_page_with_alto_is_a_picture_with_the_text_around_it(reader: LeafReader, tmp_path: Path) -> None:
    alto = write_alto(tmp_path, (0, 0, 50, 50))
    detail = make_leaf(write_scan(tmp_path, "b.png", 60, 40), Box(0, 0.1, 0.3, 0.3), image_key="b")
    scan = write_scan(tmp_path, "a.png", 100, 100)
    page = read_single_page(reader, make_leaf(scan, alto=alto, other_images=(detail,)))
    whole = page.pictures[1]
    assert (whole.element.alto_id, whole.element.box) == ("", PixelBox(0, 0, 60, 40))
    assert whole.element.context.page_text.text == "ord"


def text_block_of(text: str, box: Box) -> TextBlock:
    return TextBlock(text, box, (TextLine(box, (Word.in_box(text, box),)),))


def test_embedded_text_is_the_text_of_the_page_and_surrounds_its_pictures(reader: LeafReader, tmp_path: Path) -> None:
    """A canvas of 100 × 200 shown by a scan of 200 × 400 pixels, with a picture pasted on its middle."""
    blocks = (text_block_of("oben", Box(0, 0, 100, 10)), text_block_of("unten", Box(0, 180, 100, 10)))
    canvas = Page(id="p", width=100, height=200, blocks=blocks)
    detail = make_leaf(write_scan(tmp_path, "b.png", 60, 40), Box(0.1, 0.3, 0.8, 0.3), image_key="b")
    scan = write_scan(tmp_path, "a.png", 200, 400)
    page = read_single_page(reader, make_leaf(scan, annotations=TextAnnotations(page=canvas), other_images=(detail,)))
    assert page.ocr_page
    assert (page.ocr_page.text.text, page.ocr_page.word_boxes) == ("oben unten", "0,0,200,20 0,360,200,20")
    assert (page.ocr_page.width, page.ocr_page.height, page.ocr_page.picture_count) == (200, 400, 2)
    contexts = [picture.element.context for picture in page.pictures]
    assert {context.page_text.text for context in contexts} == {"oben unten"}
    assert (contexts[1].before.text, contexts[1].after.text) == ("oben", "unten")


@pytest.mark.network
def test_text_in_other_documents_is_fetched(reader: LeafReader, tmp_path: Path) -> None:
    lines = [
        {"motivation": "supplementing", "body": {"type": "TextualBody", "value": text}, "target": "p#xywh=0,0,50,10"}
        for text in ("eins", "zwei")
    ]
    with run_iiif_server() as server:
        server.documents["/1"] = json.dumps({"items": lines[:1], "next": f"{server.url}/2"}).encode()
        server.documents["/2"] = json.dumps({"items": lines[1:], "next": f"{server.url}/1"}).encode()
        annotations = TextAnnotations(page=Page(id="p", width=100, height=100), urls=(f"{server.url}/1",))
        page = read_single_page(reader, make_leaf(write_scan(tmp_path, "a.png", 100, 100), annotations=annotations))
    assert page.ocr_page
    assert page.ocr_page.text.text == "eins zwei"
    assert page.is_complete


@pytest.mark.network
@pytest.mark.parametrize(("path", "is_complete"), [("/missing", True), ("/broken", False)])
def test_missing_text_is_a_warning_and_broken_text_a_problem(
    reader: LeafReader, report_builder: RunReportBuilder, tmp_path: Path, path: str, *, is_complete: bool
) -> None:
    with run_iiif_server() as server:
        server.documents["/broken"] = b"<html>"
        url = f"{server.url}{path}"
        annotations = TextAnnotations(page=Page(id="p", width=100, height=100), urls=(url,))
        page = read_single_page(reader, make_leaf(write_scan(tmp_path, "a.png", 100, 100), annotations=annotations))
    report = report_builder.build()
    assert (len(page.pictures), page.ocr_page, page.is_complete) == (1, None, is_complete)
    assert [item.file for item in (report.warnings if is_complete else report.problems)] == [url]
