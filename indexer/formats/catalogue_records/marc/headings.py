"""Names and subjects of MARC 21 records."""

from pymarc import Field, Record

from indexer.formats.catalogue_records.marc.fields import (
    TRAILING_SIGNS,
    compact_text,
    fields,
    linked_fields,
    strip_punctuation,
    subfields,
)
from indexer.formats.catalogue_records.roles import is_author
from indexer.formats.catalogue_records.values import unique_values

CREATOR_TAGS = ("100", "110", "111", "700", "710", "711", "720")
NAME_TAGS = ("600", "610", "611")
SUBJECT_TAGS = (*NAME_TAGS, "630", "648", "650", "651", "653")

NAME_CODES = {"00": "abcq", "10": "abndc", "11": "andceq", "20": "a"}
"""Last digits of the tag → the subfields of the name: personal, corporate, meeting, uncontrolled. Dates of life and
titles of works are left out."""

CONTAINED_WORK_INDICATOR = "2"
"""Second indicator of an added entry for a work that is in the book; other works are only related to it."""


def marc_authors(record: Record) -> tuple[str, ...]:
    """Return the names of all who made text or pictures, main entry first, names in their original script last."""
    names = [_name(field) for field in fields(record, *CREATOR_TAGS) if _is_author(field)]
    linked = linked_fields(record, *CREATOR_TAGS)
    return unique_values([*names, *(_name(link.field) for link in linked if _is_author(link.original or link.field))])


def marc_subjects(record: Record) -> tuple[str, ...]:
    """Return the headings with their subdivisions: `Chess -- Early works to 1800`."""
    linked = [link.field for link in linked_fields(record, *SUBJECT_TAGS)]
    return unique_values(map(_subject, [*fields(record, *SUBJECT_TAGS), *linked]))


def _is_author(field: Field) -> bool:
    """Return whether the name is an author's; one with `$5` (of one copy) and no role is an owner or a collection."""
    roles = field.get_subfields("j" if field.tag.endswith("11") else "e", "4")
    is_main_entry = field.tag.startswith("1")
    if field.get_subfields("t") and not is_main_entry and field.indicator2 != CONTAINED_WORK_INDICATOR:
        return False
    if not roles and not is_main_entry:
        return not field.get_subfields("5")
    return is_author(roles, is_main_entry=is_main_entry)


def _name(field: Field) -> str:
    """Return the name with numeration and titles: `Boniface IX, Pope`, `United States. Navy`."""
    kind = field.tag[1:]
    parts: list[tuple[str, str]] = []
    for subfield in field.subfields:
        if subfield.code == "t":
            break
        text = compact_text(subfield.value).rstrip(TRAILING_SIGNS if kind != "11" else " ,")
        if text and subfield.code in NAME_CODES.get(kind, "a"):
            parts.append((subfield.code, text))
    return strip_punctuation("".join(_separator(kind, parts, index) + text for index, (_, text) in enumerate(parts)))


def _separator(kind: str, parts: list[tuple[str, str]], index: int) -> str:
    """Return what stands before a part of a name; records that follow newer rules have no punctuation."""
    if index == 0:
        return ""
    code, text = parts[index]
    if kind == "00":
        return ", " if code == "c" and not text.startswith("(") else " "
    is_unit = (kind == "10" and code == "b") or (kind == "11" and code == "e")
    return ". " if is_unit and not parts[index - 1][1].endswith(".") else " "


def _subject(field: Field) -> str:
    if field.tag in NAME_TAGS:
        heading = ". ".join(part.removesuffix(".") for part in [_name(field), *subfields(field, "tp")] if part)
        return " -- ".join(filter(None, [heading, *subfields(field, "vxyz")]))
    return " -- ".join(subfields(field, "apvxyz"))
