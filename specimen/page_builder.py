"""Builds pages from lines and pictures."""

from core.geometry import Box
from specimen.drawings.registry import Block
from specimen.line_composer import LineComposer
from specimen.pages import (
    Edition,
    PageElement,
    PageKind,
    PictureElement,
    Role,
    TextElement,
    TypesetLine,
    TypesetPage,
)
from specimen.typeset import Line


class PageBuilder:
    """The current page, filled from the top, and the finished pages; `y` is the next free position."""

    def __init__(self, edition: Edition) -> None:
        self.geometry = edition.geometry
        self.line_composer = LineComposer(edition)
        self.pages: list[TypesetPage] = []
        self.y = 0.0
        self.chapter = ""
        self.kind: PageKind | None = None
        """The kind of the current page; None between two pages."""
        self._opens_chapter = False
        self._folio = 0
        self._elements: list[PageElement] = []

    @property
    def is_recto(self) -> bool:
        return len(self.pages) % 2 == 0

    @property
    def left_edge(self) -> float:
        return self.geometry.left(recto=self.is_recto)

    @property
    def bottom_edge(self) -> float:
        return self.geometry.height - self.geometry.bottom

    @property
    def is_empty(self) -> bool:
        """Whether the page has nothing below the running head."""
        return len(self._elements) <= 1

    def open_page(self, kind: PageKind, *, opens_chapter: bool = False) -> None:
        """Start a page; the first page of a chapter has its folio at the foot and no running head."""
        self.close_page()
        self.kind, self._opens_chapter, self._elements, self.y = kind, opens_chapter, [], self.geometry.top
        # Pages of plates are counted, but have no printed number.
        self._folio += bool(self._folio) or kind == "text"
        if kind == "text" and not opens_chapter:
            head = self.line_composer.set_running_head(
                self.chapter, str(self._folio), self.left_edge, recto=self.is_recto
            )
            self._elements.append(head)

    def close_page(self) -> None:
        if self.kind is None:
            return
        if self.kind == "text" and self._opens_chapter:
            self.add_centred_line(str(self._folio), self.bottom_edge + self.geometry.leading * 1.5, 0.9, role="folio")
        page = TypesetPage(
            number=len(self.pages) + 1,
            label=str(self._folio) if self.kind == "text" else "",
            kind=self.kind,
            width=self.geometry.width,
            height=self.geometry.height,
            is_recto=self.is_recto,
            elements=tuple(self._elements),
            chapter=self.chapter,
        )
        self.kind = None
        self.pages.append(page)

    def place_block(self, figure: Block, x: float, y: float) -> None:
        box = Box(x, y, figure.width, figure.height)
        self.add_picture(PictureElement(block_name=figure.name, label=figure.label, subject=figure.subject, box=box))

    def centre_block(self, figure: Block) -> None:
        self.place_block(figure, self.left_edge + (self.geometry.measure - figure.width) / 2, self.y)
        self.y += figure.height

    def add_picture(self, picture: PictureElement) -> None:
        """Add a picture, or text that the segmentation takes for one."""
        self._elements.append(picture)

    def add_text(self, lines: list[TypesetLine]) -> None:
        if lines:
            self._elements.append(TextElement("text", tuple(lines)))

    def add_centred_line(self, text: str, baseline: float, scale: float, *, role: Role, face: str = "") -> None:
        self._elements.append(
            self.line_composer.set_centred_line(text, self.left_edge, baseline, scale, role=role, face=face)
        )

    def add_caption(self, lines: list[Line]) -> None:
        """Set a caption below the last picture."""
        picture_index, caption_lines = len(self._elements) - 1, []
        self.y += self.geometry.leading * 0.25 if lines else 0
        for line in lines:
            self.y += self.geometry.leading * 0.98
            caption_lines.append(self.line_composer.set_caption_line(line, self.left_edge, self.y))
        if caption_lines:
            self._elements.append(TextElement("caption", tuple(caption_lines), picture_index))
