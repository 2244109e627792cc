"""MODS 3 → `Book`."""

import re
from dataclasses import replace

from lxml import etree

from core.dates import YearRange, first_years
from indexer.formats.catalogue_records.mods_titles import read_title
from indexer.formats.catalogue_records.roles import is_author
from indexer.formats.catalogue_records.values import first_value, join_places, unique_values
from indexer.formats.xml_elements import attribute, children, descendants, local_name, text, texts
from indexer.records import Book

ELECTRONIC_WORDS = ("electronic", "elektronisch", "elektronisk", "digital")

ATTACHED_TERMS = re.compile(r"[IVXL]+\b|(?:von|vom|zu|zur|van|de|du|des|la|le|af|av|ten|ter|und|der|den|\s)+$")
"""Numerals and particles, which follow a name without a comma."""


def read_mods(mods: etree._Element, work_title: str = "") -> Book:
    """Return the record of a `mods` element; of related works (`relatedItem`) only titles are taken.

    `work_title` is the title of the work that this is a part of, for a record that does not name its host.
    """
    dates = _dates(mods)
    date_text = _date_range(dates)
    record_info = next(iter(children(mods, "recordInfo")), None)
    own_ids = [] if record_info is None else texts(record_info, "recordIdentifier")
    identifiers = [identifier for identifier in children(mods, "identifier") if identifier.get("invalid") != "yes"]
    return Book(
        id=next(iter(own_ids), "") or _preferred_identifier(identifiers),
        title=read_title(mods, work_title),
        authors=unique_values(_name(name) for name in children(mods, "name") if _is_creator(name)),
        subjects=unique_values(_subject(subject) for subject in children(mods, "subject")),
        years=_years(date_text, dates),
        date=date_text,
        publisher=first_value(publisher for origin in _origins(mods) for publisher in texts(origin, "publisher")),
        place=_place(mods),
        languages=_languages(mods),
        type_of_work=first_value([*texts(mods, "genre"), *texts(mods, "typeOfResource")]),
        identifiers=unique_values([*map(text, identifiers), *own_ids, *_shelf_marks(mods)]),
        licence=_licence(mods),
        viewer=first_value(
            url for location in children(mods, "location") for url in texts(location, "url") if url[:4] == "http"
        ),
    )


def _is_creator(name: etree._Element) -> bool:
    roles = [role_term for role in children(name, "role") for role_term in texts(role, "roleTerm")]
    return is_author(roles, is_main_entry=name.get("usage") == "primary")


def _name(name: etree._Element) -> str:
    """Return `Moe, Anna` or `Boniface IX, Pope`, without dates of life."""
    if display_form := first_value(texts(name, "displayForm")):
        return display_form
    name_parts = children(name, "namePart")
    family_names, given_names = (
        [text(name_part) for name_part in name_parts if name_part.get("type") == part_type]
        for part_type in ("family", "given")
    )
    untyped_parts = [text(name_part) for name_part in name_parts if not name_part.get("type")]
    full_name = ", ".join(filter(None, [" ".join(family_names), " ".join(given_names)])) or " ".join(untyped_parts)
    for part in name_parts if full_name else ():
        if part.get("type") == "termsOfAddress" and (terms := text(part).strip(" ,")):
            full_name = full_name.rstrip(" ,") + (" " if ATTACHED_TERMS.match(terms) else ", ") + terms
    return full_name


def _subject(subject: etree._Element) -> str:
    """Return the parts of one heading in order: `Fyr -- Norge -- 1800-tallet`."""
    headings = [
        (_name(part) or text(part)) if local_name(part) == "name" else text(part)
        for part in subject
        if local_name(part) in ("topic", "geographic", "temporal", "titleInfo", "name", "genre", "occupation")
    ]
    return " -- ".join(filter(None, headings))


def _origins(mods: etree._Element) -> list[etree._Element]:
    """Return the events of origin, publication first; the digitisation is left out."""
    origins = [origin for origin in children(mods, "originInfo") if not _is_digitisation(origin)]
    return sorted(origins, key=lambda origin: (origin.get("eventType") or "publication") != "publication")


def _is_digitisation(origin: etree._Element) -> bool:
    event = (origin.get("eventType") or origin.get("displayLabel") or "").lower()
    editions = " ".join(texts(origin, "edition")).lower()
    return (
        "digiti" in event or any(word in editions for word in ELECTRONIC_WORDS) or bool(texts(origin, "dateCaptured"))
    )


def _dates(mods: etree._Element) -> list[etree._Element]:
    """Return the dates of the first event that has any, best first: issue before copyright before creation."""
    for names in (("dateIssued",), ("copyrightDate",), ("dateCreated",), ("dateOther",)):
        for origin in _origins(mods):
            if dates := [date for date in children(origin, *names) if text(date)]:
                return sorted(dates, key=_date_rank)
    # The day of a newspaper issue is given as the date of a part.
    return [date for part in children(mods, "part") for date in children(part, "date") if text(date)]


def _date_rank(date: etree._Element) -> tuple[bool, bool, bool]:
    return (date.get("point") == "end", date.get("keyDate") != "yes", date.get("encoding") is not None)


def _date_range(dates: list[etree._Element]) -> str:
    starts = [text(date) for date in dates if date.get("point") == "start"]
    ends = [text(date) for date in dates if date.get("point") == "end"]
    if starts and ends:
        return f"{starts[0]}-{ends[0]}"
    return text(dates[0]) if dates else ""


def _years(date_text: str, dates: list[etree._Element]) -> YearRange | None:
    years = first_years([date_text, *map(text, dates)])
    is_doubtful = any(date.get("qualifier") in ("approximate", "questionable") for date in dates)
    return replace(years, is_certain=False) if years and is_doubtful else years


def _place(mods: etree._Element) -> str:
    """Return the places of the first event that has any in words, or the first country code if none has."""
    events = [
        [term for place_element in children(origin, "place") for term in children(place_element, "placeTerm")]
        for origin in _origins(mods)
    ]
    places = [join_places(text(term) for term in terms if term.get("type") != "code") for terms in events]
    return first_value([*places, *(text(term) for terms in events for term in terms)])


def _languages(mods: etree._Element) -> tuple[str, ...]:
    terms = [term for language in children(mods, "language") for term in children(language, "languageTerm")]
    codes = [text(term) for term in terms if term.get("type") == "code"]
    return unique_values(codes or [text(term) for term in terms] or texts(mods, "language"))


def _shelf_marks(mods: etree._Element) -> list[str]:
    return [text(mark) for location in children(mods, "location") for mark in descendants(location, "shelfLocator")]


def _licence(mods: etree._Element) -> str:
    """Return the licence or the terms of use; a condition of use and reproduction comes before others."""
    access_conditions = sorted(
        children(mods, "accessCondition"), key=lambda condition: "use" not in (condition.get("type") or "")
    )
    licences = (attribute(condition, "href") or text(condition) for condition in access_conditions)
    return first_value(licence for licence in licences if licence.upper() != "UNKNOWN")


def _preferred_identifier(identifiers: list[etree._Element]) -> str:
    """Return a URN if there is one, as it outlives the systems that assign other identifiers."""
    return first_value(
        text(identifier)
        for identifier in sorted(identifiers, key=lambda element: element.get("type") not in ("urn", "URN"))
    )
