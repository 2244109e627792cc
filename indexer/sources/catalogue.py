"""Tables and catalogue records beside the pages, matched to books and files by name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core.errors import ProblemCode, SourceError
from indexer.formats.catalogue_tables import CatalogueRow, CatalogueTable, read_catalogue_table
from indexer.records import Book, Leaf, Problem, is_url
from indexer.sources import file_names
from indexer.sources.files import folder_and_ancestors
from indexer.sources.folder_listing import FolderListing
from indexer.sources.record_files import RecordFiles


class Catalogue:
    """The tables and the records of one folder."""

    def __init__(self, listing: FolderListing) -> None:
        self._listing = listing
        self._records = RecordFiles(listing)
        self.problems = self._records.problems
        self.used_records = self._records.used
        """Files of records, and METS files, that describe a book of the run."""
        self.used_tables: set[Path] = set()
        self.record_files = self._records.files
        self._tables_by_folder = self._read_tables()

    def _read_tables(self) -> dict[Path, list[CatalogueTable]]:
        """Read every table, grouped by its folder."""
        tables: dict[Path, list[CatalogueTable]] = {}
        known_keys = self._known_keys() if self._listing.table_files else frozenset()
        for path in self._listing.table_files:
            if table := self._read_table(path, known_keys):
                self.used_tables.add(path)
                tables.setdefault(path.parent, []).append(table)
        return tables

    def _known_keys(self) -> frozenset[str]:
        """Return every key that a table may use for the files and books here."""
        files = [*self._listing.ocr_files, *self._listing.image_files]
        keys = {
            key
            for path in files
            for key in file_names.file_keys(path, folder_and_ancestors(self._listing.root, path.parent))
        }
        return frozenset(keys | {file_names.parse_page_name(file_names.stem(path.name)).book for path in files} - {""})

    def _read_table(self, path: Path, known_keys: frozenset[str]) -> CatalogueTable | None:
        try:
            table = read_catalogue_table(path, known_keys.__contains__)
        except SourceError as error:
            self.problems.append(Problem.from_error(error))
            return None
        if table.is_known:
            self.problems += [Problem(str(path), warning) for warning in _table_warnings(table, known_keys)]
            return table
        if pictures := table.picture_keys:
            self.problems.append(Problem(str(path), _foreign_table_reason(table, pictures), ProblemCode.UNUSED))
        return None

    def file_row(self, path: Path) -> CatalogueRow:
        """Return what the tables in a file's folder and the folders above say about the file."""
        return self._merge_rows(
            path.parent,
            lambda table: file_names.file_keys(path, folder_and_ancestors(self._listing.root, table.path.parent)),
        )

    def book_row(self, name: str, folder: Path) -> CatalogueRow:
        return self._merge_rows(folder, lambda _: (name,))

    def _merge_rows(self, folder: Path, table_keys: Callable[[CatalogueTable], Iterable[str]]) -> CatalogueRow:
        """Combine the rows of all tables; the nearest table has precedence."""
        merged_row = CatalogueRow()
        for ancestor in folder_and_ancestors(self._listing.root, folder) if self._tables_by_folder else ():
            for table in self._tables_by_folder.get(ancestor, ()):
                merged_row = merged_row.fill_from(table.find_row(table_keys(table)) or CatalogueRow())
        return merged_row

    def book_records(self, name: str, leaves: Iterable[Leaf]) -> list[Book]:
        """Return what is known of a book, best first: its own record, its row in a table, its first pages' rows."""
        paths = [
            Path(location)
            for leaf in leaves
            for location in (leaf.alto, leaf.scan)
            if location and not is_url(location)
        ]
        if not paths:
            return []
        row = self.book_row(name, paths[0].parent)
        for path in paths[:2]:
            row = row.fill_from(self.file_row(path))
        return [*self._records.find_records(name, paths[0].parent), row.to_book(name)]

    def describe_leaf(self, leaf: Leaf) -> Leaf:
        """Return the leaf with the label and the caption that a table has for it."""
        paths = [Path(location) for location in (leaf.scan, leaf.alto) if location and not is_url(location)]
        row = CatalogueRow()
        for path in paths:
            row = row.fill_from(self.file_row(path))
        return replace(leaf, catalogue_label=row.get("label"), caption=row.get("caption"))


def _table_warnings(table: CatalogueTable, known_keys: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with a table that is used nevertheless."""
    missing_keys = sorted(key for key in table.picture_keys if key not in known_keys)
    if missing_keys:
        example = missing_keys[0] + (", …" if len(missing_keys) > 1 else "")
        phrase = "1 picture that is" if len(missing_keys) == 1 else f"{len(missing_keys)} pictures that are"
        yield f"the table names {phrase} not here ({example})"
    if table.uneven_lines:
        phrase = "1 row has" if len(table.uneven_lines) == 1 else f"{len(table.uneven_lines)} rows have"
        yield f"{phrase} more cells than the heading (line {table.uneven_lines[0]}); quote the cells that have commas"
    if table.repeated_lines:
        phrase = "1 row repeats" if len(table.repeated_lines) == 1 else f"{len(table.repeated_lines)} rows repeat"
        yield f"{phrase} a name with other values (line {table.repeated_lines[0]}); the first row of a name counts"


def _foreign_table_reason(table: CatalogueTable, pictures: Sequence[str]) -> str:
    """Return why a table that names pictures is of no use here."""
    example = min(pictures) + (", …" if len(pictures) > 1 else "")
    phrase = (
        "1 picture, which is not here" if len(pictures) == 1 else f"{len(pictures):,} pictures, none of which is here"
    )
    return f"the table names {phrase} ({example}); compare its column {table.key!r} with the names of the files"
