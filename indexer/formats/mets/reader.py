"""METS, NB's bare `structMap`, or BnF's refNum → a book with its pages; also several METS in one OAI-PMH answer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin

from lxml import etree

from core.errors import ProblemCode, SourceError
from core.identifiers import identifier_of_place
from indexer.formats import oai_pmh, xml_loader
from indexer.formats.mets.files import MetsFile
from indexer.formats.mets.pages import MetsPage, read_pages
from indexer.formats.mets.record import book_from_mets, name_from_path, own_objid
from indexer.formats.mets.refnum import book_from_refnum, pages_from_refnum
from indexer.formats.xml_elements import attribute, children, descendants, local_name
from indexer.records import Book

ROOT_ELEMENTS = ("mets", "structMap", "refNum")

CONTAINER_ELEMENTS = (*oai_pmh.ROOT_ELEMENTS, "records", "record", "metadata")
"""Root elements of answers of OAI-PMH, and of files into which harvesters put their records."""

METS_START = re.compile(rb"<(?:[\w.-]+:)?mets[\s>]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mets:
    """The contents of a METS: one book, its pages and files."""

    book: Book
    pages: tuple[MetsPage, ...]
    unread_records: tuple[str, ...] = ()
    """Locations of catalogue records that the METS only points to (`mdRef`), if it has none itself."""

    part: str = ""
    """Which METS it is of several in one file."""

    remainder: str = ""
    """What is not read: images that belong to no page, and what the OAI-PMH answer around the first METS has besides
    METS, or lacks."""

    @property
    def files(self) -> tuple[MetsFile, ...]:
        """The files of all pages; a file with several locations occurs once for each."""
        return tuple(file for page in self.pages for file in page.files)

    def source(self, name: str) -> str:
        """Return where the book is; `name` is the path or URL of the file."""
        return f"{name}#{self.part}" if self.part else name

    def resolve_urls(self, url: str) -> "Mets":
        """Return the METS with its relative hrefs as URLs, as it was fetched from a URL.

        The relative href of a file that also has a URL is the place of a copy on another machine.
        """
        ids_on_web = {file.id for file in self.files if file.web_url}

        def resolve(file: MetsFile) -> MetsFile:
            is_relative = file.literal_path and not file.image_service and ":" not in file.href.partition("/")[0]
            if not is_relative or file.id in ids_on_web:
                return file
            return file._replace(href=urljoin(url, file.href.replace("\\", "/")))

        return replace(self, pages=tuple(replace(page, files=tuple(map(resolve, page.files))) for page in self.pages))


def read_mets(path: Path) -> Mets:
    """Return the book of a METS, structMap or refNum file; SourceError if it is neither."""
    return parse_mets(xml_loader.load(path), str(path))


def read_all_mets(path: Path, place: Path | None = None) -> Iterator[Mets]:
    """Yield every book of a file: of a METS, or of the METS inside an OAI-PMH answer.

    `place` is the path that ids are made of, if it is not `path`.
    """
    yield from parse_all_mets(xml_loader.load(path), str(path), str(place or path))


def count_mets(path: Path) -> int:
    """Return the number of METS documents in a file, without parsing it; 0 if it is no METS or cannot be read."""
    root = xml_loader.root_element_name(path)
    if root not in CONTAINER_ELEMENTS:
        return int(root in ROOT_ELEMENTS)
    try:
        return len(METS_START.findall(xml_loader.read_bytes(path, str(path))))
    except SourceError:
        return 0


def parse_all_mets(root: etree._Element, name: str, place: str = "") -> Iterator[Mets]:
    """Yield every book at or below an element; SourceError with `name` if there is none.

    `place` is the path or URL that ids are made of, if it is not `name`.
    """
    elements = [] if local_name(root) in ROOT_ELEMENTS else _contained_mets(root)
    for number, element in enumerate(elements, start=1):
        # Without an id of its own, a book is named after its OAI record.
        numbered_name = f"{name_from_path(name)}_{number:04}" if len(elements) > 1 else ""
        fallback_id = oai_pmh.identifier_around(element) or (
            numbered_name and identifier_of_place(numbered_name, place or name)
        )
        document = parse_mets(element, name, fallback_id, place)
        remainder = oai_pmh.describe_remainder(root) if number == 1 else ""
        yield replace(
            document,
            part=fallback_id if len(elements) > 1 else "",
            remainder="; ".join(filter(None, [remainder, document.remainder])),
        )
    if not elements:
        response = oai_pmh.read_response(root)
        if response.error_code:
            reason = f"the OAI-PMH server answered {response.error_code}: {response.error_text}"
            raise SourceError(name, reason, code=ProblemCode.EMPTY)
        if local_name(root) in oai_pmh.ROOT_ELEMENTS:
            reason = "an OAI-PMH answer without METS lists no pages; put it beside the pages of its books"
            raise SourceError(name, reason, code=ProblemCode.UNSUPPORTED)
        yield parse_mets(root, name, place=place)


def parse_mets(root: etree._Element, name: str, fallback_id: str = "", place: str = "") -> Mets:
    """Return the book of the first METS at or below an element; SourceError with `name` if there is none.

    `fallback_id` identifies a book without an id of its own; the default is the name of its file, with a hash
    of its place unless the name is an identifier.
    """
    mets_element = next(iter(descendants(root, *ROOT_ELEMENTS)), None)
    if mets_element is None:
        raise SourceError(
            name, f"not METS or structMap: the root element is <{local_name(root)}>", code=ProblemCode.UNSUPPORTED
        )
    file_name = fallback_id or name_from_path(name)

    def own_id() -> str:
        return fallback_id or identifier_of_place(file_name, place or name)

    if local_name(mets_element) == "refNum":
        book = book_from_refnum(mets_element)
        return Mets(book=replace(book, id=book.id or own_id()), pages=tuple(pages_from_refnum(mets_element)))
    page_list = read_pages(mets_element)
    book = book_from_mets(mets_element, file_name)
    objid = own_objid(mets_element)
    return Mets(
        book=replace(book, id=book.id or objid or _book_id_from_pages(page_list.pages) or own_id()),
        pages=page_list.pages,
        unread_records=() if book.title and book.id else _record_references(mets_element),
        remainder=_describe_unread_images(page_list.unread_image_count),
    )


def _describe_unread_images(count: int) -> str:
    if count == 1:
        return "one image of the METS belongs to none of its pages and is passed over"
    return f"{count:,} images of the METS belong to none of its pages and are passed over" if count else ""


def _contained_mets(root: etree._Element) -> list[etree._Element]:
    """Return the METS documents in a container such as an OAI-PMH answer, without those inside another one."""
    return [
        element
        for element in descendants(root, "mets", "refNum")
        if not any(local_name(ancestor) in ROOT_ELEMENTS for ancestor in element.iterancestors())
    ]


def _record_references(root: etree._Element) -> tuple[str, ...]:
    references = [reference for section in children(root, "dmdSec") for reference in children(section, "mdRef")]
    return tuple(attribute(reference, "href") for reference in references)


def _book_id_from_pages(pages: Iterable[MetsPage]) -> str:
    """Return the part before the last underscore that the URNs of all pages share; NB's structMap has no book id."""
    book_ids = {
        page.id.rpartition("_")[0].removeprefix("URN:NBN:no-nb_") for page in pages if page.id.startswith("URN:")
    }
    return book_ids.pop() if len(book_ids) == 1 else ""
