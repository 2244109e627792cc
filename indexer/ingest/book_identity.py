"""Whether a volume is the book that the index has under its id: the same place, or the same record."""

import filecmp
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from core.text import normalise_text
from indexer.documents.stored import StoredBook
from indexer.records import Volume, is_url


def is_same_book(stored_book: StoredBook, volume: Volume, record: Mapping[str, Any]) -> bool:
    """Return whether a volume may replace a book; `record` has the volume's `RECORD_FIELDS`.

    A record alone does not tell the volumes of one work apart, so a book that lists all its pages replaces one of
    another place only if that is gone, as after a move, or has the same file.
    """
    if is_same_place(stored_book.source, volume.source):
        return True
    if stored_book.record != record:
        return False
    if not stored_book.source or _is_inside(stored_book.source, volume.source):
        return True
    if not any(record.get(name) for name in ("title", "authors", "identifiers")):
        return False
    return not volume.is_complete or _is_moved_or_copied(stored_book.source, volume.source)


def is_same_place(source: str, other_source: str) -> bool:
    """Return whether two paths or URLs mean the same; of URLs also http and https, with or without a last slash."""
    return _place_key(source) == _place_key(other_source)


def _place_key(source: str) -> str:
    if not is_url(source):
        return normalise_text(source)
    try:
        url = urlsplit(source)
        host = (url.hostname or "") + (f":{url.port}" if url.port not in (None, 80, 443) else "")
    except ValueError:  # an invalid host or port
        return source
    return f"//{host}{unquote(url.path).rstrip('/')}?{url.query}#{url.fragment}"


def _is_inside(source: str, other_source: str) -> bool:
    """Return whether one of two places is a folder with the other: a part of a book may be read alone."""
    if is_url(source) or is_url(other_source):
        return False
    first, second = sorted((normalise_text(source), normalise_text(other_source)), key=len)
    return first.endswith("/") and second.startswith(first)


def _is_moved_or_copied(old_source: str, new_source: str) -> bool:
    """Return whether the file at the old place is gone, or the same; a URL is taken for the book of its record."""
    if is_url(old_source) or is_url(new_source):
        return True
    old_file, new_file = (Path(source.partition("#")[0]) for source in (old_source, new_source))
    try:
        return not old_file.exists() or (old_file.is_file() and filecmp.cmp(old_file, new_file, shallow=False))
    except OSError:
        return False
