"""The catalogue record of a METS file: the records of the whole, from the newspaper down to the issue, as one book."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from indexer.formats import catalogue_records, xml_loader
from indexer.formats.xml_loader import children, descendants
from indexer.records import Book

PARTS = (
    "monograph",
    "volume",
    "issue",
    "newspaper",
    "periodical",
    "multi",
    "year",
    "month",
    "day",
    "file",
    "manuscript",
)
"""Logical divisions whose records describe the whole book; a chapter's does not."""

SERIALS = ("issue", "newspaper", "periodical", "serial")
"""docWORKS gives the local identifier of a newspaper to each of its issues."""

LASTING = re.compile(r"(?:urn:|ark:|hdl:|doi:|oai:|https?://)", re.IGNORECASE)

KINDS_OF_FILE = {"mets", "manifest", "meta", "toc", "export", "struct", "structmap", "data", "metadata", "objects"}
"""Names that say what a file or its folder is (OCR-D's `data/mets.xml`, BnF's `manifest.xml`) and not which book."""

ELECTRONIC = re.compile(r"electronic version|_ELEC(?:\b|_)", re.IGNORECASE)
"""docWORKS describes the printed and the electronic version apart; the latter names the firm that converted it."""


@dataclass(frozen=True, slots=True)
class _Level:
    """A division that is the whole, or holds it: its records and its label."""

    sections: tuple[etree._Element, ...]
    label: str
    kind: str
    logical: bool = True


def book_of(root: etree._Element, name: str) -> Book:
    """The book, its id empty where neither the file's name nor its content gives one."""
    levels = _levels(root)
    found = [[(each, book) for each in level.sections if (book := _record(each))] for level in levels]
    records = [book for level in found for _, book in level]
    title = next((level.label for level in levels if level.label), "") or (root.get("LABEL") or "").strip()
    if not records:
        return Book(id="", title=title)
    book = catalogue_records.merged(records)
    described = [level for level, at in zip(found, levels, strict=True) if level and at.logical]
    own = described[-1] if described else next(level for level in found if level)
    links = {link: _link(root, link) for link in ("license", "presentation")}
    return replace(
        _of_the_innermost(book, [each for _, each in own], records),
        id=_identity(root, levels, own, book.id, name),
        title=book.title or title,
        licence=book.licence or links["license"],
        viewer=book.viewer or links["presentation"],
    )


def name_of(path: str) -> str:
    """What a file's name and folder say of its book: `2014_mets.xml` is `2014`, `kant/data/mets.xml` is `kant`."""
    place = Path(path).absolute()
    stem = re.sub(r"[_.-](?:mets|manifest)$", "", place.name.split(".")[0], flags=re.IGNORECASE)
    above = [each for each in reversed(place.parent.parts) if each.lower() not in KINDS_OF_FILE]
    if stem.lower() in KINDS_OF_FILE:
        return next(iter(above), stem)
    if not re.search(r"[^\W\d_]", stem):
        # Every newspaper has a `18451228_01`.
        named = next((each for each in above if re.search(r"[^\W\d_]", each)), "")
        return f"{named}_{stem}".strip("_/")
    return stem


def _levels(root: etree._Element) -> list[_Level]:
    """From the outermost division inwards; a METS without described divisions has its first record alone."""
    sections = {str(each.get("ID")): each for each in children(root, "dmdSec")}
    ordered = sorted(children(root, "structMap"), key=lambda each: (each.get("TYPE") or "").upper() != "LOGICAL")
    levels, seen = [], set[str]()
    for structure, div in ((each, div) for each in ordered for div in _leading(each)):
        named = [each for each in (div.get("DMDID") or "").split() if each in sections and each not in seen]
        seen.update(named)
        printed = [sections[each] for each in named if not _is_electronic(sections[each])]
        label, kind = (div.get("LABEL") or "").strip(), (div.get("TYPE") or "").lower()
        # The physical division of the whole says where the copy stands.
        levels.append(_Level(tuple(printed), label, kind, (structure.get("TYPE") or "").upper() != "PHYSICAL"))
    if not seen:
        levels.append(_Level(tuple(list(sections.values())[:1]), "", ""))
    return levels


def _is_electronic(section: etree._Element) -> bool:
    labels = [wrap.get("LABEL") or "" for wrap in children(section, "mdWrap")]
    return bool(ELECTRONIC.search(" ".join([section.get("ID") or "", *labels])))


def _leading(structure: etree._Element) -> Iterator[etree._Element]:
    """From the outermost division inwards, as long as it is the whole and not a part of the book."""
    level: etree._Element | None = structure
    while level is not None:
        divs = children(level, "div")
        level = divs[0] if len(divs) == 1 and (level is structure or _is_whole(divs[0])) else None
        if level is not None:
            yield level


def _is_whole(div: etree._Element) -> bool:
    return any(word in (div.get("TYPE") or "").lower() for word in PARTS)


def _record(section: etree._Element) -> Book | None:
    elements = descendants(section, *catalogue_records.RECORDS, "xmlData")
    return next((book for each in elements if (book := catalogue_records.read_element(each))), None)


def _of_the_innermost(book: Book, own: list[Book], records: list[Book]) -> Book:
    """A volume's or an issue's own date, where it has one, and its own identifiers before those of the whole run."""
    inner = catalogue_records.merged(own)
    dated = replace(book, year=inner.year, date=inner.date) if inner.date else book
    return replace(dated, identifiers=tuple(dict.fromkeys(i for each in [*own, *records] for i in each.identifiers)))


def _identity(
    root: etree._Element, levels: list[_Level], own: list[tuple[etree._Element, Book]], outer: str, name: str
) -> str:
    """The innermost record's id; one that all issues of a newspaper share is completed with the file's name."""
    inner = next((book.id for _, book in own if book.id), "")
    given = inner or outer
    kinds = " ".join([root.get("TYPE") or "", *(level.kind for level in levels)]).lower()
    serial = any(word in kinds for word in SERIALS)
    ours = inner and any(inner == xml_loader.text(each) for s, _ in own for each in descendants(s, "recordIdentifier"))
    stem = name_of(name)
    if not given or not serial or ours or (inner and LASTING.match(inner)) or stem in given:
        return given
    return stem if given in stem else f"{given}_{stem}"


def _link(root: etree._Element, name: str) -> str:
    """DFG-Viewer's `dv:license` and `dv:presentation`."""
    written = (xml_loader.text(each) for section in children(root, "amdSec") for each in descendants(section, name))
    known = (each for each in written if each and each.upper() != "UNKNOWN")
    return next((each for each in known if name == "license" or each.startswith("http")), "")
