"""Catalogue fields in CSV and TSV files beside the pictures."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.dates import parse_years
from core.image_files import IMAGE_SUFFIXES
from indexer.formats.tables import TableRow, read_table
from indexer.records import Book

KEY_COLUMNS = (
    *("path", "file", "filename", "file_name", "image", "picture", "page", "scan", "book", "book_id", "id"),
    *("fil", "filnavn", "bildefil", "datei", "dateiname", "bilddatei", "pfad", "fichier", "nom_de_fichier", "chemin"),
)
"""Columns that may name the picture, the page or the book. The one that matches most existing names is used."""

FIELD_HEADINGS = {
    "title": "title tittel titel titre name",
    "authors": "author authors creator creators forfatter forfattere verfasser autor auteur auteurs artist illustrator",
    "date": "year date published issued år dato jahr datum année",
    "publisher": "publisher forlag utgiver verlag éditeur editeur",
    "place": "place sted utgivelsessted ort erscheinungsort lieu",
    "languages": "language languages lang språk sprache langue",
    "subjects": "subject subjects keywords topics emne emner schlagwort sujet",
    "type_of_work": "type genre type_of_work",
    "licence": "licence license rights lisens lizenz",
    "identifiers": "identifier identifiers urn isbn oai ark",
    "viewer": "viewer homepage link",
    "label": "label class category",
    "caption": "caption description legend bildetekst legende",
}
"""Field → its headings in Norwegian, English, German and French, in lower case."""

FIELD_BY_HEADING = {heading: field for field, headings in FIELD_HEADINGS.items() for heading in headings.split()}

VALUE_SEPARATOR = re.compile(r"\s*[;|]\s*")
"""Separator of several authors or subjects in one cell. A comma separates family name and given name."""


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """The fields that a table gives for one picture, page or book. No value is empty."""

    values: tuple[tuple[str, str], ...] = ()

    def get(self, field: str) -> str:
        return next((value for name, value in self.values if name == field), "")

    def fill_from(self, other_row: "CatalogueRow") -> "CatalogueRow":
        """Return this row, with the fields it lacks taken from another row."""
        own_fields = {name for name, _ in self.values}
        return CatalogueRow(
            self.values + tuple(field_value for field_value in other_row.values if field_value[0] not in own_fields)
        )

    @property
    def identity(self) -> tuple[str, ...]:
        """The fields that tell one book from another; all empty when the row only labels a picture."""
        return tuple(map(self.get, ("identifiers", "title", "authors", "date")))

    def to_book(self, identifier: str) -> Book:
        """Return the row as a catalogue record."""
        date = self.get("date")
        return Book(
            id=identifier,
            title=self.get("title"),
            authors=_split_values(self.get("authors")),
            subjects=_split_values(self.get("subjects")),
            years=parse_years(date),
            date=date,
            publisher=self.get("publisher"),
            place=self.get("place"),
            languages=_split_values(self.get("languages")),
            type_of_work=self.get("type_of_work"),
            identifiers=_split_values(self.get("identifiers")),
            licence=self.get("licence"),
            viewer=self.get("viewer"),
        )


class CatalogueTable:
    """The rows of one file, by the path or name of a picture, or by the id of a book."""

    def __init__(
        self,
        path: Path,
        key: str,
        rows: dict[str, CatalogueRow],
        uneven_lines: tuple[int, ...] = (),
        repeated_lines: tuple[int, ...] = (),
        *,
        is_known: bool = True,
    ) -> None:
        self.path, self.key, self._rows, self.uneven_lines = path, key, rows, uneven_lines
        self.repeated_lines = repeated_lines
        """Lines that say something else about a name than an earlier line, which counts."""
        self.is_known = is_known
        """Whether the table names at least one file or book that exists."""

    @property
    def picture_keys(self) -> list[str]:
        """The pictures that the table names."""
        return [key for key in self._rows if _names_picture(key)]

    def find_row(self, keys: Iterable[str]) -> CatalogueRow | None:
        """Return the row of the first of these names that the table has, else None."""
        return next((self._rows[key] for key in keys if key in self._rows), None)


def read_catalogue_table(path: Path, is_known: Callable[[str], bool]) -> CatalogueTable:
    """Read a table; its rows are found by the column that names most of the things that exist (`is_known`).

    If no column names any, it is the one with most names of pictures, and the table is not to be used.
    Raises SourceError if the file cannot be read as a table.
    """
    table_rows = read_table(path).rows
    rows = [_reliable_values(row) for row in table_rows]
    keys_by_column = {name: [_normalise_key(row.get(name, "")) for row in rows] for name in KEY_COLUMNS}
    key, keys = max(
        keys_by_column.items(),
        key=lambda column: (sum(map(is_known, column[1])), sum(map(_names_picture, column[1]))),
    )
    rows_by_key: dict[str, CatalogueRow] = {}
    repeated_lines = []
    for table_row, row in zip(table_rows, rows, strict=True):
        if row.get(key):
            catalogue_row = _to_catalogue_row(row, key)
            if rows_by_key.setdefault(_normalise_key(row[key]), catalogue_row) != catalogue_row:
                repeated_lines.append(table_row.line)
    return CatalogueTable(
        path,
        key,
        rows_by_key,
        tuple(row.line for row in table_rows if row.is_uneven),
        tuple(repeated_lines),
        is_known=any(map(is_known, keys)),
    )


def _names_picture(key: str) -> bool:
    return PurePosixPath(key).suffix.lower() in IMAGE_SUFFIXES


def _reliable_values(row: TableRow) -> Mapping[str, str]:
    """Return the row's values; of an uneven row only the names, as its other values may be in the wrong column."""
    if not row.is_uneven:
        return row.values
    return {heading: value for heading, value in row.values.items() if heading in KEY_COLUMNS}


def _to_catalogue_row(row: Mapping[str, str], key: str) -> CatalogueRow:
    field_values: dict[str, str] = {}
    for heading, value in row.items():
        field = FIELD_BY_HEADING.get(heading)
        if field and heading != key and value:
            field_values.setdefault(field, value)
    return CatalogueRow(tuple(field_values.items()))


def _normalise_key(path: str) -> str:
    return path.strip().replace("\\", "/").removeprefix("./")


def _split_values(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in VALUE_SEPARATOR.split(cell) if value))
