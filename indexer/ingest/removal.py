"""Taking books out: from all three indices, and their crops from disk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from core.errors import FrontispieceError
from indexer.elasticsearch.collection import Indices

NEAR = 3
"""How many ids are named where one is unknown."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What the indices have of a book."""

    book_id: str
    title: str
    pages: int
    pictures: int

    @classmethod
    def found(cls, indices: Indices, book_id: str) -> Self:
        """By its id; a sentence with ids that are like it where there is no such book."""
        query = {"term": {"book_id": book_id}}
        records = indices.books.read_some(query, "title")
        pages, pictures = indices.pages.count(query), indices.pictures.count(query)
        if not records and not pages and not pictures:
            raise FrontispieceError(f"there is no book {book_id}{_near(indices, book_id)}")
        return cls(book_id, records[0].get("title", "") if records else "", pages, pictures)

    def __str__(self) -> str:
        title = f" “{self.title}”" if self.title else ""
        return f"{self.book_id}{title}: {self.pages:,} pages, {self.pictures:,} pictures"


def remove_book(indices: Indices, folder: Path, book_id: str) -> None:
    """Pictures first: what is left of a removal that was stopped is still found by its record, and removed."""
    delete_crops(folder, indices.pictures.remove_others(book_id, keep=()))
    indices.pages.remove_others(book_id, keep=())
    indices.books.remove_others(book_id, keep=())
    indices.refresh()


def delete_crops(folder: Path, pictures: Iterable[Mapping[str, Any]]) -> None:
    """The files of pictures that are in the index no longer."""
    root = folder.resolve()
    for picture in pictures:
        image = picture.get("image", {})
        for name in filter(None, (image.get("crop"), image.get("large"))):
            file = (root / name).resolve()
            # Whoever may write to the index may not for that reason delete files elsewhere.
            if file.is_relative_to(root):
                file.unlink(missing_ok=True)


def _near(indices: Indices, book_id: str) -> str:
    alike = [
        {"fuzzy": {"book_id": {"value": book_id, "fuzziness": "AUTO"}}},
        {"prefix": {"book_id": {"value": book_id, "case_insensitive": True}}},
        {"wildcard": {"book_id": {"value": f"*{_literal(book_id)}*", "case_insensitive": True}}},
        {"match": {"title": {"query": book_id, "operator": "and"}}},
    ]
    found = indices.books.read_some({"bool": {"should": alike}}, "book_id", size=NEAR)
    names = ", ".join(each["book_id"] for each in found)
    return f"; like it: {names}" if names else ""


def _literal(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "*?\\" else letter for letter in text)
