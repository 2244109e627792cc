"""Keeps a run from overwriting or removing anything of another book, and reports whose id it is."""

from collections.abc import Mapping

from core.errors import ProblemCode
from core.identifiers import document_id
from core.text import normalise_text
from indexer.documents.hybrid import record_fields
from indexer.documents.stored import RECORD_FIELDS, StoredBook, StoredVersion
from indexer.elasticsearch.collection import Collection
from indexer.ingest.book_identity import is_same_book, is_same_place
from indexer.records import Problem, Volume


class BookOwnership:
    """Knows which book has an id: of the index, and of this run."""

    def __init__(self, collection: Collection, sources_of_run: Mapping[str, str] | None = None) -> None:
        self._collection = collection
        self.sources_of_run = dict(sources_of_run or {})
        """Where this run has read the books so far, by the id of their documents."""

    def claim(self, volume: Volume) -> Problem | None:
        """Take a book's id for the volume; return a problem, which names both books, if it is another one's."""
        book_key = document_id(volume.book.id)
        run_source = self.sources_of_run.get(book_key)
        is_repeated = volume.is_complete and run_source is not None and not is_same_place(run_source, volume.source)
        stored_book = self._collection.stored_book(volume.book.id)
        if is_repeated or (stored_book and not _is_same(stored_book, volume)):
            other_book = _describe(stored_book, run_source or "")
            reason = (
                f"its id {volume.book.id} is that of another book, {other_book}; this one is left out: give it an "
                f"identifier of its own, or run `frontispiece remove {volume.book.id}` to replace the other"
            )
            return Problem(volume.source or volume.book.id, reason, ProblemCode.DUPLICATE)
        self.sources_of_run[book_key] = volume.source
        return None

    def has_been_read(self, volume: Volume) -> bool:
        """Return whether this run has already read the book from any place."""
        return document_id(volume.book.id) in self.sources_of_run

    def foreign_page_problem(self, volume: Volume, page_id: str, version: StoredVersion | None) -> Problem | None:
        """Return a problem if the index has a page, or a picture on it, that belongs to another book."""
        if version is None or version.book_id == volume.book.id:
            return None
        stored_book = self._collection.stored_book(version.book_id)
        if stored_book is None or _is_same(stored_book, volume):
            return None
        reason = (
            f"the id of its page {page_id} is that of a page of the book {version.book_id}, "
            f"{_describe(stored_book)}; this page is left out: give it an identifier of its own, or run "
            f"`frontispiece remove {version.book_id}` to replace the other"
        )
        return Problem(volume.source or volume.book.id, reason, ProblemCode.DUPLICATE)


def repeated_page_problem(page_id: str, file: str, earlier_file: str) -> Problem:
    """Return the problem of a page whose id another page of its book has."""
    names_differ_in_form = file != earlier_file and normalise_text(file) == normalise_text(earlier_file)
    hint = " (their names differ only in how Unicode encodes the accents)" if names_differ_in_form else ""
    reason = f"its page id {page_id} is also that of {earlier_file}{hint}; this page is left out: rename one of the two"
    return Problem(file, reason, ProblemCode.DUPLICATE)


def _is_same(stored_book: StoredBook, volume: Volume) -> bool:
    fields = record_fields("book", volume.book)
    return is_same_book(stored_book, volume, {name: fields[name] for name in RECORD_FIELDS if fields.get(name)})


def _describe(stored_book: StoredBook | None, source: str = "") -> str:
    title = stored_book.record.get("title", "") if stored_book else ""
    place = source or (stored_book.source if stored_book else "")
    return " ".join(filter(None, (f"“{title}”" if title else "", f"read from {place}" if place else "of this index")))
