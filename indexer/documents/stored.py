"""What a run needs to know about documents that are already in the index."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from indexer.documents.pictures import LIBRARIAN

CORRECTION_FIELDS = ("label", "hidden")
RECORD_FIELDS = ("title", "authors", "identifiers", "year", "date")
"""Fields that tell whether two records describe the same book."""

BOOK_FIELDS = (*RECORD_FIELDS, "source", "pages", "pictures")
STALE_FIELDS = ("page_id", "image")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A label that a librarian gave to a picture."""

    label: Mapping[str, Any]
    """The field `label` as it is stored: name, source, who gave it and when."""
    hidden: bool = False

    @classmethod
    def from_source(cls, source: Mapping[str, Any]) -> Self | None:
        """Read the correction of a picture's document; None if its label does not come from a librarian."""
        label = source.get("label", {})
        if label.get("source") != LIBRARIAN:
            return None
        return cls(label=label, hidden=bool(source.get("hidden", False)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBook:
    """What the index has of a book."""

    source: str
    """Where it was read; empty in an index of an earlier version."""
    record: Mapping[str, Any]
    """Those of `RECORD_FIELDS` that have a value."""
    pages: int
    pictures: int

    @classmethod
    def from_source(cls, source: Mapping[str, Any]) -> Self:
        """Read the fields `BOOK_FIELDS` of a book's document."""
        return cls(
            source=source.get("source", ""),
            record={name: source[name] for name in RECORD_FIELDS if source.get(name)},
            pages=source.get("pages", 0),
            pictures=source.get("pictures", 0),
        )


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """Which version of a document the index has, and of which book."""

    fingerprint: str
    book_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleDocument:
    """A document that a run deletes because the book no longer has its picture or page."""

    page_id: str
    crop_files: tuple[str, ...] = ()
    """The files of a picture, below the folder of the crops."""

    @classmethod
    def from_source(cls, source: Mapping[str, Any]) -> Self:
        """Read the fields `STALE_FIELDS` of a document."""
        image = source.get("image", {})
        files = (image.get("crop"), image.get("large"))
        return cls(page_id=source.get("page_id", ""), crop_files=tuple(file for file in files if file))
