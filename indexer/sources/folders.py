"""A folder of ALTO, scans, METS, records, tables and pictures → volumes."""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from core.errors import ProblemCode
from indexer.formats import catalogue_records
from indexer.images.tiff_scans import share_tiff
from indexer.records import Book, Leaf, Problem, Volume
from indexer.run_records import FileAccount
from indexer.sources import file_names
from indexer.sources.accounting import account_for_files
from indexer.sources.catalogue import Catalogue
from indexer.sources.file_names import AltoBookName
from indexer.sources.files import folder_source
from indexer.sources.folder_listing import FolderListing
from indexer.sources.internet_archive import find_internet_archive_volumes
from indexer.sources.mets_volumes import find_mets_volumes, missing_file_warnings
from indexer.sources.named_scans import add_named_scans, find_common_scan
from indexer.sources.plain_pictures import find_picture_volumes
from indexer.sources.scans import match_scans

SourceItem = Volume | Problem


def find_folder_volumes(root: Path, origin: Path | None = None) -> Iterator[SourceItem | FileAccount]:
    """Yield every book below a folder, a problem for what was left out, and at the end an account of all files.

    `origin` is the path that ids are made of, if the folder is only a copy of it.
    """
    listing = FolderListing(root, origin)
    catalogue = Catalogue(listing)
    claimed_paths: set[Path] = set()
    items = chain(
        find_mets_volumes(listing, catalogue, claimed_paths),
        find_internet_archive_volumes(listing, catalogue, claimed_paths),
        _find_alto_volumes(listing, catalogue, claimed_paths),
        find_picture_volumes(listing, catalogue, claimed_paths),
    )
    if not (listing.ocr_files or listing.image_files or listing.xml_files or listing.json_files):
        yield Problem(
            str(root), "the folder contains no ALTO, PAGE-XML, hOCR, METS, manifest or picture", ProblemCode.EMPTY
        )
    yield from account_for_files(items, listing, catalogue, claimed_paths)


def _find_alto_volumes(listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path]) -> Iterator[SourceItem]:
    """Yield books that the names of the ALTO files tell, without the files that a METS has claimed."""
    other_texts = listing.other_texts - claimed_paths
    altos = [path for path in listing.ocr_files if path not in claimed_paths and path not in other_texts]
    claimed_paths |= other_texts
    scans_by_alto = match_scans(listing, altos, claimed_paths)
    for book_name, paths in _group_by_book(listing, altos).items():
        leaves = tuple(_alto_leaves(listing, book_name, paths, scans_by_alto))
        if len(leaves) > 1 and not any(leaf.scan for leaf in leaves):
            leaves = _share_scan(listing, book_name.name, leaves, claimed_paths)
        leaves = tuple(
            add_named_scans(leaf, Path(leaf.alto), listing, claimed_paths) if leaf.alto and not leaf.scan else leaf
            for leaf in leaves
        )
        records = catalogue.book_records(book_name.name, leaves)
        book = catalogue_records.merge_records([Book(id=book_name.id), *records])
        leaves = tuple(catalogue.describe_leaf(leaf) for leaf in leaves)
        yield Volume(
            book=book,
            leaves=leaves,
            source=folder_source(os.path.commonpath([listing.origin_path(path.parent) for path in paths])),
            warnings=missing_file_warnings(sum(len(leaf.single_pages) for leaf in leaves), leaves),
        )


def _share_scan(
    listing: FolderListing, book_name: str, leaves: tuple[Leaf, ...], claimed_paths: set[Path]
) -> tuple[Leaf, ...]:
    """Return the pages of a book with the frames of its TIFF, and claim it: the one with its name, or that all name."""
    scans = [path for path in listing.image_files.by_stem.get(book_name, ()) if path not in claimed_paths]
    scan = scans[0] if len(scans) == 1 else find_common_scan(leaves, listing, claimed_paths)
    if scan is None:
        return leaves
    leaves = share_tiff(leaves, str(scan))
    claimed_paths.update([scan] if any(leaf.scan for leaf in leaves) else ())
    return leaves


def _group_by_book(listing: FolderListing, altos: Iterable[Path]) -> dict[AltoBookName, list[Path]]:
    """Group ALTO files by book, pages in order."""
    paths_by_book: dict[AltoBookName, list[Path]] = {}
    for path in altos:
        paths_by_book.setdefault(AltoBookName.from_path(listing.origin_path(path)), []).append(path)
    return {
        book_name: sorted(paths, key=lambda path: file_names.parse_page_name(file_names.stem(path.name)).sort_key)
        for book_name, paths in paths_by_book.items()
    }


def _alto_leaves(
    listing: FolderListing, book_name: AltoBookName, paths: Sequence[Path], scans_by_alto: dict[Path, Path]
) -> Iterator[Leaf]:
    numbers = [file_names.parse_page_name(file_names.stem(path.name)).number for path in paths]
    has_unique_numbers = None not in numbers and len(set(numbers)) == len(numbers)
    for position, (path, number) in enumerate(zip(paths, numbers, strict=True), start=1):
        yield Leaf(
            id=book_name.page_id(listing.origin_path(path)),
            number=number if has_unique_numbers and number else position,
            alto=str(path),
            scan=str(scans_by_alto[path]) if path in scans_by_alto else None,
        )
