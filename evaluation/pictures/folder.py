"""A folder of pictures with what a table says of them: what every part of the evaluation measures on."""

import csv
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from PIL import Image

from core.errors import FrontispieceError
from core.images import rgb
from indexer.classification.examples import IDENTIFIER

ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".jp2"})

TABLE = "labels.csv"
"""Looked for beside the pictures where no table is named."""

PATHS = ("path", "file", "filename", "file_name", "image", "picture", "name", "id")
LABELS = ("label", "class", "category", "type")
BOOKS = ("book", "book_id", "work", "document", "volume", "group", "source_id", "ark", "urn", "isbn")
"""Headings, in small letters, that name the picture, its label and the printed source it comes from."""

NUMBERS = re.compile(r"(?:(?:^|[-_ .]+)(?:p|f|s|img|page|fol)?\d{1,5}|[-_ .]*(?:ad|ar|pc|pv)\d{3,}s?)$", re.IGNORECASE)
"""Page and picture numbers at a name's end, and Olive's numbers of a newspaper's articles and advertisements."""
LEADING = re.compile(r"^\d{1,4}[-_ .]+")

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPicture:
    """One picture of a folder; `label` is empty where nobody gave one."""

    path: Path
    name: str
    """The path below the folder, as tables name it."""
    label: str
    book: str
    """The printed source; a split that is grouped by it has no source on both sides (see `source`)."""
    width: int
    height: int
    digest: str
    """Two files with the same one are the same picture."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The table's row, headings in small letters; empty where no row names the picture."""

    def open(self) -> Image.Image:
        """The whole picture in RGB."""
        return _opened(self.path)


class _Table:
    """Rows by the path that they name, from whatever folder that path begins."""

    def __init__(self, rows: Mapping[str, Mapping[str, str]]) -> None:
        self.rows = rows
        self._tails: dict[str, list[str]] = {}
        for path in rows:
            for tail in _tails(path):
                self._tails.setdefault(tail, []).append(path)

    def row(self, images: Path, name: str) -> Mapping[str, str]:
        """The row whose path the picture's ends with, else the only one whose path ends with the picture's name."""
        whole = (images / name).as_posix()
        for path in (whole, str(PurePosixPath(whole).with_suffix(""))):
            if found := next((tail for tail in _tails(path) if tail in self.rows), None):
                return self.rows[found]
        for tail in (f"{images.name}/{name}", name):
            if len(paths := self._tails.get(tail, [])) == 1:
                return self.rows[paths[0]]
        return {}


def read_folder(
    images: Path, labels: Path | None = None, report: Report = lambda _: None
) -> tuple[LabelledPicture, ...]:
    """Every picture below a folder, in the order of its names; what cannot be used is told to `report`.

    Without `labels` the table is `labels.csv` in the folder, or in the one above where it names paths into the folder.
    """
    images = images.resolve()
    table = _table(images, labels)
    pictures = tuple(_pictures(images, table, report))
    if not pictures:
        raise FrontispieceError(f"{images}: no picture in it can be read")
    named = {id(picture.columns) for picture in pictures}
    if lost := sum(id(row) not in named for row in table.rows.values()):
        report(f"{lost} rows of the table name no picture that is there")
    return pictures


def source(name: str, columns: Mapping[str, str] | None = None) -> str:
    """The printed source of a picture, told from the table or from its name; in doubt too large rather than torn apart.

    A column that names the book; else, of the file's name without page and picture numbers and up to a double
    underscore, the first identifier, wherever the file lies; else that name within its folder; and where nothing but
    numbers is left, the folder.
    """
    for heading in BOOKS:
        if columns and columns.get(heading):
            return columns[heading]
    path = PurePosixPath(name)
    if path.stem.isdigit():
        return str(path.parent)
    stem, previous = path.stem.partition("__")[0], ""
    while stem != previous:
        stem, previous = NUMBERS.sub("", stem), stem
    if found := IDENTIFIER.search(stem):
        return found[0].lower()
    stem = LEADING.sub("", stem)
    return f"{path.parent}/{stem}" if re.search("[a-z]", stem, re.IGNORECASE) else str(path.parent)


def digest(image: Image.Image) -> str:
    """Hash of the pixels; of a sheet in one colour, which has nothing to be told by, that of the colour alone."""
    lows, highs = zip(*image.getextrema(), strict=True)
    pixels = repr(lows).encode() if lows == highs else image.tobytes() + repr(image.size).encode()
    return hashlib.sha1(pixels, usedforsecurity=False).hexdigest()


def _pictures(images: Path, table: _Table, report: Report) -> Iterator[LabelledPicture]:
    for path in _files(images):
        name = path.relative_to(images).as_posix()
        columns = table.row(images, name)
        try:
            image = _opened(path)
        # Damaged files make the decoders raise whatever they stumble over.
        except Exception as error:  # noqa: BLE001
            report(f"{name} is left out: {error}")
            continue
        yield LabelledPicture(
            path=path,
            name=name,
            label=_first(columns, LABELS),
            book=source(name, columns),
            width=image.width,
            height=image.height,
            digest=digest(image),
            columns=columns,
        )


def _files(images: Path) -> Iterator[Path]:
    for folder, below, files in os.walk(images):
        below[:] = sorted(each for each in below if not each.startswith("."))
        for file in sorted(files):
            if Path(file).suffix.lower() in ENDINGS and not file.startswith("."):
                yield Path(folder, file)


def _table(images: Path, labels: Path | None) -> _Table:
    """The table's rows by what names their picture; none where there is no table."""
    beside = [path for path in (images / TABLE, images.parent / TABLE) if path.is_file()]
    path = labels or (beside[0] if beside else None)
    if path is None:
        return _Table({})
    text = _text(path)
    first = text.partition("\n")[0]
    lines = csv.DictReader(text.splitlines(keepends=True), delimiter=max("\t,;|", key=first.count))
    rows = [{(key or "").strip().lower(): str(value or "").strip() for key, value in line.items()} for line in lines]
    found = {_first(row, PATHS).replace("\\", "/").removeprefix("./"): row for row in reversed(rows)}
    if labels and not any(found):
        raise FrontispieceError(f"{path}: none of its columns is called {', '.join(PATHS)}")
    return _Table({name: row for name, row in found.items() if name})


def _tails(path: str) -> Iterator[str]:
    """A path, and what is left of it without its first folder, its first two…"""
    parts = path.split("/")
    return ("/".join(parts[start:]) for start in range(len(parts)))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FrontispieceError(f"{path}: {error.strerror or error}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # Excel on a Western Windows
        return data.decode("cp1252", errors="replace")


def _first(row: Mapping[str, str], headings: tuple[str, ...]) -> str:
    return next((row[heading] for heading in headings if row.get(heading)), "")


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
        return rgb(image)
