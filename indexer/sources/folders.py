"""A folder of ALTO, scans, METS, records, tables and pictures → volumes."""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from core.errors import ProblemCode, SourceError
from indexer.formats import catalogue_records, mets
from indexer.formats.file_kind import FileKind
from indexer.formats.mets.files import MetsFile
from indexer.images.tiff_scans import share_tiff, split_tiff_leaves
from indexer.records import Book, Leaf, Problem, Volume
from indexer.run_records import FileAccount
from indexer.sources import file_names
from indexer.sources.accounting import account_for_files, summarise
from indexer.sources.catalogue import Catalogue
from indexer.sources.file_names import AltoBookName
from indexer.sources.files import folder_source
from indexer.sources.folder_listing import FolderListing
from indexer.sources.internet_archive import find_internet_archive_volumes
from indexer.sources.mets_files import find_mets_file
from indexer.sources.named_scans import add_named_scans, find_common_scan
from indexer.sources.plain_pictures import find_picture_volumes
from indexer.sources.scans import match_scans

SourceItem = Volume | Problem

METS_WITHOUT_FILES = FileKind(
    singular="METS file names files, none of which is here",
    plural="METS files name files, none of which is here",
    verdict="",
    code=ProblemCode.NO_FILES,
)
METS_ON_THE_WEB = FileKind(
    singular="METS file names files on the web, none of which is here; name the METS itself to fetch them",
    plural="METS files name files on the web, none of which is here; name each METS itself to fetch them",
    verdict="",
    code=ProblemCode.UNUSED,
)
METS_WITHOUT_PAGES = FileKind(
    singular="METS file lists no page; the METS of each volume has the pages of a larger work",
    plural="METS files list no page; the METS of each volume has the pages of a larger work",
    verdict="",
    code=ProblemCode.EMPTY,
)


def find_folder_volumes(root: Path, origin: Path | None = None) -> Iterator[SourceItem | FileAccount]:
    """Yield every book below a folder, a problem for what was left out, and at the end an account of all files.

    `origin` is the path that ids are made of, if the folder is only a copy of it.
    """
    listing = FolderListing(root, origin)
    catalogue = Catalogue(listing)
    claimed_paths: set[Path] = set()
    items = chain(
        _find_mets_volumes(listing, catalogue, claimed_paths),
        find_internet_archive_volumes(listing, catalogue, claimed_paths),
        _find_alto_volumes(listing, catalogue, claimed_paths),
        find_picture_volumes(listing, catalogue, claimed_paths),
    )
    if not (listing.ocr_files or listing.image_files or listing.xml_files or listing.json_files):
        yield Problem(
            str(root), "the folder contains no ALTO, PAGE-XML, hOCR, METS, manifest or picture", ProblemCode.EMPTY
        )
    yield from account_for_files(items, listing, catalogue, claimed_paths)


def read_mets_volumes(path: Path) -> Iterator[SourceItem]:
    """Yield the books of a METS file or of an OAI-PMH answer; their files may be on disk or on the web."""
    listing = FolderListing(path.parent)
    yield from _build_mets_volumes(listing.root / path.name, listing, Catalogue(listing), set(), remote=True)


def _find_mets_volumes(listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path]) -> Iterator[SourceItem]:
    problems: dict[FileKind, list[Problem]] = {METS_WITHOUT_PAGES: [], METS_WITHOUT_FILES: [], METS_ON_THE_WEB: []}
    for path in listing.xml_files:
        if listing.is_mets(path):
            for item in _build_mets_volumes(path, listing, catalogue, claimed_paths, remote=False):
                kind = next((kind for kind in problems if isinstance(item, Problem) and item.code == kind.code), None)
                if kind and isinstance(item, Problem):
                    problems[kind].append(item)
                else:
                    yield item
    for kind, kind_problems in problems.items():
        if len(kind_problems) > 1:
            yield summarise(listing, [Path(problem.file) for problem in kind_problems], kind)
        else:
            yield from kind_problems


