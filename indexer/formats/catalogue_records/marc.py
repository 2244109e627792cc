"""MARCXML → Book."""

import re
from collections.abc import Iterator

from lxml import etree

from core.dates import first_year
from indexer.formats.xml_loader import children, text
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
"""Leader position 6, as MODS calls the same thing."""

CREATOR_TAGS = ("100", "110", "111", "700", "710", "711", "720")
SUBJECT_TAGS = ("600", "610", "611", "630", "648", "650", "651", "653")


class _MarcRecord:
    """One MARC record's fields by tag."""

    def __init__(self, element: etree._Element) -> None:
        self._data_fields = children(element, "datafield")
        self._control_fields = {
            str(field.get("tag")): "".join(map(str, field.itertext())) for field in children(element, "controlfield")
        }
        self.leader = "".join("".join(map(str, field.itertext())) for field in children(element, "leader"))

    def control_field(self, tag: str) -> str:
        return self._control_fields.get(tag, "")

    def fields(self, *tags: str) -> Iterator[etree._Element]:
        """In the order of the tags asked for, then of the record."""
        for tag in tags:
            yield from (field for field in self._data_fields if field.get("tag") == tag)

    def subfield_values(self, code: str, *tags: str) -> list[str]:
        return [value for field in self.fields(*tags) for value in subfields(field, code)]


def subfields(field: etree._Element, codes: str) -> list[str]:
    """The subfields of any of these codes, in the order of the record, without ISBD's closing punctuation."""
    values = [
        _strip_punctuation(text(subfield))
        for subfield in children(field, "subfield")
        if (subfield.get("code") or "?") in codes
    ]
    return [value for value in values if value]


def read_marc(element: etree._Element) -> Book:
    """A `record` of MARCXML."""
    record = _MarcRecord(element)
    publication_fields = [field for field in record.fields("264") if field.get("ind2") in ("1", None)] + [
        *record.fields("260")
    ]
    dates = [date for field in publication_fields for date in subfields(field, "c")]
    fixed_field = record.control_field("008")
    date = dates[0] if dates else fixed_field[7:11].strip(" |u")
    languages = [*record.subfield_values("a", "041"), fixed_field[35:38].strip(" |")]
    return Book(
        id=record.control_field("001").strip(),
        title=": ".join(part for field in [*record.fields("245")][:1] for part in subfields(field, "abnp")),
        authors=_unique_values(record.subfield_values("a", *CREATOR_TAGS)),
        subjects=_unique_values(" -- ".join(subfields(field, "avxyz")) for field in record.fields(*SUBJECT_TAGS)),
        year=next((year for candidate in (*dates, fixed_field[7:11]) if (year := first_year(candidate))), None),
        date=date,
        publisher=next((name for field in publication_fields for name in subfields(field, "b")), ""),
        place=next((name.strip("[]") for field in publication_fields for name in subfields(field, "a")), ""),
        languages=_unique_values(part for language in languages for part in _split_language_codes(language)),
        type_of_work=next(iter(record.subfield_values("a", "655")), RESOURCE_TYPES.get(record.leader[6:7], "")),
        identifiers=_unique_values(
            [
                record.control_field("001").strip(),
                *record.subfield_values("a", "020", "022", "024", "035"),
                *record.subfield_values("u", "856"),
            ]
        ),
        licence=next(iter([*record.subfield_values("u", "540"), *record.subfield_values("a", "540")]), ""),
        viewer=next((url for url in record.subfield_values("u", "856") if url.startswith("http")), ""),
    )


def _strip_punctuation(value: str) -> str:
    """`Christiania :` → `Christiania`; a final full stop stays where it ends an initial or an abbreviation."""
    value = value.strip().rstrip(" /:;,=").strip()
    return value[:-1] if re.search(r"[^\W\d_]{4,}\.$|[\d\])]\.$", value) else value


def _split_language_codes(language: str) -> list[str]:
    """Old records pack several codes into one subfield: `engfre`."""
    if len(language) > 3 and len(language) % 3 == 0 and language.islower() and " " not in language:
        return [language[start : start + 3] for start in range(0, len(language), 3)]
    return [language]


def _unique_values(values: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
