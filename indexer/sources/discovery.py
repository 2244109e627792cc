"""Sources of books: a folder, a METS file, a IIIF manifest, an ALTO file, a picture."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import FileError, ProblemCode, SourceError
from core.image_files import IMAGE_SUFFIXES
from core.settings import Settings
from indexer.formats import mets, oai_pmh, ocr_files, xml_loader
from indexer.images.fetching import Fetcher
from indexer.images.tiff_scans import split_tiff_leaves
from indexer.records import Book, Leaf, Problem, Volume, is_url
from indexer.run_records import FileAccount
from indexer.sources import file_names
from indexer.sources.archives import find_archive_volumes, is_archive
from indexer.sources.files import folder_source
from indexer.sources.folder_listing import FolderListing
from indexer.sources.folders import SourceItem, find_folder_volumes
from indexer.sources.iiif import FetchFunction, read_iiif_document
from indexer.sources.mets_volumes import read_mets_volumes
from indexer.sources.named_scans import add_named_scans
from indexer.sources.refusals import describe_companion, describe_foreign_file, is_foreign_json
from indexer.sources.remote import find_remote_volumes

ACCEPTED_SOURCES = (
    "a folder, its zip or tar archive, a METS, a IIIF manifest or a IIIF collection (a URL or a file), an OAI-PMH "
    "repository (a URL), a file of ALTO, PAGE-XML or hOCR, or a picture"
)

MAX_MANIFEST_BYTES = 64 * 2**20
"""Bytes; the manifest of a year of a newspaper is some 20 MB."""


def find_volumes(
    source: str | Path, fetch: FetchFunction | None = None, work_folder: Path | None = None
) -> Iterator[SourceItem | FileAccount]:
    """Yield the books of a source, and a problem for each file that cannot be used; a bad file raises no error.

    For a folder and an archive the last item is the account of all its files.

    `fetch` returns the body at a URL, such as `Fetcher.get`; without it a client is made for this source.
    `work_folder` is where an archive is unpacked; its files are removed when the items after the last are asked for.
    """
    try:
        if is_url(str(source)):
            with _fetch_function(fetch) as fetch_url:
                yield from find_remote_volumes(str(source), fetch_url)
        else:
            yield from _find_local_volumes(Path(source), fetch, work_folder)
    except FileError as error:
        yield Problem.from_error(error)
    except OSError as error:
        yield _describe_os_error(error, str(source))


def _describe_os_error(error: OSError, source: str) -> Problem:
    """Return the problem of a file or folder that vanished, or cannot be read any more, while its source is read."""
    is_missing = isinstance(error, FileNotFoundError)
    file = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else source
    reason = f"{error.strerror or error}; the rest of {source} is not read: check the disk and index it again"
    return Problem(file, reason, ProblemCode.NOT_FOUND if is_missing else ProblemCode.UNREADABLE)


@contextmanager
def _fetch_function(fetch: FetchFunction | None) -> Iterator[FetchFunction]:
    if fetch:
        yield fetch
    else:
        with Fetcher(Settings.from_environ()) as fetcher:
            yield fetcher.get


def _find_local_volumes(
    path: Path, fetch: FetchFunction | None, work_folder: Path | None
) -> Iterator[SourceItem | FileAccount]:
    if path.is_dir():
        yield from find_folder_volumes(path)
        return
    if not path.is_file():
        raise SourceError(str(path), f"no such file or folder; name {ACCEPTED_SOURCES}", code=ProblemCode.NOT_FOUND)
    if path.suffix.lower() == ".json" and not is_foreign_json(path):
        with _fetch_function(fetch) as fetch_url:
            yield from read_iiif_document(_read_manifest_file(path), str(_absolute_path(path)), fetch_url)
    elif path.suffix.lower() in IMAGE_SUFFIXES:
        absolute_path = _absolute_path(path)
        leaf = Leaf(id=file_names.picture_identifier(absolute_path), number=1, scan=str(path))
        leaves, warnings = split_tiff_leaves([leaf])
        folder = absolute_path.parent
        book = Book(id=file_names.folder_identifier(folder))
        yield Volume(book=book, leaves=leaves, source=folder_source(folder), warnings=warnings)
    elif is_archive(path):
        yield from find_archive_volumes(path, work_folder)
    else:
        yield from _read_xml_source(path)


def _read_xml_source(path: Path) -> Iterator[SourceItem]:
    root = xml_loader.root_element_name(path)
    if root in oai_pmh.ROOT_ELEMENTS or mets.count_mets(path):
        yield from read_mets_volumes(path)
    elif ocr_files.identify_ocr(xml_loader.read_head(path)):
        yield _single_page_volume(path)
    elif not path.stat().st_size:
        raise SourceError(str(path), "the file is empty", code=ProblemCode.EMPTY)
    else:
        reason = describe_companion(path) or f"{describe_foreign_file(path, root)}; name {ACCEPTED_SOURCES}"
        raise SourceError(str(path), reason, code=ProblemCode.UNSUPPORTED)


def _single_page_volume(path: Path) -> Volume:
    """Return one page as a book, with the scan beside it."""
    stem = file_names.stem(path.name)
    sibling_images = (file for file in sorted(path.parent.iterdir()) if file.suffix.lower() in IMAGE_SUFFIXES)
    scan = next((str(image) for image in sibling_images if file_names.stem(image.name) == stem), None)
    absolute_path = _absolute_path(path)
    book_name = file_names.AltoBookName.from_path(absolute_path)
    leaf = Leaf(id=book_name.page_id(path), number=1, alto=str(path), scan=scan)
    if scan is None:
        leaf = add_named_scans(leaf, absolute_path, FolderListing(absolute_path.parent), set())
    return Volume(book=Book(id=book_name.id), leaves=(leaf,), source=folder_source(absolute_path.parent))


def _absolute_path(path: Path) -> Path:
    """Return the path as a folder above it would list it: links to folders are followed, links to files are kept."""
    return path.parent.resolve() / path.name


def _read_manifest_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_MANIFEST_BYTES + 1)
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error), code=ProblemCode.UNREADABLE) from error
    if len(data) > MAX_MANIFEST_BYTES:
        raise SourceError(str(path), f"larger than {MAX_MANIFEST_BYTES // 2**20} MiB", code=ProblemCode.TOO_LARGE)
    return data
