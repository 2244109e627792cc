"""Catalogue records in MODS, MARCXML and Dublin Core, whatever their prefix and wrapper → `Book`."""

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path

from lxml import etree

from core.errors import ProblemCode, SourceError
from indexer.formats import xml_loader
from indexer.formats.catalogue_records.dublin_core import has_dublin_core_terms, read_dublin_core
from indexer.formats.catalogue_records.marc import read_marc
from indexer.formats.catalogue_records.mods import read_mods
from indexer.formats.catalogue_records.production import ROOT_ELEMENTS as PRODUCTION_ELEMENTS
from indexer.formats.catalogue_records.production import (
    find_production_record,
    is_extension_of_mods,
    read_production_record,
)
from indexer.formats.xml_elements import children, descendants, local_name
from indexer.records import Book

RECORD_ELEMENTS = ("mods", "record", "dc", "oai_dc", "simpledc", "qualifieddc", "goobi", "kitodo")
"""Local names of elements that may be a record. `record` is used by MARCXML, and as a wrapper by OAI-PMH."""


def read_records(path: Path) -> list[Book]:
    """Return every record of a file; SourceError if there is none."""
    return parse_records(xml_loader.load(path), str(path))


def parse_records(root: etree._Element, file: str) -> list[Book]:
    """Return every record at or below an element; SourceError with `file` if there is none."""
    books = [book for element in descendants(root, *RECORD_ELEMENTS) if (book := read_element(element))]
    if not books:
        raise SourceError(
            file, f"no MODS, MARCXML or Dublin Core record in <{local_name(root)}>", code=ProblemCode.UNSUPPORTED
        )
    return books


def read_element(element: etree._Element, work_title: str = "") -> Book | None:
    """Return the record that the element itself is, or None if it is not a record.

    `work_title` is the title of the work that the record describes a part of, if another record or a label has it.
    """
    name = local_name(element)
    if name == "mods":
        production_record = find_production_record(element)
        book = read_mods(element, work_title)
        if production_record is None:
            return book
        return merge_records([book, read_production_record(production_record, work_title)])
    if name in PRODUCTION_ELEMENTS and not is_extension_of_mods(element):
        return read_production_record(element, work_title)
    if name == "record" and children(element, "leader", "controlfield", "datafield"):
        return read_marc(element)
    if has_dublin_core_terms(element):
        return read_dublin_core(element)
    return None


def merge_records(books: Iterable[Book]) -> Book:
    """Return the first record, with its empty fields filled from the following ones in their order."""
    merged_book, *other_books = books
    for other_book in other_books:
        missing_values = {
            field.name: getattr(other_book, field.name)
            for field in fields(Book)
            if not getattr(merged_book, field.name)
        }
        merged_book = replace(merged_book, **missing_values)
    return merged_book
