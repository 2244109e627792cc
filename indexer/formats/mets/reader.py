"""METS, or NB's bare `structMap` → the pages of a book in order, each with its files."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from lxml import etree

from core import image_api
from core.errors import ProblemCode, SourceError
from core.identifiers import identifier_of_place
from indexer.formats import xml_loader
from indexer.formats.mets.files import MetsFile, file_from_resource, files_by_id
from indexer.formats.mets.record import book_from_mets, name_from_path
from indexer.formats.xml_elements import attribute, children, descendants, local_name
from indexer.records import Book, Leaf

FindFile = Callable[[MetsFile, Literal["alto", "image"]], Path | None]

ROOT_ELEMENTS = ("mets", "structMap")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetsPage:
    """One page of the physical structure."""

    id: str
    """CONTENTIDS, a URN or a persistent URL; empty if there is none."""
    div_id: str
    label: str
    files: tuple[MetsFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mets:
    """The contents of a METS file: one book, its pages and files."""

    book: Book
    pages: tuple[MetsPage, ...]

    @property
    def files(self) -> tuple[MetsFile, ...]:
        return tuple(file for page in self.pages for file in page.files)


def read_mets(path: Path) -> Mets:
    """Return the book of a METS or structMap file; SourceError if it is neither."""
    return parse_mets(xml_loader.load(path), str(path))


def parse_mets(root: etree._Element, name: str) -> Mets:
    mets_element = next(iter(descendants(root, *ROOT_ELEMENTS)), None)
    if mets_element is None:
        raise SourceError(
            name, f"not METS or structMap: the root element is <{local_name(root)}>", code=ProblemCode.UNSUPPORTED
        )
    pages = tuple(_pages(mets_element))
    book = book_from_mets(mets_element, name)
    objid = (mets_element.get("OBJID") or "").strip()
    return Mets(
        book=replace(
            book, id=book.id or objid or _book_id_from_pages(pages) or identifier_of_place(name_from_path(name), name)
        ),
        pages=pages,
    )


def leaves(mets: Mets, find_file: FindFile, *, allow_remote: bool) -> Iterator[tuple[MetsPage, Leaf]]:
    """Yield every page with a file on disk (`find_file`) or, with `allow_remote`, on the web, as a leaf."""
    used_ids: set[str] = set()
    for number, page in enumerate(mets.pages, start=1):
        images = sorted((file for file in page.files if file.is_image), key=_image_rank)
        altos = [file for file in page.files if file.is_alto]
        # Names of the other type are tried last: some METS list only scans, with the ALTO files beside them.
        alto = next((str(path) for file in [*altos, *images] if (path := find_file(file, "alto"))), None)
        scan = next((str(path) for file in [*images, *altos] if (path := find_file(file, "image"))), None)
        remote_image = next((image for image in images if image.web_url or image.image_service), None)
        if allow_remote and alto is None:
            alto = next((alto_file.web_url for alto_file in altos if alto_file.web_url), None)
        if scan or not (allow_remote or alto):
            remote_image = None
        if alto or scan or remote_image:
            leaf = _leaf(page, number, alto, scan, remote_image)
            page_id = page.id or _page_id(mets.book.id, alto or scan or "", number)
            leaf_id = page_id if page_id not in used_ids else f"{page_id}_{number:04}"
            used_ids.add(leaf_id)
            yield page, replace(leaf, id=leaf_id)


def _leaf(page: MetsPage, number: int, alto: str | None, scan: str | None, remote_image: MetsFile | None) -> Leaf:
    leaf = Leaf(id="", number=number, label=page.label, alto=alto, scan=scan)
    if remote_image is None:
        return leaf
    service = remote_image.image_service or image_api.service_base_uri(remote_image.web_url)
    scan = remote_image.web_url if not remote_image.web_url.endswith("/info.json") else ""
    return replace(leaf, scan=scan or None, image_service=service, width=remote_image.width, height=remote_image.height)


def _page_id(book_id: str, source: str, number: int) -> str:
    """Return the stem of the file, prefixed with the book's id unless it contains that id."""
    stem = PurePosixPath(source).name.split(".")[0]
    if not stem or image_api.service_base_uri(source):
        stem = f"{number:04}"
    # `digibok_1_0001` needs no prefix in `URN:NBN:no-nb_digibok_1`.
    bare_book_id = book_id.rpartition(":")[2].removeprefix("no-nb_").lower()
    return stem if bare_book_id in stem.lower() else f"{book_id}_{stem}"


def _image_rank(file: MetsFile) -> int:
    """Return a rank by USE for sorting; the smallest is preferred."""
    preferred_uses = (
        "max",
        "original",
        "master",
        "image",
        "img",
        "archive",
        "local",
        "presentation",
        "default",
        "",
        "min",
        "bw",
    )
    use = file.use.lower()
    return next((rank for rank, word in enumerate(preferred_uses) if word in use), len(preferred_uses))


def _book_id_from_pages(pages: Iterable[MetsPage]) -> str:
    """Return the part before the last underscore that the URNs of all pages share; NB's structMap has no book id."""
    book_ids = {
        page.id.rpartition("_")[0].removeprefix("URN:NBN:no-nb_") for page in pages if page.id.startswith("URN:")
    }
    return book_ids.pop() if len(book_ids) == 1 else ""


def _pages(root: etree._Element) -> Iterator[MetsPage]:
    files = files_by_id(root)
    structures = [root] if local_name(root) == "structMap" else children(root, "structMap")
    physical_structures = [structure for structure in structures if (structure.get("TYPE") or "").upper() == "PHYSICAL"]
    if not physical_structures and any(
        (structure.get("TYPE") or "").upper() == "LOGICAL" for structure in structures[:1]
    ):
        yield from _pages_from_contents(structures[0], files)
        return
    divs = [div for structure in (physical_structures or structures)[:1] for div in _page_divs(structure)]
    for div in sorted(divs, key=_page_order(divs)):
        resource_files = tuple(file for resource in children(div, "resource") if (file := file_from_resource(resource)))
        pointed_files = tuple(files[file_id] for file_id in _file_ids(div) if file_id in files)
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
        new_files = [files[file_id] for file_id in _file_ids(div) if file_id in files and file_id not in used_ids]
        used_ids.update(file.id for file in new_files)
        pages = [(file,) for file in new_files] if all(file.is_alto for file in new_files) else [tuple(new_files)]
        for page in pages:
            yield MetsPage(id="", div_id=div.get("ID") or "", label="", files=page)


def _page_divs(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the divisions with files: those typed as pages, and others (plates, covers) without such descendants."""
    for div in children(parent, "div"):
        inner_divs = list(_page_divs(div))
        has_files = bool(_file_ids(div) or children(div, "resource"))
        if has_files and (not inner_divs or (div.get("TYPE") or "").lower().endswith("page")):
            yield div
        else:
            yield from inner_divs


def _page_order(divs: list[etree._Element]) -> Callable[[etree._Element], int]:
    """Return a sort key: ORDER if it is unique for every page, else the order of the document."""
    numbers = [div.get("ORDER") or "" for div in divs]
    if len(set(numbers)) == len(divs) and all(number.isdecimal() for number in numbers):
        return lambda div: int(div.get("ORDER") or 0)
    return lambda _: 0


def _file_ids(div: etree._Element) -> list[str]:
    """Return the FILEIDs of a division's own `fptr` elements and of their `area` elements."""
    pointer_elements = [
        element for pointer in children(div, "fptr") for element in pointer.iter() if attribute(element, "FILEID")
    ]
    return list(dict.fromkeys(attribute(element, "FILEID") for element in pointer_elements))
