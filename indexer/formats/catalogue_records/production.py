"""The internal records of Goobi and Kitodo (`meta.xml`) → `Book`.

Each value is an element `metadata` with a name from the library's own set of rules, so names are compared without case
and only the common ones are known.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from core.dates import first_years
from indexer.formats.catalogue_records.mods_titles import SORT_MARK
from indexer.formats.catalogue_records.roles import is_author
from indexer.formats.catalogue_records.titles import join_titles, part_title
from indexer.formats.catalogue_records.values import first_value, join_places, unique_values
from indexer.formats.xml_elements import children, local_name, text
from indexer.records import Book

ROOT_ELEMENTS = ("goobi", "kitodo")

TITLES = ("titledocmain", "title", "maintitle", "titlemain", "titledocmainshort")
SUBTITLES = ("titledocsub1", "titledocsub", "subtitle")
PART_NUMBERS = ("currentno", "volumenumber", "issuenumber", "partnumber", "volume", "bandzahlung", "bandzaehlung")
PART_NAMES = ("titledocpart", "partname", "volumetitle")
DATES = (
    *("publicationyear", "publicationrun", "dateissued", "publicationdate", "dateofpublication", "yearofpublication"),
    *("dateoforigin", "originyear", "datecreated", "dateofcreation", "creationdate", "productionyear"),
)
PLACES = ("placeofpublication", "publicationplace", "placeoforigin", "originplace", "place")
PUBLISHERS = ("publishername", "publisher", "publishers")
LANGUAGES = ("doclanguage", "language")
RECORD_IDS = ("catalogiddigital", "catalogidentifier", "catalogidsource", "recordidentifier", "catalogid")
IDENTIFIERS = (
    *RECORD_IDS,
    *("urn", "purl", "doi", "ark", "handle", "isbn", "issn", "zdb", "vd16", "vd17", "vd18", "ppnanalog", "identifier"),
    *("catalogidperiodicaldb", "catalogidmainseries"),
)
SHELF_MARKS = ("shelfmarksource", "shelfmark", "itemsignatur", "shelflocator", "signature", "signatur", "callnumber")
SUBJECTS = ("subjecttopic", "subject", "subjectgeographic", "subjectperson", "subjecttitle", "classification")
TYPES = ("genre", "doctype", "documenttype", "docstrct", "typeofresource")
LICENCES = ("accesslicense", "license", "licence", "useandreproductionlicense", "accesscondition", "rights")

NAME_PARTS = ("lastname", "firstname", "displayname", "role", "name", "mainname")
PERSON_GROUPS = ("person", "contributor", "creator", "corporation", "corporate")
"""Groups whose role is in a field of their own."""


def read_production_record(element: etree._Element, work_title: str = "") -> Book:
    """Return the record of a `goobi:goobi` or `kitodo:kitodo` element.

    `work_title` is the title of the work that the record describes a part of.
    """
    values = list(_values(element))
    dates = _texts(values, DATES)
    identifiers = _texts(values, IDENTIFIERS)
    return Book(
        id=first_value(_texts(values, RECORD_IDS)),
        title=_title(values, work_title),
        authors=unique_values(_authors(element)),
        subjects=unique_values(_texts(values, SUBJECTS)),
        years=first_years(dates),
        date=first_value(dates),
        publisher=first_value(_texts(values, PUBLISHERS)),
        place=join_places(_texts(values, PLACES)),
        languages=unique_values(_texts(values, LANGUAGES)),
        type_of_work=first_value(_texts(values, TYPES)),
        identifiers=unique_values([*identifiers, *_texts(values, SHELF_MARKS)]),
        licence=first_value(_texts(values, LICENCES)),
    )


def find_production_record(element: etree._Element) -> etree._Element | None:
    """Return the `goobi` or `kitodo` element in the extensions of a `mods` element; None if there is none."""
    extensions = children(element, "extension")
    return next((record for extension in extensions for record in children(extension, *ROOT_ELEMENTS)), None)


def is_extension_of_mods(element: etree._Element) -> bool:
    """Return whether the element is part of a `mods` element, which is then the record."""
    parent = element.getparent()
    return parent is not None and local_name(parent) == "extension"


def _values(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the folded name and the text of each value; an `anchorId` belongs to the whole work."""
    for child in children(element, "metadata"):
        if child.get("type") not in ("person", "corporate", "group") and child.get("anchorId") != "true":
            yield _fold_name(child.get("name") or ""), text(child)


def _texts(values: list[tuple[str, str]], names: Iterable[str]) -> list[str]:
    """Return the texts with one of these names, in the order of the names."""
    return [value for wanted_name in names for name, value in values if name == wanted_name and value]


def _title(values: list[tuple[str, str]], work_title: str) -> str:
    main_title = SORT_MARK.sub(r"\1", first_value(_texts(values, TITLES)))
    title = ": ".join([main_title, *_texts(values, SUBTITLES)[:1]]) if main_title else ""
    part_name = first_value(_texts(values, PART_NAMES))
    number = first_value(_texts(values, PART_NUMBERS))
    full_title = join_titles(title, part_name) if title else part_name
    return part_title(work_title, full_title, number)


def _authors(element: etree._Element) -> Iterator[str]:
    for child in children(element, "metadata", "metadataGroup"):
        role = child.get("name") or ""
        parts = _name_parts(child)
        if parts:
            own_roles = [parts["role"]] if parts.get("role") else []
            roles = own_roles if own_roles or _fold_name(role) in PERSON_GROUPS else [role]
            is_person = child.get("type") in ("person", "corporate") or bool(own_roles) or _is_role(role)
            if is_person and is_author(roles):
                yield _format_name(parts)
        elif local_name(child) == "metadata" and _is_role(role) and is_author([role]):
            yield text(child)


def _is_role(name: str) -> bool:
    """Return whether the name of a value is that of a person: `Author`, `Illustrator`, `Contributor`."""
    return _fold_name(name) in (*PERSON_GROUPS, "author", "editor", "illustrator", "engraver", "artist", "translator")


def _name_parts(element: etree._Element) -> dict[str, str]:
    """Return the parts of a name: Goobi's elements `lastName`, or values called `LastName` or `ctrLastName`."""
    parts: dict[str, str] = {}
    for child in element:
        name = _fold_name(child.get("name") or local_name(child)).removeprefix("ctr")
        if name in NAME_PARTS and text(child):
            parts.setdefault(name, text(child))
    return parts


def _format_name(parts: dict[str, str]) -> str:
    inverted_name = ", ".join(filter(None, [parts.get("lastname"), parts.get("firstname")]))
    return inverted_name or first_value(parts.get(key, "") for key in ("displayname", "mainname", "name"))


def _fold_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
