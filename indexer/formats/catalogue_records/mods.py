"""MODS 3 → `Book`."""

import re

from lxml import etree

from indexer.formats.catalogue_records.mods_dates import mods_date, mods_years
from indexer.formats.catalogue_records.mods_titles import read_alternative_titles, read_title
from indexer.formats.catalogue_records.roles import is_author
from indexer.formats.catalogue_records.values import first_value, join_places, unique_values
from indexer.formats.xml_elements import attribute, children, descendants, local_name, text, texts
from indexer.records import Book

ELECTRONIC_WORDS = ("electronic", "elektronisch", "elektronisk", "digit")

SUBJECT_PARTS = (
    *("topic", "geographic", "temporal", "titleInfo", "name", "genre", "occupation"),
    "hierarchicalGeographic",
)

OTHER_TEXTS = re.compile("summary|abstract|subtitle|caption|table of contents|accompanying", re.IGNORECASE)
"""Parts of a book (`objectPart`) whose language is not that of its text."""

LETTER = re.compile(r"[^\W\d_]")

ATTACHED_TERMS = re.compile(r"[IVXL]+\b|(?:von|vom|zu|zur|van|de|du|des|la|le|af|av|ten|ter|und|der|den|\s)+$")
"""Numerals and particles, which follow a name without a comma."""


def read_mods(mods: etree._Element, work_title: str = "") -> Book:
    """Return the record of a `mods` element; of related works (`relatedItem`) only titles are taken.

    `work_title` is the title of the work that this is a part of, for a record that does not name its host.
    """
    dates = _dates(mods)
    date_text = mods_date(dates)
    record_info = next(iter(children(mods, "recordInfo")), None)
    own_ids = [] if record_info is None else texts(record_info, "recordIdentifier")
    identifiers = [identifier for identifier in children(mods, "identifier") if identifier.get("invalid") != "yes"]
    title = read_title(mods, work_title)
    return Book(
        id=next(iter(own_ids), "") or _preferred_identifier(identifiers),
        title=title,
        alternative_titles=read_alternative_titles(mods, title),
        authors=unique_values(_name(name) for name in children(mods, "name") if _is_creator(name)),
        subjects=unique_values(_subject(subject) for subject in children(mods, "subject")),
        years=mods_years(dates),
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
    terms = [term for role in children(name, "role") for term in children(role, "roleTerm")]
    roles = [role for term in terms if (role := text(term) or attribute(term, "valueURI"))]
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
    separator = ". " if name.get("type") == "corporate" else " "
    inverted_name = ", ".join(filter(None, [" ".join(family_names), " ".join(given_names)]))
    full_name = inverted_name or separator.join(untyped_parts)
    for part in name_parts if full_name else ():
        if part.get("type") == "termsOfAddress" and (terms := text(part).strip(" ,")):
            full_name = full_name.rstrip(" ,") + (" " if ATTACHED_TERMS.match(terms) else ", ") + terms
    return full_name


def _subject(subject: etree._Element) -> str:
    """Return the parts of one heading in order: `Fyr -- Norge -- 1800-tallet`."""
    headings = [
        heading
        for part in subject
        if local_name(part) in SUBJECT_PARTS
        for heading in ([_name(part) or text(part)] if local_name(part) == "name" else _headings(part))
    ]
    return " -- ".join(filter(None, headings))


def _headings(part: etree._Element) -> list[str]:
    """Return the text of a part of a heading, or the places of a `hierarchicalGeographic` from the largest."""
    return list(map(text, part)) if local_name(part) == "hierarchicalGeographic" else [text(part)]


def _origins(mods: etree._Element) -> list[etree._Element]:
    """Return the events of origin, publication first; the digitisation is left out."""
    origins = [origin for origin in children(mods, "originInfo") if not _is_digitisation(origin)]
    return sorted(origins, key=lambda origin: (origin.get("eventType") or "publication") != "publication")


def _is_digitisation(origin: etree._Element) -> bool:
    event = f"{origin.get('eventType') or ''} {origin.get('displayLabel') or ''}".lower()
    editions = " ".join(texts(origin, "edition")).lower()
    is_electronic = any(word in part for word in ELECTRONIC_WORDS for part in (event, editions))
    return is_electronic or bool(texts(origin, "dateCaptured"))


def _dates(mods: etree._Element) -> list[etree._Element]:
    """Return the dates of the first event that has any, best first: issue before copyright before creation."""
    for names in (("dateIssued",), ("copyrightDate",), ("dateCreated",), ("dateOther",)):
        for origin in _origins(mods):
            if dates := [date for date in children(origin, *names) if text(date)]:
                return dates
    # The day of a newspaper issue is given as the date of a part.
    return [date for part in children(mods, "part") for date in children(part, "date") if text(date)]


def _place(mods: etree._Element) -> str:
    """Return the places of the first event that has any in words, or the first country code if none has."""
    events = [
        [term for place_element in children(origin, "place") for term in children(place_element, "placeTerm")]
        for origin in _origins(mods)
    ]
    places = [join_places(text(term) for term in terms if term.get("type") != "code") for terms in events]
    return first_value([*places, *(text(term) for terms in events for term in terms)])


def _languages(mods: etree._Element) -> tuple[str, ...]:
    elements = children(mods, "language")
    own_elements = [element for element in elements if not OTHER_TEXTS.search(element.get("objectPart") or "")]
    return unique_values(language for element in own_elements for language in _language_terms(element))


def _language_terms(element: etree._Element) -> list[str]:
    """Return the codes in an element, else the names."""
    terms = [term for term in children(element, "languageTerm") if LETTER.search(text(term))]
    codes = [text(term) for term in terms if term.get("type") == "code"]
    return codes or [text(term) for term in terms] or ([] if len(element) else [text(element)])


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