def _build_mets_volumes(
    path: Path, listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path], *, remote: bool
) -> Iterator[SourceItem]:
    try:
        mets_records = list(mets.read_all_mets(path, listing.origin_path(path)))
    except SourceError as error:
        yield Problem.from_error(error)
        return
    for mets_record in mets_records:
        if mets_record.remainder:
            yield Problem(str(path), mets_record.remainder, ProblemCode.UNUSED)
        yield from _build_mets_volume(mets_record, path, listing, catalogue, claimed_paths, remote=remote)


def _build_mets_volume(
    mets_record: mets.Mets,
    path: Path,
    listing: FolderListing,
    catalogue: Catalogue,
    claimed_paths: set[Path],
    *,
    remote: bool,
) -> Iterator[SourceItem]:
    def find_unclaimed_file(file: MetsFile, file_type: str) -> Path | None:
        match = find_mets_file(listing, path, file, file_type)
        return match if match not in claimed_paths else None

    leaves = tuple(leaf for _, leaf in mets.leaves(mets_record, find_unclaimed_file, allow_remote=remote))
    # Every file that the METS names belongs to the book; thumbnails and derivatives are not pictures of their own.
    claimed_paths.update(
        claimed_path
        for file in mets_record.files
        for file_type in ("alto", "image")
        if (claimed_path := find_unclaimed_file(file, file_type))
    )
    claimed_paths.update(Path(location) for leaf in leaves for location in (leaf.alto, leaf.scan) if location)
    if not leaves and not mets_record.files:
        reason = "the METS lists no page; the METS of each volume has the pages of a larger work"
        yield Problem(str(path), reason, ProblemCode.EMPTY)
        return
    if not leaves:
        reason, code = f"the METS names {len(mets_record.files):,} files, none of which is here", ProblemCode.NO_FILES
        if any(file.web_url for file in mets_record.files):
            reason, code = f"{reason}; name the METS itself to fetch them from the web", METS_ON_THE_WEB.code
        yield Problem(str(path), reason, code)
        return
    catalogue.used_records.add(path)
    yield from record_problems(mets_record, str(path))
    book = catalogue_records.merge_records([mets_record.book, *catalogue.book_records(mets_record.book.id, leaves)])
    leaves = tuple(catalogue.describe_leaf(leaf) for leaf in leaves)
    # Without ALTO the pictures on a page are unknown, unless the whole book consists of pictures.
    volume_leaves, tiff_warnings = split_tiff_leaves(tuple(leaf for leaf in leaves if leaf.alto) or leaves)
    yield Volume(
        book=book,
        leaves=volume_leaves,
        source=mets_record.source(str(listing.origin_path(path))),
        warnings=(*missing_file_warnings(len(mets_record.pages), leaves), *tiff_warnings),
        is_complete=True,
    )


def record_problems(mets_record: mets.Mets, name: str) -> Iterator[Problem]:
    """Yield a problem if the METS only points to its catalogue record."""
    if mets_record.unread_records:
        location = mets_record.unread_records[0] or "a place without an address"
        reason = f"the catalogue record is at {location} (mdRef) and is not read; save it beside the pages"
        yield Problem(name, reason, ProblemCode.UNSUPPORTED)


def missing_file_warnings(page_count: int, leaves: tuple[Leaf, ...]) -> tuple[str, ...]:
    """Return up to three sentences about files that should be here and are not."""
    leaves = tuple(page_leaf for leaf in leaves for page_leaf in leaf.single_pages)
    without_alto = sum(leaf.alto is None for leaf in leaves)
    without_scan = sum(leaf.scan is None and leaf.image_service is None for leaf in leaves)
    checks = (
        (
            page_count - len(leaves),
            f"neither ALTO nor scan was found for {page_count - len(leaves)} of {_format_page_count(page_count)}",
        ),
        (0 < without_alto < len(leaves), f"no ALTO was found for {without_alto} of {_format_page_count(len(leaves))}"),
        (without_scan, f"no scan was found for {without_scan} of {_format_page_count(len(leaves))}"),
    )
    return tuple(sentence for applies, sentence in checks if applies)


def _format_page_count(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


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
