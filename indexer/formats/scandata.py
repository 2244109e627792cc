"""The Internet Archive's list of the pages of a book (`scandata.xml`)."""

from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from core.errors import ProblemCode, SourceError
from indexer.formats import xml_loader
from indexer.formats.xml_elements import children, descendants, local_name, text, texts

ROOT_ELEMENT = "book"

HIDDEN_TYPES = frozenset(("delete", "color card", "white card", "calibration"))
"""Types of pages, in lower case, that are no pages of the book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScandataPage:
    """One scan of the list."""

    leaf_number: int
    """The number in the names of its files."""
    page_type: str
    """`Cover`, `Title`, `Normal`, `Blank`…"""
    label: str
    """The printed page number; empty if there is none."""
    is_shown: bool
    """Whether it is a page of the book; colour cards and deleted scans are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scandata:
    """The pages of a book, in their order."""

    book_id: str
    """The identifier of the book at the Internet Archive; empty if the list does not say it."""
    pages: tuple[ScandataPage, ...]


def read_scandata(path: Path) -> Scandata:
    """Return the list of pages of a file; SourceError if it cannot be read or lists none."""
    root = xml_loader.load(path)
    elements = [page for data in children(root, "pageData") for page in children(data, "page")]
    if local_name(root) != ROOT_ELEMENT or not elements:
        raise SourceError(str(path), "the list of pages (scandata) has no page", code=ProblemCode.EMPTY)
    asserted_labels = {
        number: label
        for assertion in descendants(root, "assertion")
        for number in texts(assertion, "leafNum")
        for label in texts(assertion, "pageNum")
    }
    pages = tuple(_read_page(element, position, asserted_labels) for position, element in enumerate(elements))
    book_ids = [text(book_id) for data in children(root, "bookData") for book_id in children(data, "bookId")]
    return Scandata(book_id=next(filter(None, book_ids), ""), pages=pages)


def _read_page(element: etree._Element, position: int, asserted_labels: dict[str, str]) -> ScandataPage:
    written_number = (element.get("leafNum") or "").strip()
    is_number = written_number.isascii() and written_number.isdigit() and len(written_number) < 8
    page_type = next(iter(texts(element, "pageType")), "")
    is_hidden = page_type.lower() in HIDDEN_TYPES or "false" in map(str.lower, texts(element, "addToAccessFormats"))
    return ScandataPage(
        leaf_number=int(written_number) if is_number else position,
        page_type=page_type,
        label=next(iter(texts(element, "pageNumber")), asserted_labels.get(written_number, "")),
        is_shown=not is_hidden,
    )
