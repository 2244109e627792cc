"""The catalogue record of a METS file, merged from the records of the whole, for example newspaper, year and issue."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from core.text import clean_text
from indexer.formats import catalogue_records
from indexer.formats.xml_elements import children, descendants, text
from indexer.records import Book

WHOLE_BOOK_TYPES = (
    "monograph",
    "volume",
    "issue",
    "newspaper",
    "periodical",
    "multi",
    "year",
    "month",
    "day",
    "file",
    "manuscript",
)
"""Types of logical divisions whose records describe the whole book, unlike a chapter's."""

SERIAL_TYPES = ("issue", "newspaper", "periodical", "serial")
"""Types whose issues share an identifier: docWORKS gives the newspaper's identifier to each issue."""

PERSISTENT_IDENTIFIER = re.compile(r"(?:urn:|ark:|hdl:|doi:|oai:|https?://)", re.IGNORECASE)

GENERIC_NAMES = {"mets", "manifest", "meta", "toc", "export", "struct", "structmap", "data", "metadata", "objects"}
"""Names of files and folders that do not identify a book (OCR-D's `data/mets.xml`, BnF's `manifest.xml`)."""

ELECTRONIC_VERSION = re.compile(r"electronic version|_ELEC(?:\b|_)", re.IGNORECASE)
"""Label of docWORKS for the record of the electronic version, which names the company that converted it."""


@dataclass(frozen=True, slots=True)
class _Division:
    """A division that is the whole book or contains it: its records and its label."""

    sections: tuple[etree._Element, ...]
    label: str
    div_type: str
    is_logical: bool = True


def book_from_mets(root: etree._Element, file_name: str) -> Book:
    """Return the book; its id is empty if neither the file's name nor its content gives one."""
    divisions = _read_divisions(root)
    records_by_division = [
        [(section, book) for section in division.sections if (book := _read_record(section))] for division in divisions
    ]
    records = [book for division_records in records_by_division for _, book in division_records]
    title = (
        next((division.label for division in divisions if division.label), "")
        or clean_text(root.get("LABEL") or "").strip()
    )
    if not records:
        return Book(id="", title=title)
    book = catalogue_records.merge_records(records)
    described_divisions = [
        division_records
        for division_records, division in zip(records_by_division, divisions, strict=True)
        if division_records and division.is_logical
    ]
    innermost_records = (
        described_divisions[-1]
        if described_divisions
        else next(division_records for division_records in records_by_division if division_records)
    )
    links = {link_name: _link(root, link_name) for link_name in ("license", "presentation")}
    return replace(
        _prefer_innermost(book, [record for _, record in innermost_records], records),
        id=_book_id(root, divisions, innermost_records, book.id, file_name),
        title=book.title or title,
        licence=book.licence or links["license"],
        viewer=book.viewer or links["presentation"],
    )


def name_from_path(path: str) -> str:
    """Return a book's name from the path of its file: `2014` for `2014_mets.xml`, `kant` for `kant/data/mets.xml`."""
    absolute_path = Path(path).absolute()
    stem = re.sub(r"[_.-](?:mets|manifest)$", "", absolute_path.name.split(".")[0], flags=re.IGNORECASE)
    parent_names = [part for part in reversed(absolute_path.parent.parts) if part.lower() not in GENERIC_NAMES]
    if stem.lower() in GENERIC_NAMES:
        return next(iter(parent_names), stem)
    if not re.search(r"[^\W\d_]", stem):
        # A name such as `18451228_01` occurs in every newspaper.
        distinctive_name = next(
            (parent_name for parent_name in parent_names if re.search(r"[^\W\d_]", parent_name)), ""
        )
        return f"{distinctive_name}_{stem}".strip("_/")
    return stem


