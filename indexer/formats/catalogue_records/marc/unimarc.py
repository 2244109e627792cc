"""UNIMARC → `Book`: the title, authors, imprint, subjects and numbers."""

import re

from pymarc import Field, Record

from core.dates import parse_years
from indexer.formats.catalogue_records.coded_dates import prefers_code
from indexer.formats.catalogue_records.marc.dates import OPEN_END
from indexer.formats.catalogue_records.marc.fields import compact_text, control_field, fields, subfields, values
from indexer.formats.catalogue_records.roles import is_author
from indexer.formats.catalogue_records.values import (
    balance_brackets,
    first_value,
    join_places,
    other_titles,
    unique_values,
)
from indexer.records import Book

NAME_TAGS = ("700", "710", "720", "701", "711", "721", "702", "712", "722", "730")
MAIN_NAME_TAGS = NAME_TAGS[:3]
SUBJECT_TAGS = ("600", "601", "602", "604", "605", "606", "607", "608", "610")
TITLE_TAGS = ("200", "500")
ALTERNATIVE_TAGS = ("503", "510", "512", "513", "514", "515", "516", "517", "518", "532", "540", "541")
"""Parallel titles, those of cover, caption and spine, other forms, and translations."""

IMPRINT_TAGS = ("210", "214", "219")

RANGE_TYPES, UNCERTAIN_TYPE = "abcfg", "f"
"""Types of dates in field 100 with a first and a last year: serials, uncertain years, several volumes."""

TITLE_SEPARATORS = {"e": ": ", "h": ". ", "i": ". ", "d": " = "}

RESOURCE_TYPES = {
    "a": "text",
    "b": "text",
    "c": "notated music",
    "d": "notated music",
    "e": "cartographic",
    "f": "cartographic",
    "g": "moving image",
    "i": "sound recording",
    "j": "sound recording",
    "k": "still image",
    "r": "three dimensional object",
}
"""Code of the record type in the leader → the word that MODS uses for it."""


def read_unimarc(record: Record) -> Book:
    """Return the book that a UNIMARC record describes."""
    imprints = fields(record, *IMPRINT_TAGS)
    coded_date = _coded_date(first_value(field.get("a") or "" for field in fields(record, "100")))
    dates = [date for field in imprints for date in subfields(field, "d")]
    printed_date = next(filter(parse_years, dates), first_value(dates))
    names = fields(record, *NAME_TAGS)
    title = first_value(map(_title, fields(record, *TITLE_TAGS)))
    return Book(
        id=compact_text(control_field(record, "001")) or first_value(values(record, "a", "035")),
        title=title,
        alternative_titles=other_titles(title, map(_title, fields(record, *TITLE_TAGS, *ALTERNATIVE_TAGS))),
        authors=unique_values(_name(field) for field in names if _is_author(field)),
        subjects=unique_values(map(_subject, fields(record, *SUBJECT_TAGS))),
        years=parse_years(coded_date if prefers_code(printed_date, coded_date) else printed_date),
        date=first_value([*dates, coded_date.removesuffix("?")]),
        publisher=balance_brackets(first_value(name for field in imprints for name in subfields(field, "c"))),
        place=join_places(place for field in imprints for place in subfields(field, "a")),
        languages=unique_values(values(record, "a", "101")),
        type_of_work=RESOURCE_TYPES.get(str(record.leader)[6], ""),
        identifiers=unique_values(
            [
                compact_text(control_field(record, "001")),
                *values(record, "a", "010", "011", "017", "020", "033", "035", "930"),
                *(url for url in [control_field(record, "003")] if url[:4] == "http"),
                *values(record, "u", "856"),
            ]
        ),
        viewer=first_value(url for url in values(record, "u", "856") if url[:4] == "http"),
    )


def _coded_date(general_data: str) -> str:
    """Return `1867`, `1850-1860` or `1850-1860?` of field 100; empty if it has no date."""
    date_type, first, last = general_data[8:9], general_data[9:13], general_data[13:17]
    if not re.fullmatch(r"\d{2}[\d ]{2}", first):
        return ""
    first = first.replace(" ", "-")
    if date_type not in RANGE_TYPES or not re.fullmatch(r"\d{2}[\d ]{2}", last):
        return first
    end = "" if last == OPEN_END else last.replace(" ", "-")
    return f"{first}-{end}{'?' if date_type == UNCERTAIN_TYPE else ''}"


def _title(field: Field) -> str:
    """Return the title with its subtitle, number and name of the part."""
    title, last_code = "", ""
    for subfield in field.subfields:
        part = first_value(subfields(Field(field.tag, field.indicators, [subfield]), "adehi"))
        if part:
            separator = ", " if (last_code, subfield.code) == ("h", "i") else TITLE_SEPARATORS.get(subfield.code, ". ")
            title, last_code = (title + separator + part if title else part), subfield.code
    return title


def _name(field: Field) -> str:
    """Return `Dumas, Alexandre` or `Boniface IX, pape`; for a body its name and its units."""
    if field.tag[1] == "1":
        return ". ".join(subfields(field, "ab"))
    is_inverted = field.indicator2 == "1"
    names = (", " if is_inverted else " ").join(subfields(field, "ab"))
    return ", ".join(filter(None, [" ".join([names, *subfields(field, "d")]), *subfields(field, "c")]))


def _is_author(field: Field) -> bool:
    return is_author(field.get_subfields("4"), is_main_entry=field.tag in MAIN_NAME_TAGS)


def _subject(field: Field) -> str:
    heading = _name(field) if field.tag in ("600", "601") else first_value(subfields(field, "at"))
    return " -- ".join(filter(None, [heading, *subfields(field, "jxyz")]))
