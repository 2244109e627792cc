"""The Internet Archive's record of a book (`_meta.xml`), Dublin Core without namespaces → `Book`."""

from dataclasses import replace

from lxml import etree

from indexer.formats.catalogue_records.dublin_core import read_dublin_core
from indexer.formats.catalogue_records.named_roles import author_names
from indexer.formats.catalogue_records.titles import part_title
from indexer.formats.catalogue_records.values import first_value, unique_values
from indexer.formats.xml_elements import local_name, texts
from indexer.records import Book

IDENTIFIERS = ("identifier", "identifier-ark", "call_number", "isbn", "issn", "lccn", "oclc-id", "external-identifier")


def is_internet_archive_record(element: etree._Element) -> bool:
    """Return whether the element is the Internet Archive's `metadata`, whose terms are in no namespace."""
    return local_name(element) == "metadata" and bool(texts(element, "identifier") and texts(element, "mediatype"))


def read_internet_archive(element: etree._Element) -> Book:
    """Return the record; its contributor is the library that owns the book, and subjects share an element."""
    book = read_dublin_core(element)
    volume = first_value(texts(element, "volume"))
    return replace(
        book,
        title=part_title(book.title, "", f"Volume {volume}" if volume.isdecimal() else volume),
        authors=author_names(texts(element, "creator")),
        subjects=unique_values(part.strip() for subject in book.subjects for part in subject.split(";")),
        identifiers=unique_values(texts(element, *IDENTIFIERS)),
        viewer=book.viewer or f"https://archive.org/details/{book.id}",
    )
