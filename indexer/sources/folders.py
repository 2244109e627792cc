"""A folder of ALTO, scans, METS, records, tables and pictures → volumes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from core.errors import SourceError
from indexer.formats import catalogue_records, mets
from indexer.formats.mets.files import MetsFile
from indexer.records import Book, Leaf, Problem, Volume
from indexer.sources import file_names
from indexer.sources.catalogue import Catalogue
from indexer.sources.folder_listing import FolderListing
from indexer.sources.plain_pictures import find_picture_volumes
from indexer.sources.scans import match_scans

SourceItem = Volume | Problem

MAX_NAMED_FILES = 3
"""Files that a summary names; the reader finds the others beside them."""

SINGULAR_FORMS = {
    "files are": "file is",
    "files named": "file named",
    "hold no": "holds no",
    "records belong": "record belongs",
    "they are found by its": "it is found by the book's",
    "documents are": "document is",
}

NO_FILES_MESSAGE = "names {files:,} files; none of them is here"


def find_folder_volumes(root: Path) -> Iterator[SourceItem]:
    """Every book below a folder, and what was left out."""
    listing = FolderListing(root)
    catalogue = Catalogue(listing)
    claimed_paths: set[Path] = set()
    make_unique_id = _UniqueIds()
    yield from _find_mets_volumes(listing, catalogue, claimed_paths, make_unique_id)
    yield from _find_alto_volumes(listing, catalogue, claimed_paths, make_unique_id)
    yield from find_picture_volumes(listing, catalogue, claimed_paths, make_unique_id)
    yield from _leftover_problems(listing, catalogue)
    if not (listing.alto_files or listing.image_files or listing.xml_files or listing.json_files):
        yield Problem(str(root), "no ALTO, METS, manifest or picture lies below it")


def read_mets_volume(path: Path) -> Iterator[SourceItem]:
    """The book of one METS file, its files on disk or on the web."""
    listing = FolderListing(path.parent)
    yield from _build_mets_volume(listing.root / path.name, listing, Catalogue(listing), set(), remote=True)


class _UniqueIds:
    """Gives each book of a run an id of its own: its name, else its path."""

    def __init__(self) -> None:
        self._used_ids: set[str] = set()

    def __call__(self, name: str, fallback: str) -> str:
        identifier = name if name not in self._used_ids else fallback
        while identifier in self._used_ids:
            identifier += "+"
        self._used_ids.add(identifier)
        return identifier


def _find_mets_volumes(
    listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path], make_unique_id: _UniqueIds
) -> Iterator[SourceItem]:
    missing_problems: list[Problem] = []
    for path in listing.xml_files:
        if listing.root_element(path) in mets.ROOT_ELEMENTS:
            for item in _build_mets_volume(path, listing, catalogue, claimed_paths, remote=False):
                if isinstance(item, Volume):
                    book = item.book
                    yield replace(
                        item, book=replace(book, id=make_unique_id(book.id, f"{listing.relative_path(path)}:{book.id}"))
                    )
                elif NO_FILES_MESSAGE.partition("}")[2] in item.reason:
                    missing_problems.append(item)
                else:
                    yield item
    yield from (
        missing_problems
        if len(missing_problems) <= 1
        else _summarise(
            listing, [Path(problem.file) for problem in missing_problems], "METS name files; none of them is here"
        )
    )


def _build_mets_volume(
    path: Path, listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path], *, remote: bool
) -> Iterator[SourceItem]:
    try:
        mets_record = mets.read_mets(path)
    except SourceError as error:
        yield Problem(error.file, error.cause)
        return

    def find_file(file: MetsFile, file_type: str) -> Path | None:
        match = listing.find_mets_file(path, file, file_type)
        return match if match not in claimed_paths else None

    leaves = tuple(leaf for _, leaf in mets.leaves(mets_record, find_file, allow_remote=remote))
    # All that the METS names is the book's, its thumbnails and derivatives too: no pictures of their own.
    claimed_paths.update(
        claimed_path
        for file in mets_record.files
        for file_type in ("alto", "image")
        if (claimed_path := find_file(file, file_type))
    )
    claimed_paths.update(Path(location) for leaf in leaves for location in (leaf.alto, leaf.scan) if location)
    if not leaves:
        yield Problem(str(path), "METS " + NO_FILES_MESSAGE.format(files=len(mets_record.files)))
        return
    book = catalogue_records.merge_records([mets_record.book, *catalogue.book_records(mets_record.book.id, leaves)])
    leaves = tuple(catalogue.describe_leaf(leaf) for leaf in leaves)
    # Nobody knows where the pictures are on a page without ALTO, unless the whole book is pictures.
    volume_leaves = tuple(leaf for leaf in leaves if leaf.alto) or leaves
    yield Volume(
        book=book,
        leaves=volume_leaves,
        warnings=_missing_file_warnings(len(mets_record.pages), leaves),
        is_complete=True,
    )


def _missing_file_warnings(page_count: int, leaves: tuple[Leaf, ...]) -> tuple[str, ...]:
    """What the METS promises and the disk does not hold, in at most three sentences."""
    without_alto = sum(leaf.alto is None for leaf in leaves)
    without_scan = sum(leaf.scan is None and leaf.image_service is None for leaf in leaves)
    checks = (
        (
            page_count - len(leaves),
            f"neither ALTO nor scan is here of {page_count - len(leaves)} of {_format_page_count(page_count)}",
        ),
        (0 < without_alto < len(leaves), f"no ALTO is here of {without_alto} of {_format_page_count(len(leaves))}"),
        (without_scan, f"no scan is here of {without_scan} of {_format_page_count(len(leaves))}"),
    )
    return tuple(sentence for applies, sentence in checks if applies)


def _format_page_count(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _find_alto_volumes(
    listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path], make_unique_id: _UniqueIds
) -> Iterator[SourceItem]:
    """Books by the names of the ALTO files that no METS has claimed."""
    altos = [path for path in listing.alto_files if path not in claimed_paths]
    scans_by_alto = match_scans(listing, altos, claimed_paths)
    for name, paths in _group_by_book(listing, altos).items():
        folder = paths[0].parent
        identifier = make_unique_id(name, f"{listing.relative_path(folder)}/{name}")
        leaves = tuple(_alto_leaves(identifier, paths, scans_by_alto))
        book = catalogue_records.merge_records([Book(id=identifier), *catalogue.book_records(name, leaves)])
        leaves = tuple(catalogue.describe_leaf(leaf) for leaf in leaves)
        yield Volume(
            book=replace(book, id=identifier), leaves=leaves, warnings=_missing_file_warnings(len(leaves), leaves)
        )


def _group_by_book(listing: FolderListing, altos: Iterable[Path]) -> dict[str, list[Path]]:
    """ALTO files by book, the pages in order; the key is a name, made longer where two folders use the same."""
    groups: dict[tuple[Path, str], list[Path]] = {}
    for path in altos:
        book = file_names.parse_page_name(file_names.stem(path.name)).book
        groups.setdefault((path.parent, book or _book_folder_name(path.parent, listing.root)), []).append(path)
    paths_by_book: dict[str, list[Path]] = {}
    for (folder, name), paths in groups.items():
        key = name if name not in paths_by_book else f"{listing.relative_path(folder)}/{name}"
        paths_by_book[key] = sorted(
            paths, key=lambda path: file_names.parse_page_name(file_names.stem(path.name)).sort_key
        )
    return paths_by_book


def _book_folder_name(folder: Path, root: Path) -> str:
    """The nearest folder that is named for a book and not for what is in it."""
    while folder.name.lower() in file_names.CONTENT_FOLDERS and folder != folder.parent:
        folder = folder.parent
    return folder.name or root.name


def _alto_leaves(book: str, paths: Iterable[Path], scans_by_alto: dict[Path, Path]) -> Iterator[Leaf]:
    paths = list(paths)
    numbers = [file_names.parse_page_name(file_names.stem(path.name)).number for path in paths]
    has_unique_numbers = None not in numbers and len(set(numbers)) == len(numbers)
    for position, (path, number) in enumerate(zip(paths, numbers, strict=True), start=1):
        stem = file_names.stem(path.name)
        yield Leaf(
            id=f"{book}_{stem}" if file_names.BARE_PAGE_NUMBER.match(stem) else stem,
            number=number if has_unique_numbers and number else position,
            alto=str(path),
            scan=str(scans_by_alto[path]) if path in scans_by_alto else None,
        )


def _leftover_problems(listing: FolderListing, catalogue: Catalogue) -> Iterator[Problem]:
    """What lies here and is of no use, a line for each kind of thing."""
    yield from catalogue.problems
    yield from (Problem(folder, reason) for folder, reason in listing.unreadable)
    unused_records = [
        record_file for record_file in catalogue.record_files if record_file not in catalogue.used_records
    ]
    yield from _summarise(
        listing, unused_records, "catalogue records belong to no book here (they are found by its name)"
    )
    known_roots = {"alto", *mets.ROOT_ELEMENTS, *catalogue.RECORD_ROOTS}
    foreign_xml: dict[str, list[Path]] = {}
    for path in listing.xml_files:
        if listing.root_element(path) not in known_roots:
            foreign_xml.setdefault(listing.root_element(path), []).append(path)
    for root, paths in foreign_xml.items():
        description = (
            f"XML files are <{root}>, neither ALTO nor METS nor a record" if root else "files named .xml hold no XML"
        )
        yield from _summarise(listing, paths, description)
    manifests = [path for path in listing.json_files if catalogue.is_manifest(path)]
    yield from _summarise(
        listing, manifests, "IIIF documents are not fetched unasked; `frontispiece index FILE-or-URL` reads a manifest"
    )


def _summarise(listing: FolderListing, paths: list[Path], description: str) -> Iterator[Problem]:
    if paths:
        examples = ", ".join(listing.relative_path(path) for path in paths[:MAX_NAMED_FILES]) + (
            ", …" if len(paths) > MAX_NAMED_FILES else ""
        )
        if len(paths) == 1:
            for plural, singular in SINGULAR_FORMS.items():
                description = description.replace(plural, singular)
        yield Problem(str(listing.root), f"{len(paths)} {description} ({examples})")
