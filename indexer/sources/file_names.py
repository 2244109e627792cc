"""File names: which book, which page, in which order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from core.identifiers import add_place, is_identifier
from core.text import clean_text

FILE_ENDINGS = re.compile(
    r"(?:\.(?:alto|mets|ocr|hocr|page)|(?<=\d)[_-](?:alto|ocr|hocr))*(?:\.(?:xml|alto|mets|hocr|x?html?))*(?:\.gz)?$",
    re.IGNORECASE,
)
"""Endings of XML files and hOCR: `x.xml`, `x.alto.xml`, `x_alto.xml`, `x.xml.gz`, `x.hocr.html`."""

PAGE_STEM = re.compile(
    r"^(?P<book>.+?)[_.\-\s]+(?P<letter>[pfscCI]?|page|seite|img|image)_?(?P<number>0\d{5,8}|\d{1,6})(?:[_.\-][a-z]{3,})?$"
)
"""`digibok_2014062307158_0003`, `…_C1` and `…_I3` (NB's covers), `…_p4`, `…_f47` (BnF's views), `page-1`."""

DATE_AT_END = re.compile(r"(?<!\d)[12]\d{3}([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])$")
"""The date of an issue at the end of a name, which is not a page number."""

BARE_PAGE_NUMBER = re.compile(
    r"^(?P<letter>[a-zA-Z]?|page|seite|img|image|scan)[_\-\s]?(?P<number>\d{1,8})$", re.IGNORECASE
)
"""A name with a page number and without a book."""

CONTENT_FOLDERS = {
    "alto",
    "hocr",
    "ocr",
    "xml",
    "fulltext",
    "text",
    "txt",
    "page",
    "pages",
    "scans",
    "scan",
    "images",
    "image",
    "img",
    "jpg",
    "tif",
}
"""Folders named after their content; the folder above them has the book's name."""

COVER_ORDER = {"C1": 0, "I1": 1, "C2": 1, "I2": 3, "I3": 4, "C3": 5}
"""Order of NB's covers and their insides; pages have the order 2."""


@dataclass(frozen=True, slots=True)
class PageName:
    """The parts of the name of a page's file."""

    book: str
    """Empty if the name is only a page number."""
    token: str
    number: int | None

    @property
    def sort_key(self) -> tuple[int, int, tuple[tuple[int, int, str], ...]]:
        """A key that sorts covers around the pages, and pages by number."""
        return (
            COVER_ORDER.get(self.token, 2),
            self.number if self.number is not None else 0,
            natural_sort_key(self.token),
        )


def stem(name: str) -> str:
    """Return a file name without its endings, in Unicode NFC: macOS writes decomposed letters."""
    name = clean_text(name)
    without_endings = FILE_ENDINGS.sub("", name)
    return without_endings if without_endings != name and without_endings else name.rpartition(".")[0] or name


def file_keys(path: Path, folders: Iterable[Path]) -> Iterator[str]:
    """Yield the names that a table may use for a file: its paths below these folders, its name, its stem."""
    for folder in folders:
        relative = clean_text(path.relative_to(folder).as_posix())
        yield relative
        yield str(PurePosixPath(relative).with_name(stem(path.name)))
    yield clean_text(path.name)
    yield stem(path.name)


def parse_page_name(file_stem: str) -> PageName:
    """Split a stem into book and page."""
    if counter := BARE_PAGE_NUMBER.match(file_stem):
        return PageName("", file_stem, int(counter["number"]))
    match = PAGE_STEM.match(file_stem)
    if match is None or DATE_AT_END.search(file_stem):
        return PageName(file_stem, "", None)
    token = match["letter"] + match["number"]
    # NB numbers covers separately from pages.
    return PageName(match["book"], token, None if match["letter"] in ("C", "I") else int(match["number"]))


def folder_identifier(folder: Path) -> str:
    """Return the id of a folder of pictures: its name, with a hash of its path.

    It is the same whichever folder above it is indexed, and another one for a folder of that name elsewhere.
    """
    return add_place(folder.name, folder)


def picture_identifier(path: Path) -> str:
    """Return the id of a picture that only its path identifies; the suffix keeps `1.jpg` and `1.tif` apart."""
    return f"{folder_identifier(path.parent)}:{path.name}"


@dataclass(frozen=True, slots=True)
class AltoBookName:
    """What the names of ALTO files say about their book."""

    name: str
    """As in records and tables: the part before the page number, or the name of the folder."""
    folder: Path | None
    """The folder with the files; None if the name is the library's identifier, whatever folder has the files."""

    @classmethod
    def from_path(cls, path: Path) -> Self:
        """Return the name of the book that an ALTO file is a page of."""
        name = parse_page_name(stem(path.name)).book or clean_text(content_parent(path).name)
        return cls(name, None if is_identifier(name) else path.parent)

    @property
    def id(self) -> str:
        """The name, with a hash of the folder unless it is an identifier: many books are called `page` or `vol1`."""
        return add_place(self.name, self.folder) if self.folder else self.name

    def page_id(self, path: Path) -> str:
        """Return the id of a page: the stem of its file, which begins with the id of the book if that has a hash."""
        file_stem = stem(path.name)
        if BARE_PAGE_NUMBER.match(file_stem):
            return f"{self.id}_{file_stem}"
        return self.id + file_stem.removeprefix(self.name) if self.folder else file_stem


def content_parent(path: Path) -> Path:
    """Return the nearest folder above a file that is not called after its content, such as `alto` or `scans`."""
    folder = path.parent
    while clean_text(folder.name).lower() in CONTENT_FOLDERS and folder != folder.parent:
        folder = folder.parent
    return folder


def natural_sort_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts `p2` before `p10`."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", text) if part)


def is_distinctive(file_stem: str) -> bool:
    """Return whether a stem is so specific that two files with it belong to the same page, in whatever folders."""
    return len(file_stem) >= 8 and any(map(str.isalpha, file_stem)) and any(map(str.isdigit, file_stem))
