"""Titles of MARC 21 records."""

import re

from pymarc import Field, Record

from indexer.formats.catalogue_records.marc.fields import (
    compact_text,
    fields,
    linked_fields,
    strip_punctuation,
    subfields,
    values,
)
from indexer.formats.catalogue_records.titles import has_title, is_designation, join_titles, part_title
from indexer.formats.catalogue_records.values import first_value, other_titles

TITLE_TAG = "245"
SUBSTITUTE_TAGS = ("240", "130", "246", "222")
"""Where the title is taken from if the record has no field 245."""

ALTERNATIVE_TAGS = ("130", "240", "246", "740")
"""Uniform titles, other forms of the title, and titles of parts."""

DEPENDENCE_POSITION, DEPENDENT_TITLE = 19, "c"
"""Place and code in the leader of a part whose title needs that of the whole work."""

PART_SEPARATORS = {"b": ": ", "n": ". ", "p": ". ", "f": ", ", "k": ", "}
PARALLEL_SIGNS = {"=": " = ", ";": " ; "}
"""Sign at the end of a subfield → what stands before the next one."""


def marc_title(record: Record) -> str:
    """Return the title proper with the rest of the title and the number and name of the part."""
    title = first_value(_title(field) for field in fields(record, TITLE_TAG, *SUBSTITUTE_TAGS))
    is_dependent = str(record.leader)[DEPENDENCE_POSITION] == DEPENDENT_TITLE
    if is_designation(title):
        return part_title(_work_title(record), title, "")
    work_title = _work_title(record) if is_dependent else ""
    return title if has_title(title, work_title) else join_titles(work_title, title)


def marc_alternative_titles(record: Record) -> tuple[str, ...]:
    """Return the other titles, those in their original script (880) first."""
    linked = [link.field for link in linked_fields(record, TITLE_TAG, *ALTERNATIVE_TAGS)]
    return other_titles(marc_title(record), map(_title, [*linked, *fields(record, *ALTERNATIVE_TAGS)]))


def _work_title(record: Record) -> str:
    """Return the title of the work in volumes or of the series that the record describes a part of."""
    hosts = [text for field in fields(record, "773") for text in subfields(field, "t") or subfields(field, "a")]
    series = [*values(record, "t", "800", "810", "811"), *values(record, "a", "830", "490")]
    return first_value(re.split(r"\s/\s", title)[0].rstrip(" ;:") for title in [*hosts, *series])


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
