"""CSV and TSV files of catalogue fields, as a library or a reader keeps them beside the pictures."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.dates import first_year
from core.errors import SourceError
from indexer.formats.mets.files import IMAGE_SUFFIXES
from indexer.records import Book
from indexer.sources import file_names

KEY_COLUMNS = ("path", "file", "filename", "file_name", "image", "picture", "page", "scan", "book", "book_id", "id")
"""Columns that may name the picture, the page or the book; the one that names most of what is there does."""

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
"""Our fields, and the headings (lower case) that mean them in Norwegian, English, German and French."""

FIELD_BY_HEADING = {heading: field for field, headings in FIELD_HEADINGS.items() for heading in headings.split()}

VALUE_SEPARATOR = re.compile(r"\s*[;|]\s*")
"""What separates several authors or subjects in one cell; a comma stands between a family and a given name."""

MAX_BYTES = 256 * 2**20
"""Bytes; a table of a million rows is some 100 MB."""


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """What a table says of one picture, page or book, by our names of fields; never empty strings."""

    values: tuple[tuple[str, str], ...] = ()

    def get(self, field: str) -> str:
        return next((value for name, value in self.values if name == field), "")

    def fill_from(self, other_row: "CatalogueRow") -> "CatalogueRow":
        """This row, completed from another one."""
        own_fields = {name for name, _ in self.values}
        return CatalogueRow(
            self.values + tuple(field_value for field_value in other_row.values if field_value[0] not in own_fields)
        )

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it a book of its own; all empty where the row only labels a picture."""
        return tuple(map(self.get, ("identifiers", "title", "authors", "date")))

    def to_book(self, identifier: str) -> Book:
        """The catalogue record that the row makes."""
        date = self.get("date")
        return Book(
            id=identifier,
            title=self.get("title"),
            authors=_split_values(self.get("authors")),
            subjects=_split_values(self.get("subjects")),
            year=first_year(date),
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
    """One file's rows, found by a file's path or name, or by a book's id."""

    def __init__(self, path: Path, key: str, rows: dict[str, CatalogueRow], uneven_lines: tuple[int, ...] = ()) -> None:
        self.path, self.key, self._rows, self.uneven_lines = path, key, rows, uneven_lines

    @property
    def picture_keys(self) -> list[str]:
        """The pictures that it names."""
        return [key for key in self._rows if PurePosixPath(key).suffix.lower() in IMAGE_SUFFIXES]

    def find_row(self, keys: Iterable[str]) -> CatalogueRow | None:
        """The row of the first of these names that the table has."""
        return next((self._rows[key] for key in keys if key in self._rows), None)


def read_table(path: Path, is_known: Callable[[str], bool]) -> CatalogueTable | None:
    """A table that names something which is there (`is_known`), else None: other people's lists are no error."""
    uneven_lines: list[int] = []
    rows = list(_read_rows(path, uneven_lines))
    candidates = [(sum(is_known(_normalise_key(row.get(name, ""))) for row in rows), name) for name in KEY_COLUMNS]
    match_count, key = max(
        candidates, key=lambda candidate: (candidate[0], -KEY_COLUMNS.index(candidate[1])), default=(0, "")
    )
    if not match_count:
        return None
    return CatalogueTable(
        path,
        key,
        {_normalise_key(row[key]): _to_catalogue_row(row, key) for row in reversed(rows) if row.get(key)},
        tuple(uneven_lines),
    )


def file_keys(path: Path, folders: Iterable[Path]) -> Iterator[str]:
    """Every way in which a table may name a file: from these folders, by its name, by its stem."""
    for folder in folders:
        relative = path.relative_to(folder).as_posix()
        yield relative
        yield str(PurePosixPath(relative).with_name(file_names.stem(path.name)))
    yield path.name
    yield file_names.stem(path.name)


def _to_catalogue_row(row: dict[str, str], key: str) -> CatalogueRow:
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


def _read_rows(path: Path, uneven_lines: list[int]) -> Iterator[dict[str, str]]:
    """Rows by heading. One with more cells than headings has an unquoted comma: it tells what it names, no more."""
    text = _read_text(path)
    first_line, _, _ = text.partition("\n")
    delimiter = max("\t,;|", key=first_line.count)
    csv_reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        headings = [heading.strip().lower().replace(" ", "_") for heading in next(csv_reader, [])]
        for cells in csv_reader:
            if any(cell.strip() for cell in cells[len(headings) :]):
                uneven_lines.append(csv_reader.line_num)
                yield {name: value.strip() for name, value in zip(headings, cells, strict=False) if name in KEY_COLUMNS}
                continue
            yield {name: value.strip() for name, value in zip(headings, cells, strict=False)}
    except csv.Error as error:
        raise SourceError(str(path), str(error), f"line {csv_reader.line_num}") from error


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(str(path), f"larger than {MAX_BYTES // 2**20} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error)) from error
    # Excel writes UTF-16 for "Unicode text", and cp1252 for CSV on a Western Windows.
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
