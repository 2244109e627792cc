"""What the names of files say: which book, which page, in which order."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

ENDINGS = re.compile(
    r"(?:\.(?:alto|mets|ocr)|(?<=\d)[_-](?:alto|ocr))*(?:\.(?:xml|alto|mets))*(?:\.gz)?$", re.IGNORECASE
)
"""Of XML files: `x.xml`, `x.alto.xml`, `x_alto.xml`, `x.xml.gz`."""

PAGE = re.compile(
    r"^(?P<book>.+?)[_.\-]+(?P<letter>[pfscCI]?|page|seite|img|image)_?(?P<number>0\d{5,8}|\d{1,6})(?:[_.\-][a-z]{3,})?$"
)
"""`digibok_2014062307158_0003`, `…_C1` and `…_I3` (NB's covers), `…_p4`, `…_f47` (BnF's views), `page-1`."""

DATE = re.compile(r"(?<!\d)[12]\d{3}([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])$")
"""An issue's date at the end of a name is not a page."""

COUNTER = re.compile(r"^(?P<letter>[a-zA-Z]?|page|seite|img|image|scan)[_\-]?(?P<number>\d{1,8})$", re.IGNORECASE)
"""A name that says the page and nothing of the book."""

SHELVES = {
    "alto",
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
"""Folders that are named for what is in them; the book's name is that of the folder around them."""

COVERS = {"C1": 0, "I1": 1, "C2": 1, "I2": 3, "I3": 4, "C3": 5}
"""NB's covers and their insides, before and after the pages (2)."""


@dataclass(frozen=True, slots=True)
class PageName:
    """What a page's file is called, taken apart."""

    book: str
    """Empty where the name is a mere counter."""
    token: str
    number: int | None

    @property
    def order(self) -> tuple[int, int, tuple[tuple[int, int, str], ...]]:
        """Sorts covers around pages and pages by number."""
        return (COVERS.get(self.token, 2), self.number if self.number is not None else 0, natural(self.token))


def stem(name: str) -> str:
    """A file's name without its endings."""
    bare = ENDINGS.sub("", name)
    return bare if bare != name and bare else name.rpartition(".")[0] or name


def page_name(written: str) -> PageName:
    """A stem taken apart into book and page."""
    if counter := COUNTER.match(written):
        return PageName("", written, int(counter["number"]))
    page = PAGE.match(written)
    if page is None or DATE.search(written):
        return PageName(written, "", None)
    token = page["letter"] + page["number"]
    # NB counts covers apart from pages.
    return PageName(page["book"], token, None if page["letter"] in ("C", "I") else int(page["number"]))


def path_name(root: Path, path: Path) -> str:
    """A name for what has nothing but a path: the path below `root`, and which of all folders of its name `root` is.

    Two libraries' `scans/1.jpg` are two pictures: without the mark the second would replace the first.
    """
    mark = hashlib.sha256(str(root).encode()).hexdigest()[:8]
    return "/".join((f"{root.name}-{mark}", *path.relative_to(root).parts))


def natural(written: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts `p2` before `p10`."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", written) if part
    )


def telling(written: str) -> bool:
    """Whether a stem is so particular that two files of it, wherever they lie, are of the same page."""
    return len(written) >= 8 and any(map(str.isalpha, written)) and any(map(str.isdigit, written))
