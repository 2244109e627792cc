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

WORD_CLASS = "ocrx_word"


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
    # Lists of all elements, and of the words between two others, are faster than a step for each word.
    elements = list(root.iter())
    class_names = [element.get(b"class") for element in elements]
    start = 0
    for index, classes in [(index, classes) for index, classes in enumerate(class_names) if classes != WORD_CLASS]:
        if page and start < index:
            page.add_words(elements[start:index])
        start = index + 1
        kind, class_name = classify(classes or "")
        if kind is ElementKind.PAGE:
            if page:
                pages.append(page.finish())
            page = HocrPage(elements[index], page_ids.allocate("page", elements[index].get("id")))
        elif page and kind is ElementKind.WORD:
            page.add_words([elements[index]])
        elif page and kind is not ElementKind.OTHER:
            page.add(elements[index], kind, class_name)
    if page:
        page.add_words(elements[start:])
        pages.append(page.finish())
    return pages
