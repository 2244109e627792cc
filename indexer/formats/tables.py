"""CSV and TSV files of catalogue fields, as a library or a reader keeps them beside the pictures."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.dates import first_year
from core.errors import SourceError
from indexer.formats.mets.files import IMAGES
from indexer.records import Book
from indexer.sources import names

KEYS = ("path", "file", "filename", "file_name", "image", "picture", "page", "scan", "book", "book_id", "id")
"""Columns that may name the picture, the page or the book; the one that names most of what is there does."""

COLUMNS = {
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

FIELD_OF = {heading: field for field, headings in COLUMNS.items() for heading in headings.split()}

SEVERAL = re.compile(r"\s*[;|]\s*")
"""What separates several authors or subjects in one cell; a comma stands between a family and a given name."""

LIMIT = 256 * 2**20
"""Bytes; a table of a million rows is some 100 MB."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a table says of one picture, page or book, by our names of fields; never empty strings."""

    values: tuple[tuple[str, str], ...] = ()

    def get(self, field: str) -> str:
        return next((value for name, value in self.values if name == field), "")

    def over(self, other: "Row") -> "Row":
        """This row, completed from another one."""
        have = {name for name, _ in self.values}
        return Row(self.values + tuple(each for each in other.values if each[0] not in have))

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it a book of its own; all empty where the row only labels a picture."""
        return tuple(map(self.get, ("identifiers", "title", "authors", "date")))

    def book(self, identifier: str) -> Book:
        """The catalogue record that the row makes."""
        date = self.get("date")
        return Book(
            id=identifier,
            title=self.get("title"),
            authors=_several(self.get("authors")),
            subjects=_several(self.get("subjects")),
            year=first_year(date),
            date=date,
            publisher=self.get("publisher"),
            place=self.get("place"),
            languages=_several(self.get("languages")),
            type_of_work=self.get("type_of_work"),
            identifiers=_several(self.get("identifiers")),
            licence=self.get("licence"),
            viewer=self.get("viewer"),
        )


class Table:
    """One file's rows, found by a file's path or name, or by a book's id."""

    def __init__(self, path: Path, key: str, rows: dict[str, Row], uneven: tuple[int, ...] = ()) -> None:
        self.path, self.key, self._rows, self.uneven = path, key, rows, uneven

    @property
    def pictures(self) -> list[str]:
        """The pictures that it names."""
        return [key for key in self._rows if PurePosixPath(key).suffix.lower() in IMAGES]

    def row(self, keys: Iterable[str]) -> Row | None:
        """The row of the first of these names that the table has."""
        return next((self._rows[key] for key in keys if key in self._rows), None)


def read_table(path: Path, is_known: Callable[[str], bool]) -> Table | None:
    """A table that names something which is there (`is_known`), else None: other people's lists are no error."""
    uneven: list[int] = []
    rows = list(_rows(path, uneven))
    candidates = [(sum(is_known(_key(row.get(name, ""))) for row in rows), name) for name in KEYS]
    hits, key = max(candidates, key=lambda each: (each[0], -KEYS.index(each[1])), default=(0, ""))
    if not hits:
        return None
    return Table(path, key, {_key(row[key]): _row(row, key) for row in reversed(rows) if row.get(key)}, tuple(uneven))


def keys_of(path: Path, folders: Iterable[Path]) -> Iterator[str]:
    """Every way in which a table may name a file: from these folders, by its name, by its stem."""
    for folder in folders:
        relative = path.relative_to(folder).as_posix()
        yield relative
        yield str(PurePosixPath(relative).with_name(names.stem(path.name)))
    yield path.name
    yield names.stem(path.name)


def _row(row: dict[str, str], key: str) -> Row:
    found: dict[str, str] = {}
    for heading, value in row.items():
        field = FIELD_OF.get(heading)
        if field and heading != key and value:
            found.setdefault(field, value)
    return Row(tuple(found.items()))


def _key(written: str) -> str:
    return written.strip().replace("\\", "/").removeprefix("./")


def _several(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in SEVERAL.split(written) if each))


def _rows(path: Path, uneven: list[int]) -> Iterator[dict[str, str]]:
    """Rows by heading. One with more cells than headings has an unquoted comma: it tells what it names, no more."""
    text = _text(path)
    first, _, _ = text.partition("\n")
    delimiter = max("\t,;|", key=first.count)
    lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        headings = [each.strip().lower().replace(" ", "_") for each in next(lines, [])]
        for line in lines:
            if any(each.strip() for each in line[len(headings) :]):
                uneven.append(lines.line_num)
                yield {name: value.strip() for name, value in zip(headings, line, strict=False) if name in KEYS}
                continue
            yield {name: value.strip() for name, value in zip(headings, line, strict=False)}
    except csv.Error as error:
        raise SourceError(str(path), str(error), f"line {lines.line_num}") from error


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LIMIT:
            raise SourceError(str(path), f"larger than {LIMIT // 2**20} MiB")
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
