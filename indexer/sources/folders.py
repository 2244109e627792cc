"""A folder of ALTO, scans, METS, records, tables and pictures → volumes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from core.errors import SourceError
from indexer.formats import catalogue_records, mets
from indexer.formats.mets.files import MetsFile
from indexer.records import Book, Leaf, Problem, Volume
from indexer.sources import names
from indexer.sources.catalogue import Catalogue
from indexer.sources.folder_listing import Shelf
from indexer.sources.plain_pictures import picture_volumes
from indexer.sources.scans import scans

Found = Volume | Problem

NAMED = 3
"""Files that a summary names; the reader finds the others beside them."""

SINGULAR = {
    "files are": "file is",
    "files named": "file named",
    "hold no": "holds no",
    "records belong": "record belongs",
    "they are found by its": "it is found by the book's",
    "documents are": "document is",
}

NO_FILES = "names {files:,} files; none of them is here"


def folder_volumes(root: Path) -> Iterator[Found]:
    """Every book below a folder, and what was left out."""
    shelf = Shelf(root)
    catalogue = Catalogue(shelf)
    claimed: set[Path] = set()
    ids = _Ids()
    yield from _of_mets(shelf, catalogue, claimed, ids)
    yield from _of_altos(shelf, catalogue, claimed, ids)
    yield from picture_volumes(shelf, catalogue, claimed, ids)
    yield from _left_over(shelf, catalogue)
    if not (shelf.altos or shelf.images or shelf.xml or shelf.json):
        yield Problem(str(root), "no ALTO, METS, manifest or picture lies below it")


def mets_volume(path: Path) -> Iterator[Found]:
    """The book of one METS file, its files on disk or on the web."""
    shelf = Shelf(path.parent)
    yield from _volume_of_mets(shelf.root / path.name, shelf, Catalogue(shelf), set(), remote=True)


class _Ids:
    """Gives each book of a run an id of its own: its name, else its path."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, name: str, longer: str) -> str:
        chosen = name if name not in self._taken else longer
        while chosen in self._taken:
            chosen += "+"
        self._taken.add(chosen)
        return chosen


def _of_mets(shelf: Shelf, catalogue: Catalogue, claimed: set[Path], ids: _Ids) -> Iterator[Found]:
    away: list[Problem] = []
    for path in shelf.xml:
        if shelf.kind(path) in mets.ROOTS:
            for found in _volume_of_mets(path, shelf, catalogue, claimed, remote=False):
                if isinstance(found, Volume):
                    book = found.book
                    yield replace(found, book=replace(book, id=ids(book.id, f"{shelf.relative(path)}:{book.id}")))
                elif NO_FILES.partition("}")[2] in found.reason:
                    away.append(found)
                else:
                    yield found
    yield from (
        away
        if len(away) <= 1
        else _summary(shelf, [Path(each.file) for each in away], "METS name files; none of them is here")
    )


def _volume_of_mets(
    path: Path, shelf: Shelf, catalogue: Catalogue, claimed: set[Path], *, remote: bool
) -> Iterator[Found]:
    try:
        read = mets.read_mets(path)
    except SourceError as error:
        yield Problem(error.file, error.cause)
        return

    def find(file: MetsFile, kind: str) -> Path | None:
        found = shelf.find(path, file, kind)
        return found if found not in claimed else None

    leaves = tuple(leaf for _, leaf in mets.leaves(read, find, remote=remote))
    # All that the METS names is the book's, its thumbnails and derivatives too: no pictures of their own.
    claimed.update(each for file in read.files for kind in ("alto", "image") if (each := find(file, kind)))
    claimed.update(Path(each) for leaf in leaves for each in (leaf.alto, leaf.scan) if each)
    if not leaves:
        yield Problem(str(path), "METS " + NO_FILES.format(files=len(read.files)))
        return
    book = catalogue_records.merged([read.book, *catalogue.books(read.book.id, leaves)])
    leaves = tuple(catalogue.described(leaf) for leaf in leaves)
    # Nobody knows where the pictures are on a page without ALTO, unless the whole book is pictures.
    kept = tuple(leaf for leaf in leaves if leaf.alto) or leaves
    yield Volume(book=book, leaves=kept, warnings=_missing(len(read.pages), leaves), whole=True)


