"""The physical structures of a METS, or NB's bare `structMap`, → its pages in reading order, each with its files."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from lxml import etree

from indexer.formats.mets.files import MetsFile, file_from_resource, files_by_id
from indexer.formats.mets.page_images import split_pages
from indexer.formats.xml_elements import attribute, children, descendants, local_name

FilesById = dict[str, tuple[MetsFile, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetsPage:
    """One page of the physical structure."""

    id: str
    """CONTENTIDS, a URN or a persistent URL; empty if there is none."""
    div_id: str
    label: str
    files: tuple[MetsFile, ...]


@dataclass(frozen=True, slots=True)
class PageList:
    """The pages of a METS, and how many images its physical structures name beside them."""

    pages: tuple[MetsPage, ...]
    unread_image_count: int


@dataclass(frozen=True, slots=True)
class _PageDivision:
    """A division with the files and the NB resources that are its own."""

    element: etree._Element
    resources: list[etree._Element]
    file_ids: list[str]


def read_pages(root: etree._Element) -> PageList:
    """Return the pages of the physical structures; if these name no file of a page, of the first other that does."""
    files = files_by_id(root)
    structures = [root] if local_name(root) == "structMap" else children(root, "structMap")
    physical_structures = [structure for structure in structures if "PHYSICAL" in _structure_type(structure)]
    other_structures = [structure for structure in structures if structure not in physical_structures]
    pages = tuple(_pages_of_structures(physical_structures, files))
    for structure in other_structures:
        if not _has_scan_or_text(pages):
            other_pages = tuple(_pages_of_structures([structure], files))
            pages = other_pages if _has_scan_or_text(other_pages) else pages or other_pages
    read_ids = {file.id for page in pages for file in page.files}
    pointed_ids = (
        file_id for structure in physical_structures for file_id in _file_ids(descendants(structure, "fptr"))
    )
    unread_ids = {file_id for file_id in pointed_ids if file_id in files and file_id not in read_ids}
    return PageList(pages, sum(any(file.is_image for file in files[file_id]) for file_id in unread_ids))


def _has_scan_or_text(pages: tuple[MetsPage, ...]) -> bool:
    return any(file.is_image or file.is_ocr for page in pages for file in page.files)


def _structure_type(structure: etree._Element) -> str:
    return (structure.get("TYPE") or "").upper()


def _pages_of_structures(structures: list[etree._Element], files: FilesById) -> Iterator[MetsPage]:
    """Yield the pages of structures of the same type, one after the other, each file once."""
    first_divs: list[_PageDivision] = []
    used_ids: set[str] = set()
    for structure in structures:
        is_logical = _structure_type(structure) == "LOGICAL"
        divs = list(_page_divs(structure))
        if not first_divs:
            first_divs = divs
        elif len(divs) == len(first_divs) and not _image_uses(divs, files) & _image_uses(first_divs, files):
            # A second representation of the same pages, such as the copies for the web beside the masters.
            continue
        else:
            divs = [div for div in divs if div.resources or not used_ids.issuperset(div.file_ids)]
        for div in divs if is_logical else sorted(divs, key=_page_order(divs)):
            yield from _pages_of_contents(div, files, used_ids) if is_logical else _pages_of_division(div, files)
            used_ids.update(div.file_ids)


def _image_uses(divs: list[_PageDivision], files: FilesById) -> set[str]:
    locations = (file for div in divs for file_id in div.file_ids for file in files.get(file_id, ()))
    return {file.use for file in locations if file.is_image}


def _pages_of_division(page_div: _PageDivision, files: FilesById) -> Iterator[MetsPage]:
    div = page_div.element
    resource_files = tuple(file for resource in page_div.resources if (file := file_from_resource(resource)))
    page_id = div.get("CONTENTIDS") or (resource_files[0].href if resource_files else "")
    first_id = "" if page_id in ("NULL", "NONE") else page_id.split()[0] if page_id.split() else ""
    pointed_files = [files[file_id] for file_id in page_div.file_ids if file_id in files]
    for number, page_files in enumerate(split_pages(pointed_files)):
        yield MetsPage(
            id="" if number else first_id,
            div_id=div.get("ID") or "",
            label=(div.get("ORDERLABEL") or "").strip(" -"),
            files=page_files if number else resource_files + page_files,
        )


def _pages_of_contents(page_div: _PageDivision, files: FilesById, used_ids: set[str]) -> Iterator[MetsPage]:
    """Yield a page per ALTO file of BnF's tables of contents, which list articles and headlines with their files."""
    div = page_div.element
    new_files = [files[file_id] for file_id in page_div.file_ids if file_id in files and file_id not in used_ids]
    are_texts = all(file.is_ocr for locations in new_files for file in locations)
    is_page = (div.get("TYPE") or "").lower().endswith("page")
    for page_files in new_files if are_texts else split_pages(new_files):
        label = (div.get("ORDERLABEL") or "").strip(" -") if is_page else ""
        yield MetsPage(id="", div_id=div.get("ID") or "", label=label, files=page_files)


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