def _read_divisions(root: etree._Element) -> list[_Division]:
    """Return the divisions from the outermost inwards; only the first record if no division has one."""
    sections = {str(section.get("ID")): section for section in children(root, "dmdSec")}
    structures = sorted(
        children(root, "structMap"), key=lambda structure: (structure.get("TYPE") or "").upper() != "LOGICAL"
    )
    divisions, used_ids = [], set[str]()
    for structure, div in (
        (ordered_structure, div) for ordered_structure in structures for div in _leading_divs(ordered_structure)
    ):
        section_ids = [
            section_id
            for section_id in (div.get("DMDID") or "").split()
            if section_id in sections and section_id not in used_ids
        ]
        used_ids.update(section_ids)
        printed_sections = [
            sections[section_id] for section_id in section_ids if not _is_electronic(sections[section_id])
        ]
        label, div_type = clean_text(div.get("LABEL") or "").strip(), (div.get("TYPE") or "").lower()
        # The record of the physical division describes the holding of the copy.
        divisions.append(
            _Division(tuple(printed_sections), label, div_type, (structure.get("TYPE") or "").upper() != "PHYSICAL")
        )
    if not used_ids:
        divisions.append(_Division(tuple(list(sections.values())[:1]), "", ""))
    return divisions


def _is_electronic(section: etree._Element) -> bool:
    labels = [wrap.get("LABEL") or "" for wrap in children(section, "mdWrap")]
    return bool(ELECTRONIC_VERSION.search(" ".join([section.get("ID") or "", *labels])))


def _leading_divs(structure: etree._Element) -> Iterator[etree._Element]:
    """Yield the divisions from the outermost inwards, as long as they are the whole and not a part of the book."""
    current_element: etree._Element | None = structure
    while current_element is not None:
        divs = children(current_element, "div")
        current_element = (
            divs[0] if len(divs) == 1 and (current_element is structure or _describes_whole_book(divs[0])) else None
        )
        if current_element is not None:
            yield current_element


def _describes_whole_book(div: etree._Element) -> bool:
    return any(word in (div.get("TYPE") or "").lower() for word in WHOLE_BOOK_TYPES)


def _read_record(section: etree._Element) -> Book | None:
    elements = descendants(section, *catalogue_records.RECORD_ELEMENTS, "xmlData")
    return next((book for element in elements if (book := catalogue_records.read_element(element))), None)


def _prefer_innermost(book: Book, innermost_records: list[Book], records: list[Book]) -> Book:
    """Return the book with the date of the innermost record, and its identifiers before those of the whole run."""
    innermost_book = catalogue_records.merge_records(innermost_records)
    dated_book = replace(book, year=innermost_book.year, date=innermost_book.date) if innermost_book.date else book
    return replace(
        dated_book,
        identifiers=tuple(
            dict.fromkeys(identifier for record in [*innermost_records, *records] for identifier in record.identifiers)
        ),
    )


def _book_id(
    root: etree._Element,
    divisions: list[_Division],
    innermost_records: list[tuple[etree._Element, Book]],
    outer_id: str,
    file_name: str,
) -> str:
    """Return the id of the innermost record; an id shared by all issues is completed with the file's name."""
    inner_id = next((book.id for _, book in innermost_records if book.id), "")
    record_id = inner_id or outer_id
    div_types = " ".join([root.get("TYPE") or "", *(division.div_type for division in divisions)]).lower()
    is_serial = any(word in div_types for word in SERIAL_TYPES)
    is_own_record_id = inner_id and any(
        inner_id == text(element)
        for section, _ in innermost_records
        for element in descendants(section, "recordIdentifier")
    )
    file_stem = name_from_path(file_name)
    if (
        not record_id
        or not is_serial
        or is_own_record_id
        or (inner_id and PERSISTENT_IDENTIFIER.match(inner_id))
        or file_stem in record_id
    ):
        return record_id
    return file_stem if record_id in file_stem else f"{record_id}_{file_stem}"


def _link(root: etree._Element, name: str) -> str:
    """Return the link of DFG-Viewer's `dv:license` or `dv:presentation`; empty if there is none."""
    links = (text(element) for section in children(root, "amdSec") for element in descendants(section, name))
    known_links = (link for link in links if link and link.upper() != "UNKNOWN")
    return next((link for link in known_links if name == "license" or link.startswith("http")), "")
