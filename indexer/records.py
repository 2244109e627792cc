"""What is read from a library's files, as data: no I/O here and no Elasticsearch.

Coordinates start at the upper left corner. A `Page` carries the unit of its own
numbers; `Page.scaled` takes it to the pixels of a scan.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Self

from core.errors import FileError, ProblemCode
from core.geometry import Box, PixelBox

Unit = Literal["pixel", "mm10", "inch1200"]


class Word(NamedTuple):
    """One ALTO `String`. A hyphenated word is whole in its first part and empty in its second."""

    text: str
    box: Box
    confidence: float | None = None
    """ALTO's `WC`, 0 to 1; None where the file does not say."""

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
    """A paragraph, in the reading order of its page."""

    id: str
    box: Box
    lines: tuple[TextLine, ...]
    role: str = ""
    """What the file's tags call it (`Title`, `CaptionZone`…); empty in most files."""
    composed_block_id: str = ""
    """The id of the ComposedBlock that holds it; a caption often shares its picture's."""

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
    """A graphical element as ALTO draws it."""

    id: str
    block_type: str
    """ALTO's own word: `Illustration`, `GraphicalElement`, a ComposedBlock's TYPE, or a zone's tag."""
    box: Box
    polygon: tuple[tuple[float, float], ...] = ()
    """The outline (x, y), where the file gives one; empty means that the box is all there is."""
    position: int = 0
    """How many text blocks come before it in reading order."""
    composed_block_id: str = ""

    def scale(self, factor: float) -> Self:
        polygon = tuple((x * factor, y * factor) for x, y in self.polygon)
        return replace(self, box=self.box.scale(factor), polygon=polygon)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of ALTO, every number in one coordinate space."""

    id: str
    width: float
    """0 where the file does not say."""
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
    """Dots per inch of the scan that the numbers refer to, where the file gives it away."""
    blocks: tuple[TextBlock, ...] = ()
    pictures: tuple[PictureBlock, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(text for block in self.blocks if (text := block.text))

    def scale(self, factor: float) -> Self:
        """The same page with `factor` pixels of a scan for each of its units."""
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
    """Words as printed, with the mean confidence of their OCR (0 to 1) where the file gives it."""

    text: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The words printed around a picture."""

    caption: TextPassage = TextPassage()
    before: TextPassage = TextPassage()
    after: TextPassage = TextPassage()
    page_text: TextPassage = TextPassage()


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphicalElement:
    """One picture on one page, in pixels of the scan, with the words around it."""

    alto_id: str
    block_type: str
    box: PixelBox
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A catalogue record: facts that people wrote down, none of them made by a machine."""

    id: str
    title: str = ""
    authors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    year: int | None = None
    """The first year of the date of issue."""
    date: str = ""
    """The date as the record writes it."""
    publisher: str = ""
    place: str = ""
    languages: tuple[str, ...] = ()
    """ISO 639 codes as the record has them."""
    type_of_work: str = ""
    """The record's genre or resource type: `book`, `newspaper`, `map`…"""
    identifiers: tuple[str, ...] = ()
    """URN, ISBN, shelf mark, OAI id: whatever finds exactly this book."""
    licence: str = ""
    viewer: str = ""
    """Where a reader sees the whole book."""


def is_url(source: str) -> bool:
    """Whether it lies on the web rather than on disk."""
    return source.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page of a book as a source lists it: where its ALTO and its scan are, not what is in them.

    Without `alto` the whole scan is the picture (a plain folder of pictures).
    """

    id: str
    """The library's own identifier of the page: a URN, a canvas id, a file's name without its ending."""
    number: int
    """Its place in the book, from 1."""
    label: str = ""
    """What is printed on it: `iv`, `12`."""
    alto: str | None = None
    """A path or an http(s) URL."""
    scan: str | None = None
    """A path or an http(s) URL of a whole picture."""
    image_service: str | None = None
    """Base URI of a IIIF Image API service, without the slash at its end."""
    image_api_version: int = 2
    """The version that the service speaks: 1, 2 or 3."""
    width: int | None = None
    """Pixels of the scan, where the source says."""
    height: int | None = None
    viewer: str = ""
    """Where a reader sees this page."""
    catalogue_label: str = ""
    """What a person called the picture (a CSV's `label` column)."""
    caption: str = ""
    """What a person wrote below the picture (a CSV's `caption` column)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A book with its pages in order, as a source hands it to the pipeline."""

    book: Book
    leaves: tuple[Leaf, ...]
    warnings: tuple[str, ...] = ()
    """What the source could not find or read, in sentences for the report."""
    is_complete: bool = False
    """Whether the source lists every page of the book (METS, a manifest, a folder): then what is not here is gone."""


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
