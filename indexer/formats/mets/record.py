"""The catalogue record of a METS file, merged from the records of the whole, for example newspaper, year and issue."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from core.dates import YearRange, parse_years
from core.text import clean_text
from indexer.formats import catalogue_records
from indexer.formats.catalogue_records.titles import has_title, labelled_title
from indexer.formats.mets.divisions import read_divisions
from indexer.formats.xml_elements import children, descendants, text
from indexer.records import Book

SERIAL_TYPES = ("issue", "newspaper", "periodical", "serial")
"""Types whose issues share an identifier: docWORKS gives the newspaper's identifier to each issue."""

PERIOD_TYPES = ("year", "month", "day")
"""Types of divisions of a newspaper whose labels are dates, not parts of a title."""

RECORD_ID_ELEMENTS = ("recordIdentifier", "controlfield", "metadata")
"""Elements for the id of a record in MODS, MARC, and Goobi's and Kitodo's own format."""

PERSISTENT_IDENTIFIER = re.compile(r"(?:urn:|ark:|hdl:|doi:|oai:|https?://)", re.IGNORECASE)

GENERIC_NAMES = {"mets", "manifest", "meta", "toc", "export", "struct", "structmap", "data", "metadata", "objects"}
"""Names of files and folders that do not identify a book (OCR-D's `data/mets.xml`, BnF's `manifest.xml`)."""

ELECTRONIC_VERSION = re.compile(r"electronic version|_ELEC(?:\b|_)", re.IGNORECASE)
"""Label of docWORKS for the record of the electronic version, which names the company that converted it."""


@dataclass(frozen=True, slots=True)
class _DescribedDivision:
    """A division with its records, each beside the section that has it."""

    label: str
    div_type: str
    is_logical: bool
    is_container: bool
    records: tuple[tuple[etree._Element, Book], ...]

    @property
    def books(self) -> list[Book]:
        return [book for _, book in self.records]


def book_from_mets(root: etree._Element, file_stem: str) -> Book:
    """Return the book; its id is empty if neither the file's name nor its content gives one."""
    described_divisions, title = _describe_divisions(root)
    title = title or clean_text(root.get("LABEL") or "").strip()
    with_records = [part for part in described_divisions if part.records]
    if not with_records:
        return Book(id=own_objid(root), title=title)
    innermost = next((part for part in reversed(with_records) if part.is_logical), with_records[0])
    outer_books = [book for part in with_records if part is not innermost for book in part.books]
    book = _with_labelled_date(_merge_books(innermost.books, outer_books), described_divisions, innermost)
    links = {link_name: _link(root, link_name) for link_name in ("license", "presentation")}
    return replace(
        book,
        id=_book_id(root, described_divisions, innermost, file_stem),
        title=title or book.title,
        licence=book.licence or links["license"],
        viewer=book.viewer or links["presentation"],
    )


def name_from_path(path: str) -> str:
    """Return a book's name from the path of its file: `2014` for `2014_mets.xml`, `kant` for `kant/data/mets.xml`."""
    name = Path(path).name or Path(path).absolute().name
    stem = re.sub(r"[_.-](?:mets|manifest)$", "", name.split(".")[0], flags=re.IGNORECASE)
    is_generic = stem.lower() in GENERIC_NAMES
    if not is_generic and re.search(r"[^\W\d_]", stem):
        return stem
    parent_names = [part for part in reversed(Path(path).absolute().parent.parts) if part.lower() not in GENERIC_NAMES]
    if is_generic:
        return next(iter(parent_names), stem)
    # A name such as `18451228_01` occurs in every newspaper.
    distinctive_name = next((parent_name for parent_name in parent_names if re.search(r"[^\W\d_]", parent_name)), "")
    return f"{distinctive_name}_{stem}".strip("_/")


def _describe_divisions(root: etree._Element) -> tuple[list[_DescribedDivision], str]:
    """Return the divisions from the outermost inwards with their records, and the title that they give together.

    If no division has a record, the first record of the file is taken.
    """
    sections = {str(section.get("ID")): section for section in children(root, "dmdSec")}
    described_divisions, title, work_title, used_ids = [], "", "", set[str]()
    for division in read_divisions(root):
        section_ids = [
            section_id for section_id in division.section_ids if section_id in sections and section_id not in used_ids
        ]
        used_ids.update(section_ids)
        own_sections = [sections[section_id] for section_id in section_ids]
        records = tuple(_read_records(own_sections, work_title if division.is_logical else ""))
        described_divisions.append(
            _DescribedDivision(
                division.label, division.div_type, division.is_logical, division.is_container, tuple(records)
            )
        )
        if division.is_logical or not title:
            own_title = next((book.title for _, book in records if book.title), "")
            is_period = not records and division.div_type in PERIOD_TYPES
            title = own_title or (title if (records and title) or is_period else labelled_title(title, division.label))
            # The record's title has the subtitle too, which would separate the work from its part.
            work_title = division.label if has_title(title, division.label) else title
    if not used_ids:
        records = tuple(_read_records(list(sections.values())[:1], ""))
        title = next((book.title for _, book in records if book.title), title)
        described_divisions.append(_DescribedDivision("", "", is_logical=True, is_container=False, records=records))
    return described_divisions, title


