"""The logical divisions of a METS file from the whole work inwards to the book whose pages the file has."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from core.text import clean_text
from indexer.formats.xml_elements import attribute, children, descendants

WHOLE_BOOK_TYPES = (
    "monograph",
    "volume",
    "tome",
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
"""Words in the types of logical divisions whose records describe the whole book, unlike a chapter's."""

CONTAINER_TYPES = {
    *("multivolumework", "multivolumemanuscript", "multivolume", "multipartmanuscript", "multiplemanifestation"),
    *("mehrbandigeswerk", "work", "collection", "series", "serial", "journal", "zeitschrift", "zeitung"),
    *("periodical", "newspaper", "year", "month", "day", "newspaperyear", "newspapermonth", "newspaperday"),
}
"""Types of divisions that consist of volumes, issues or parts, whatever the types of these are called."""

BOOK_TYPES = ("monograph", "volume", "tome", "issue", "file", "manuscript")
"""Words in the types of divisions that are books themselves, even if they point to the METS file of their work."""

INNER_TYPES = (
    *("chapter", "section", "article", "preface", "introduction", "content", "cover", "title", "page", "index"),
    *("dedication", "appendix", "illustration", "map", "plate", "figure", "poem", "verse", "letter", "text", "imprint"),
    *(
        "privilege",
        "bookplate",
        "spine",
        "corrigenda",
        "errata",
        "advert",
        "binding",
        "checker",
        "kapitel",
        "abschnitt",
    ),
)
"""Words in the types of divisions inside a book."""


@dataclass(frozen=True, slots=True)
class Division:
    """A division that is the whole book or contains it: its element and whether its structure is logical."""

    element: etree._Element
    is_logical: bool

    @property
    def div_type(self) -> str:
        return (self.element.get("TYPE") or "").lower()

    @property
    def section_ids(self) -> list[str]:
        """The ids of its descriptive sections."""
        return (self.element.get("DMDID") or "").split()

    @property
    def is_container(self) -> bool:
        return _is_container(self.element)

    @property
    def label(self) -> str:
        """The label of the division; a part without one has its number or date."""
        label = self.element.get("LABEL") or ""
        is_part = not self.is_container or self.div_type in ("year", "month", "day")
        return clean_text(label or (self.element.get("ORDERLABEL") or "" if is_part else "")).strip()


def read_divisions(root: etree._Element) -> list[Division]:
    """Return the divisions from the outermost inwards, those of logical structures first."""
    structures = children(root, "structMap")
    types = [_structure_type(structure) for structure in structures]
    logical_type = "LOGICAL" if "LOGICAL" in types else next((name for name in types if name != "PHYSICAL"), "")
    structures.sort(key=lambda structure: _structure_type(structure) != logical_type)
    chain = _DivisionChain(root)
    return [
        # The record of the physical division describes the holding of the copy.
        Division(div, is_logical=_structure_type(structure) == logical_type)
        for structure in structures
        for div in chain.walk(structure)
    ]


class _DivisionChain:
    """Walks inwards as long as a division is the whole and not a part of the book."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root

    def walk(self, structure: etree._Element) -> Iterator[etree._Element]:
        is_physical = _is_physical(structure)
        div = self._only_div(structure)
        while div is not None:
            yield div
            inner_div = self._only_div(div)
            is_whole = inner_div is not None and (
                _has_whole_book_type(inner_div) or (not is_physical and self._is_whole_book(div, inner_div))
            )
            div = inner_div if is_whole else None

    def _only_div(self, parent: etree._Element) -> etree._Element | None:
        """Return the division inside, if there is only one here; other volumes have METS files of their own."""
        divs = [div for div in children(parent, "div") if not _is_elsewhere(div)]
        if len(divs) > 1 and _is_container(parent):
            divs = [div for div in divs if self._linked_pages(div)]
        return divs[0] if len(divs) == 1 else None

    def _is_whole_book(self, parent: etree._Element, div: etree._Element) -> bool:
        if _is_container(parent):
            return True
        if any(word in _type_name(div) for word in INNER_TYPES) or not div.get("DMDID"):
            return False
        return self._has_all_pages(div) if self._page_links else self._has_record_id(div)

    def _has_all_pages(self, div: etree._Element) -> bool:
        pages = self._linked_pages(div)
        return bool(pages & self._sequence_ids) or pages >= self._all_pages

    def _has_record_id(self, div: etree._Element) -> bool:
        section_ids = (div.get("DMDID") or "").split()
        return any(
            descendants(section, "recordIdentifier")
            for section in children(self._root, "dmdSec")
            if section.get("ID") in section_ids
        )

    def _linked_pages(self, div: etree._Element) -> set[str]:
        """Return the ids of the pages that the structLink gives to a division and to those inside it."""
        return {
            page
            for inner_div in descendants(div, "div")
            for page in self._page_links.get(inner_div.get("ID") or "", ())
        }

    @cached_property
    def _page_links(self) -> dict[str, list[str]]:
        links: dict[str, list[str]] = {}
        for link in [link for section in children(self._root, "structLink") for link in descendants(section, "smLink")]:
            links.setdefault(attribute(link, "from"), []).append(attribute(link, "to"))
        return links

    @cached_property
    def _sequence_ids(self) -> set[str]:
        """The ids of the physical divisions that contain the pages; a link to one means all its pages."""
        structures = filter(_is_physical, children(self._root, "structMap"))
        return {div.get("ID") or "" for structure in structures for div in children(structure, "div")}

    @cached_property
    def _all_pages(self) -> set[str]:
        return {page for pages in self._page_links.values() for page in pages} - self._sequence_ids


def _structure_type(structure: etree._Element) -> str:
    return (structure.get("TYPE") or "").upper()


def _is_physical(structure: etree._Element) -> bool:
    return _structure_type(structure) == "PHYSICAL"


def _has_whole_book_type(div: etree._Element) -> bool:
    return any(word in _type_name(div) for word in WHOLE_BOOK_TYPES)


def _is_container(div: etree._Element) -> bool:
    """Return whether a division consists of volumes, by its type or because it has a METS file of its own."""
    if _type_name(div) in CONTAINER_TYPES:
        return True
    return bool(children(div, "mptr")) and not any(word in _type_name(div) for word in BOOK_TYPES)


def _type_name(div: etree._Element) -> str:
    return "".join(filter(str.isalpha, (div.get("TYPE") or "").lower())).replace("ä", "a")


def _is_elsewhere(div: etree._Element) -> bool:
    """Return whether a division only points to the METS file of another volume."""
    return bool(children(div, "mptr")) and not div.get("DMDID") and not children(div, "div")
