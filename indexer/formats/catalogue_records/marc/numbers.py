"""Numbers, shelf marks and addresses of MARC 21 records."""

import re
from collections.abc import Iterable

from pymarc import Field, Record

from indexer.formats.catalogue_records.marc.fields import compact_text, control_field, fields, subfields, values
from indexer.formats.catalogue_records.values import first_value, unique_values

STANDARD_NUMBER = re.compile(r"[\dXx][\dXx\s-]{6,}[\dXx]")
NUMBER_TAGS = ("015", "016", "024", "027", "035", "099")

RELATED_RESOURCE = "2"
"""Second indicator of field 856 for something other than the book."""

OTHER_RESOURCES = re.compile(
    r"table of contents|inhaltsverzeichnis|inhaltstext|contributor bio|publisher description|sample text|home ?page"
    r"|video|audio|rezension|review|klappentext|umschlag|cover|abstract|finding aid|table des mati|sommaire"
    r"|innholdsfortegnelse|omslag|/catdir/",
    re.IGNORECASE,
)
"""Words of a note or an address that shows something other than the book."""

FILE_SUFFIXES = (".pdf", ".jpg", ".jpeg", ".tif", ".xml", ".zip", ".epub", ".txt")


def marc_identifiers(record: Record) -> tuple[str, ...]:
    """Return the numbers by which the book is known: control number, LCCN, ISBN, ISSN, DOI, OCLC, shelf marks, URLs."""
    return unique_values(
        [
            compact_text(control_field(record, "001")),
            *map(_normalise_lccn, values(record, "a", "010")),
            *map(_standard_number, values(record, "a", "020", "022")),
            *values(record, "a", *NUMBER_TAGS),
            *(_shelf_mark(field) for field in fields(record, "852")),
            *(url for field in _resources(record) for url in subfields(field, "u")),
        ]
    )


def marc_viewer(record: Record) -> str:
    """Return the address of a page that shows the book: no table of contents, no file, nothing about related works."""
    urls = [url for field in _resources(record) for url in subfields(field, "u") if url[:4] == "http"]
    return first_value(sorted(urls, key=lambda url: url.lower().endswith(FILE_SUFFIXES)))


def _resources(record: Record) -> list[Field]:
    """Return the fields 856 for the book itself."""
    return [
        field
        for field in fields(record, "856")
        if field.indicator2 != RELATED_RESOURCE
        and not OTHER_RESOURCES.search(" ".join(field.get_subfields("3", "u", "y", "z")))
    ]


def _standard_number(value: str) -> str:
    """Return `0-394-50288-4` for `0-394-50288-4 (pbk.)`."""
    match = STANDARD_NUMBER.match(value)
    return match[0].strip() if match else value


def _normalise_lccn(number: str) -> str:
    """Return the number as in https://lccn.loc.gov: without blanks and revision, six digits after the hyphen."""
    prefix, hyphen, serial = number.replace(" ", "").partition("/")[0].partition("-")
    return prefix + (serial.zfill(6) if hyphen else "")


def _shelf_mark(field: Field) -> str:
    """Return the call number of field 852, or its shelving control number."""
    parts: Iterable[str] = subfields(field, "khilm")
    return " ".join(parts) or first_value(subfields(field, "j"))
