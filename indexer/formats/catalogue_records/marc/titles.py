"""Titles of MARC 21 records."""

from pymarc import Field, Record

from indexer.formats.catalogue_records.marc.fields import compact_text, fields, strip_punctuation
from indexer.formats.catalogue_records.values import first_value

TITLE_TAG = "245"
SUBSTITUTE_TAGS = ("240", "130", "246", "222")
"""Where the title is taken from if the record has no field 245."""

PART_SEPARATORS = {"b": ": ", "n": ". ", "p": ". ", "f": ", ", "k": ", "}
PARALLEL_SIGNS = {"=": " = ", ";": " ; "}
"""Sign at the end of a subfield → what stands before the next one."""


def marc_title(record: Record) -> str:
    """Return the title proper with the rest of the title and the number and name of the part."""
    return first_value(_title(field) for field in fields(record, TITLE_TAG, *SUBSTITUTE_TAGS))


def _title(field: Field) -> str:
    codes = "abnp" if field.get_subfields("a") else "kfnp"
    title, last_text, last_code = "", "", ""
    for subfield in field.subfields:
        text = compact_text(subfield.value)
        part = strip_punctuation(text)
        if subfield.code in codes and part:
            title += _separator(subfield.code, last_code, last_text) + part if title else part
            last_code = subfield.code
        last_text = text
    return title


def _separator(code: str, last_code: str, last_text: str) -> str:
    if code == "p" and last_code == "n":
        return ", "
    return PARALLEL_SIGNS.get(last_text[-1:], PART_SEPARATORS.get(code, ": "))
