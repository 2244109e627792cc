"""PAGE-XML → pages: regions of text and of pictures, also nested ones."""

import re
from dataclasses import replace
from pathlib import Path

from lxml import etree

from core.errors import OcrError, ProblemCode, SourceError
from indexer.formats import xml_loader
from indexer.formats.ocr.ids import IdAllocator
from indexer.formats.ocr.page_builder import OpenBlock, PageBuilder
from indexer.formats.ocr.picture_types import is_picture
from indexer.formats.page_xml.coordinates import read_box, read_outline
from indexer.formats.page_xml.reading_order import region_ranks
from indexer.formats.page_xml.text import LineReader
from indexer.formats.xml_elements import local_name, namespace
from indexer.records import Page

ROOT_ELEMENT = "PcGts"

PICTURE_REGIONS = frozenset(
    ("ImageRegion", "GraphicRegion", "LineDrawingRegion", "ChartRegion", "MapRegion", "MusicRegion", "ChemRegion")
)
ADVERT_REGION = "AdvertRegion"
"""A picture, unless it has pictures inside."""

TEXT_REGIONS = frozenset(("TextRegion", "TableCell", "MathsRegion"))
IGNORED_REGIONS = frozenset(("SeparatorRegion", "NoiseRegion"))
IGNORED_GRAPHICS = frozenset(("punch-hole", "paper-grow", "barcode"))
"""Types of GraphicRegion that are not printed pictures."""

CUSTOM_TYPE = re.compile(r"\bstructure\s*\{[^{}]*?\btype\s*:\s*([^;{}]+)")
"""The type in `custom`, where Transkribus and eScriptorium write those that the schema does not know."""


def read_pages(source: Path | bytes, name: str = "") -> tuple[Page, ...]:
    """Return the pages of a PAGE-XML file, plain or gzipped; OcrError if it has none. The schema allows one."""
    name = name or (str(source) if isinstance(source, Path) else "")
    warnings: list[str] = []
    try:
        root = xml_loader.parse(xml_loader.read_bytes(source, name, warnings), name, warnings, remove_blank_text=True)
    except SourceError as error:
        raise OcrError(error.file, error.reason, error.location, code=error.code) from error
    if local_name(root) != ROOT_ELEMENT:
        reason = f"not PAGE-XML: the root element is <{local_name(root)[:60]}>"
        raise OcrError(name, reason, code=ProblemCode.UNSUPPORTED)
    pages = list(root.iterchildren("{*}Page"))
    if not pages:
        raise OcrError(name, "the file has no Page", code=ProblemCode.EMPTY)
    page_ids = IdAllocator("Page")
    return tuple(
        replace(page, warnings=(*warnings, *page.warnings))
        for page in (PageXmlReader(page, page_ids.allocate("Page", root.get("pcGtsId"))).read() for page in pages)
    )


class PageXmlReader:
    """Reads one `Page` element."""

    def __init__(self, page: etree._Element, page_id: str) -> None:
        self._page = page
        self._builder = PageBuilder(page_id, _parse_size(page.get("imageWidth")), _parse_size(page.get("imageHeight")))
        self._line_reader = LineReader(self._builder, namespace(page))

    def read(self) -> Page:
        self._line_reader.count_language(self._page)
        self._read_regions(self._page, "", is_in_picture=False)
        page = self._builder.build(region_ranks(self._page))
        return replace(page, image_file_name=(self._page.get("imageFilename") or "").strip())

    def _read_regions(self, parent: etree._Element, group_id: str, *, is_in_picture: bool) -> None:
        for element in parent.iterchildren(etree.Element):
            name = local_name(element)
            if name in IGNORED_REGIONS or not name.endswith(("Region", "TableCell")):
                continue
            written_id = (element.get("id") or "").strip()
            region_id = self._builder.ids.allocate(name, written_id)
            block_type = _picture_type(element, name)
            if block_type and not is_in_picture:
                self._add_picture(element, region_id, block_type, group_id)
            if name in TEXT_REGIONS:
                self._add_text(element, region_id, group_id)
            self._read_regions(element, region_id, is_in_picture=is_in_picture or bool(block_type))

    def _add_picture(self, element: etree._Element, region_id: str, block_type: str, group_id: str) -> None:
        coords = next(element.iterchildren("{*}Coords"), None)
        self._builder.add_picture(
            region_id,
            block_type,
            read_box(coords),
            written_id=element.get("id") or "",
            outline=read_outline(coords),
            composed_block_id=group_id,
            # Programs list regions by kind or in the order in which they were drawn.
            is_ordered=False,
        )

    def _add_text(self, element: etree._Element, region_id: str, group_id: str) -> None:
        self._line_reader.count_language(element)
        box = read_box(next(element.iterchildren("{*}Coords"), None))
        lines = self._line_reader.read_lines(element, box)
        written_id = element.get("id") or ""
        self._builder.add_block(OpenBlock(region_id, written_id, box, _region_type(element), group_id, lines))


def _region_type(element: etree._Element) -> str:
    """Return the type of a region: `caption`, `heading`… or what `custom` names."""
    if region_type := element.get("type"):
        return region_type.strip()
    custom_type = CUSTOM_TYPE.search(element.get("custom") or "")
    return custom_type[1].strip() if custom_type else ""


def _picture_type(element: etree._Element, name: str) -> str:
    """Return the name of the kind of picture; empty if the region is none."""
    region_type = _region_type(element)
    if name == ADVERT_REGION:
        has_pictures = any(local_name(inner) in PICTURE_REGIONS for inner in element.iterdescendants(etree.Element))
        return "" if has_pictures else name
    if name in PICTURE_REGIONS:
        return "" if region_type in IGNORED_GRAPHICS else name
    return region_type if is_picture(region_type) else ""


def _parse_size(text: str | None) -> float:
    digits = (text or "").strip()
    return float(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else 0.0
