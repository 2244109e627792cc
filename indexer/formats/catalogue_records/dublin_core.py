"""Dublin Core, simple or qualified → `Book`."""

from lxml import etree

from core.dates import first_years
from indexer.formats.catalogue_records.values import first_value, unique_values
from indexer.formats.xml_elements import namespace, texts
from indexer.records import Book, is_url

NAMESPACES = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")


def has_dublin_core_terms(element: etree._Element) -> bool:
    """Return whether any child of the element is a Dublin Core term."""
    return any(namespace(child) in NAMESPACES for child in element)


def read_dublin_core(record: etree._Element) -> Book:
    """Return the record whose terms are the children of the element."""
    dates = [*texts(record, "issued"), *texts(record, "date"), *texts(record, "created")]
    identifiers = texts(record, "identifier")
    return Book(
        id=first_value(identifiers),
        title=first_value(texts(record, "title")),
        authors=unique_values([*texts(record, "creator"), *texts(record, "contributor")]),
        subjects=unique_values(texts(record, "subject")),
        years=first_years(dates),
        date=first_value(dates),
        publisher=first_value(texts(record, "publisher")),
        place=first_value(texts(record, "spatial")) if not texts(record, "coverage") else "",
        languages=unique_values(texts(record, "language")),
        type_of_work=first_value(texts(record, "type")),
        identifiers=unique_values(identifiers),
        licence=first_value([*texts(record, "license"), *texts(record, "rights")]),
        viewer=first_value(identifier for identifier in identifiers if is_url(identifier)),
    )
