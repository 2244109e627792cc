"""hOCR → pages, in one pass over the elements in their order: a broken nesting of HTML does no harm."""

from dataclasses import replace
from pathlib import Path

from lxml import etree

from core.errors import OcrError, ProblemCode, SourceError
from indexer.formats import xml_loader
from indexer.formats.hocr.element_kinds import ElementKind, classify
from indexer.formats.hocr.page import HocrPage
from indexer.formats.ocr.ids import IdAllocator
from indexer.records import Page


def read_pages(source: Path | bytes, name: str = "") -> tuple[Page, ...]:
    """Return every page of an hOCR file, plain or gzipped; OcrError if it has none."""
    name = name or (str(source) if isinstance(source, Path) else "")
    warnings: list[str] = []
    try:
        root = xml_loader.parse_html(xml_loader.read_bytes(source, name, warnings), name)
    except SourceError as error:
        raise OcrError(error.file, error.reason, error.location, code=error.code) from error
    pages = [replace(page, warnings=(*warnings, *page.warnings)) for page in _read_elements(root)]
    if not pages:
        raise OcrError(name, "the file has no element of class ocr_page", code=ProblemCode.EMPTY)
    return tuple(pages)


def _read_elements(root: etree._Element) -> list[Page]:
    pages: list[Page] = []
    page: HocrPage | None = None
    page_ids = IdAllocator("page")
    for element in root.iter():
        if not (classes := element.get(b"class")):
            continue
        if classes == "ocrx_word" and page and not len(element):
            page.titles.append(element.get(b"title"))
            page.texts.append(element.text)
            continue
        kind, class_name = classify(classes)
        if kind is ElementKind.PAGE:
            if page:
                pages.append(page.finish())
            page = HocrPage(element, page_ids.allocate("page", element.get("id")))
        elif page and kind is ElementKind.WORD:
            page.add_nested_word(element)
        elif page and kind is not ElementKind.OTHER:
            page.add(element, kind, class_name)
    return [*pages, page.finish()] if page else pages
