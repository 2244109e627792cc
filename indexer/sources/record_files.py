"""Files of catalogue records, and which of their records describes which book."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from core.errors import ProblemCode, SourceError
from core.text import fold_letters
from indexer.formats import catalogue_records, xml_loader
from indexer.records import Book, Problem
from indexer.sources import file_names
from indexer.sources.folder_listing import FolderListing

RECORD_ROOTS = (
    *(
        "mods",
        "modsCollection",
        "record",
        "collection",
        "dc",
        "oai_dc",
        "simpledc",
        "qualifieddc",
        "OAI-PMH",
        "ListRecords",
        "GetRecord",
        "RDF",
        "records",
    ),
    "searchRetrieveResponse",
    "metadata",
)
"""Root elements of MODS, MARCXML, PICA XML and Dublin Core, alone or in answers of OAI-PMH and SRU."""

COLLECTION_ROOTS = ("collection", "records", "modsCollection", "searchRetrieveResponse")
"""Root elements of files with records of several books."""

XML_SUFFIXES = (".marcxml", ".mods")
BINARY_SUFFIXES = (".mrc", ".marc", ".mrc8", ".dat", ".iso", ".iso2709")

RECORD_SUFFIX = re.compile(
    r"[._-]?(?:mods|marc|marcxml|marc21|dc|oai_dc|edm|record|metadata|meta|post)$", re.IGNORECASE
)
"""What may follow a book's name in a record's name: `digibok_1.mods.xml`, `digibok_1_marc.xml`, or `mods.xml` alone."""

MIN_NUMBER_LENGTH = 4
"""Shorter numbers belong to many things; only a whole control number may be shorter."""


class RecordFiles:
    """The files of catalogue records below a folder."""

    def __init__(self, listing: FolderListing) -> None:
        self._listing = listing
        self.problems: list[Problem] = []
        self.used: set[Path] = set()
        """Files of which at least one record describes a book of the run."""
        self._binary_files = tuple(filter(_is_binary_file, listing.files))
        other_xml_files = (path for path in listing.files if path.suffix.lower() in XML_SUFFIXES)
        xml_files = (*listing.xml_files, *other_xml_files)
        self.files = (
            *(path for path in xml_files if listing.root_element(path) in RECORD_ROOTS and not listing.is_mets(path)),
            *self._binary_files,
        )
        self._books_by_file: dict[Path, list[Book]] = {}
        self._numbers_by_file: dict[Path, dict[str, Book]] = {}
        self._files_by_name = _group_by_book_name(self.files)
        self._unnamed_files: dict[Path, list[tuple[int, Path]]] = {}
        """Files without a book's name by their folder, each with its place among all of them."""
        for number, path in enumerate(self._files_by_name.get("", ())):
            self._unnamed_files.setdefault(path.parent, []).append((number, path))

    def find_records(self, name: str, folder: Path) -> list[Book]:
        """Return the records of a book: from files with its name, from files without a name in its folder or the
        folder above, else the record of any file that has the name among its numbers.
        """
        named_files = self._files_by_name.get(name, [])
        folders = dict.fromkeys((folder, folder.parent))
        unnamed_files = [
            path for _, path in sorted(entry for parent in folders for entry in self._unnamed_files.get(parent, ()))
        ]
        books = [
            book for path in dict.fromkeys(named_files + unnamed_files) for book in self._choose_record(path, name)
        ]
        return books or list(self._find_by_number(name))

    def _choose_record(self, path: Path, name: str) -> list[Book]:
        """Return the only record of a file, or the one that has the name among its numbers."""
        books = self._read(path)
        match = books[0] if len(books) == 1 else self._read_numbers(path).get(_fold_number(name))
        if match:
            self.used.add(path)
            return [match]
        if books and path in self._files_by_name.get(name, ()):
            reason = f"the file has {len(books):,} records, and none has the number {name!r} of the book"
            self.problems.append(Problem(str(path), reason, ProblemCode.UNUSED))
        return []

    def _read_numbers(self, path: Path) -> dict[str, Book]:
        """Return the records of a file by their numbers; the first record of a number counts."""
        if path not in self._numbers_by_file:
            numbers: dict[str, Book] = {}
            for book in self._read(path):
                for number in record_numbers(book):
                    numbers.setdefault(number, book)
            self._numbers_by_file[path] = numbers
        return self._numbers_by_file[path]

    def _find_by_number(self, name: str) -> Iterator[Book]:
        entry = self._records_by_number.get(_fold_number(name))
        if entry:
            path, book = entry
            self.used.add(path)
            yield book

    @cached_property
    def _records_by_number(self) -> dict[str, tuple[Path, Book] | None]:
        """The records of files with records of several books by their numbers; None for numbers of several records."""
        records: dict[str, tuple[Path, Book] | None] = {}
        collections = (path for path in self.files if path not in self.used and self._has_many_records(path))
        for path in collections:
            for book in self._read(path):
                for number in record_numbers(book):
                    records[number] = None if number in records else (path, book)
        return records

    def _has_many_records(self, path: Path) -> bool:
        root = self._listing.root_element(path)
        is_list = root == "OAI-PMH" and b"<ListRecords" in _read_head(path)
        return is_list or root in COLLECTION_ROOTS or path in self._binary_files

    def _read(self, path: Path) -> list[Book]:
        """Return the records of a file; a problem is added for a file that is broken and for each broken record."""
        if path not in self._books_by_file:
            warnings: list[str] = []
            try:
                self._books_by_file[path] = catalogue_records.read_records(path, warnings)
            except SourceError as error:
                self.problems.append(Problem.from_error(error))
                self._books_by_file[path] = []
            else:
                self.problems += [Problem(str(path), warning, ProblemCode.MALFORMED) for warning in warnings]
        return self._books_by_file[path]


def record_numbers(book: Book) -> set[str]:
    """Return the numbers by which a file may be named after a record, folded: whole, and their last parts.

    `http://urn.nb.no/URN:NBN:no-nb_digibok_2014` also gives `digibok_2014` and `2014`.
    """
    numbers = {_fold_number(book.id)}
    for identifier in book.identifiers:
        parts = re.split(r"[/:_)\s]+", identifier.rstrip("/"))
        tails = {_fold_number("".join(parts[start:])) for start in range(len(parts))}
        numbers |= {tail for tail in tails if len(tail) >= MIN_NUMBER_LENGTH and re.search(r"\d", tail)}
    return numbers - {""}


def _fold_number(number: str) -> str:
    """Return letters and digits only: `ljs267` for `LJS 267`; a PPN is the same with and without that word."""
    return re.sub(r"[\W_]+", "", fold_letters(number)).removeprefix("ppn")


def _is_binary_file(path: Path) -> bool:
    return path.suffix.lower() in BINARY_SUFFIXES and catalogue_records.is_binary_marc(_read_head(path))


def _read_head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(xml_loader.HEAD_BYTES)
    except OSError:
        return b""


def _group_by_book_name(record_files: Iterable[Path]) -> dict[str, list[Path]]:
    """Group records by the name of the book, which is empty for a bare `mods.xml`."""
    paths_by_name: dict[str, list[Path]] = {}
    for path in record_files:
        stem = path.stem if path.suffix.lower() in (*BINARY_SUFFIXES, *XML_SUFFIXES) else file_names.stem(path.name)
        paths_by_name.setdefault(RECORD_SUFFIX.sub("", stem), []).append(path)
    return paths_by_name
