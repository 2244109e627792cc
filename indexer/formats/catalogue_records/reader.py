"""Catalogue records → Book: MODS 3, MARCXML and Dublin Core, whatever prefix and wrapper they come in."""

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path

from lxml import etree

from core.dates import first_year
from core.errors import ProblemCode, SourceError
from indexer.formats import xml_loader
from indexer.formats.catalogue_records.marc import read_marc
from indexer.formats.xml_loader import attribute, children, descendants, local_name, namespace, text, texts
from indexer.records import Book, is_url

RECORD_ELEMENTS = ("mods", "record", "dc", "oai_dc", "simpledc", "qualifieddc")
"""Elements that may be a record; `record` is MARC's, and OAI-PMH's wrapper."""

DUBLIN_CORE_NAMESPACES = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")

CREATOR_ROLES = {
    *("aut", "author", "forfatter", "verfasser", "auteur", "cre", "creator", "art", "artist", "ill", "illustrator"),
    *(
        "egr",
        "engraver",
        "etr",
        "etcher",
        "lth",
        "lithographer",
        "pht",
        "photographer",
        "drm",
        "dsr",
        "cmp",
        "composer",
    ),
    *("lbt", "lyr", "ctg", "cartographer", "edt", "editor", "red.", "com", "trl", "translator", "asn", "att", "wam"),
}
"""MARC relators of those whom a reader would look for; publishers, printers, owners and sponsors are not among them."""

ELECTRONIC_WORDS = ("electronic", "elektronisch", "elektronisk", "digital")


def read_records(path: Path) -> list[Book]:
    """Every record of a file."""
    return parse_records(xml_loader.load(path), str(path))


def parse_records(root: etree._Element, file: str) -> list[Book]:
    """Every record at or below an element; `SourceError` where there is none."""
    books = [book for element in descendants(root, *RECORD_ELEMENTS) if (book := read_element(element))]
    if not books:
        raise SourceError(
            file, f"no MODS, MARCXML or Dublin Core record in <{local_name(root)}>", code=ProblemCode.UNSUPPORTED
        )
    return books


def read_element(element: etree._Element) -> Book | None:
    """The record that this very element is, else None."""
    name = local_name(element)
    if name == "mods":
        return read_mods(element)
    if name == "record" and children(element, "leader", "controlfield", "datafield"):
        return read_marc(element)
    if any(namespace(child) in DUBLIN_CORE_NAMESPACES for child in element):
        return read_dublin_core(element)
    return None


def merge_records(books: Iterable[Book]) -> Book:
    """What the first record does not say is taken from the next."""
    merged_book, *other_books = books
    for other_book in other_books:
        missing_values = {
            field.name: getattr(other_book, field.name)
            for field in fields(Book)
            if not getattr(merged_book, field.name)
        }
        merged_book = replace(merged_book, **missing_values)
    return merged_book


def read_mods(mods: etree._Element) -> Book:
    """A `mods` element; other works that it mentions (`relatedItem`) are not this one."""
    dates = _dates(mods)
    date_text = _date_range(dates)
    titles = children(mods, "titleInfo")
    host_items = [item for item in children(mods, "relatedItem") if item.get("type") == "host"]
    record_info = next(iter(children(mods, "recordInfo")), None)
    own_ids = [] if record_info is None else texts(record_info, "recordIdentifier")
    identifiers = [identifier for identifier in children(mods, "identifier") if identifier.get("invalid") != "yes"]
    return Book(
        id=next(iter(own_ids), "") or _preferred_identifier(identifiers),
        title=_title(titles)
        or _title([title_info for host in host_items for title_info in children(host, "titleInfo")]),
        authors=_unique_values(_name(name) for name in children(mods, "name") if _is_creator(name)),
        subjects=_unique_values(_subject(subject) for subject in children(mods, "subject")),
        year=next((year for date in dates if (year := first_year(text(date)))), None),
        date=date_text,
        publisher=_first_value(publisher for origin in _origins(mods) for publisher in texts(origin, "publisher")),
        place=_place(mods),
        languages=_languages(mods),
        type_of_work=_first_value([*texts(mods, "genre"), *texts(mods, "typeOfResource")]),
        identifiers=_unique_values([*map(text, identifiers), *own_ids, *_shelf_marks(mods)]),
        licence=_licence(mods),
        viewer=_first_value(
            url for location in children(mods, "location") for url in texts(location, "url") if url[:4] == "http"
        ),
    )


def read_dublin_core(record: etree._Element) -> Book:
    """Simple or qualified Dublin Core: the terms are the children of the element."""
    dates = [*texts(record, "issued"), *texts(record, "date"), *texts(record, "created")]
    identifiers = texts(record, "identifier")
    return Book(
        id=_first_value(identifiers),
        title=_first_value(texts(record, "title")),
        authors=_unique_values([*texts(record, "creator"), *texts(record, "contributor")]),
        subjects=_unique_values(texts(record, "subject")),
        year=next((year for date in dates if (year := first_year(date))), None),
        date=_first_value(dates),
        publisher=_first_value(texts(record, "publisher")),
        place=_first_value(texts(record, "spatial")) if not texts(record, "coverage") else "",
        languages=_unique_values(texts(record, "language")),
        type_of_work=_first_value(texts(record, "type")),
        identifiers=_unique_values(identifiers),
        licence=_first_value([*texts(record, "license"), *texts(record, "rights")]),
        viewer=_first_value(identifier for identifier in identifiers if is_url(identifier)),
    )


