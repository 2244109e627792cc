"""The text and the pictures of one page as frozen dataclasses: words, lines, blocks.

The origin of coordinates is the upper left corner. A `Page` has its own unit; `Page.scale` converts it to the pixels of
a scan.
"""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Self

from core.geometry import Box

Unit = Literal["pixel", "mm10", "inch1200"]


class Word(NamedTuple):
    """One ALTO `String`. The first part of a hyphenated word has the whole word, the second is empty."""

    text: str
    x: float
    y: float
    width: float
    height: float
    confidence: float | None = None
    """ALTO's `WC`, 0 to 1; None if missing."""

    @property
    def box(self) -> Box:
        # A page has thousands of words, and a box takes as long to create as a word, so it is made when it is needed.
        return Box(self.x, self.y, self.width, self.height)

    @classmethod
    def in_box(cls, text: str, box: Box, confidence: float | None = None) -> Self:
        return cls(text, *box, confidence)

    def move(self, box: Box) -> Self:
        """Return the word in another box."""
        return self.in_box(self.text, box, self.confidence)

    def scale(self, factor: float) -> Self:
        return self.move(self.box.scale(factor))


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
    """One page of ALTO, with all numbers in one coordinate space."""

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
