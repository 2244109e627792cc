"""A folder of pictures with the rows of its table: the input of every part of the evaluation."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from PIL import Image

from core.errors import FrontispieceError
from core.image_files import IMAGE_SUFFIXES, decode_image
from core.images import to_rgb
from core.text import clean_text
from indexer.classification.examples import BOOK_IDENTIFIER
from indexer.formats.tables import read_table

DEFAULT_TABLE_NAME = "labels.csv"
"""The table that is read if none is named."""

PATH_HEADINGS = ("path", "file", "filename", "file_name", "image", "picture", "name", "id")
LABEL_HEADINGS = ("label", "class", "category", "type")
BOOK_HEADINGS = ("book", "book_id", "work", "document", "volume", "group", "source_id", "ark", "urn", "isbn")
"""Headings in lower case of the columns for the picture, its label and its printed source."""

TRAILING_NUMBERS = re.compile(
    r"(?:(?:^|[-_ .]+)(?:p|f|s|img|page|fol)?\d{1,5}|[-_ .]*(?:ad|ar|pc|pv)\d{3,}s?)$", re.IGNORECASE
)
"""Page and picture numbers at the end of a name, and Olive's numbers of newspaper articles and advertisements."""
LEADING_NUMBERS = re.compile(r"^\d{1,4}[-_ .]+")

WarningCallback = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPicture:
    """One picture of a folder; `label` is empty if the table has none."""

    path: Path
    name: str
    """The path relative to the folder, as in tables."""
    label: str
    book: str
    """The printed source, by which splits are grouped (see `printed_source`)."""
    width: int
    height: int
    digest: str
    """Hash of the pixels; files with equal digests are the same picture."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The table's row by heading in lower case; empty if no row names the picture."""

    def open(self) -> Image.Image:
        """Decode the picture to RGB."""
        return _open_image(self.path)


class _LabelTable:
    """Rows by the path that they name; paths may start at any parent folder of the pictures."""

    def __init__(self, rows: Mapping[str, Mapping[str, str]]) -> None:
        self.rows = rows
        self._paths_by_tail: dict[str, list[str]] = {}
        for path in rows:
            for tail in _path_tails(path):
                self._paths_by_tail.setdefault(tail, []).append(path)

    def find_row(self, images: Path, name: str) -> Mapping[str, str]:
        """Return the row of a picture, or an empty mapping.

        A row matches if its path is an end of the picture's path, or if the picture's name is an end of its path alone.
        """
        full_path, name = clean_text((images / name).as_posix()), clean_text(name)
        for path in (full_path, str(PurePosixPath(full_path).with_suffix(""))):
            if known_tail := next((tail for tail in _path_tails(path) if tail in self.rows), None):
                return self.rows[known_tail]
        for tail in (f"{images.name}/{name}", name):
            if len(paths := self._paths_by_tail.get(tail, [])) == 1:
                return self.rows[paths[0]]
        return {}


def read_folder(
    images: Path, labels: Path | None = None, warn: WarningCallback = lambda _: None
) -> tuple[LabelledPicture, ...]:
    """Read every picture below a folder, sorted by path; `warn` gets a sentence for each file or row that is not used.

    Without `labels` the table is `labels.csv` in the folder or in its parent. Raise `FrontispieceError` if no picture
    can be read.
    """
    images = images.resolve()
    table = _read_table(images, labels)
    pictures = tuple(_read_pictures(images, table, warn))
    if not pictures:
        raise FrontispieceError(f"{images} contains no picture that can be read")
    matched_row_ids = {id(picture.columns) for picture in pictures}
    if unmatched_count := sum(id(row) not in matched_row_ids for row in table.rows.values()):
        warn(f"{unmatched_count} rows of the table match no picture")
    return pictures


def printed_source(name: str, columns: Mapping[str, str] | None = None) -> str:
    """Return the printed source of a picture: the column for the book, else a guess from the file's name.

    The guess removes page and picture numbers and everything after a double underscore, and takes the first identifier
    that is left, else the folder with the rest of the name, else the folder. It rather joins two books than splits one.
    """
    for heading in BOOK_HEADINGS:
        if columns and columns.get(heading):
            return columns[heading]
    path = PurePosixPath(name)
    if path.stem.isdigit():
        return str(path.parent)
    stem, previous = path.stem.partition("__")[0], ""
    while stem != previous:
        stem, previous = TRAILING_NUMBERS.sub("", stem), stem
    if identifier := BOOK_IDENTIFIER.search(stem):
        return identifier[0].lower()
    stem = LEADING_NUMBERS.sub("", stem)
    return f"{path.parent}/{stem}" if re.search("[a-z]", stem, re.IGNORECASE) else str(path.parent)


def pixel_digest(image: Image.Image) -> str:
    """Return a hash of the pixels and the size; for a picture of one colour, of the colour only."""
    lows, highs = zip(*image.getextrema(), strict=True)
    pixels = repr(lows).encode() if lows == highs else image.tobytes() + repr(image.size).encode()
    return hashlib.sha1(pixels, usedforsecurity=False).hexdigest()


def _read_pictures(images: Path, table: _LabelTable, warn: WarningCallback) -> Iterator[LabelledPicture]:
    for path in _image_files(images):
        name = path.relative_to(images).as_posix()
        columns = table.find_row(images, name)
        try:
            image = _open_image(path)
        # Decoders raise many kinds of exceptions for damaged files.
        except Exception as error:  # noqa: BLE001
            warn(f"{name} is skipped: {error}")
            continue
        yield LabelledPicture(
            path=path,
            name=name,
            label=_first_value(columns, LABEL_HEADINGS),
            book=printed_source(name, columns),
            width=image.width,
            height=image.height,
            digest=pixel_digest(image),
            columns=columns,
        )


def _image_files(images: Path) -> Iterator[Path]:
    for folder, subfolders, files in os.walk(images):
        subfolders[:] = sorted(subfolder for subfolder in subfolders if not subfolder.startswith("."))
        for file in sorted(files):
            if Path(file).suffix.lower() in IMAGE_SUFFIXES and not file.startswith("."):
                yield Path(folder, file)


def _read_table(images: Path, labels: Path | None) -> _LabelTable:
    """Read the rows of the table; without a table there are no rows."""
    default_paths = [
        path for path in (images / DEFAULT_TABLE_NAME, images.parent / DEFAULT_TABLE_NAME) if path.is_file()
    ]
    path = labels or (default_paths[0] if default_paths else None)
    if path is None:
        return _LabelTable({})
    rows = [row.values for row in read_table(path).rows]
    rows_by_path = {
        _first_value(row, PATH_HEADINGS).replace("\\", "/").removeprefix("./"): row for row in reversed(rows)
    }
    if labels and not any(rows_by_path):
        raise FrontispieceError(f"{path} has no column for the picture; it may be called {', '.join(PATH_HEADINGS)}")
    return _LabelTable({name: row for name, row in rows_by_path.items() if name})


def _path_tails(path: str) -> Iterator[str]:
    """Yield the path, then the path without its first folder, without its first two folders, and so on."""
    segments = path.split("/")
    return ("/".join(segments[start:]) for start in range(len(segments)))


def _first_value(row: Mapping[str, str], headings: tuple[str, ...]) -> str:
    return next((row[heading] for heading in headings if row.get(heading)), "")


def _open_image(path: Path) -> Image.Image:
    return to_rgb(decode_image(path, str(path)).image)