def _title(title_infos: list[etree._Element]) -> str:
    """The first title that is not an alternative, translated, uniform or abbreviated one."""
    for title_info in sorted(title_infos, key=lambda title_info: title_info.get("type") is not None):
        article = _first_value(texts(title_info, "nonSort"))
        title = _first_value(texts(title_info, "title"))
        if title:
            separator = "" if not article or article.endswith(("'", "’")) else " "
            return ": ".join([article + separator + title, *texts(title_info, "subTitle", "partNumber", "partName")])
    return ""


def _is_creator(name: etree._Element) -> bool:
    roles = {role_term.lower() for role in children(name, "role") for role_term in texts(role, "roleTerm")}
    return not roles or bool(roles & CREATOR_ROLES)


def _name(name: etree._Element) -> str:
    if display_form := _first_value(texts(name, "displayForm")):
        return display_form
    name_parts = children(name, "namePart")
    family_names, given_names = (
        [text(name_part) for name_part in name_parts if name_part.get("type") == part_type]
        for part_type in ("family", "given")
    )
    untyped_parts = [text(name_part) for name_part in name_parts if not name_part.get("type")]
    return ", ".join(filter(None, [" ".join(family_names), " ".join(given_names)])) or " ".join(untyped_parts)


def _subject(subject: etree._Element) -> str:
    """`Fyr -- Norge -- 1800-tallet`: the parts of one heading, in order."""
    headings = [
        (_name(part) or text(part)) if local_name(part) == "name" else text(part)
        for part in subject
        if local_name(part) in ("topic", "geographic", "temporal", "titleInfo", "name", "genre", "occupation")
    ]
    return " -- ".join(filter(None, headings))


def _origins(mods: etree._Element) -> list[etree._Element]:
    """The publication before other events; the making of the digital copy is none of the book's."""
    origins = [origin for origin in children(mods, "originInfo") if not _is_digitisation(origin)]
    return sorted(origins, key=lambda origin: (origin.get("eventType") or "publication") != "publication")


def _is_digitisation(origin: etree._Element) -> bool:
    event = (origin.get("eventType") or origin.get("displayLabel") or "").lower()
    editions = " ".join(texts(origin, "edition")).lower()
    return (
        "digiti" in event or any(word in editions for word in ELECTRONIC_WORDS) or bool(texts(origin, "dateCaptured"))
    )


def _dates(mods: etree._Element) -> list[etree._Element]:
    """Of the first event that has any, the best first: issue before copyright before making."""
    for names in (("dateIssued",), ("copyrightDate",), ("dateCreated",), ("dateOther",)):
        for origin in _origins(mods):
            if dates := [date for date in children(origin, *names) if text(date)]:
                return sorted(dates, key=_date_rank)
    # An issue of a newspaper: its day is that of the part it is.
    return [date for part in children(mods, "part") for date in children(part, "date") if text(date)]


def _date_rank(date: etree._Element) -> tuple[bool, bool, bool]:
    return (date.get("point") == "end", date.get("keyDate") != "yes", date.get("encoding") is not None)


def _date_range(dates: list[etree._Element]) -> str:
    starts = [text(date) for date in dates if date.get("point") == "start"]
    ends = [text(date) for date in dates if date.get("point") == "end"]
    if starts and ends:
        return f"{starts[0]}-{ends[0]}"
    return text(dates[0]) if dates else ""


def _place(mods: etree._Element) -> str:
    """In words where there are words, else the code of the country."""
    places = [place_element for origin in _origins(mods) for place_element in children(origin, "place")]
    terms = [term for place_element in places for term in children(place_element, "placeTerm")]
    return _first_value(text(term).strip("[]") for term in sorted(terms, key=lambda each: each.get("type") == "code"))


def _languages(mods: etree._Element) -> tuple[str, ...]:
    terms = [term for language in children(mods, "language") for term in children(language, "languageTerm")]
    codes = [text(term) for term in terms if term.get("type") == "code"]
    return _unique_values(codes or [text(term) for term in terms] or texts(mods, "language"))


def _shelf_marks(mods: etree._Element) -> list[str]:
    return [text(mark) for location in children(mods, "location") for mark in descendants(location, "shelfLocator")]


def _licence(mods: etree._Element) -> str:
    """Where there are several conditions, the one of use and reproduction."""
    access_conditions = sorted(
        children(mods, "accessCondition"), key=lambda condition: "use" not in (condition.get("type") or "")
    )
    licences = (attribute(condition, "href") or text(condition) for condition in access_conditions)
    return _first_value(licence for licence in licences if licence.upper() != "UNKNOWN")


def _preferred_identifier(identifiers: list[etree._Element]) -> str:
    """A URN before anything else, for it outlives the system that gave the others."""
    return _first_value(
        text(identifier) for identifier in sorted(identifiers, key=lambda each: each.get("type") not in ("urn", "URN"))
    )


def _first_value(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _unique_values(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
