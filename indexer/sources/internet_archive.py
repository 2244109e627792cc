"""Books as the Internet Archive publishes them: a list of pages (scandata), the text of the book in one file, scans."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from core.errors import ProblemCode, SourceError
from core.identifiers import is_identifier
from indexer.formats import catalogue_records, ocr_files
from indexer.formats.scandata import ROOT_ELEMENT, Scandata, ScandataPage, read_scandata
from indexer.records import Book, Leaf, Problem, Volume
from indexer.sources import file_names
from indexer.sources.catalogue import Catalogue
from indexer.sources.files import file_size, folder_source
from indexer.sources.folder_listing import FolderListing

SCANDATA_NAME = re.compile(r"(?:(?P<book>.+)_)?scandata\.xml", re.IGNORECASE)

TEXT_SUFFIXES = ("_hocr.html", "_hocr.html.gz", "_chocr.html.gz", "_chocr.html", "_djvu.xml", "_djvu.xml.gz")
"""What follows the book's name in the names of its texts, the best first: only hOCR has pictures."""

IMAGE_NUMBER = re.compile(r"_(\d{1,7})\.\w+$")
"""The number of a scan in the name that a text gives for its page: `book_0020.jp2`, `book_0020.djvu`."""

VIEWER = "https://archive.org/details/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveItem:
    """The files of one book of the Internet Archive."""

    name: str
    scandata: Path
    text: Path
    other_texts: tuple[Path, ...]
    scan_archives: tuple[Path, ...]
    """Archives of scans, which are not read inside a folder."""


def find_internet_archive_volumes(
    listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path]
) -> Iterator[Volume | Problem]:
    """Yield every book that has a list of pages with a text beside it; without a text its files are left to others."""
    for item in _find_items(listing):
        catalogue.used_records.add(item.scandata)
        try:
            scandata = read_scandata(item.scandata)
        except SourceError as error:
            yield Problem.from_error(error)
            continue
        yield from _read_item(item, scandata, listing, catalogue, claimed_paths)


def _find_items(listing: FolderListing) -> Iterator[ArchiveItem]:
    """Yield every book with a list of pages and a text."""
    for path in listing.xml_files:
        name_match = SCANDATA_NAME.fullmatch(path.name)
        if name_match is None or listing.root_element(path) != ROOT_ELEMENT:
            continue
        name = name_match["book"] or path.parent.name
        files = {file.name: file for file in listing.files_by_folder.get(path.parent, ())}
        texts = [files[name + suffix] for suffix in TEXT_SUFFIXES if name + suffix in files]
        readable_texts = [text for text in texts if listing.ocr_format(text)]
        if not readable_texts:
            continue
        archives = [files[name + suffix] for suffix in ("_jp2.zip", "_jp2.tar", "_tif.zip") if name + suffix in files]
        yield ArchiveItem(
            name=name,
            scandata=path,
            text=readable_texts[0],
            other_texts=tuple(readable_texts[1:]),
            scan_archives=tuple(archives),
        )


def _read_item(
    item: ArchiveItem,
    scandata: Scandata,
    listing: FolderListing,
    catalogue: Catalogue,
    claimed_paths: set[Path],
) -> Iterator[Volume | Problem]:
    text = item.text
    scans = _find_scans(item.name, text.parent, scandata.pages, listing)
    claimed_paths.update([text, *item.other_texts, *scans.values()])
    if item.scan_archives and not scans:
        reason = f"the scans of {text.name} are in this archive; unpack it beside the text"
        yield Problem(str(item.scan_archives[0]), reason, ProblemCode.UNUSED)
    folder = listing.origin_path(text.parent)
    book = Book(id=_book_id(item.name, scandata.book_id, folder), viewer=_viewer(scandata.book_id))
    text_pages = _match_pages(scandata.pages, ocr_files.scan_names(text))
    page_leaves = tuple(_page_leaves(book, scandata, text_pages, text, scans))
    leaf = Leaf(id=book.id, number=1, alto=str(text), page_leaves=page_leaves)
    yield Volume(
        book=catalogue_records.merge_records([book, *catalogue.book_records(item.name, [leaf])]),
        leaves=(leaf,),
        source=folder_source(folder),
        warnings=tuple(_warnings(leaf, scandata, text)),
    )


def _book_id(name: str, archive_id: str, folder: Path) -> str:
    """Return the identifier at the Internet Archive, else the id of files of that name in that folder."""
    return archive_id or file_names.AltoBookName(name, None if is_identifier(name) else folder).id


def _viewer(archive_id: str, position: int | None = None) -> str:
    """Return the URL of the book, or of its page at a position from 0; empty without an identifier."""
    page = "" if position is None else f"/page/n{position}"
    return f"{VIEWER}{quote(archive_id)}{page}" if archive_id else ""


def _page_leaves(
    book: Book, scandata: Scandata, text_pages: Sequence[ScandataPage], text: Path, scans: dict[int, Path]
) -> Iterator[Leaf | None]:
    """Yield the leaf of each page of the text; None for a scan that is no page of the book."""
    shown_pages = [page.leaf_number for page in scandata.pages if page.is_shown]
    positions = {leaf_number: position for position, leaf_number in enumerate(shown_pages)}
    for page in text_pages:
        position, scan = positions.get(page.leaf_number), scans.get(page.leaf_number)
        if position is None:
            yield None
            continue
        yield Leaf(
            id=f"{book.id}_{page.leaf_number:04}",
            number=position + 1,
            label=page.label,
            alto=str(text),
            scan=str(scan) if scan else None,
            viewer=_viewer(scandata.book_id, position),
        )


def _match_pages(pages: Sequence[ScandataPage], names: Sequence[str]) -> Sequence[ScandataPage]:
    """Return the page of the list for each page of the text, by the numbers of its scans, else by position.

    None are returned if neither is possible.
    """
    pages_by_number = {page.leaf_number: page for page in pages}
    numbers = [int(match[1]) if (match := IMAGE_NUMBER.search(name)) else -1 for name in names]
    if len(set(numbers)) == len(numbers) and all(number in pages_by_number for number in numbers):
        return [pages_by_number[number] for number in numbers]
    shown_pages = [page for page in pages if page.is_shown]
    return next((candidates for candidates in (pages, shown_pages) if len(candidates) == len(names)), ())


def _find_scans(name: str, folder: Path, pages: Sequence[ScandataPage], listing: FolderListing) -> dict[int, Path]:
    """Return the scans by the number of their leaf; they are called `name_0001` and lie below the folder."""
    matches = {
        page.leaf_number: scans
        for page in pages
        if (scans := listing.image_files.find_below(folder, f"{name}_{page.leaf_number:04}"))
    }
    # Of copies in several formats the largest is the best.
    return {number: max(scans, key=file_size) for number, scans in matches.items()}


def _warnings(leaf: Leaf, scandata: Scandata, text: Path) -> Iterator[str]:
    if not leaf.page_leaves:
        yield f"{text.name} has not the pages of the list, which has {len(scandata.pages)}; its pages have no scans"
        return
    missing_count = sum(page_leaf.scan is None for page_leaf in leaf.single_pages)
    if missing_count:
        yield f"no scan was found for {missing_count} of {len(leaf.single_pages)} pages"
    if text.name.endswith(("_djvu.xml", "_djvu.xml.gz")):
        yield f"{text.name} has no pictures; they come only from an hOCR file of the book"
