"""Where books come from: a folder, a METS file, a IIIF manifest, an ALTO file, a picture."""

from collections.abc import Callable, Iterator
from pathlib import Path

from core.errors import FileError, SourceError
from core.settings import Settings
from indexer.formats import mets, xml_loader
from indexer.formats.manifests import read_manifest
from indexer.formats.mets.files import IMAGES
from indexer.images.fetching import Fetcher
from indexer.records import Book, Leaf, Problem, Volume, is_url
from indexer.sources import names
from indexer.sources.folders import Found, folder_volumes, mets_volume

Fetch = Callable[[str], bytes]

WHAT_WE_READ = "a folder, a METS file, a IIIF manifest (a URL or a file), an ALTO file or a picture"

MANIFEST_LIMIT = 64 * 2**20
"""Bytes; the manifest of a year of a newspaper is some 20 MB."""


def volumes(where: str | Path, fetch: Fetch | None = None) -> Iterator[Found]:
    """The books of a source, one after another, and what was left out; nothing is raised for a bad file.

    `fetch` gives the body at a URL (`Crops.fetch`); without it a client is made for the one manifest.
    """
    try:
        if is_url(str(where)):
            yield read_manifest(_fetched(str(where), fetch), str(where))
        else:
            yield from _on_disk(Path(where))
    except FileError as error:
        yield Problem(error.file, error.cause)


def _fetched(url: str, fetch: Fetch | None) -> bytes:
    if fetch:
        return fetch(url)
    with Fetcher(Settings.from_environ()) as fetcher:
        return fetcher.get(url)


def _on_disk(path: Path) -> Iterator[Found]:
    if path.is_dir():
        yield from folder_volumes(path)
        return
    if not path.is_file():
        raise SourceError(str(path), f"no such file or folder; give {WHAT_WE_READ}")
    if path.suffix.lower() == ".json":
        yield read_manifest(_read(path), str(path))
    elif path.suffix.lower() in IMAGES:
        folder = path.resolve().parent
        leaf = Leaf(id=names.path_name(folder, folder / names.stem(path.name)), number=1, scan=str(path))
        yield Volume(book=Book(id=names.path_name(folder, folder)), leaves=(leaf,))
    else:
        yield from _xml(path)


def _xml(path: Path) -> Iterator[Found]:
    root = xml_loader.kind(path)
    if root in mets.ROOTS:
        yield from mets_volume(path)
    elif root == "alto":
        yield _page(path)
    elif not path.stat().st_size:
        raise SourceError(str(path), "the file is empty")
    else:
        what = f"an XML file of <{root}>" if root else "of no kind that is read"
        raise SourceError(str(path), f"{what}; give {WHAT_WE_READ}")


def _page(path: Path) -> Volume:
    """One page as a book, with the scan that lies beside it."""
    stem = names.stem(path.name)
    beside = (each for each in sorted(path.parent.iterdir()) if each.suffix.lower() in IMAGES)
    scan = next((str(each) for each in beside if names.stem(each.name) == stem), None)
    book = names.page_name(stem).book or path.resolve().parent.name
    leaf = Leaf(id=f"{book}_{stem}" if names.COUNTER.match(stem) else stem, number=1, alto=str(path), scan=scan)
    return Volume(book=Book(id=book), leaves=(leaf,))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MANIFEST_LIMIT + 1)
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error)) from error
    if len(data) > MANIFEST_LIMIT:
        raise SourceError(str(path), f"larger than {MANIFEST_LIMIT // 2**20} MiB")
    return data
