"""PICA XML (K10plus and other union catalogues) → `Book`."""

import re

from lxml import etree

from core.dates import first_years
from indexer.formats.catalogue_records.roles import is_author
from indexer.formats.catalogue_records.titles import part_title
from indexer.formats.catalogue_records.values import first_value, join_places, unique_values
from indexer.formats.xml_elements import children, descendants, text
from indexer.records import Book

TAG = re.compile(r"\d{3}[A-Z@]")

NAME_TAGS = ("028A", "028B", "028C", "028D", "029A", "029F")
MAIN_NAME_TAGS = ("028A", "028B", "029A")
SUBJECT_TAGS = ("044K", "041A", "044N", "044L", "145S")
IDENTIFIERS = (
    *(("003@", "0"), ("004A", "0A"), ("005A", "0"), ("004U", "0"), ("004V", "0"), ("004P", "0A")),
    *(
        ("006U", "0"),
        ("006V", "0"),
        ("006W", "0"),
        ("006M", "0"),
        ("006X", "0"),
        ("006L", "0"),
        ("007S", "0"),
        ("209A", "a"),
    ),
)
"""Tags and subfields of the PPN, ISBN, ISSN, URN, DOI, numbers of VD16, VD17 and VD18, and shelf marks."""

URL_TAGS = ("017C", "009P", "009Q", "209R")

RESOURCE_TYPES = {"A": "text", "O": "text", "H": "text", "K": "cartographic", "M": "notated music", "I": "still image"}
"""First letter of field 002@ → the word that MODS uses for it."""

Fields = dict[str, list[etree._Element]]


def is_pica(element: etree._Element) -> bool:
    """Return whether the first data field of a `record` element has a tag of PICA, such as `021A`."""
    return any(TAG.fullmatch(_tag(field)) for field in _data_fields(element)[:1])


def read_pica(element: etree._Element) -> Book:
    """Return the book that a PICA XML `record` describes."""
    fields: Fields = {}
    for field in _data_fields(element):
        fields.setdefault(_tag(field), []).append(field)
    ppn = first_value(_values(fields, "0", "003@"))
    dates = [*_values(fields, "n", "011@"), *map(_coded_date, fields.get("011@", []))]
    urls = _values(fields, "ua", *URL_TAGS)
    names = [(tag, field) for tag in NAME_TAGS for field in fields.get(tag, [])]
    return Book(
        id=ppn,
        title=_title(fields),
        authors=unique_values(_name(field) for tag, field in names if _is_author(tag, field)),
        subjects=unique_values(_name(field) or first_value(_subfields(field, "a8")) for field in _all(fields)),
        years=first_years(dates),
        date=first_value(dates),
        publisher=first_value(_values(fields, "n", "033A")),
        place=join_places(_values(fields, "p", "033A")),
        languages=unique_values(_values(fields, "a", "010@")),
        type_of_work=RESOURCE_TYPES.get(first_value(_values(fields, "0", "002@"))[:1], ""),
        identifiers=unique_values(
            [*(value for tag, codes in IDENTIFIERS for value in _values(fields, codes, tag)), *urls]
        ),
        viewer=first_value(url for url in urls if url[:4] == "http"),
    )


def _all(fields: Fields) -> list[etree._Element]:
    return [field for tag in SUBJECT_TAGS for field in fields.get(tag, [])]


def _subfields(field: etree._Element, codes: str) -> list[str]:
    """Return the subfields with any of these codes, in the order of the record."""
    return [
        value
        for part in children(field, "subfield", "subf")
        if (part.get("code") or part.get("id") or "-") in codes and (value := text(part))
    ]


def _values(fields: Fields, codes: str, *tags: str) -> list[str]:
    return [value for tag in tags for field in fields.get(tag, []) for value in _subfields(field, codes)]


def _data_fields(element: etree._Element) -> list[etree._Element]:
    """Return the fields of PICA XML, or of ppxml, which groups them and calls them `tag`."""
    groups = children(element, "global", "owner", "copy")
    return [*children(element, "datafield"), *(field for group in groups for field in descendants(group, "tag"))]


def _tag(field: etree._Element) -> str:
    return field.get("tag") or field.get("id") or ""


def _title(fields: Fields) -> str:
    """Return the title; that of a volume (`Allgemeine Weltgeschichte. Band 3, Asien`) has its work's before it."""
    own_title = first_value(map(_main_title, fields.get("021A", [])))
    work_title = first_value(map(_main_title, fields.get("036C", [])))
    number = first_value(_values(fields, "l", "036C", "036D"))
    title = part_title(work_title, own_title, number)
    return title or first_value(map(_main_title, fields.get("027A", [])))


def _main_title(field: etree._Element) -> str:
    """Return the title and its rest; `@` stands before the first word that counts in sorting."""
    title = first_value(_subfields(field, "a"))
    return ": ".join([title, *_subfields(field, "d")]).replace("@", "", 1) if title else ""


def _name(field: etree._Element) -> str:
    """Return `Kant, Immanuel`; for a body its name and its units; linked names are in upper-case subfields."""
    family, given = first_value(_subfields(field, "aA")), first_value(_subfields(field, "dD"))
    prefix, personal_name = first_value(_subfields(field, "cC")), first_value(_subfields(field, "P5"))
    if personal_name:
        return ", ".join([" ".join([personal_name, *_subfields(field, "nN")]), *_subfields(field, "lL")])
    if (field.get("tag") or "").startswith("029"):
        return ". ".join(_subfields(field, "aAbB"))
    return ", ".join(filter(None, [family, " ".join(filter(None, [given, prefix]))]))


def _is_author(tag: str, field: etree._Element) -> bool:
    return is_author(_subfields(field, "B4"), is_main_entry=tag in MAIN_NAME_TAGS)


def _coded_date(field: etree._Element) -> str:
    return "-".join([*_subfields(field, "a")[:1], *_subfields(field, "b")[:1]])
