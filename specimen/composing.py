"""Words set in lines with the ink box of each, and what the OCR will make of them."""

from specimen.ocr import Engine
from specimen.pages import Edition, Rect, Role, SetLine, SetWord, TextElement
from specimen.typeset import Line, Piece, Token, break_lines, ink_box, tokens, width

CAPTION, HEAD = 0.92, 0.86
"""Sizes of captions and running heads, as shares of the body's."""
WORD_SPACE = 0.3
"""Ems between the words of a line that stands alone."""


class ComposingStick:
    """Sets lines in one book's faces; the engine reads them in the order they are set."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._engine = Engine(edition.errors, edition.year)

    def tokens(self, text: str, face: str) -> list[Token]:
        emphasis = self._edition.faces.get("emphasis", face)
        return tokens(text, face, emphasis, old=self._edition.long_s and face == "fraktur")

    def line(self, line: Line, x: float, base: float, size: float, *, first: str = "", clean: bool = False) -> SetLine:
        """A justified line; `first` is what its first word is read as when a drop capital begins it."""
        made = []
        for at, piece in enumerate(line.pieces):
            opens = first if at == 0 else ""
            made.append(self._word(piece, x, base, size, read=opens, clean=clean or bool(opens)))
            x += width(piece.text, piece.face, size) + line.space
        return SetLine(tuple(made))

    def caption_lines(self, text: str) -> list[Line]:
        geometry, face = self._edition.geometry, self._edition.faces["caption"]
        if not text:
            return []
        words = self.tokens(text, face)
        return break_lines(words, [geometry.measure * 0.86], geometry.body * CAPTION, "", justify=False)

    def caption_line(self, line: Line, left: float, base: float) -> SetLine:
        geometry = self._edition.geometry
        size = geometry.body * CAPTION
        natural = sum(width(p.text, p.face, size) for p in line.pieces) + line.space * (len(line.pieces) - 1)
        return self.line(line, left + (geometry.measure - natural) / 2, base, size, clean=True)

    def centred(self, text: str, left: float, base: float, scale: float, *, role: Role, face: str = "") -> TextElement:
        face = face or self._edition.faces.get(role, self._edition.faces["body"])
        size, measure = self._edition.geometry.body * scale, self._edition.geometry.measure
        words = [token.text for token in self.tokens(text, face)]
        natural = _natural(words, face, size)
        if natural > measure:
            raise ValueError(f"wider than the page: {text}")
        return TextElement(role, (self._alone(words, left + (measure - natural) / 2, base, face, size),))

    def running_head(self, title: str, folio: str, left: float, *, recto: bool) -> TextElement:
        """The title in the middle and the folio at the outer edge, on one line as the OCR sees it."""
        geometry, face = self._edition.geometry, self._edition.faces["running"]
        size, base = geometry.body * HEAD, geometry.top - geometry.leading * 1.15
        words = [token.text for token in self.tokens(title, face)]
        outer = left + geometry.measure - width(folio, face, size) if recto else left
        number = self._alone([folio], outer, base, face, size).words
        middle = left + (geometry.measure - _natural(words, face, size)) / 2
        running = self._alone(words, middle, base, face, size).words
        return TextElement("running", (SetLine((*running, *number) if recto else (*number, *running)),))

    def _alone(self, words: list[str], x: float, base: float, face: str, size: float) -> SetLine:
        made = []
        for word in words:
            made.append(self._word(Piece(word, face, 0, ""), x, base, size, clean=True))
            x += width(word, face, size) + size * WORD_SPACE
        return SetLine(tuple(made))

    def _word(self, piece: Piece, x: float, base: float, size: float, *, read: str = "", clean: bool) -> SetWord:
        ocr, sure = self._engine.read(read or piece.text, clean=clean or piece.part > 0)
        left, top, right, bottom = ink_box(piece.text, piece.face, size)
        return SetWord(
            printed=piece.text,
            ocr=ocr,
            confidence=sure,
            face=piece.face,
            size=size,
            x=x,
            base=base,
            box=Rect(x + left, base + top, right - left, bottom - top),
            part=piece.part,
            whole=piece.whole if piece.part else "",
        )


def _natural(words: list[str], face: str, size: float) -> float:
    return sum(width(word, face, size) for word in words) + size * WORD_SPACE * (len(words) - 1)
