"""Several records of one book → one."""

from collections.abc import Iterable
from dataclasses import fields, replace

from indexer.records import Book


def merge_records(books: Iterable[Book]) -> Book:
    """Return the first record, with its empty fields filled from the following ones in their order."""
    merged_book, *other_books = books
    for other_book in other_books:
        missing_values = {
            field.name: getattr(other_book, field.name)
            for field in fields(Book)
            if not getattr(merged_book, field.name)
        }
        merged_book = replace(merged_book, **missing_values)
    return merged_book
