"""The page that is being made up, and those that are done."""

from specimen.composing import ComposingStick
from specimen.drawings.registry import Block
from specimen.pages import Edition, Element, PageKind, PictureElement, PrintedPage, Rect, Role, SetLine, TextElement
from specimen.typeset import Line


class Forme:
    """Type and blocks are put in from the top; `y` is how far down it is full."""

    def __init__(self, edition: Edition) -> None:
        self.geometry = edition.geometry
        self.stick = ComposingStick(edition)
        self.pages: list[PrintedPage] = []
        self.y = 0.0
        self.chapter = ""
        self.kind: PageKind | None = None
        """Of the page under way; None between two pages."""
        self._opening = False
        self._folio = 0
        self._elements: list[Element] = []

    @property
    def recto(self) -> bool:
        return len(self.pages) % 2 == 0

    @property
    def left(self) -> float:
        return self.geometry.left(recto=self.recto)

    @property
    def end(self) -> float:
        return self.geometry.height - self.geometry.bottom

    @property
    def empty(self) -> bool:
        """Nothing below the running head."""
        return len(self._elements) <= 1

    def open(self, kind: PageKind, *, opening: bool = False) -> None:
        """A new page; an `opening` of a chapter has its folio at the foot and no running head."""
        self.close()
        self.kind, self._opening, self._elements, self.y = kind, opening, [], self.geometry.top
        # Pages of plates are counted, but carry no number.
        self._folio += bool(self._folio) or kind == "text"
        if kind == "text" and not opening:
            head = self.stick.running_head(self.chapter, str(self._folio), self.left, recto=self.recto)
            self._elements.append(head)

    def close(self) -> None:
        if self.kind is None:
            return
        if self.kind == "text" and self._opening:
            self.centred(str(self._folio), self.end + self.geometry.leading * 1.5, 0.9, role="folio")
        page = PrintedPage(
            number=len(self.pages) + 1,
            label=str(self._folio) if self.kind == "text" else "",
            kind=self.kind,
            width=self.geometry.width,
            height=self.geometry.height,
            recto=self.recto,
            elements=tuple(self._elements),
            chapter=self.chapter,
        )
        self.kind = None
        self.pages.append(page)

    def put(self, figure: Block, x: float, y: float) -> None:
        box = Rect(x, y, figure.width, figure.height)
        self.mark(PictureElement(name=figure.name, label=figure.label, subject=figure.subject, box=box))

    def middle(self, figure: Block) -> None:
        self.put(figure, self.left + (self.geometry.measure - figure.width) / 2, self.y)
        self.y += figure.height

    def mark(self, picture: PictureElement) -> None:
        """What the segmentation calls a picture, printed or not."""
        self._elements.append(picture)

    def text(self, lines: list[SetLine]) -> None:
        if lines:
            self._elements.append(TextElement("text", tuple(lines)))

    def centred(self, text: str, base: float, scale: float, *, role: Role, face: str = "") -> None:
        self._elements.append(self.stick.centred(text, self.left, base, scale, role=role, face=face))

    def caption(self, lines: list[Line]) -> None:
        """Below the picture that was put in last."""
        picture, kept = len(self._elements) - 1, []
        self.y += self.geometry.leading * 0.25 if lines else 0
        for line in lines:
            self.y += self.geometry.leading * 0.98
            kept.append(self.stick.caption_line(line, self.left, self.y))
        if kept:
            self._elements.append(TextElement("caption", tuple(kept), picture))
