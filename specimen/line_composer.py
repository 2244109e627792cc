"""Sets words in lines, with the ink box of each word and its simulated OCR."""

from core.geometry import Box
from specimen.ocr import OcrSimulator
from specimen.pages import Edition, Role, TextElement, TypesetLine, TypesetWord
from specimen.typeset import Line, Piece, StyledWord, break_lines, ink_box, styled_words, text_width

CAPTION_SCALE, RUNNING_HEAD_SCALE = 0.92, 0.86
"""Type sizes of captions and running heads, as shares of the body size."""
WORD_SPACE = 0.3
"""Ems between the words of a single line."""


class LineComposer:
    """Sets lines in the typefaces of one book; simulated OCR reads them in this order."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._ocr = OcrSimulator(edition.ocr_error_rate, edition.year)

    def styled_words(self, text: str, face: str) -> list[StyledWord]:
        emphasis = self._edition.faces.get("emphasis", face)
        return styled_words(text, face, emphasis, with_long_s=self._edition.uses_long_s and face == "fraktur")

    def set_line(
        self, line: Line, x: float, baseline: float, size: float, *, first_word: str = "", error_free: bool = False
    ) -> TypesetLine:
        """Set a justified line; OCR reads `first_word` in place of a first word that starts with a drop capital."""
        set_words = []
        for index, piece in enumerate(line.pieces):
            ocr_input = first_word if index == 0 else ""
            set_words.append(
                self._set_word(piece, x, baseline, size, ocr_input=ocr_input, error_free=error_free or bool(ocr_input))
            )
            x += text_width(piece.text, piece.face, size) + line.space
        return TypesetLine(tuple(set_words))

    def break_caption(self, text: str) -> list[Line]:
        geometry, face = self._edition.geometry, self._edition.faces["caption"]
        if not text:
            return []
        words = self.styled_words(text, face)
        return break_lines(words, [geometry.measure * 0.86], geometry.body * CAPTION_SCALE, "", justify=False)

    def set_caption_line(self, line: Line, left: float, baseline: float) -> TypesetLine:
        geometry = self._edition.geometry
        size = geometry.body * CAPTION_SCALE
        natural_width = sum(text_width(piece.text, piece.face, size) for piece in line.pieces) + line.space * (
            len(line.pieces) - 1
        )
        return self.set_line(line, left + (geometry.measure - natural_width) / 2, baseline, size, error_free=True)

    def set_centred_line(
        self, text: str, left: float, baseline: float, scale: float, *, role: Role, face: str = ""
    ) -> TextElement:
        face = face or self._edition.faces.get(role, self._edition.faces["body"])
        size, measure = self._edition.geometry.body * scale, self._edition.geometry.measure
        words = [token.text for token in self.styled_words(text, face)]
        natural_width = _natural_width(words, face, size)
        if natural_width > measure:
            raise ValueError(f"the line is wider than the page: {text}")
        return TextElement(
            role, (self._set_single_line(words, left + (measure - natural_width) / 2, baseline, face, size),)
        )

    def set_running_head(self, title: str, folio: str, left: float, *, recto: bool) -> TextElement:
        """Set the title in the middle and the folio at the outer edge; OCR reads them as one line."""
        geometry, face = self._edition.geometry, self._edition.faces["running"]
        size, baseline = geometry.body * RUNNING_HEAD_SCALE, geometry.top - geometry.leading * 1.15
        words = [token.text for token in self.styled_words(title, face)]
        folio_left = left + geometry.measure - text_width(folio, face, size) if recto else left
        folio_words = self._set_single_line([folio], folio_left, baseline, face, size).words
        title_left = left + (geometry.measure - _natural_width(words, face, size)) / 2
        title_words = self._set_single_line(words, title_left, baseline, face, size).words
        return TextElement(
            "running", (TypesetLine((*title_words, *folio_words) if recto else (*folio_words, *title_words)),)
        )

    def _set_single_line(self, words: list[str], x: float, baseline: float, face: str, size: float) -> TypesetLine:
        set_words = []
        for word in words:
            set_words.append(self._set_word(Piece(word, face, 0, ""), x, baseline, size, error_free=True))
            x += text_width(word, face, size) + size * WORD_SPACE
        return TypesetLine(tuple(set_words))

    def _set_word(
        self, piece: Piece, x: float, baseline: float, size: float, *, ocr_input: str = "", error_free: bool
    ) -> TypesetWord:
        ocr_text, confidence = self._ocr.read_word(ocr_input or piece.text, clean=error_free or piece.hyphen_part > 0)
        left, top, right, bottom = ink_box(piece.text, piece.face, size)
        return TypesetWord(
            printed_text=piece.text,
            ocr_text=ocr_text,
            confidence=confidence,
            face=piece.face,
            size=size,
            x=x,
            baseline=baseline,
            box=Box(x + left, baseline + top, right - left, bottom - top),
            hyphen_part=piece.hyphen_part,
            whole_word=piece.whole_word if piece.hyphen_part else "",
        )


def _natural_width(words: list[str], face: str, size: float) -> float:
    return sum(text_width(word, face, size) for word in words) + size * WORD_SPACE * (len(words) - 1)
