"""One run of `frontispiece index` and its report, as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Self

from core.encoders.protocols import VectorModel
from core.timestamps import utc_now
from indexer.records import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRun:
    """One call of `frontispiece index`."""

    id: str
    started_at: datetime
    sources: tuple[str, ...]
    models: tuple[str, ...]
    """`name@revision` of each vision model."""
    rebuild: bool

    @classmethod
    def start(cls, sources: Sequence[str], encoders: Sequence[VectorModel], *, rebuild: bool) -> Self:
        """Return a run that starts now, with an id of its own."""
        now = utc_now()
        return cls(
            id=f"{now:%Y%m%dT%H%M%S}-{token_hex(4)}",
            started_at=now,
            sources=tuple(sources),
            models=tuple(f"{encoder.name}@{encoder.revision}" for encoder in encoders),
            rebuild=rebuild,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAccount:
    """What became of the files below one folder; each file is counted once."""

    folder: str
    shown_folder: str = ""
    """What problems call the folder, if it is only a copy: the name of an archive."""
    read_count: int = 0
    """Files whose content goes into the index."""
    page_files: frozenset[str] = frozenset()
    """Paths of those files read that are pages; they are opened later, and may turn out to be damaged."""
    companion_count: int = 0
    """Files that belong to the files read, such as smaller copies of scans."""
    ignored_count: int = 0
    not_read_count: int = 0
    notes: tuple[Problem, ...] = ()
    """Which files were ignored, and why."""

    @property
    def total(self) -> int:
        return self.read_count + self.companion_count + self.ignored_count + self.not_read_count


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run did and what it left out; `--report` writes these fields as JSON."""

    books: int = 0
    pages: int = 0
    """Pages that were read."""
    written: int = 0
    """Pictures that are new or changed."""
    unchanged: int = 0
    """Pictures that the index already has in this form."""
    reused: int = 0
    """Pictures of those written that no vision model had to encode: their vectors were in the index."""
    crops_restored: int = 0
    """Pictures of those unchanged whose crops were missing or damaged, and were cut out again."""
    pages_written: int = 0
    """Pages whose text is new or changed."""
    books_written: int = 0
    too_small: int = 0
    """Rules and specks; `context.element_size` says which graphical elements these are."""
    removed: int = 0
    """Pictures that an earlier run wrote and that the book's files no longer have."""
    pages_removed: int = 0
    files_read: int = 0
    """Files below the folders of the run whose content was read: scans, ALTO, METS, records, tables."""
    files_companion: int = 0
    """Files that belong to those read, such as smaller copies of scans."""
    files_ignored: int = 0
    """Files that nobody expects to be read, such as hidden ones; `notes` says which."""
    files_not_read: int = 0
    """Files that `problems` names, one by one or in sum."""
    problems: tuple[Problem, ...] = ()
    """Files, pages and pictures that were left out."""
    notes: tuple[Problem, ...] = ()
    """Files that were ignored, and why."""
    warnings: tuple[Problem, ...] = ()
    """Files that were read although something in them is wrong."""
    rejected: tuple[Problem, ...] = ()
    """Documents that Elasticsearch refused."""

    @property
    def files(self) -> int:
        """The number of files below the folders of the run."""
        return self.files_read + self.files_companion + self.files_ignored + self.files_not_read
