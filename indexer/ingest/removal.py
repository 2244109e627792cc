"""Removal of books from all three indices, and of their crops from disk."""

from dataclasses import dataclass
from typing import Self

from core.crop_stores import CropStore
from core.errors import FrontispieceError
from core.text import normalise_text
from indexer.elasticsearch.collection import Collection
from indexer.ingest.crop_files import CropFiles

MAX_SUGGESTIONS = 3
"""Similar ids that the error for an unknown id names."""


@dataclass(frozen=True, slots=True)
class IndexedBook:
    """What the indices hold of a book."""

    book_id: str
    title: str
    page_count: int
    picture_count: int

    @classmethod
    def from_collection(cls, collection: Collection, book_id: str) -> Self:
        """Count a book's documents; for an unknown id raise an error that names similar ones."""
        book_id = normalise_text(book_id)
        query = {"term": {"book_id": book_id}}
        records = collection.books.search_fields(query, "title")
        page_count, picture_count = collection.pages.count(query), collection.pictures.count(query)
        if not records and not page_count and not picture_count:
            raise FrontispieceError(f"there is no book {book_id}{_similar_id_hint(collection, book_id)}")
        return cls(book_id, records[0].get("title", "") if records else "", page_count, picture_count)

    def __str__(self) -> str:
        title = f" “{self.title}”" if self.title else ""
        return f"{self.book_id}{title}: {self.page_count:,} pages, {self.picture_count:,} pictures"


def remove_book(collection: Collection, crop_store: CropStore, book_id: str) -> None:
    """Delete a book's documents and crops. The record goes last, so an interrupted removal can be repeated."""
    CropFiles(crop_store).delete(collection.pictures.delete_stale(book_id, keep_ids=()))
    collection.pages.delete_stale(book_id, keep_ids=())
    collection.books.delete_stale(book_id, keep_ids=())
    collection.refresh()


def _similar_id_hint(collection: Collection, book_id: str) -> str:
    clauses = [
        {"fuzzy": {"book_id": {"value": book_id, "fuzziness": "AUTO"}}},
        {"prefix": {"book_id": {"value": book_id, "case_insensitive": True}}},
        {"wildcard": {"book_id": {"value": f"*{_escape_wildcards(book_id)}*", "case_insensitive": True}}},
        {"match": {"title": {"query": book_id, "operator": "and"}}},
    ]
    records = collection.books.search_fields({"bool": {"should": clauses}}, "book_id", size=MAX_SUGGESTIONS)
    book_ids = ", ".join(record["book_id"] for record in records)
    return f"; similar ids: {book_ids}" if book_ids else ""


def _escape_wildcards(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "*?\\" else letter for letter in text)