def _is_electronic(section: etree._Element) -> bool:
    labels = [wrap.get("LABEL") or "" for wrap in children(section, "mdWrap")]
    return bool(ELECTRONIC_VERSION.search(" ".join([section.get("ID") or "", *labels])))


def _read_records(sections: list[etree._Element], work_title: str) -> Iterator[tuple[etree._Element, Book]]:
    """Yield the first record of each section that describes the printed book."""
    for section in sections:
        if not _is_electronic(section):
            elements = descendants(section, *catalogue_records.RECORD_ELEMENTS, "xmlData")
            books = (catalogue_records.read_element(element, work_title) for element in elements)
            if book := next(filter(None, books), None):
                yield section, book


def _merge_books(innermost_books: list[Book], outer_books: list[Book]) -> Book:
    """Return the record of the innermost division, completed from those of the whole; its date is a unit."""
    innermost_book = catalogue_records.merge_records(innermost_books)
    book = catalogue_records.merge_records([innermost_book, *outer_books])
    whole_book = catalogue_records.merge_records([*outer_books, innermost_book])
    dated_book = innermost_book if innermost_book.date else whole_book
    identifiers = (identifier for record in [*innermost_books, *outer_books] for identifier in record.identifiers)
    return replace(
        book,
        years=dated_book.years,
        date=dated_book.date,
        type_of_work=whole_book.type_of_work,
        identifiers=tuple(dict.fromkeys(identifiers)),
    )


def _with_labelled_date(book: Book, divisions: list[_DescribedDivision], innermost: _DescribedDivision) -> Book:
    """Return the book with the date in the label of a volume or day without a record, if the record covers it."""
    inner_divisions = divisions[divisions.index(innermost) + 1 :] if innermost in divisions else []
    for division in reversed(inner_divisions):
        years = parse_years(division.label) if division.is_logical and not division.records else None
        if years and _is_narrower(years, book.years):
            is_date = division.div_type in PERIOD_TYPES
            return replace(book, years=years, date=division.label if is_date else str(years))
    return book


def _is_narrower(years: YearRange, outer_years: YearRange | None) -> bool:
    """Return whether a date is a part of the years of the whole, not all of them."""
    if outer_years is None:
        return True
    return outer_years.union(years) == outer_years and not outer_years.is_one_year


def _book_id(
    root: etree._Element, divisions: list[_DescribedDivision], innermost: _DescribedDivision, file_stem: str
) -> str:
    """Return the OBJID or the id of the innermost record; an id that other parts share gets the file's name added."""
    outer_books = [book for part in divisions if part is not innermost and part.is_logical for book in part.books]
    shared_ids = {identifier for book in outer_books for identifier in (book.id, *book.identifiers)} - {""}
    shared_ids.update(text(element) for section, _ in innermost.records for element in _host_record_ids(section))
    if objid := own_objid(root, shared_ids):
        return objid
    inner_id = next((book.id for book in innermost.books if book.id), "")
    record_id = inner_id or next((book.id for book in outer_books if book.id), "")
    div_types = " ".join([root.get("TYPE") or "", *(division.div_type for division in divisions)]).lower()
    is_serial = any(word in div_types for word in SERIAL_TYPES)
    has_undescribed_part = innermost.is_container and any(
        part.is_logical and not part.records for part in divisions[divisions.index(innermost) :]
    )
    is_shared = record_id in shared_ids or has_undescribed_part
    own_ids = [
        text(element) for section, _ in innermost.records for element in descendants(section, *RECORD_ID_ELEMENTS)
    ]
    is_own_id = bool(inner_id) and (inner_id in own_ids or bool(PERSISTENT_IDENTIFIER.match(inner_id)))

    if not record_id or file_stem in record_id or (not is_shared and (is_own_id or not is_serial)):
        return record_id
    return file_stem if record_id in file_stem else f"{record_id}_{file_stem}"


def _host_record_ids(section: etree._Element) -> list[etree._Element]:
    hosts = [item for item in descendants(section, "relatedItem") if item.get("type") == "host"]
    return [identifier for host in hosts for identifier in descendants(host, "recordIdentifier")]


def own_objid(root: etree._Element, shared_ids: Collection[str] = ()) -> str:
    """Return the OBJID unless it is that of the whole work or a short number, which is a row of a database."""
    objid = (root.get("OBJID") or "").strip()
    return objid if objid not in shared_ids and (not objid.isdecimal() or len(objid) > 8) else ""


def _link(root: etree._Element, name: str) -> str:
    """Return the link of DFG-Viewer's `dv:license` or `dv:presentation`; empty if there is none."""
    links = (text(element) for section in children(root, "amdSec") for element in descendants(section, name))
    known_links = (link for link in links if link and link.upper() != "UNKNOWN")
    return next((link for link in known_links if name == "license" or link.startswith("http")), "")
