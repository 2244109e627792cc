"""The METS files of a folder, or one that is named itself → volumes."""

from collections.abc import Iterator
from pathlib import Path

from core.errors import ProblemCode, SourceError
from indexer.formats import catalogue_records, mets
from indexer.formats.file_kind import FileKind
from indexer.formats.mets.files import MetsFile
from indexer.images.tiff_scans import split_tiff_leaves
from indexer.records import Leaf, Problem, Volume
from indexer.sources.accounting import summarise
from indexer.sources.catalogue import Catalogue
from indexer.sources.folder_listing import FolderListing
from indexer.sources.mets_files import find_mets_file

METS_WITHOUT_PAGES = FileKind(
    singular="METS file lists no page; the METS of each volume has the pages of a larger work",
    plural="METS files list no page; the METS of each volume has the pages of a larger work",
    verdict="",
    code=ProblemCode.EMPTY,
)
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
METS_WITHOUT_OCR = FileKind(
    singular="METS file names OCR files, none of which can be read here; mount or copy the folder that has them",
    plural="METS files name OCR files, none of which can be read here; mount or copy the folders that have them",
    verdict="",
    code=ProblemCode.NO_FILES,
)
METS_WITH_OCR_ON_THE_WEB = FileKind(
    singular="METS file names OCR files on the web, none of which is here; name the METS itself to fetch them",
    plural="METS files name OCR files on the web, none of which is here; name each METS itself to fetch them",
    verdict="",
    code=ProblemCode.NO_FILES,
)

MetsItem = tuple[FileKind | None, Volume | Problem]
"""What a METS gives; of a problem that many METS can have, the kind that sums them up."""


def find_mets_volumes(
    listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path]
) -> Iterator[Volume | Problem]:
    """Yield the book of each METS below a folder, then one problem for all METS that give no book for one reason."""
    kinds = (METS_WITHOUT_PAGES, METS_WITHOUT_FILES, METS_ON_THE_WEB, METS_WITHOUT_OCR, METS_WITH_OCR_ON_THE_WEB)
    problems: dict[FileKind, list[Problem]] = {kind: [] for kind in kinds}
    for path in listing.xml_files:
        if listing.is_mets(path):
            for kind, item in _build_mets_volumes(path, listing, catalogue, claimed_paths, remote=False):
                if kind and isinstance(item, Problem):
                    problems[kind].append(item)
                else:
                    yield item
    for kind, kind_problems in problems.items():
        if len(kind_problems) > 1:
            yield summarise(listing, [Path(problem.file) for problem in kind_problems], kind)
        else:
            yield from kind_problems


def read_mets_volumes(path: Path) -> Iterator[Volume | Problem]:
    """Yield the books of a METS file or of an OAI-PMH answer; their files may be on disk or on the web."""
    listing = FolderListing(path.parent)
    items = _build_mets_volumes(listing.root / path.name, listing, Catalogue(listing), set(), remote=True)
    yield from (item for _, item in items)


def _build_mets_volumes(
    path: Path, listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path], *, remote: bool
) -> Iterator[MetsItem]:
    try:
        mets_records = list(mets.read_all_mets(path, listing.origin_path(path)))
    except SourceError as error:
        yield None, Problem.from_error(error)
        return
    for mets_record in mets_records:
        if mets_record.remainder:
            yield None, Problem(str(path), mets_record.remainder, ProblemCode.UNUSED)
        yield from _build_mets_volume(mets_record, path, listing, catalogue, claimed_paths, remote=remote)


def _build_mets_volume(
    mets_record: mets.Mets,
    path: Path,
    listing: FolderListing,
    catalogue: Catalogue,
    claimed_paths: set[Path],
    *,
    remote: bool,
) -> Iterator[MetsItem]:
    def find_unclaimed_file(file: MetsFile, file_type: str) -> Path | None:
        match = find_mets_file(listing, path, file, file_type)
        return match if match not in claimed_paths else None

    leaves = tuple(leaf for _, leaf in mets.leaves(mets_record, find_unclaimed_file, allow_remote=remote))
    # Every file that the METS names belongs to the book; thumbnails and derivatives are not pictures of their own.
    own_paths = {
        claimed_path
        for file in mets_record.files
        for file_type in ("alto", "image")
        if (claimed_path := find_unclaimed_file(file, file_type))
    }
    own_paths.update(Path(location) for leaf in leaves for location in (leaf.alto, leaf.scan) if location)
    claimed_paths |= own_paths
    # BnF's refNum names no OCR; what it may be called is only guessed.
    is_refnum = listing.root_element(path) == "refNum"
    if refusal := _refuse_without_files(mets_record, leaves) or (
        None if is_refnum else _refuse_without_ocr(mets_record, leaves)
    ):
        kind, reason = refusal
        listing.unread_files.update(own_paths)
        yield kind, Problem(str(path), reason, kind.code)
        return
    catalogue.used_records.add(path)
    for problem in record_problems(mets_record, str(path)):
        yield None, problem
    book = catalogue_records.merge_records([mets_record.book, *catalogue.book_records(mets_record.book.id, leaves)])
    leaves = tuple(catalogue.describe_leaf(leaf) for leaf in leaves)
    # Without ALTO the pictures on a page are unknown, unless the whole book consists of pictures.
    volume_leaves, tiff_warnings = split_tiff_leaves(tuple(leaf for leaf in leaves if leaf.alto) or leaves)
    volume = Volume(
        book=book,
        leaves=volume_leaves,
        source=mets_record.source(str(listing.origin_path(path))),
        warnings=(*missing_file_warnings(len(mets_record.pages), leaves), *tiff_warnings),
        is_complete=True,
    )
    yield None, volume


def _refuse_without_files(mets_record: mets.Mets, leaves: tuple[Leaf, ...]) -> tuple[FileKind, str] | None:
    """Return why a METS without a page that is here gives no book, with the sum for many; None if it has a page."""
    if leaves:
        return None
    if not mets_record.files:
        return METS_WITHOUT_PAGES, "the METS lists no page; the METS of each volume has the pages of a larger work"
    reason = f"the METS names {len(mets_record.files):,} files, none of which is here"
    if any(file.web_url for file in mets_record.files):
        return METS_ON_THE_WEB, f"{reason}; name the METS itself to fetch them from the web"
    return METS_WITHOUT_FILES, reason


def _refuse_without_ocr(mets_record: mets.Mets, leaves: tuple[Leaf, ...]) -> tuple[FileKind, str] | None:
    """Return the same of a METS that names OCR of which nothing is here.

    Its scans alone would become pictures of whole pages, in place of the pictures and the text of an earlier run.
    """
    if not (missing_files := missing_ocr_files(mets_record, leaves)):
        return None
    reason = f"the METS names {missing_files}, none of which can be read here"
    if any(file.is_ocr and file.web_url for file in mets_record.files):
        return METS_WITH_OCR_ON_THE_WEB, f"{reason}; name the METS itself to fetch them from the web"
    return METS_WITHOUT_OCR, f"{reason}, so the book is left out; mount or copy the folder that has them"


def missing_ocr_files(mets_record: mets.Mets, leaves: tuple[Leaf, ...]) -> str:
    """Return how many OCR files a METS names, such as `206 OCR files`, if no leaf has one; else empty."""
    count = len({file.id for file in mets_record.files if file.is_ocr})
    if not count or any(leaf.alto for leaf in leaves):
        return ""
    return "1 OCR file" if count == 1 else f"{count:,} OCR files"


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
