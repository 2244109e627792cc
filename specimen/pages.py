"""Typeset pages as data: elements in reading order, in pixels of the scan before skew."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.geometry import Box

FloatArray = NDArray[np.float64]
Role = Literal["text", "heading", "caption", "running", "folio"]
PageKind = Literal["title", "imprint", "text", "plates", "blank"]
PictureLabel = Literal["illustration", "map", "chart", "music", "ornament", "blank", "anomaly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesetWord:
    """A word, or a part of one at the end of a line, as printed and as OCR reads it."""

    printed_text: str
    ocr_text: str
    confidence: float
    face: str
    size: float
    x: float
    baseline: float
    box: Box
    hyphen_part: int = 0
    """1 and 2 for the parts of a hyphenated word, 0 for a whole word."""
    whole_word: str = ""
    """The whole word, as OCR joins it."""


@dataclass(frozen=True, slots=True)
class TypesetLine:
    words: tuple[TypesetWord, ...]

    @property
    def box(self) -> Box:
        return Box.from_boxes([word.box for word in self.words])


@dataclass(frozen=True, slots=True)
class TextElement:
    role: Role
    lines: tuple[TypesetLine, ...]
    picture_index: int = -1
    """For a caption, the index of its picture in the elements of the page."""

    @property
    def box(self) -> Box:
        return Box.from_boxes([line.box for line in self.lines])


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureElement:
    block_name: str
    """The drawing; empty if the segmentation took something else for a picture."""
    label: PictureLabel
    subject: str
    box: Box
    hidden_text: TextElement | None = None
    """Text that the segmentation takes for a picture: printed, but not read by OCR."""


PageElement = TextElement | PictureElement


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesetPage:
    """One page: a side of a leaf."""

    number: int
    label: str
    kind: PageKind
    width: int
    height: int
    is_recto: bool
    elements: tuple[PageElement, ...]
    chapter: str = ""

    @property
    def pictures(self) -> tuple[PictureElement, ...]:
        return tuple(element for element in self.elements if isinstance(element, PictureElement))

    def move_boxes(self, move_box: Callable[[Box], Box], picture_boxes: dict[int, Box]) -> "TypesetPage":
        """Return the page as scanned: boxes moved by `move_box`, pictures at the boxes of their ink."""
        moved_elements = tuple(
            _move_element(element, move_box, picture_boxes.get(index)) for index, element in enumerate(self.elements)
        )
        return replace(self, elements=moved_elements)


def _move_element(element: PageElement, move_box: Callable[[Box], Box], ink_box: Box | None) -> PageElement:
    if isinstance(element, PictureElement):
        return replace(element, box=ink_box or move_box(element.box))
    lines = tuple(
        TypesetLine(tuple(replace(word, box=move_box(word.box)) for word in line.words)) for line in element.lines
    )
    return replace(element, lines=lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Page size and type area, in pixels of the scan."""

    width: int
    height: int
    inner: float
    outer: float
    top: float
    bottom: float
    body: float
    leading: float

    @property
    def measure(self) -> float:
        return self.width - self.inner - self.outer

    @property
    def depth(self) -> float:
        return self.height - self.top - self.bottom

    def left(self, *, recto: bool) -> float:
        return self.inner if recto else self.outer


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperStock:
    """The appearance of a book's paper and ink."""

    tone: tuple[int, int, int]
    ink: tuple[int, int, int]
    foxing: float = 0.0
    """Average number of brown spots per page."""
    show_through: float = 0.10
    """How much print shows through from the other side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A book: its catalogue record, typography and scanning."""

    id: str
    manuscript: str
    title: str
    subtitle: str = ""
    authors: tuple[tuple[str, str], ...]
    """(surname, given names)."""
    publisher: str
    place: str
    year: int
    language: str
    """ISO 639-2/B."""
    genre: str
    subjects: tuple[str, ...]
    urn: str
    extent: str
    alto_dialect: Literal["docworks", "bnf", "escriptorium"]
    faces: dict[str, str] = field(default_factory=dict)
    """Role → typeface; see `typeset.FACES`."""
    geometry: Geometry
    hyphenation_language: str = ""
    """Pyphen's name of the language; empty for no hyphenation."""
    uses_long_s: bool = False
    ocr_error_rate: float = 0.0
    """The share of words that OCR misreads."""
    paper: PaperStock