def _missing(pages: int, leaves: tuple[Leaf, ...]) -> tuple[str, ...]:
    """What the METS promises and the disk does not hold, in at most three sentences."""
    without_alto = sum(leaf.alto is None for leaf in leaves)
    without_scan = sum(leaf.scan is None and leaf.image_service is None for leaf in leaves)
    told = (
        (pages - len(leaves), f"neither ALTO nor scan is here of {pages - len(leaves)} of {_pages(pages)}"),
        (0 < without_alto < len(leaves), f"no ALTO is here of {without_alto} of {_pages(len(leaves))}"),
        (without_scan, f"no scan is here of {without_scan} of {_pages(len(leaves))}"),
    )
    return tuple(sentence for is_so, sentence in told if is_so)


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _of_altos(shelf: Shelf, catalogue: Catalogue, claimed: set[Path], ids: _Ids) -> Iterator[Found]:
    """Books by the names of the ALTO files that no METS has claimed."""
    altos = [each for each in shelf.altos if each not in claimed]
    found = scans(shelf, altos, claimed)
    for name, paths in _books(shelf, altos).items():
        folder = paths[0].parent
        identifier = ids(name, f"{shelf.relative(folder)}/{name}")
        leaves = tuple(_alto_leaves(identifier, paths, found))
        book = catalogue_records.merged([Book(id=identifier), *catalogue.books(name, leaves)])
        leaves = tuple(catalogue.described(leaf) for leaf in leaves)
        yield Volume(book=replace(book, id=identifier), leaves=leaves, warnings=_missing(len(leaves), leaves))


def _books(shelf: Shelf, altos: Iterable[Path]) -> dict[str, list[Path]]:
    """ALTO files by book, the pages in order; the key is a name, made longer where two folders use the same."""
    groups: dict[tuple[Path, str], list[Path]] = {}
    for path in altos:
        book = names.page_name(names.stem(path.name)).book
        groups.setdefault((path.parent, book or _folder_name(path.parent, shelf.root)), []).append(path)
    found: dict[str, list[Path]] = {}
    for (folder, name), paths in groups.items():
        key = name if name not in found else f"{shelf.relative(folder)}/{name}"
        found[key] = sorted(paths, key=lambda path: names.page_name(names.stem(path.name)).order)
    return found


def _folder_name(folder: Path, root: Path) -> str:
    """The nearest folder that is named for a book and not for what is in it."""
    while folder.name.lower() in names.SHELVES and folder != folder.parent:
        folder = folder.parent
    return folder.name or root.name


def _alto_leaves(book: str, paths: Iterable[Path], scan_of: dict[Path, Path]) -> Iterator[Leaf]:
    paths = list(paths)
    numbers = [names.page_name(names.stem(path.name)).number for path in paths]
    numbered = None not in numbers and len(set(numbers)) == len(numbers)
    for place, (path, number) in enumerate(zip(paths, numbers, strict=True), start=1):
        stem = names.stem(path.name)
        yield Leaf(
            id=f"{book}_{stem}" if names.COUNTER.match(stem) else stem,
            number=number if numbered and number else place,
            alto=str(path),
            scan=str(scan_of[path]) if path in scan_of else None,
        )


def _left_over(shelf: Shelf, catalogue: Catalogue) -> Iterator[Problem]:
    """What lies here and is of no use, a line for each kind of thing."""
    yield from catalogue.problems
    yield from (Problem(folder, reason) for folder, reason in shelf.closed)
    unused = [each for each in catalogue.records if each not in catalogue.used]
    yield from _summary(shelf, unused, "catalogue records belong to no book here (they are found by its name)")
    known = {"alto", *mets.ROOTS, *catalogue.RECORD_ROOTS}
    foreign: dict[str, list[Path]] = {}
    for path in shelf.xml:
        if shelf.kind(path) not in known:
            foreign.setdefault(shelf.kind(path), []).append(path)
    for root, paths in foreign.items():
        what = f"XML files are <{root}>, neither ALTO nor METS nor a record" if root else "files named .xml hold no XML"
        yield from _summary(shelf, paths, what)
    manifests = [each for each in shelf.json if catalogue.is_manifest(each)]
    yield from _summary(
        shelf, manifests, "IIIF documents are not fetched unasked; `frontispiece index FILE-or-URL` reads a manifest"
    )


def _summary(shelf: Shelf, paths: list[Path], what: str) -> Iterator[Problem]:
    if paths:
        some = ", ".join(shelf.relative(path) for path in paths[:NAMED]) + (", …" if len(paths) > NAMED else "")
        if len(paths) == 1:
            for several, one in SINGULAR.items():
                what = what.replace(several, one)
        yield Problem(str(shelf.root), f"{len(paths)} {what} ({some})")
