"""A manuscript and its drawings made up into pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from specimen.drawings.registry import block
from specimen.forme import Forme
from specimen.manuscript import Mark
from specimen.pages import Edition, PageKind, PictureElement, PrintedPage, Rect, SetLine, TextElement
from specimen.typeset import Line, Token, break_lines

GAP = 26.0
"""White above and below a picture."""
INDENT = 1.4
"""Of a paragraph, in ems."""
INITIAL_ROWS, CAP_HEIGHT = 3, 0.76
"""Lines beside a drop capital, and a capital's height in ems: the initial lines up with both."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines with their insets; `first` is the whole first word where a drop capital took its letter."""

    lines: list[Line]
    insets: list[float]
    first: str = ""


class Compositor:
    """Sets one book, mark by mark."""

    def __init__(self, edition: Edition) -> None:
        self._edition, self._geometry = edition, edition.geometry
        self._forme = Forme(edition)
        self._floats: list[Mark] = []
        """Pictures that wait for the head of the next page."""
        self._plates: list[Mark] = []
        """Pages of plates that wait for this one to be full."""
        self._indent = self._initial = self._cut = False

    def set(self, marks: Sequence[Mark]) -> list[PrintedPage]:
        """The whole book."""
        for mark in marks:
            getattr(self, f"_set_{mark.name or 'paragraph'}")(mark)
        self._drain()
        self._forme.close()
        self._print_plates()
        return self._forme.pages

    # Pages

    def _start(self, kind: PageKind, *, opening: bool = False) -> None:
        self._forme.close()
        self._print_plates()
        self._forme.open(kind, opening=opening)
        floats, self._floats = self._floats, []
        for waiting in floats:
            self._set_picture(waiting)

    def _drain(self) -> None:
        """Pages for pictures that found no room, before a chapter or the book ends."""
        while self._floats:
            self._start("text")

    def _print_plates(self) -> None:
        waiting, self._plates = self._plates, []
        for mark in waiting:
            self._forme.open("plates")
            (self._figures if mark.name == "plates" else self._full_page)(mark)
            self._forme.close()

    def _set_title(self, _: Mark) -> None:
        self._start("title")

    def _set_imprint(self, _: Mark) -> None:
        self._start("imprint")

    def _set_blank(self, mark: Mark) -> None:
        self._drain()
        self._start("blank")
        margin = float(mark.argument or 0)
        box = Rect(margin, margin, self._geometry.width - 2 * margin, self._geometry.height - 2 * margin)
        self._forme.mark(PictureElement(name="", label="blank", subject="", box=box))

    def _set_chapter(self, mark: Mark) -> None:
        running, _, heading = mark.text.partition("|")
        self._drain()
        self._forme.chapter = running.strip()
        self._start("text", opening=True)
        self._forme.middle(block(mark.argument))
        self._forme.y += self._geometry.leading * 1.5
        self._heading(heading.strip(), 1.75)

    # Pictures

    def _set_plates(self, mark: Mark) -> None:
        self._plates.append(mark)

    def _set_full(self, mark: Mark) -> None:
        self._plates.append(mark)
        if self._forme.kind == "title":
            self._forme.close()
            self._print_plates()

    def _figures(self, mark: Mark) -> None:
        """Figures alone on a page, two abreast."""
        names = mark.argument.split()
        rows = [names[at : at + 2] for at in range(0, len(names), 2)]
        for row, pair in enumerate(rows):
            middle = self._geometry.top + self._geometry.depth * (row + 0.5) / len(rows)
            for column, name in enumerate(pair):
                figure = block(name)
                x = self._forme.left + self._geometry.measure * (column + 0.5) / len(pair) - figure.width / 2
                self._forme.put(figure, x, middle - figure.height / 2)

    def _full_page(self, mark: Mark) -> None:
        """A page for itself, the caption below."""
        figure, caption = block(mark.argument), self._forme.stick.caption_lines(mark.text)
        spare = self._geometry.depth - figure.height - len(caption) * self._geometry.leading
        self._forme.y += max(0.0, spare * 0.4)
        self._forme.middle(figure)
        self._forme.caption(caption)

    def _set_picture(self, mark: Mark) -> None:
        """In the text if there is room, else at the head of the next page."""
        figure, caption = block(mark.argument), self._forme.stick.caption_lines(mark.text)
        need = GAP * 1.4 + figure.height + len(caption) * self._geometry.leading
        if self._forme.y + need > self._forme.end + 4:
            if self._forme.y == self._geometry.top:
                raise ValueError(f"higher than the page: {mark.argument}")
            self._floats.append(mark)
            return
        self._forme.y += 0 if self._forme.empty else GAP
        self._forme.middle(figure)
        self._forme.caption(caption)
        self._forme.y += GAP * 0.7
        self._indent = True

    def _set_ornament(self, mark: Mark) -> None:
        figure = block(mark.argument)
        if self._forme.y + GAP * 2 + figure.height > self._forme.end and self._forme.kind == "text":
            self._start("text")
        self._forme.y += GAP * 0.8
        self._forme.middle(figure)
        self._forme.y += GAP * 0.2

    def _set_tail(self, mark: Mark) -> None:
        """A tailpiece, where the page has room for it."""
        figure = block(mark.argument)
        room = self._forme.end - self._forme.y - figure.height
        if room >= GAP * 2:
            self._forme.y += min(room / 2, GAP * 2.5)
            self._forme.middle(figure)

    # Text

    def _set_section(self, mark: Mark) -> None:
        if self._forme.y + self._geometry.leading * 5 > self._forme.end:
            self._start("text")
        self._forme.y += self._geometry.leading * 0.6
        self._heading(mark.text, 1.15)

    def _heading(self, text: str, scale: float) -> None:
        self._forme.y += self._geometry.body * scale
        self._forme.centred(text, self._forme.y, scale, role="heading")
        self._forme.y += self._geometry.leading * 0.85
        self._indent = False

    def _set_line(self, mark: Mark) -> None:
        scale, _, face = mark.argument.partition(" ")
        size = float(scale)
        self._forme.y += self._geometry.body * size
        self._forme.centred(mark.text, self._forme.y, size, role="text", face=face)
        self._forme.y += self._geometry.body * size * 0.45

    def _set_space(self, mark: Mark) -> None:
        self._forme.y += float(mark.argument)

    def _set_initial(self, _: Mark) -> None:
        self._initial = True

    def _set_cut(self, _: Mark) -> None:
        self._cut = True

    def _set_paragraph(self, mark: Mark) -> None:
        words = self._forme.stick.tokens(mark.text, self._edition.faces["body"])
        if self._cut:
            self._cut_out(words)
        elif self._initial:
            self._pour(self._with_initial(words))
        else:
            inset = INDENT * self._geometry.body if self._indent else 0.0
            self._pour(Paragraph(self._lines(words, [inset, 0.0]), [inset, 0.0]))
        self._indent, self._initial, self._cut = True, False, False

    def _lines(self, words: list[Token], insets: list[float]) -> list[Line]:
        measures = [self._geometry.measure - inset for inset in insets]
        return break_lines(words, measures, self._geometry.body, self._edition.hyphens)

    def _with_initial(self, words: list[Token]) -> Paragraph:
        """The drop capital beside the first lines; the word that it opens is read whole."""
        leading, cap = self._geometry.leading, CAP_HEIGHT * self._geometry.body
        whole, height = words[0].text, round((INITIAL_ROWS - 1) * leading + cap)
        figure = block(f"initial-{self._edition.faces['initial']}-{whole[0]}-{height}")
        self._forme.y += leading * 0.35
        self._forme.put(figure, self._forme.left, self._forme.y + leading - cap)
        insets = [figure.width + self._geometry.body * 0.4] * INITIAL_ROWS + [0.0]
        return Paragraph(self._lines([Token(whole[1:], words[0].face), *words[1:]], insets), insets, whole)

    def _pour(self, paragraph: Paragraph) -> None:
        """Lines down the page and over to the next."""
        run: list[SetLine] = []
        for row, line in enumerate(paragraph.lines):
            if self._turns(paragraph.lines, row):
                self._forme.text(run)
                run = []
                self._start("text")
            self._forme.y += self._geometry.leading
            x = self._forme.left + paragraph.insets[min(row, len(paragraph.insets) - 1)]
            first = paragraph.first if row == 0 else ""
            run.append(self._forme.stick.line(line, x, self._forme.y, self._geometry.body, first=first))
        self._forme.text(run)

    def _turns(self, lines: list[Line], row: int) -> bool:
        """Whether the page ends before that line: two lines at least stay together, and so do the parts of a word."""
        room, left = int((self._forme.end - self._forme.y + 2) // self._geometry.leading), len(lines) - row
        if room < 1:
            return True
        if row and lines[row - 1].pieces[-1].part == 1:
            return False
        return room == 1 and (left > 1 if row == 0 else left == 2 and row > 1)

    def _cut_out(self, words: list[Token]) -> None:
        """Printed like any other paragraph, but taken for a picture, so that no word of it is read."""
        leading, lines = self._geometry.leading, self._lines(words, [0.0])
        if self._forme.y + leading * len(lines) > self._forme.end:
            self._start("text")
        first = self._forme.y + leading * 1.2
        kept = [
            self._forme.stick.line(line, self._forme.left, first + leading * row, self._geometry.body)
            for row, line in enumerate(lines)
        ]
        hidden = TextElement("text", tuple(kept))
        box = Rect(hidden.box.x - 6, hidden.box.y - 5, hidden.box.width + 12, hidden.box.height + 10)
        self._forme.mark(PictureElement(name="", label="anomaly", subject="text", box=box, hidden=hidden))
        self._forme.y = first + leading * (len(lines) - 0.8)
