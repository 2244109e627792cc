"""What becomes of each file below a folder: read, companion of a file read, ignored, or not read, with one reason.

The outcome follows from what the volumes, the catalogue and the problems claim; it is no second guess.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from core.errors import ProblemCode
from indexer.formats.file_kind import FileKind
from indexer.formats.foreign_formats import identify_format
from indexer.records import Problem, Volume, is_url
from indexer.run_records import FileAccount
from indexer.sources.catalogue import Catalogue
from indexer.sources.folder_listing import FolderListing, SpecialFile, is_table

MAX_NAMED_FILES = 3
"""Files that a summary names; the user finds the others beside them."""


class Outcome(Enum):
    """What becomes of a file."""

    READ = auto()
    COMPANION = auto()
    IGNORED = auto()
    NOT_READ = auto()


class FileOutcome(NamedTuple):
    """The outcome of one file; `kind` says why, or is None if a problem or a volume already does."""

    path: Path
    outcome: Outcome
    kind: FileKind | None = None


HIDDEN_FILE = FileKind(singular="hidden file", verdict="ignored", is_ignored=True, code=ProblemCode.UNUSED)
EMPTY_FILE = FileKind(singular="file is empty", plural="files are empty", verdict="", code=ProblemCode.EMPTY)
UNREADABLE_FILE = FileKind(
    singular="file cannot be opened; check its permissions",
    plural="files cannot be opened; check their permissions",
    verdict="",
    code=ProblemCode.UNREADABLE,
)
OTHER_TEXT = FileKind(
    singular="file has another text of the same page, which is read from ALTO or the more detailed format",
    plural="files have another text of the same pages, which are read from ALTO or the more detailed format",
    verdict="",
    code=ProblemCode.UNUSED,
)
UNUSED_RECORD = FileKind(
    singular="catalogue record matches no book by its file name or its numbers",
    plural="catalogue records match no book by their file names or their numbers",
    verdict="",
    code=ProblemCode.UNUSED,
)
UNUSED_TABLE = FileKind(
    singular="table names no picture and no book that is here",
    plural="tables name no picture and no book that is here",
    verdict="",
    code=ProblemCode.UNUSED,
)
SPECIAL_FILES = {
    SpecialFile.LINKED_FOLDER: FileKind(
        singular="link to a folder is not followed; name the folder itself",
        plural="links to folders are not followed; name the folders themselves",
        verdict="",
        code=ProblemCode.UNUSED,
    ),
    SpecialFile.BROKEN_LINK: FileKind(
        singular="link leads to no file", plural="links lead to no file", verdict="", code=ProblemCode.NOT_FOUND
    ),
    SpecialFile.DEVICE: FileKind(
        singular="entry is a device, a pipe or a socket",
        plural="entries are devices, pipes or sockets",
        verdict="",
    ),
}


def account_for_files(
    items: Iterable[Volume | Problem], listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path]
) -> Iterator[Volume | Problem | FileAccount]:
    """Yield the items, then the problems of the catalogue, files that nobody uses, and the account of all files.

    `claimed_paths` are the files that belong to a book, once the items have been consumed.
    """
    claims = FileClaims(catalogue, claimed_paths)
    for item in items:
        claims.add(item)
        yield item
    for problem in catalogue.problems:
        claims.add(problem)
        yield problem
    yield from (Problem(folder, reason, ProblemCode.UNREADABLE) for folder, reason in listing.unreadable)
    outcomes = list(file_outcomes(listing, claims))
    yield from _summaries(listing, outcomes, Outcome.NOT_READ)
    yield FileAccount(
        folder=str(listing.root),
        read_count=sum(item.outcome is Outcome.READ for item in outcomes),
        page_files=frozenset(str(item.path) for item in outcomes if item.path in claims.leaf_files),
        companion_count=sum(item.outcome is Outcome.COMPANION for item in outcomes),
        ignored_count=sum(item.outcome is Outcome.IGNORED for item in outcomes),
        not_read_count=sum(item.outcome is Outcome.NOT_READ for item in outcomes),
        notes=(*_summaries(listing, outcomes, Outcome.IGNORED), *_summaries(listing, outcomes, Outcome.COMPANION)),
    )


@dataclass
class FileClaims:
    """Which files the volumes, the catalogue and the problems name."""

    catalogue: Catalogue
    claimed_paths: set[Path]
    leaf_files: set[Path] = field(default_factory=set)
    problem_files: set[str] = field(default_factory=set)

    def add(self, item: Volume | Problem) -> None:
        if isinstance(item, Problem):
            self.problem_files.add(item.file)
        else:
            leaves = (page_leaf for leaf in item.leaves for page_leaf in (leaf, *leaf.single_pages))
            locations = (location for leaf in leaves for location in (leaf.alto, leaf.scan))
            self.leaf_files.update(Path(location) for location in locations if location and not is_url(location))

    def is_read(self, path: Path) -> bool:
        return path in self.leaf_files or path in self.catalogue.used_tables or path in self.catalogue.used_records


def file_outcomes(listing: FolderListing, claims: FileClaims) -> Iterator[FileOutcome]:
    """Yield each file below the folder once, with its outcome."""
    yield from (FileOutcome(path, Outcome.IGNORED, HIDDEN_FILE) for path in listing.hidden_files)
    for path, special in listing.special_files.items():
        yield FileOutcome(path, Outcome.NOT_READ, SPECIAL_FILES[special])
    unused_records = set(claims.catalogue.record_files)
    for path in listing.files:
        if claims.is_read(path):
            yield FileOutcome(path, Outcome.READ)
        elif path in listing.unread_files:
            yield FileOutcome(path, Outcome.NOT_READ)
        elif path in claims.claimed_paths:
            yield FileOutcome(path, Outcome.COMPANION, OTHER_TEXT if path in listing.other_texts else None)
        elif str(path) in claims.problem_files or path in listing.image_files or listing.is_mets(path):
            yield FileOutcome(path, Outcome.NOT_READ)
        elif path in unused_records:
            yield FileOutcome(path, Outcome.NOT_READ, UNUSED_RECORD)
        else:
            yield _foreign_file(path)


def _foreign_file(path: Path) -> FileOutcome:
    """Return the outcome of a file that belongs to no book."""
    try:
        kind = identify_format(path)
        if not kind.is_ignored:
            kind = EMPTY_FILE if not path.stat().st_size else UNUSED_TABLE if is_table(path) else kind
    except OSError:
        kind = UNREADABLE_FILE
    return FileOutcome(path, Outcome.IGNORED if kind.is_ignored else Outcome.NOT_READ, kind)


def _summaries(listing: FolderListing, outcomes: Iterable[FileOutcome], outcome: Outcome) -> Iterator[Problem]:
    """Yield a sentence for each reason of an outcome."""
    # Several entries of the table of formats can describe one kind.
    kinds: dict[str, FileKind] = {}
    paths_by_kind: dict[str, list[Path]] = {}
    for item in outcomes:
        if item.kind and item.outcome is outcome:
            kinds.setdefault(item.kind.singular, item.kind)
            paths_by_kind.setdefault(item.kind.singular, []).append(item.path)
    for singular, paths in paths_by_kind.items():
        yield summarise(listing, paths, kinds[singular])


def summarise(listing: FolderListing, paths: Sequence[Path], kind: FileKind) -> Problem:
    """Return one problem for files of a kind, which says how many there are and names the first."""
    examples = ", ".join(listing.relative_path(path) for path in paths[:MAX_NAMED_FILES])
    ellipsis = ", …" if len(paths) > MAX_NAMED_FILES else ""
    return Problem(str(listing.root), f"{kind.describe(len(paths))} ({examples}{ellipsis})", kind.code)
