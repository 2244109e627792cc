"""Catalogue records → Book: MODS 3, MARCXML and Dublin Core, whatever prefix and wrapper they come in."""

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path

from lxml import etree

from core.dates import first_year
from core.errors import SourceError
from indexer.formats import xml_loader
from indexer.formats.catalogue_records.marc import read_marc
from indexer.formats.xml_loader import attribute, children, descendants, local_name, namespace, text, texts
from indexer.records import Book, is_url

RECORDS = ("mods", "record", "dc", "oai_dc", "simpledc", "qualifieddc")
"""Elements that may be a record; `record` is MARC's, and OAI-PMH's wrapper."""

DUBLIN_CORE = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")

CREATIVE = {
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

ELECTRONIC = ("electronic", "elektronisch", "elektronisk", "digital")


def read_records(path: Path) -> list[Book]:
    """Every record of a file."""
    return records(xml_loader.load(path), str(path))


def records(root: etree._Element, file: str) -> list[Book]:
    """Every record at or below an element; `SourceError` where there is none."""
    books = [book for element in descendants(root, *RECORDS) if (book := read_element(element))]
    if not books:
        raise SourceError(file, f"no MODS, MARCXML or Dublin Core record in <{local_name(root)}>")
    return books


def read_element(element: etree._Element) -> Book | None:
    """The record that this very element is, else None."""
    name = local_name(element)
    if name == "mods":
        return read_mods(element)
    if name == "record" and children(element, "leader", "controlfield", "datafield"):
        return read_marc(element)
    if any(namespace(child) in DUBLIN_CORE for child in element):
        return read_dublin_core(element)
    return None


def merged(books: Iterable[Book]) -> Book:
    """What the first record does not say is taken from the next."""
    first, *others = books
    for other in others:
        missing = {each.name: getattr(other, each.name) for each in fields(Book) if not getattr(first, each.name)}
        first = replace(first, **missing)
    return first


def read_mods(mods: etree._Element) -> Book:
    """A `mods` element; other works that it mentions (`relatedItem`) are not this one."""
    dates = _dates(mods)
    written = _range(dates)
    titles = children(mods, "titleInfo")
    hosts = [each for each in children(mods, "relatedItem") if each.get("type") == "host"]
    info = next(iter(children(mods, "recordInfo")), None)
    own_ids = [] if info is None else texts(info, "recordIdentifier")
    identifiers = [each for each in children(mods, "identifier") if each.get("invalid") != "yes"]
    return Book(
        id=next(iter(own_ids), "") or _preferred(identifiers),
        title=_title(titles) or _title([each for host in hosts for each in children(host, "titleInfo")]),
        authors=_once(_name(each) for each in children(mods, "name") if _is_creative(each)),
        subjects=_once(_subject(each) for each in children(mods, "subject")),
        year=next((year for each in dates if (year := first_year(text(each)))), None),
        date=written,
        publisher=_first(each for origin in _origins(mods) for each in texts(origin, "publisher")),
        place=_place(mods),
        languages=_languages(mods),
        type_of_work=_first([*texts(mods, "genre"), *texts(mods, "typeOfResource")]),
        identifiers=_once([*map(text, identifiers), *own_ids, *_shelf_marks(mods)]),
        licence=_licence(mods),
        viewer=_first(url for place in children(mods, "location") for url in texts(place, "url") if url[:4] == "http"),
    )


def read_dublin_core(record: etree._Element) -> Book:
    """Simple or qualified Dublin Core: the terms are the children of the element."""
    dates = [*texts(record, "issued"), *texts(record, "date"), *texts(record, "created")]
    identifiers = texts(record, "identifier")
    return Book(
        id=_first(identifiers),
        title=_first(texts(record, "title")),
        authors=_once([*texts(record, "creator"), *texts(record, "contributor")]),
        subjects=_once(texts(record, "subject")),
        year=next((year for each in dates if (year := first_year(each))), None),
        date=_first(dates),
        publisher=_first(texts(record, "publisher")),
        place=_first(texts(record, "spatial")) if not texts(record, "coverage") else "",
        languages=_once(texts(record, "language")),
        type_of_work=_first(texts(record, "type")),
        identifiers=_once(identifiers),
        licence=_first([*texts(record, "license"), *texts(record, "rights")]),
        viewer=_first(each for each in identifiers if is_url(each)),
    )


def _title(infos: list[etree._Element]) -> str:
    """The first title that is not an alternative, translated, uniform or abbreviated one."""
    for info in sorted(infos, key=lambda each: each.get("type") is not None):
        article = _first(texts(info, "nonSort"))
        title = _first(texts(info, "title"))
        if title:
            joint = "" if not article or article.endswith(("'", "’")) else " "
            return ": ".join([article + joint + title, *texts(info, "subTitle", "partNumber", "partName")])
    return ""


def _is_creative(name: etree._Element) -> bool:
    roles = {each.lower() for role in children(name, "role") for each in texts(role, "roleTerm")}
    return not roles or bool(roles & CREATIVE)


def _name(name: etree._Element) -> str:
    if display := _first(texts(name, "displayForm")):
        return display
    parts = children(name, "namePart")
    family, given = ([text(each) for each in parts if each.get("type") == kind] for kind in ("family", "given"))
    plain = [text(each) for each in parts if not each.get("type")]
    return ", ".join(filter(None, [" ".join(family), " ".join(given)])) or " ".join(plain)


def _subject(subject: etree._Element) -> str:
    """`Fyr -- Norge -- 1800-tallet`: the parts of one heading, in order."""
    parts = [
        (_name(each) or text(each)) if local_name(each) == "name" else text(each)
        for each in subject
        if local_name(each) in ("topic", "geographic", "temporal", "titleInfo", "name", "genre", "occupation")
    ]
    return " -- ".join(filter(None, parts))


def _origins(mods: etree._Element) -> list[etree._Element]:
    """The publication before other events; the making of the digital copy is none of the book's."""
    origins = [each for each in children(mods, "originInfo") if not _is_digitisation(each)]
    return sorted(origins, key=lambda each: (each.get("eventType") or "publication") != "publication")


def _is_digitisation(origin: etree._Element) -> bool:
    event = (origin.get("eventType") or origin.get("displayLabel") or "").lower()
    editions = " ".join(texts(origin, "edition")).lower()
    return "digiti" in event or any(word in editions for word in ELECTRONIC) or bool(texts(origin, "dateCaptured"))


def _dates(mods: etree._Element) -> list[etree._Element]:
    """Of the first event that has any, the best first: issue before copyright before making."""
    for names in (("dateIssued",), ("copyrightDate",), ("dateCreated",), ("dateOther",)):
        for origin in _origins(mods):
            if dates := [each for each in children(origin, *names) if text(each)]:
                return sorted(dates, key=_date_rank)
    # An issue of a newspaper: its day is that of the part it is.
    return [each for part in children(mods, "part") for each in children(part, "date") if text(each)]


def _date_rank(date: etree._Element) -> tuple[bool, bool, bool]:
    return (date.get("point") == "end", date.get("keyDate") != "yes", date.get("encoding") is not None)


def _range(dates: list[etree._Element]) -> str:
    starts = [text(each) for each in dates if each.get("point") == "start"]
    ends = [text(each) for each in dates if each.get("point") == "end"]
    if starts and ends:
        return f"{starts[0]}-{ends[0]}"
    return text(dates[0]) if dates else ""


def _place(mods: etree._Element) -> str:
    """In words where there are words, else the code of the country."""
    places = [place for origin in _origins(mods) for place in children(origin, "place")]
    terms = [term for place in places for term in children(place, "placeTerm")]
    return _first(text(each).strip("[]") for each in sorted(terms, key=lambda each: each.get("type") == "code"))


def _languages(mods: etree._Element) -> tuple[str, ...]:
    terms = [term for language in children(mods, "language") for term in children(language, "languageTerm")]
    codes = [text(each) for each in terms if each.get("type") == "code"]
    return _once(codes or [text(each) for each in terms] or texts(mods, "language"))


def _shelf_marks(mods: etree._Element) -> list[str]:
    return [text(mark) for location in children(mods, "location") for mark in descendants(location, "shelfLocator")]


def _licence(mods: etree._Element) -> str:
    """Where there are several conditions, the one of use and reproduction."""
    conditions = sorted(children(mods, "accessCondition"), key=lambda each: "use" not in (each.get("type") or ""))
    written = (attribute(each, "href") or text(each) for each in conditions)
    return _first(each for each in written if each.upper() != "UNKNOWN")


def _preferred(identifiers: list[etree._Element]) -> str:
    """A URN before anything else, for it outlives the system that gave the others."""
    return _first(text(each) for each in sorted(identifiers, key=lambda each: each.get("type") not in ("urn", "URN")))


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
