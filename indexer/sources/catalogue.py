"""What lies beside the pages and says what they are: tables and records, found by the name of what they describe."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from core.errors import SourceError
from indexer.formats import catalogue_records
from indexer.formats.tables import Row, Table, keys_of, read_table
from indexer.records import Book, Leaf, Problem, is_url
from indexer.sources import names
from indexer.sources.files import up_to
from indexer.sources.folder_listing import Shelf

RECORD = re.compile(r"[._-]?(?:mods|marc|marcxml|marc21|dc|oai_dc|record|metadata|meta|post)$", re.IGNORECASE)
"""What a record's name may have after the book's: `digibok_1.mods.xml`, `digibok_1_marc.xml`, or a bare `mods.xml`."""

MANIFEST = re.compile(rb'iiif\.io/api/presentation|"sc:Manifest"')
EDGE = 8192
"""Bytes at either end of a JSON file that are looked at; `@context` stands first, or last (BnF)."""


class Catalogue:
    """The tables and the records of one folder."""

    RECORD_ROOTS = ("mods", "modsCollection", "record", "collection", "dc", "oai_dc", "simpledc", "OAI-PMH", "records")

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.problems: list[Problem] = []
        self.used: set[Path] = set()
        self.records = tuple(each for each in shelf.xml if shelf.kind(each) in self.RECORD_ROOTS)
        self._records = _by_name(self.records)
        self._tables = self._read_tables()

    def _read_tables(self) -> dict[Path, list[Table]]:
        """By their folder."""
        found: dict[Path, list[Table]] = {}
        known = self._known() if self._shelf.tables else frozenset()
        for path in self._shelf.tables:
            if table := self._table(path, known):
                found.setdefault(path.parent, []).append(table)
        return found

    def _known(self) -> frozenset[str]:
        """All that a table's key column may name here."""
        files = [*self._shelf.altos, *self._shelf.images]
        keys = {key for path in files for key in keys_of(path, up_to(self._shelf.root, path.parent))}
        return frozenset(keys | {names.page_name(names.stem(path.name)).book for path in files} - {""})

    def _table(self, path: Path, known: frozenset[str]) -> Table | None:
        try:
            table = read_table(path, known.__contains__)
        except SourceError as error:
            self.problems.append(Problem(error.file, error.cause))
            return None
        if table:
            self.problems += [Problem(str(path), told) for told in _faults(table, known)]
        return table

    def row(self, path: Path) -> Row:
        """What the tables beside and above a file say of it."""
        return self._row(path.parent, lambda table: keys_of(path, up_to(self._shelf.root, table.path.parent)))

    def row_of_book(self, name: str, folder: Path) -> Row:
        return self._row(folder, lambda _: (name,))

    def _row(self, folder: Path, keys: Callable[[Table], Iterable[str]]) -> Row:
        """The nearest table speaks first."""
        found = Row()
        for place in up_to(self._shelf.root, folder) if self._tables else ():
            for table in self._tables.get(place, ()):
                found = found.over(table.row(keys(table)) or Row())
        return found

    def books(self, name: str, leaves: Iterable[Leaf]) -> list[Book]:
        """All that is said of a book, the best first: its own record, its row in a table, its first page's row."""
        paths = [Path(each) for leaf in leaves for each in (leaf.alto, leaf.scan) if each and not is_url(each)]
        if not paths:
            return []
        row = self.row_of_book(name, paths[0].parent)
        for path in paths[:2]:
            row = row.over(self.row(path))
        return [*self._records_of(name, paths[0].parent), row.book(name)]

    def described(self, leaf: Leaf) -> Leaf:
        """The page with what a table says of it."""
        on_disk = [Path(each) for each in (leaf.scan, leaf.alto) if each and not is_url(each)]
        row = Row()
        for path in on_disk:
            row = row.over(self.row(path))
        return replace(leaf, catalogue_label=row.get("label"), caption=row.get("caption"))

    def _records_of(self, name: str, folder: Path) -> list[Book]:
        """The record that is named as the book, or that lies nameless in its folder or the folder around it."""
        nameless = (path for path in self._records.get("", ()) if path.parent in (folder, folder.parent))
        paths = dict.fromkeys([*self._records.get(name, ()), *nameless])
        self.used.update(paths)
        return [book for path in paths for book in self._first_record(path)]

    def _first_record(self, path: Path) -> list[Book]:
        try:
            return catalogue_records.read_records(path)[:1]
        except SourceError as error:
            self.problems.append(Problem(error.file, error.cause))
            return []

    def is_manifest(self, path: Path) -> bool:
        """Whether a JSON file is of IIIF Presentation, seen from its two ends."""
        try:
            with path.open("rb") as file:
                head = file.read(EDGE)
                file.seek(max(0, path.stat().st_size - EDGE))
                return bool(MANIFEST.search(head + file.read(EDGE)))
        except OSError:
            return False


def _by_name(records: Iterable[Path]) -> dict[str, list[Path]]:
    """By the name of the book; empty for a bare `mods.xml`."""
    found: dict[str, list[Path]] = {}
    for path in records:
        found.setdefault(RECORD.sub("", names.stem(path.name)), []).append(path)
    return found


def _faults(table: Table, known: frozenset[str]) -> Iterator[str]:
    """What is wrong with a table that is used all the same."""
    missing = sorted(key for key in table.pictures if key not in known)
    if missing:
        named = missing[0] + (", …" if len(missing) > 1 else "")
        many = "1 picture that is" if len(missing) == 1 else f"{len(missing)} pictures that are"
        yield f"names {many} not here ({named})"
    if table.uneven:
        many = "1 row has" if len(table.uneven) == 1 else f"{len(table.uneven)} rows have"
        yield f"{many} more cells than the heading (line {table.uneven[0]}); quote the cells that have commas"
