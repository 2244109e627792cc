"""DjVu XML, as the Internet Archive publishes it → `Page`: words with their boxes, and no pictures."""

import re
from dataclasses import replace
from pathlib import Path

from lxml import etree

from core.errors import OcrError, ProblemCode, SourceError
from core.geometry import Box
from indexer.formats import xml_loader
from indexer.formats.ocr.frame import MAX_COORDINATE, parse_confidence
from indexer.formats.ocr.ids import IdAllocator
from indexer.formats.ocr.page_builder import OpenBlock, PageBuilder
from indexer.formats.xml_elements import local_name
from indexer.records import Page, Word

ROOT_ELEMENT = "DjVuXML"

PAGE_NAME = re.compile(rb"""<PARAM\s+name=["']PAGE["']\s+value=["']([^"'<>]*)["']""")


def read_pages(source: Path | bytes, name: str = "") -> tuple[Page, ...]:
    """Return the pages of a file, plain or gzipped; OcrError if it has none."""
    name = name or (str(source) if isinstance(source, Path) else "")
    warnings: list[str] = []
    try:
        root = xml_loader.parse(xml_loader.drop_doctype(xml_loader.read_bytes(source, name, warnings)), name, warnings)
    except SourceError as error:
        raise OcrError(error.file, error.reason, error.location, code=error.code) from error
    if local_name(root) != ROOT_ELEMENT:
        reason = f"not DjVu XML: the root element is <{local_name(root)[:60]}>"
        raise OcrError(name, reason, code=ProblemCode.UNSUPPORTED)
    page_ids = IdAllocator("page")
    pages = [_read_page(page, page_ids.allocate("page", None)) for page in root.iter("OBJECT")]
    if not pages:
        raise OcrError(name, "the file has no OBJECT, which is a page", code=ProblemCode.EMPTY)
    return tuple(replace(page, warnings=(*warnings, *page.warnings)) for page in pages)


def page_names(path: Path) -> list[str]:
    """Return the name of each page (`book_0020.djvu`); none if the file cannot be read, which the reader reports."""
    try:
        data = xml_loader.read_bytes(path, str(path), [])
    except SourceError:
        return []
    return [name.decode("utf-8", "replace") for name in PAGE_NAME.findall(data)]


def _read_page(element: etree._Element, page_id: str) -> Page:
    builder = PageBuilder(page_id, _parse_size(element.get("width")), _parse_size(element.get("height")))
    for paragraph in element.iter("PARAGRAPH"):
        block_id = builder.ids.allocate("paragraph", None)
        block = OpenBlock(block_id, "", None, "", "")
        for line in paragraph.iter("LINE"):
            words = [word for element in line.iter("WORD") if (word := _read_word(builder, element))]
            block.lines.append((None, words, False))
        builder.add_block(block)
    parameters = {parameter.get("name"): parameter.get("value") or "" for parameter in element.iterchildren("PARAM")}
    return replace(builder.build(), image_file_name=parameters.get("PAGE") or element.get("usemap") or "")


def _read_word(builder: PageBuilder, element: etree._Element) -> Word | None:
    text = "".join(map(str, element.itertext()))
    confidence = element.get("x-confidence")
    return builder.word(text, _parse_box(element.get("coords")), parse_percent(confidence), None)


def parse_percent(text: str | None) -> float | None:
    return parse_confidence(f"{text}e-2") if text else None


def _parse_box(text: str | None) -> Box | None:
    """Return the box of `left,bottom,right,top`; a fifth number is the baseline."""
    try:
        left, bottom, right, top = map(float, (text or "").split(",")[:4])
    except ValueError:
        return None
    x, y = min(left, right), min(top, bottom)
    box = Box(x, y, abs(right - left), abs(bottom - top))
    return box if all(abs(value) <= MAX_COORDINATE for value in box) else None


def _parse_size(text: str | None) -> float:
    digits = (text or "").strip()
    return float(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else 0.0
