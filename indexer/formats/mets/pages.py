"""The physical structure of a METS, or NB's bare `structMap`, → its pages in reading order, each with its files."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from lxml import etree

from indexer.formats.mets.files import MetsFile, file_from_resource, files_by_id
from indexer.formats.xml_elements import attribute, children, local_name


@dataclass(frozen=True, slots=True, kw_only=True)
class MetsPage:
    """One page of the physical structure."""

    id: str
    """CONTENTIDS, a URN or a persistent URL; empty if there is none."""
    div_id: str
    label: str
    files: tuple[MetsFile, ...]


@dataclass(frozen=True, slots=True)
class _PageDivision:
    """A division with the files and the NB resources that are its own."""

    element: etree._Element
    resources: list[etree._Element]
    file_ids: list[str]


def read_pages(root: etree._Element) -> Iterator[MetsPage]:
    files = files_by_id(root)
    structures = [root] if local_name(root) == "structMap" else children(root, "structMap")
    physical_structures = [structure for structure in structures if (structure.get("TYPE") or "").upper() == "PHYSICAL"]
    if not physical_structures and any(
        (structure.get("TYPE") or "").upper() == "LOGICAL" for structure in structures[:1]
    ):
        yield from _pages_from_contents(structures[0], files)
        return
    divs = [div for structure in (physical_structures or structures)[:1] for div in _page_divs(structure)]
    for page_div in sorted(divs, key=_page_order(divs)):
        div = page_div.element
        resource_files = tuple(file for resource in page_div.resources if (file := file_from_resource(resource)))
        pointed_files = tuple(files[file_id] for file_id in page_div.file_ids if file_id in files)
        page_id = div.get("CONTENTIDS") or (resource_files[0].href if resource_files else "")
        yield MetsPage(
            id="" if page_id in ("NULL", "NONE") else page_id.split()[0] if page_id.split() else "",
            div_id=div.get("ID") or "",
            label=(div.get("ORDERLABEL") or "").strip(" -"),
            files=resource_files + pointed_files,
        )


def _pages_from_contents(structure: etree._Element, files: dict[str, MetsFile]) -> Iterator[MetsPage]:
    """Yield a page per ALTO file of BnF's tables of contents, which list articles and headlines with their files."""
    used_ids: set[str] = set()
    for div in _page_divs(structure):
        new_files = [files[file_id] for file_id in div.file_ids if file_id in files and file_id not in used_ids]
        used_ids.update(file.id for file in new_files)
        pages = [(file,) for file in new_files] if all(file.is_ocr for file in new_files) else [tuple(new_files)]
        for page in pages:
            yield MetsPage(id="", div_id=div.element.get("ID") or "", label="", files=page)


def _page_divs(parent: etree._Element) -> Iterator[_PageDivision]:
    """Yield the divisions with files: those typed as pages, and others (plates, covers) without such descendants."""
    for element in children(parent, "div"):
        if not len(element):
            continue
        parts = defaultdict[str, list[etree._Element]](list)
        for part in element:
            parts[local_name(part)].append(part)
        inner_divs = list(_page_divs(element)) if parts["div"] else []
        div = _PageDivision(element, parts["resource"], _file_ids(parts["fptr"]))
        has_files = bool(div.file_ids or div.resources)
        if has_files and (not inner_divs or (element.get("TYPE") or "").lower().endswith("page")):
            yield div
        else:
            yield from inner_divs


def _page_order(divs: list[_PageDivision]) -> Callable[[_PageDivision], int]:
    """Return a sort key: ORDER if it is unique for every page, else the order of the document."""
    numbers = [div.element.get("ORDER") or "" for div in divs]
    if len(set(numbers)) == len(divs) and all(number.isdecimal() for number in numbers):
        return lambda div: int(div.element.get("ORDER") or 0)
    return lambda _: 0


def _file_ids(pointers: list[etree._Element]) -> list[str]:
    """Return the FILEIDs of `fptr` elements and of their `area` elements."""
    elements = chain.from_iterable(pointer.iter() if len(pointer) else (pointer,) for pointer in pointers)
    return list(filter(None, dict.fromkeys([attribute(element, "FILEID") for element in elements])))
