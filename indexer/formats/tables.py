"""Rows of CSV and TSV files in the encodings and with the delimiters that spreadsheets write."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from core.errors import ProblemCode, SourceError
from core.text import clean_text

DELIMITERS = "\t,;|"

MAX_BYTES = 256 * 2**20
"""Bytes; a table of a million rows is some 100 MB."""

DELIMITER_LINE = re.compile(r'[\r\n]*"?sep=(?P<delimiter>\t|[^\w\s"])"?[\t,;|]*(?=[\r\n]|$)', re.IGNORECASE)
"""A first line such as `sep=;`, with which Excel is told the delimiter."""

BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Of UTF-16, which Excel writes for "Unicode text"."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, its values without surrounding spaces."""

    line: int
    """The number of its last line in the file, from 1."""
    values: Mapping[str, str]
    """Heading → value, for the cells that the row has."""
    is_uneven: bool = False
    """Whether the row has more cells than headings, usually because of an unquoted comma."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its headings in lower case and with underscores for spaces."""

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]


def read_table(path: Path) -> Table:
    """Read a table from a file; SourceError names the file, the line and the cause if that fails."""
    return parse_table(read_text(path), str(path))


def parse_table(text: str, name: str) -> Table:
    """Return the table in a text; the delimiter is that of `sep=;` or the one that occurs most often in the first line.

    Raises SourceError with `name` as the file.
    """
    first_line = re.match(r"[^\r\n]*", text.lstrip("\r\n"))
    delimiter_line = DELIMITER_LINE.match(text)
    frequent_delimiter = max(DELIMITERS, key=first_line[0].count if first_line else len)
    delimiter = delimiter_line["delimiter"] if delimiter_line else frequent_delimiter
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        filled_rows = filter(None, reader)
        if delimiter_line:
            next(filled_rows)
        headings = tuple(_normalise_heading(heading) for heading in next(filled_rows, []))
        return Table(headings, tuple(_build_row(reader.line_num, headings, cells) for cells in reader if cells))
    except csv.Error as error:
        raise SourceError(name, str(error), f"line {reader.line_num}") from error


def read_text(path: Path) -> str:
    """Read a text file and clean its text: UTF-8, UTF-16, or cp1252, which Excel writes on a Western Windows.

    Raises SourceError if the file is too large, cannot be opened, or is damaged UTF-16.
    """
    return clean_text(_decode(_read_bytes(path), path))


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(str(path), f"larger than {MAX_BYTES // 2**20} MiB", code=ProblemCode.TOO_LARGE)
        return path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error), code=ProblemCode.UNREADABLE) from error


def _decode(data: bytes, path: Path) -> str:
    if data.startswith(BYTE_ORDER_MARKS):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise SourceError(str(path), f"damaged UTF-16 ({error.reason} at byte {error.start})") from error
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _build_row(line: int, headings: tuple[str, ...], cells: list[str]) -> TableRow:
    values = {heading: cell.strip() for heading, cell in zip(headings, cells, strict=False)}
    return TableRow(line, values, any(cell.strip() for cell in cells[len(headings) :]))


def _normalise_heading(heading: str) -> str:
    return heading.strip().lower().replace(" ", "_")
