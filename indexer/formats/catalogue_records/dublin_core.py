"""Dublin Core, simple or qualified → `Book`."""

import re

from lxml import etree

from core.dates import first_year, first_years
from indexer.formats.catalogue_records.imprints import ISBD_IMPRINT, Imprint, parse_imprint, read_bnf_publisher
from indexer.formats.catalogue_records.named_roles import author_names
from indexer.formats.catalogue_records.titles import part_title
from indexer.formats.catalogue_records.values import first_value, other_titles, unique_values
from indexer.formats.catalogue_records.work_types import short_type
from indexer.formats.xml_elements import attribute, namespace, texts
from indexer.records import Book, is_url

NAMESPACES = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")

BNF_ARK = "ark:/12148/"

URI = re.compile(r"\w[\w+.-]*:\S+$")
URI_OF_TYPE = re.compile(r"^https?://purl\.org/dc/dcmitype/")
"""What stands before the word in a DCMI type."""

TIME_OF_DAY = re.compile(r"T\d\d:")
"""In the date at which a repository received a file."""

FIRST_YEAR_OF_COPIES = 1990
"""Records of digitised works also have the date of the copy, which is of our time."""


def has_dublin_core_terms(element: etree._Element) -> bool:
    """Return whether any child of the element is a Dublin Core term."""
    return any(namespace(child) in NAMESPACES for child in element)


def read_dublin_core(record: etree._Element, work_title: str = "") -> Book:
    """Return the record whose terms are the children of the element.

    `work_title` is the title of the work that the record describes a part of, if the record does not name it.
    """
    # Europeana's ProvidedCHO has its identifier in an attribute.
    identifiers = texts(record, "identifier") or [attribute(record, "about")]
    types = [URI_OF_TYPE.sub("", value) for value in texts(record, "type")]
    imprint = _imprint(first_value(texts(record, "publisher")), identifiers)
    dates = [*texts(record, "issued"), *texts(record, "date"), *texts(record, "created"), imprint.date]
    dates.sort(key=_date_rank)
    host_title = first_value(title for title in texts(record, "isPartOf") if not URI.match(title))
    titles = texts(record, "title")
    title = part_title(host_title or work_title, first_value(titles), "")
    return Book(
        id=first_value(identifiers),
        title=title,
        alternative_titles=other_titles(title, [*titles[1:], *texts(record, "alternative")]),
        authors=author_names([*texts(record, "creator"), *texts(record, "contributor")]),
        subjects=unique_values(texts(record, "subject")),
        years=first_years(dates),
        date=first_value(dates),
        publisher=imprint.publisher,
        place=imprint.place or (first_value(texts(record, "spatial")) if not texts(record, "coverage") else ""),
        languages=unique_values(texts(record, "language")),
        type_of_work=short_type(types) or first_value(types),
        identifiers=unique_values(identifiers),
        licence=first_value([*texts(record, "license"), *texts(record, "licenseurl"), *texts(record, "rights")]),
        viewer=first_value(identifier for identifier in identifiers if is_url(identifier)),
    )


def _date_rank(date: str) -> int:
    """Return a rank for sorting: the dates of works first, then those that may be of copies, then points in time."""
    if TIME_OF_DAY.search(date):
        return 2
    return int((first_year(date) or FIRST_YEAR_OF_COPIES) >= FIRST_YEAR_OF_COPIES)


def _imprint(publisher: str, identifiers: list[str]) -> Imprint:
    """Return the parts of `Stockholm : Dar al-Muna, 2013`, and of the BnF's `Pagnerre (Paris)`."""
    if ISBD_IMPRINT.match(publisher):
        return parse_imprint(publisher)
    if any(BNF_ARK in identifier for identifier in identifiers):
        return read_bnf_publisher(publisher)
    return Imprint("", publisher, "")
