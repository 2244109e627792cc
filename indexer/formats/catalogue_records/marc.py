"""MARCXML → Book."""

import re
from collections.abc import Iterator

from lxml import etree

from core.dates import first_year
from indexer.formats.xml_loader import children, text
from indexer.records import Book

KINDS = {
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

CREATORS = ("100", "110", "111", "700", "710", "711", "720")
SUBJECTS = ("600", "610", "611", "630", "648", "650", "651", "653")


class _Record:
    """One MARC record's fields by tag."""

    def __init__(self, element: etree._Element) -> None:
        self._fields = children(element, "datafield")
        self._control = {
            str(each.get("tag")): "".join(map(str, each.itertext())) for each in children(element, "controlfield")
        }
        self.leader = "".join("".join(map(str, each.itertext())) for each in children(element, "leader"))

    def control(self, tag: str) -> str:
        return self._control.get(tag, "")

    def fields(self, *tags: str) -> Iterator[etree._Element]:
        """In the order of the tags asked for, then of the record."""
        for tag in tags:
            yield from (each for each in self._fields if each.get("tag") == tag)

    def values(self, code: str, *tags: str) -> list[str]:
        return [value for each in self.fields(*tags) for value in subfields(each, code)]


def subfields(field: etree._Element, codes: str) -> list[str]:
    """The subfields of any of these codes, in the order of the record, without ISBD's closing punctuation."""
    found = [_plain(text(each)) for each in children(field, "subfield") if (each.get("code") or "?") in codes]
    return [each for each in found if each]


def read_marc(element: etree._Element) -> Book:
    """A `record` of MARCXML."""
    record = _Record(element)
    published = [each for each in record.fields("264") if each.get("ind2") in ("1", None)] + [*record.fields("260")]
    dates = [date for each in published for date in subfields(each, "c")]
    fixed = record.control("008")
    date = dates[0] if dates else fixed[7:11].strip(" |u")
    languages = [*record.values("a", "041"), fixed[35:38].strip(" |")]
    return Book(
        id=record.control("001").strip(),
        title=": ".join(part for each in [*record.fields("245")][:1] for part in subfields(each, "abnp")),
        authors=_once(record.values("a", *CREATORS)),
        subjects=_once(" -- ".join(subfields(each, "avxyz")) for each in record.fields(*SUBJECTS)),
        year=next((year for each in (*dates, fixed[7:11]) if (year := first_year(each))), None),
        date=date,
        publisher=next((name for each in published for name in subfields(each, "b")), ""),
        place=next((name.strip("[]") for each in published for name in subfields(each, "a")), ""),
        languages=_once(part for each in languages for part in _codes(each)),
        type_of_work=next(iter(record.values("a", "655")), KINDS.get(record.leader[6:7], "")),
        identifiers=_once(
            [record.control("001").strip(), *record.values("a", "020", "022", "024", "035"), *record.values("u", "856")]
        ),
        licence=next(iter([*record.values("u", "540"), *record.values("a", "540")]), ""),
        viewer=next((url for url in record.values("u", "856") if url.startswith("http")), ""),
    )


def _plain(written: str) -> str:
    """`Christiania :` → `Christiania`; a final full stop stays where it ends an initial or an abbreviation."""
    written = written.strip().rstrip(" /:;,=").strip()
    return written[:-1] if re.search(r"[^\W\d_]{4,}\.$|[\d\])]\.$", written) else written


def _codes(language: str) -> list[str]:
    """Old records pack several codes into one subfield: `engfre`."""
    if len(language) > 3 and len(language) % 3 == 0 and language.islower() and " " not in language:
        return [language[start : start + 3] for start in range(0, len(language), 3)]
    return [language]


def _once(values: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
