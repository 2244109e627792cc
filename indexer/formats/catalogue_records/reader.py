"""Catalogue records in MODS, MARC, PICA and Dublin Core, whatever their prefix and wrapper → `Book`."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from core.errors import ProblemCode, SourceError
from indexer.formats import oai_pmh, xml_loader
from indexer.formats.catalogue_records import marc
from indexer.formats.catalogue_records.dublin_core import (
    has_dublin_core_terms,
    read_dublin_core,
)
from indexer.formats.catalogue_records.edm import OBJECT_ELEMENT, read_edm
from indexer.formats.catalogue_records.internet_archive import is_internet_archive_record, read_internet_archive
from indexer.formats.catalogue_records.merging import merge_records
from indexer.formats.catalogue_records.mods import read_mods
from indexer.formats.catalogue_records.pica import is_pica, read_pica
from indexer.formats.catalogue_records.production import ROOT_ELEMENTS as PRODUCTION_ELEMENTS
from indexer.formats.catalogue_records.production import (
    find_production_record,
    is_extension_of_mods,
    read_production_record,
)
from indexer.formats.catalogue_records.titles import part_title
from indexer.formats.xml_elements import children, descendants, local_name, text, texts
from indexer.records import Book

RECORD_ELEMENTS = (
    "mods",
    "record",
    "dc",
    "oai_dc",
    "simpledc",
    "qualifieddc",
    OBJECT_ELEMENT,
    "goobi",
    "kitodo",
    "metadata",
)
"""Local names of elements that may be a record. `record` is used by MARCXML and PICA XML, and as a wrapper by OAI-PMH
and SRU."""

ESCAPED_RECORD_ELEMENTS = ("recordData",)
"""Elements of SRU whose content may be a record as escaped text (`recordPacking=string`)."""


def read_records(path: Path, warnings: list[str] | None = None) -> list[Book]:
    """Return every record of a file; SourceError if there is none.

    Each record of binary MARC that is left out or wrongly encoded adds a sentence to `warnings`.
    """
    data, file = xml_loader.read_bytes(path, str(path)), str(path)
    if not marc.is_binary_marc(data[: xml_loader.HEAD_BYTES]):
        return parse_records(xml_loader.parse(data, file), file)
    warnings = [] if warnings is None else warnings
    books = [book for record in marc.read_binary_marc(data, warnings) if (book := marc.read_marc(record))]
    if not books:
        reason = "; ".join(["no bibliographic MARC record can be read", *warnings[:1]])
        raise SourceError(file, reason, code=ProblemCode.MALFORMED)
    return books


def parse_records(root: etree._Element, file: str) -> list[Book]:
    """Return every record at or below an element; SourceError with `file` if there is none."""
    elements = [element for part in _record_roots(root, file) for element in descendants(part, *RECORD_ELEMENTS)]
    books = [_add_oai_identifier(book, element) for element in elements if (book := read_element(element))]
    if not books:
        if server_errors := list(_server_errors(root)):
            raise SourceError(file, server_errors[0], code=ProblemCode.EMPTY)
        refusals = filter(None, map(marc.intermarc_reason, elements))
        reason = next(refusals, f"no MODS, MARC, PICA or Dublin Core record in <{local_name(root)}>")
        raise SourceError(file, reason, code=ProblemCode.UNSUPPORTED)
    return books


def _add_oai_identifier(book: Book, element: etree._Element) -> Book:
    """Return the record with the identifier of the OAI-PMH record around it."""
    identifier = oai_pmh.identifier_around(element)
    if not identifier:
        return book
    return replace(book, id=book.id or identifier, identifiers=tuple(dict.fromkeys([*book.identifiers, identifier])))


def _server_errors(root: etree._Element) -> Iterator[str]:
    """Yield why a server of OAI-PMH or SRU gave no record."""
    for error in children(root, "error") if local_name(root) == "OAI-PMH" else []:
        yield f"the OAI-PMH server answered {error.get('code') or 'error'}: {text(error)}"
    for diagnostic in descendants(root, "diagnostic"):
        words = [*texts(diagnostic, "message"), *texts(diagnostic, "details"), *texts(diagnostic, "uri")]
        yield f"the SRU server answered: {', '.join(words)}"


def _record_roots(root: etree._Element, file: str) -> Iterator[etree._Element]:
    """Yield the root, and the roots of records that an answer of SRU holds as escaped text."""
    yield root
    for element in descendants(root, *ESCAPED_RECORD_ELEMENTS):
        if (element.text or "").lstrip().startswith("<"):
            yield xml_loader.parse((element.text or "").encode(), file)


def read_element(element: etree._Element, work_title: str = "") -> Book | None:
    """Return the record that the element itself is, or None if it is not a record.

    `work_title` is the title of the work that the record describes a part of, if another record or a label has it.
    """
    name = local_name(element)
    if name == "mods":
        production_record = find_production_record(element)
        if production_record is None:
            return read_mods(element, work_title)
        # Only a title of its own keeps the title and the number in the extension from being the volume's.
        book = read_mods(element, work_title if children(element, "titleInfo", "part") else "")
        return merge_records([book, read_production_record(production_record, work_title)])
    if name in PRODUCTION_ELEMENTS and not is_extension_of_mods(element):
        return read_production_record(element, work_title)
    if name == "record" and children(element, "leader", "controlfield", "datafield", "global"):
        record = _read_fields(element)
        return replace(record, title=part_title(work_title, record.title, "")) if record else None
    return _read_terms(element, work_title)


def _read_terms(element: etree._Element, work_title: str) -> Book | None:
    """Return the record of an element with terms of Dublin Core, or None if it has none."""
    if local_name(element) == OBJECT_ELEMENT:
        return read_edm(element, work_title)
    if is_internet_archive_record(element):
        return read_internet_archive(element)
    return read_dublin_core(element, work_title) if has_dublin_core_terms(element) else None


def _read_fields(element: etree._Element) -> Book | None:
    """Return the record of numbered fields: PICA, MARC 21 or UNIMARC; None for INTERMARC."""
    if is_pica(element):
        return read_pica(element)
    return None if marc.intermarc_reason(element) else marc.read_marc(marc.build_record(element))
