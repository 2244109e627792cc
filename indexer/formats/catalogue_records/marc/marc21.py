"""MARC 21 → `Book`."""

import re

from pymarc import Record

from core.dates import parse_years
from indexer.formats.catalogue_records.marc.dates import marc_date, publication_fields
from indexer.formats.catalogue_records.marc.fields import compact_text, control_field, fields, subfields, values
from indexer.formats.catalogue_records.marc.headings import marc_authors, marc_subjects
from indexer.formats.catalogue_records.marc.numbers import marc_identifiers, marc_viewer
from indexer.formats.catalogue_records.marc.titles import marc_alternative_titles, marc_title
from indexer.formats.catalogue_records.values import balance_brackets, first_value, join_places, unique_values
from indexer.records import Book

RESOURCE_TYPES = {
    "a": "text",
    "c": "notated music",
    "d": "notated music",
    "e": "cartographic",
    "f": "cartographic",
    "g": "moving image",
    "i": "sound recording",
    "j": "sound recording",
    "k": "still image",
    "m": "software",
    "r": "three dimensional object",
    "t": "text",
}
"""Code of the record type in the leader → the word that MODS uses for it."""

SERIAL_LEVELS = "bis"
SERIAL_TYPES = {"n": "newspaper", "p": "periodical"}
"""Code of the type of continuing resource in field 008 → type of work."""

MAX_GENRE_WORDS = 4
"""Longer genre terms are descriptions, not types."""

COPY_VOCABULARIES = {"rbprov", "rbbin", "rbpap", "rbpri", "rbtyp"}
"""Vocabularies for traces of owners, bindings, paper and print in one copy."""

NO_LANGUAGES = {"und", "zxx"}
LANGUAGE_CODE = re.compile("[a-z]{3}", re.IGNORECASE)
"""In field 008 anything else is a gap or a shifted field."""


def read_marc21(record: Record) -> Book:
    """Return the book that a MARC 21 record describes."""
    publications, date = publication_fields(record), marc_date(record)
    coded_language = control_field(record, "008")[35:38]
    languages = [*values(record, "a", "041"), *filter(LANGUAGE_CODE.fullmatch, [coded_language])]
    places = (place for field in publications for place in subfields(field, "a"))
    return Book(
        id=compact_text(control_field(record, "001")),
        title=marc_title(record),
        alternative_titles=marc_alternative_titles(record),
        authors=marc_authors(record),
        subjects=marc_subjects(record),
        years=parse_years(date.reading),
        date=date.printed,
        publisher=balance_brackets(first_value(name for field in publications for name in subfields(field, "b"))),
        place=join_places(places) or first_value(values(record, "d", "752")),
        languages=unique_values(
            code for language in languages for code in split_language_codes(language) if code not in NO_LANGUAGES
        ),
        type_of_work=_type_of_work(record),
        identifiers=marc_identifiers(record),
        licence=first_value([*values(record, "u", "540"), *values(record, "a", "540")]),
        viewer=marc_viewer(record),
    )


def split_language_codes(language: str) -> list[str]:
    """Return the codes in a subfield; old records write several without a space: `engfre`."""
    if len(language) > 3 and len(language) % 3 == 0 and re.fullmatch("[a-z]+", language):
        return [language[start : start + 3] for start in range(0, len(language), 3)]
    return [language]


def _type_of_work(record: Record) -> str:
    """Return the first short genre term of the work, else the type of the record."""
    for field in fields(record, "655"):
        terms = subfields(field, "a")
        is_of_copy = field.get("5") or field.get("2") in COPY_VOCABULARIES
        if terms and not is_of_copy and len(terms[0].split()) <= MAX_GENRE_WORDS:
            return terms[0]
    leader = str(record.leader)
    serial_type = SERIAL_TYPES.get(control_field(record, "008")[21:22], "") if leader[7] in SERIAL_LEVELS else ""
    return serial_type or RESOURCE_TYPES.get(leader[6], "")
