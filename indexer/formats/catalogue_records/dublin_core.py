"""Dublin Core, simple or qualified → `Book`."""

import re

from lxml import etree

from core.dates import first_years
from indexer.formats.catalogue_records.named_roles import author_names
from indexer.formats.catalogue_records.titles import part_title
from indexer.formats.catalogue_records.values import first_value, unique_values
from indexer.formats.xml_elements import attribute, local_name, namespace, texts
from indexer.records import Book, is_url

NAMESPACES = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")


URI = re.compile(r"\w[\w+.-]*:\S+$")
URI_OF_TYPE = re.compile(r"^https?://purl\.org/dc/dcmitype/")
"""What stands before the word in a DCMI type."""


def has_dublin_core_terms(element: etree._Element) -> bool:
    """Return whether any child of the element is a Dublin Core term."""
    return any(namespace(child) in NAMESPACES for child in element)


def is_internet_archive_record(element: etree._Element) -> bool:
    """Return whether the element is the Internet Archive's `metadata`, whose terms are in no namespace."""
    return local_name(element) == "metadata" and bool(texts(element, "identifier") and texts(element, "mediatype"))


def _names(record: etree._Element) -> list[str]:
    """Return creators and contributors; the Internet Archive's contributor is the library that owns the book."""
    names = ("creator",) if is_internet_archive_record(record) else ("creator", "contributor")
    return [value for name in names for value in texts(record, name)]


def read_dublin_core(record: etree._Element, work_title: str = "") -> Book:
    """Return the record whose terms are the children of the element.

    `work_title` is the title of the work that the record describes a part of, if the record does not name it.
    """
    dates = [*texts(record, "issued"), *texts(record, "date"), *texts(record, "created")]
    # Europeana's ProvidedCHO has its identifier in an attribute.
    identifiers = texts(record, "identifier") or [attribute(record, "about")]
    host_title = first_value(title for title in texts(record, "isPartOf") if not URI.match(title))
    return Book(
        id=first_value(identifiers),
        title=part_title(host_title or work_title, first_value(texts(record, "title")), ""),
        authors=author_names(_names(record)),
        subjects=unique_values(texts(record, "subject")),
        years=first_years(dates),
        date=first_value(dates),
        publisher=first_value(texts(record, "publisher")),
        place=first_value(texts(record, "spatial")) if not texts(record, "coverage") else "",
        languages=unique_values(texts(record, "language")),
        type_of_work=first_value(URI_OF_TYPE.sub("", value) for value in texts(record, "type")),
        identifiers=unique_values(identifiers),
        licence=first_value([*texts(record, "license"), *texts(record, "licenseurl"), *texts(record, "rights")]),
        viewer=first_value(identifier for identifier in identifiers if is_url(identifier)),
    )
