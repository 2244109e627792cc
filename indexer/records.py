"""The data that is read from library files, as frozen dataclasses. Coordinates begin at the upper left corner."""

from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Self

from core.errors import FileError, ProblemCode
from core.geometry import Box, PixelBox
from core.text import normalise_text

Unit = Literal["pixel", "mm10", "inch1200"]


class Word(NamedTuple):
    """One ALTO `String`. The first part of a hyphenated word has the whole word, the second is empty."""

    text: str
    box: Box
    confidence: float | None = None
    """ALTO's `WC`, 0 to 1; None if missing."""

    def scale(self, factor: float) -> Self:
        return self._replace(box=self.box.scale(factor))


@dataclass(frozen=True, slots=True)
class TextLine:
    box: Box
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words if word.text)

    def scale(self, factor: float) -> Self:
        return replace(self, box=self.box.scale(factor), words=tuple(word.scale(factor) for word in self.words))


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph; blocks are in the reading order of their page."""

    id: str
    box: Box
    lines: tuple[TextLine, ...]
    role: str = ""
    """The label of its tag (`Title`, `CaptionZone`…); empty in most files."""
    composed_block_id: str = ""
    """The id of the ComposedBlock around it, which a caption often shares with its picture."""

    @property
    def text(self) -> str:
        return " ".join(text for line in self.lines if (text := line.text))

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    def scale(self, factor: float) -> Self:
        return replace(self, box=self.box.scale(factor), lines=tuple(line.scale(factor) for line in self.lines))


@dataclass(frozen=True, slots=True)
class PictureBlock:
    """A graphical element as ALTO describes it."""

    id: str
    block_type: str
    """`Illustration`, `GraphicalElement`, the TYPE of a ComposedBlock, or the tag of a zone."""
    box: Box
    polygon: tuple[tuple[float, float], ...] = ()
    """The outline (x, y); empty if the file gives only the box."""
    position: int = 0
    """The number of text blocks before it in reading order."""
    composed_block_id: str = ""

    def scale(self, factor: float) -> Self:
        polygon = tuple((x * factor, y * factor) for x, y in self.polygon)
        return replace(self, box=self.box.scale(factor), polygon=polygon)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of ALTO, with all numbers in one unit; `scale` converts them to the pixels of a scan."""

    id: str
    width: float
    """0 if missing."""
    height: float
    unit: Unit = "pixel"
    number: int | None = None
    """ALTO's PHYSICAL_IMG_NR."""
    label: str = ""
    """ALTO's PRINTED_IMG_NR."""
    confidence: float | None = None
    """ALTO's `PC`, 0 to 1."""
    language: str = ""
    image_file_name: str = ""
    """`sourceImageInformation/fileName` as written."""
    resolution: float | None = None
    """Dots per inch of the scan that the numbers refer to; None if unknown."""
    blocks: tuple[TextBlock, ...] = ()
    pictures: tuple[PictureBlock, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(text for block in self.blocks if (text := block.text))

    def scale(self, factor: float) -> Self:
        """Return the page in pixels, with `factor` pixels per unit."""
        return replace(
            self,
            width=self.width * factor,
            height=self.height * factor,
            unit="pixel",
            blocks=tuple(block.scale(factor) for block in self.blocks),
            pictures=tuple(picture.scale(factor) for picture in self.pictures),
        )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A catalogue record; it has no machine-made facts."""

    id: str
    title: str = ""
    authors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    year: int | None = None
    """The first year of the date of issue."""
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

    def __post_init__(self) -> None:
        # Ids come from names of files too, which macOS decomposes; filters compare them exactly.
        object.__setattr__(self, "id", normalise_text(self.id))


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
    """A path or an http(s) URL."""
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", normalise_text(self.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A book with its pages in order, as a source yields it to the pipeline."""

    book: Book
    leaves: tuple[Leaf, ...]
    warnings: tuple[str, ...] = ()
    """Sentences for the report about what the source cannot find or read."""
    is_complete: bool = False
    """Whether the source lists every page of the book (METS, manifest, folder); then other pages are removed."""


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
        return f"{self.file}: {self.reason}"
