"""MARCXML → `Book`, with the fields accessed through pymarc."""

import re

from lxml import etree
from pymarc import Field, Indicators, Record, Subfield

from core.dates import first_year
from indexer.formats.catalogue_records.roles import is_author
from indexer.formats.catalogue_records.values import first_value, unique_values
from indexer.formats.xml_elements import children, local_name, text
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
    "t": "text",
}
"""Code of the record type in the leader → the word that MODS uses for it."""

LEADER_LENGTH, TAG_LENGTH = 24, 3

CREATOR_TAGS = ("100", "110", "111", "700", "710", "711", "720")
SUBJECT_TAGS = ("600", "610", "611", "630", "648", "650", "651", "653")


def read_marc(element: etree._Element) -> Book:
    """Return the record of a MARCXML `record` element."""
    record = _build_record(element)
    publications = [field for field in _fields(record, "264") if _is_publication(field)] + _fields(record, "260")
    dates = [date for field in publications for date in _subfields(field, "c")]
    fixed_field, control_number = _control_field(record, "008"), _control_field(record, "001").strip()
    date = dates[0] if dates else fixed_field[7:11].strip(" |u")
    languages = [*_values(record, "a", "041"), fixed_field[35:38].strip(" |")]
    return Book(
        id=control_number,
        title=": ".join(part for field in _fields(record, "245")[:1] for part in _subfields(field, "abnp")),
        authors=unique_values(
            name for field in _fields(record, *CREATOR_TAGS) if _is_author(field) for name in _subfields(field, "a")
        ),
        subjects=unique_values(" -- ".join(_subfields(field, "avxyz")) for field in _fields(record, *SUBJECT_TAGS)),
        year=next((year for candidate in (*dates, fixed_field[7:11]) if (year := first_year(candidate))), None),
        date=date,
        publisher=first_value(name for field in publications for name in _subfields(field, "b")),
        place=next((place.strip("[]") for field in publications for place in _subfields(field, "a")), ""),
        languages=unique_values(code for language in languages for code in _split_language_codes(language)),
        type_of_work=next(iter(_values(record, "a", "655")), RESOURCE_TYPES.get(record.leader.type_of_record, "")),
        identifiers=unique_values(
            [control_number, *_values(record, "a", "020", "022", "024", "035"), *_values(record, "u", "856")]
        ),
        licence=first_value([*_values(record, "u", "540"), *_values(record, "a", "540")]),
        viewer=first_value(url for url in _values(record, "u", "856") if url.startswith("http")),
    )


def _build_record(element: etree._Element) -> Record:
    """Return the element as pymarc's record; pymarc's own XML reader has no limits on size and entities."""
    leader = next(("".join(map(str, leader.itertext())) for leader in children(element, "leader")), "")
    # Other lengths are damage, and pymarc would try to make numbers of them.
    fields = [
        _build_field(field)
        for field in children(element, "controlfield", "datafield")
        if len(field.get("tag") or "") == TAG_LENGTH
    ]
    return Record(fields=fields, leader=leader.ljust(LEADER_LENGTH)[:LEADER_LENGTH])


def _build_field(element: etree._Element) -> Field:
    tag = element.get("tag") or ""
    if local_name(element) == "controlfield":
        return Field(tag, data="".join(map(str, element.itertext())))
    indicators = Indicators(element.get("ind1") or "", element.get("ind2") or "")
    return Field(
        tag, indicators, [Subfield(part.get("code") or "", text(part)) for part in children(element, "subfield")]
    )


def _control_field(record: Record, tag: str) -> str:
    field = record.get(tag)
    return (field.data or "") if field else ""


def _fields(record: Record, *tags: str) -> list[Field]:
    """Return the fields in the order of the tags, then of the record."""
    return [field for tag in tags for field in record.get_fields(tag)]


def _subfields(field: Field, codes: str) -> list[str]:
    """Return the subfields with any of these codes in the order of the record, without ISBD punctuation at the end."""
    values = map(_strip_punctuation, field.get_subfields(*codes))
    return [value for value in values if value]


def _values(record: Record, code: str, *tags: str) -> list[str]:
    """Return all subfields with one code in the fields with these tags."""
    return [value for field in _fields(record, *tags) for value in _subfields(field, code)]


def _is_author(field: Field) -> bool:
    """Return whether the name is an author's; one with `$5` (of one copy) and no role is an owner or a collection."""
    codes = ("j", "4") if field.tag.endswith("11") else ("e", "4")
    roles = field.get_subfields(*codes)
    is_main_entry = field.tag.startswith("1")
    if not roles and not is_main_entry:
        return not field.get_subfields("5")
    return is_author(roles, is_main_entry=is_main_entry)


def _is_publication(field: Field) -> bool:
    """Return whether a field 264 is about the publication, not about production, distribution or copyright."""
    return field.indicators is not None and field.indicators.second in ("1", "")


def _strip_punctuation(value: str) -> str:
    """Return `Christiania` for `Christiania :`; a full stop after an initial or an abbreviation is kept."""
    value = value.strip().rstrip(" /:;,=").strip()
    return value[:-1] if re.search(r"[^\W\d_]{4,}\.$|[\d\])]\.$", value) else value


def _split_language_codes(language: str) -> list[str]:
    """Return the codes in a subfield; old records write several without a space: `engfre`."""
    if len(language) > 3 and len(language) % 3 == 0 and language.islower() and " " not in language:
        return [language[start : start + 3] for start in range(0, len(language), 3)]
    return [language]
