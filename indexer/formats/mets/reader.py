"""METS → the pages of a book in order, each with the files that show it; NB's bare `structMap` too."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from lxml import etree

from core import image_api
from core.errors import SourceError
from indexer.formats import xml_loader
from indexer.formats.mets.files import MetsFile, file_of_resource, files_by_id
from indexer.formats.mets.record import book_of, name_of
from indexer.formats.xml_loader import attribute, children, descendants, local_name
from indexer.records import Book, Leaf

Find = Callable[[MetsFile, Literal["alto", "image"]], Path | None]

ROOTS = ("mets", "structMap")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetsPage:
    """One page of the physical structure."""

    id: str
    """CONTENTIDS, a URN or a persistent URL, where the file gives one."""
    div: str
    label: str
    files: tuple[MetsFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mets:
    """What a METS file says of one book."""

    book: Book
    pages: tuple[MetsPage, ...]

    @property
    def files(self) -> tuple[MetsFile, ...]:
        return tuple(file for page in self.pages for file in page.files)


def read_mets(path: Path) -> Mets:
    """The book of a METS or structMap file; `SourceError` where it is neither."""
    return parse_mets(xml_loader.load(path), str(path))


def parse_mets(root: etree._Element, name: str) -> Mets:
    found = next(iter(descendants(root, *ROOTS)), None)
    if found is None:
        raise SourceError(name, f"neither METS nor structMap: the root element is <{local_name(root)}>")
    pages = tuple(_pages(found))
    book = book_of(found, name)
    objid = (found.get("OBJID") or "").strip()
    # Some OBJIDs are row numbers of a database.
    given = objid if not objid.isdecimal() or len(objid) > 8 else ""
    return Mets(book=replace(book, id=given or book.id or objid or _book_of_pages(pages) or name_of(name)), pages=pages)


def leaves(mets: Mets, find: Find, *, remote: bool) -> Iterator[tuple[MetsPage, Leaf]]:
    """Every page that can be had: `find` looks on disk, `remote` allows what is only on the web."""
    seen: set[str] = set()
    for number, page in enumerate(mets.pages, start=1):
        images = sorted((file for file in page.files if file.is_image), key=_goodness)
        altos = [file for file in page.files if file.is_alto]
        # The other kind's names come last: some METS list the scans alone, and the ALTO lies beside them.
        alto = next((str(path) for file in [*altos, *images] if (path := find(file, "alto"))), None)
        scan = next((str(path) for file in [*images, *altos] if (path := find(file, "image"))), None)
        online = next((each for each in images if each.url or each.service), None)
        if remote and alto is None:
            alto = next((each.url for each in altos if each.url), None)
        if scan or not (remote or alto):
            online = None
        if alto or scan or online:
            leaf = _leaf(page, number, alto, scan, online)
            name = page.id or _page_id(mets.book.id, alto or scan or "", number)
            identifier = name if name not in seen else f"{name}_{number:04}"
            seen.add(identifier)
            yield page, replace(leaf, id=identifier)


def _leaf(page: MetsPage, number: int, alto: str | None, scan: str | None, online: MetsFile | None) -> Leaf:
    leaf = Leaf(id="", number=number, label=page.label, alto=alto, scan=scan)
    if online is None:
        return leaf
    service = online.service or image_api.service_of(online.url)
    scan = online.url if not online.url.endswith("/info.json") else ""
    return replace(leaf, scan=scan or None, image_service=service, width=online.width, height=online.height)


def _page_id(book: str, named: str, number: int) -> str:
    """The file's name, with the book's before it where the name alone would stand for a page of any book."""
    stem = PurePosixPath(named).name.split(".")[0]
    if not stem or image_api.service_of(named):
        stem = f"{number:04}"
    # `digibok_1_0001` belongs to `URN:NBN:no-nb_digibok_1` as it is.
    core = book.rpartition(":")[2].removeprefix("no-nb_").lower()
    return stem if core in stem.lower() else f"{book}_{stem}"


def _goodness(file: MetsFile) -> int:
    """Smaller is better."""
    order = (
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
    return next((rank for rank, word in enumerate(order) if word in use), len(order))


def _book_of_pages(pages: Iterable[MetsPage]) -> str:
    """NB's structMap does not name its book, but each page's URN does: all before the last underscore."""
    books = {page.id.rpartition("_")[0].removeprefix("URN:NBN:no-nb_") for page in pages if page.id.startswith("URN:")}
    return books.pop() if len(books) == 1 else ""


def _pages(root: etree._Element) -> Iterator[MetsPage]:
    files = files_by_id(root)
    structures = [root] if local_name(root) == "structMap" else children(root, "structMap")
    physical = [each for each in structures if (each.get("TYPE") or "").upper() == "PHYSICAL"]
    if not physical and any((each.get("TYPE") or "").upper() == "LOGICAL" for each in structures[:1]):
        yield from _pages_of_parts(structures[0], files)
        return
    divs = [div for structure in (physical or structures)[:1] for div in _page_divs(structure)]
    for div in sorted(divs, key=_order(divs)):
        resources = tuple(file for each in children(div, "resource") if (file := file_of_resource(each)))
        shown = tuple(files[each] for each in _pointers(div) if each in files)
        page_id = div.get("CONTENTIDS") or (resources[0].href if resources else "")
        yield MetsPage(
            id="" if page_id in ("NULL", "NONE") else page_id.split()[0] if page_id.split() else "",
            div=div.get("ID") or "",
            label=(div.get("ORDERLABEL") or "").strip(" -"),
            files=resources + shown,
        )


def _pages_of_parts(structure: etree._Element, files: dict[str, MetsFile]) -> Iterator[MetsPage]:
    """BnF's tables of contents list articles and headlines, each by the ALTO files that hold it: a page a file."""
    seen: set[str] = set()
    for div in _page_divs(structure):
        shown = [files[each] for each in _pointers(div) if each in files and each not in seen]
        seen.update(file.id for file in shown)
        pages = [(file,) for file in shown] if all(file.is_alto for file in shown) else [tuple(shown)]
        for page in pages:
            yield MetsPage(id="", div=div.get("ID") or "", label="", files=page)


def _page_divs(parent: etree._Element) -> Iterator[etree._Element]:
    """Divisions that show files: those called pages, and others (plates, covers) where none inside them does."""
    for div in children(parent, "div"):
        inner = list(_page_divs(div))
        shows = bool(_pointers(div) or children(div, "resource"))
        if shows and (not inner or (div.get("TYPE") or "").lower().endswith("page")):
            yield div
        else:
            yield from inner


def _order(divs: list[etree._Element]) -> Callable[[etree._Element], int]:
    """By ORDER where every page has one of its own, else as they stand."""
    numbers = [each.get("ORDER") or "" for each in divs]
    if len(set(numbers)) == len(divs) and all(each.isdecimal() for each in numbers):
        return lambda div: int(div.get("ORDER") or 0)
    return lambda _: 0


def _pointers(div: etree._Element) -> list[str]:
    """FILEIDs of a division's own `fptr`s, and of the `area`s inside them."""
    inner = [each for pointer in children(div, "fptr") for each in pointer.iter() if attribute(each, "FILEID")]
    return list(dict.fromkeys(attribute(each, "FILEID") for each in inner))
