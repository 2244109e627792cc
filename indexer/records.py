"""The data that is read from library files, as frozen dataclasses."""

from dataclasses import dataclass, field
from typing import Self

from core.dates import YearRange
from core.errors import FileError, ProblemCode
from core.geometry import PixelBox
from core.identifiers import clean_identifier
from core.text import escape_unprintable
from indexer.page_records import Page, PictureBlock, TextBlock, TextLine, Unit, Word
from indexer.page_selection import WHOLE_IMAGE, ImageSelection, TextAnnotations

__all__ = [
    "Book",
    "Context",
    "GraphicalElement",
    "Leaf",
    "Page",
    "PictureBlock",
    "Problem",
    "TextBlock",
    "TextLine",
    "TextPassage",
    "Unit",
    "Volume",
    "Word",
    "is_url",
]


@dataclass(frozen=True, slots=True)
class TextPassage:
    """Text as printed, with the mean confidence of its OCR (0 to 1; None if unknown)."""

    text: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The text printed around a picture."""

    caption: TextPassage = TextPassage()
    before: TextPassage = TextPassage()
    after: TextPassage = TextPassage()
    page_text: TextPassage = TextPassage()


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphicalElement:
    """One picture on one page, in pixels of the scan, with the text around it."""

    alto_id: str
    block_type: str
    box: PixelBox
    context: Context = field(default_factory=Context)
    line_height: float = 0.0
    """Median height of the lines of text on the page, in pixels of the scan; 0 if there is no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A catalogue record; it has no machine-made facts."""

    id: str
    title: str = ""
    alternative_titles: tuple[str, ...] = ()
    """Other titles of the book: uniform, parallel, translated, in the original script."""
    authors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    years: YearRange | None = None
    """The years of the date of issue; None if it names none."""
    date: str = ""
    """The date as written in the record."""
    publisher: str = ""
    place: str = ""
    languages: tuple[str, ...] = ()
    """Codes or names as the record writes them; `core.languages` makes codes of them."""
    type_of_work: str = ""
    """The record's genre or resource type: `book`, `newspaper`, `map`…"""
    identifiers: tuple[str, ...] = ()
    """URN, ISBN, shelf mark, OAI id and other identifiers of exactly this book."""
    licence: str = ""
    viewer: str = ""
    """The URL of a page that shows the whole book."""

    @property
    def year(self) -> int | None:
        """The first year of `years`."""
        return self.years.first if self.years else None

    def __post_init__(self) -> None:
        # Ids come from names of files too, which macOS decomposes; filters compare them exactly.
        object.__setattr__(self, "id", clean_identifier(self.id))


def is_url(source: str) -> bool:
    """Return whether a source is an http(s) URL, not a path."""
    return source.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page of a book as a source lists it, with the locations of its ALTO and its scan.

    Without `alto` the whole scan is a picture, as in a folder of pictures.
    """

    id: str
    """The library's identifier of the page: a URN, a canvas id, or a file name without suffix."""
    number: int
    """Its position in the book, from 1."""
    label: str = ""
    """The printed page number: `iv`, `12`."""
    alto: str | None = None
    """A path or an http(s) URL of the page's OCR: ALTO, PAGE-XML, hOCR or DjVu XML."""
    scan: str | None = None
    """A path or an http(s) URL of a whole picture."""
    image_service: str | None = None
    """Base URI of a IIIF Image API service, without a slash at the end."""
    image_api_version: int = 2
    """The version of the Image API: 1, 2 or 3."""
    width: int | None = None
    """Pixels of the scan; None if the source does not say."""
    height: int | None = None
    frame: int | None = None
    """The frame of a multi-page TIFF, from 0; None means the first page of the scan."""
    is_upright: bool = True
    """Whether the scan is turned as its EXIF orientation says; else its pixels stand as they are stored."""
    viewer: str = ""
    """The URL of a web page that shows this page."""
    catalogue_label: str = ""
    """The label that a person gave the picture (column `label` of a table)."""
    caption: str = ""
    """The caption that a person gave the picture (column `caption` of a table)."""
    image_key: str = ""
    """What distinguishes this picture from others on its page; empty for the first."""
    selection: ImageSelection = WHOLE_IMAGE
    needs_info: bool = False
    """Whether the image service is unverified: its info.json says what it can do."""
    annotations: TextAnnotations | None = None
    """The text of a page without ALTO, as a IIIF manifest has it."""
    page_leaves: "tuple[Leaf | None, ...]" = ()
    """The leaves of the pages of `alto` in their order, if it has several whose scans are known; None for a page that
    is not of the book."""
    other_images: tuple["Leaf", ...] = ()
    """Further pictures that a IIIF canvas shows on this page."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", clean_identifier(self.id))

    @property
    def single_pages(self) -> tuple["Leaf", ...]:
        """The leaves of its pages: itself, if no others are known."""
        return tuple(filter(None, self.page_leaves)) or (self,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A book with its pages in order, as a source yields it to the pipeline."""

    book: Book
    leaves: tuple[Leaf, ...]
    source: str = ""
    """Where the book is: the absolute path of its METS or manifest, its folder with a slash at the end, or a URL."""
    warnings: tuple[str, ...] = ()
    """Sentences for the report about what the source cannot find or read."""
    notes: tuple[str, ...] = ()
    """Sentences for the report about what was passed over on purpose, such as the alternatives of a choice."""
    is_complete: bool = False
    """Whether the source lists every page of the book (METS, manifest, folder); then other pages are removed."""

    def __post_init__(self) -> None:
        # Bytes of file names that are not UTF-8 cannot be written into an index.
        object.__setattr__(self, "source", self.source.encode(errors="backslashreplace").decode())


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a run left out or warns of, for the report: which file, and why."""

    file: str
    reason: str
    code: ProblemCode = ProblemCode.OTHER

    @classmethod
    def from_error(cls, error: FileError) -> Self:
        """Return the problem that an exception describes, with its code."""
        return cls(error.file, error.cause, error.code)

    def __str__(self) -> str:
        return escape_unprintable(f"{self.file}: {self.reason}")
