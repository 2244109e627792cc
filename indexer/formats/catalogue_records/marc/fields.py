"""Access to the fields of a pymarc record, without the punctuation of ISBD."""

import re
from typing import NamedTuple

from pymarc import Field, Record

from core.text import clean_text

TRAILING_SIGNS = " /:;,=،؛"

FINAL_STOP = re.compile(r"(?:[^\W\d_]{4}|[\d\])?])\.$")
"""A full stop that ends the field, not an abbreviation or an initial."""

SHORT_NAMES = re.compile(
    r" (?:Tim|Tom|Jim|Joe|Max|Ann|Eva|Ida|Ian|Jan|Leo|Lee|Roy|Ray|Guy|Sue|Pat|Don|Ron|Bob|Ole|Per|Liv|Eli|Odd|Kim|Kay"
    r"|Amy|Zoe|Lou|Rex|Ted|Ned|Hal|Gus|Udo|Ulf|Uwe|Kai|Gro|Una|Jon|Bo|Jo|Al|Ed|Li|Wu|Yu|Åse|Pål|Tor|Roe|Mae|May|Art|Viv|Bea)\.$"
)
"""Whole forenames and names of two or three letters, after which the full stop of the field is no abbreviation's."""

ABBREVIATIONS = re.compile(
    r"\b(?:Bart|Bros|Corp|Dept|Inst|Prof|Univ|Verl|Druck|Comp|Chap|Gebr|Buchh"
    r"|Mass|Conn|Calif|Minn|Mich|Penna|Penn|Tenn|Miss|Wash|Okla|Colo|Ariz)\.$"
)
"""Longer abbreviations of names, publishers and American states."""

LINK = re.compile(r"(\d{3})-(\d{2})")


UNSORTED = re.compile(r"<<([^<>]*)>>|¬([^¬]*)¬")
"""Signs of German catalogues around words that do not count in sorting: `<<Die>> Räuber`."""


class LinkedField(NamedTuple):
    """A field 880: another field in its original script."""

    field: Field
    """With the tag of the field that it repeats."""
    original: Field | None
    """The field that it repeats, or None if the record lacks it."""


def control_field(record: Record, tag: str) -> str:
    """Return the text of a control field; empty if there is none."""
    field = record.get(tag)
    return (field.data or "") if field else ""


def fields(record: Record, *tags: str) -> list[Field]:
    """Return the data fields in the order of the tags, then of the record."""
    return [field for tag in tags for field in record.get_fields(tag) if not field.control_field]


def subfields(field: Field, codes: str) -> list[str]:
    """Return the subfields with any of these codes in the order of the record, without punctuation at the end."""
    values = map(strip_punctuation, field.get_subfields(*codes))
    return [value for value in values if value]


def values(record: Record, code: str, *tags: str) -> list[str]:
    """Return all subfields with one code in the fields with these tags."""
    return [value for field in fields(record, *tags) for value in subfields(field, code)]


def linked_fields(record: Record, *tags: str) -> list[LinkedField]:
    """Return the fields 880 that repeat fields with these tags in their original script."""
    originals = {number: field for field in fields(record, *tags) if (number := _link_number(field))}
    return [
        LinkedField(Field(link[1], field.indicators, field.subfields), originals.get(f"{link[1]}-{link[2]}"))
        for field in fields(record, "880")
        if (link := LINK.match(field.get("6") or "")) and link[1] in tags
    ]


def strip_punctuation(value: str) -> str:
    """Return `Christiania` for `Christiania :`; a full stop after an initial or an abbreviation is kept."""
    value = compact_text(value).rstrip(TRAILING_SIGNS)
    has_final_stop = (FINAL_STOP.search(value) and not ABBREVIATIONS.search(value)) or SHORT_NAMES.search(value)
    return value[:-1] if has_final_stop else value


def compact_text(value: str) -> str:
    """Return the text in Unicode's composed form, without control characters, repeated spaces and signs of sorting."""
    return " ".join(UNSORTED.sub(r"\1\2", clean_text(value)).split())


def _link_number(field: Field) -> str:
    """Return `700-02` for a field 700 with `$6 880-02`; `00` means that there is no link."""
    match = LINK.match(field.get("6") or "")
    return f"{field.tag}-{match[2]}" if match and match[1] == "880" and match[2] != "00" else ""
