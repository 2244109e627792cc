"""One run of `frontispiece index` and its report, as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Self

from core.encoders.protocols import Encoder
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
    def start(cls, sources: Sequence[str], encoders: Sequence[Encoder], *, rebuild: bool) -> Self:
        """Return a run that starts now, with an id of its own."""
        now = datetime.now(UTC)
        return cls(
            id=f"{now:%Y%m%dT%H%M%S}-{token_hex(4)}",
            started_at=now,
            sources=tuple(sources),
            models=tuple(f"{encoder.name}@{encoder.revision}" for encoder in encoders),
            rebuild=rebuild,
        )


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
    pages_written: int = 0
    """Pages whose text is new or changed."""
    books_written: int = 0
    too_small: int = 0
    """Graphical elements with a side below `ingest.reader.MIN_PICTURE_SIDE` pixels of the scan."""
    removed: int = 0
    """Pictures that an earlier run wrote and that the book's files no longer have."""
    pages_removed: int = 0
    problems: tuple[Problem, ...] = ()
    """Pages and pictures that were left out."""
    warnings: tuple[Problem, ...] = ()
    """Files that were read although something in them is wrong."""
    rejected: tuple[Problem, ...] = ()
    """Documents that Elasticsearch refused."""
