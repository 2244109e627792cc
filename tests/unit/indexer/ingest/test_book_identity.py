"""A volume replaces a book of the index only if it is the same: of the same place, or with the same record."""

from pathlib import Path

import pytest

from indexer.documents.stored import StoredBook
from indexer.ingest.book_identity import is_same_book, is_same_place
from indexer.ingest.ownership import repeated_page_problem
from indexer.records import Book, Volume

RECORD = {"title": "Fyret", "authors": ["Moe"], "identifiers": ["urn:x:1"]}


def stored(source: str | Path, **record: object) -> StoredBook:
    return StoredBook(source=str(source), record=record, pages=1, pictures=1)


def volume(source: str | Path, *, is_complete: bool = True) -> Volume:
    return Volume(book=Book(id="b"), leaves=(), source=str(source), is_complete=is_complete)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("https://x.org/a/manifest", "http://X.org/a/manifest/", True),
        ("https://x.org:443/a", "https://x.org/a", True),
        ("https://x.org/a%20b", "https://x.org/a b", True),
        ("https://x.org/a", "https://x.org/b", False),
        ("https://x.org/m?id=1", "https://x.org/m?id=2", False),
        ("https://x.org/oai oai:x:1", "https://x.org/oai oai:x:2", False),
        ("http://[bad/x", "http://[bad/x", True),
        ("http://x.org:99999/a", "http://x.org/a", False),
        ("/books/a/mets.xml", "/books/a/mets.xml", True),
        ("/books/\u00e9/", "/books/e\u0301/", True),
        ("/books/a/", "/books/ab/", False),
        ("/books/a.xml#1", "/books/a.xml#2", False),
    ],
)
def test_spellings_of_one_place_are_the_same(first: str, second: str, *, expected: bool) -> None:
    assert is_same_place(first, second) == expected


def test_a_book_of_the_same_place_may_change_its_record() -> None:
    assert is_same_book(stored("/a/mets.xml", title="Fyret"), volume("/a/mets.xml"), {"title": "Havet"})


def test_another_record_at_another_place_is_another_book(tmp_path: Path) -> None:
    for is_complete in (True, False):
        new_volume = volume("/b/mets.xml", is_complete=is_complete)
        assert not is_same_book(stored(tmp_path / "gone.xml", **RECORD), new_volume, {"title": "Havet"})


def test_a_moved_book_is_the_same_and_two_volumes_with_the_record_of_the_work_are_not(tmp_path: Path) -> None:
    old_file, new_file = tmp_path / "old.xml", tmp_path / "new.xml"
    new_file.write_text("<mets>2</mets>")
    assert is_same_book(stored(old_file, **RECORD), volume(new_file), RECORD), "moved: the old file is gone"
    old_file.write_text("<mets>1</mets>")
    assert not is_same_book(stored(old_file, **RECORD), volume(new_file), RECORD)
    old_file.write_bytes(new_file.read_bytes())
    assert is_same_book(stored(old_file, **RECORD), volume(new_file), RECORD), "a copy"


def test_without_a_record_only_the_place_identifies_a_book(tmp_path: Path) -> None:
    assert not is_same_book(stored(tmp_path / "gone.xml"), volume("/b/mets.xml"), {})
    assert not is_same_book(stored(tmp_path / "gone.xml", year=1867), volume("/b/mets.xml"), {"year": 1867})
    assert is_same_book(stored("/b/"), volume("/b/part/", is_complete=False), {}), "a part of it, read alone"
    assert not is_same_book(stored("/b/1/"), volume("/b/2/", is_complete=False), {})


def test_pages_of_one_record_may_be_in_several_folders(tmp_path: Path) -> None:
    assert is_same_book(stored(tmp_path, **RECORD), volume("/b/", is_complete=False), RECORD)


def test_an_index_without_places_is_compared_by_its_records() -> None:
    assert is_same_book(stored("", **RECORD), volume("/b/mets.xml"), RECORD)
    assert not is_same_book(stored("", **RECORD), volume("/b/mets.xml"), {"title": "Havet"})


def test_a_manifest_at_two_addresses_is_the_same_if_the_record_is() -> None:
    assert is_same_book(stored("https://x.org/v2/m", **RECORD), volume("https://x.org/v3/m"), RECORD)
    assert not is_same_book(stored("https://x.org/v2/m", **RECORD), volume("https://x.org/v3/m"), {"title": "Havet"})


def test_files_that_look_alike_are_told_apart_in_words() -> None:
    problem = repeated_page_problem("p", "/a/e\u0301.jpg", "/a/\u00e9.jpg")
    assert "/a/\u00e9.jpg" in problem.reason
    assert "Unicode" in problem.reason
    assert "Unicode" not in repeated_page_problem("p", "/a/1.jpg", "/b/1.jpg").reason
