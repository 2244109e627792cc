"""Composes a manuscript and its drawings into pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.geometry import Box
from specimen.drawings.registry import block
from specimen.manuscript import Mark
from specimen.page_builder import PageBuilder
from specimen.pages import Edition, PageKind, PictureElement, TextElement, TypesetLine, TypesetPage
from specimen.typeset import Line, StyledWord, break_lines

PICTURE_GAP = 26.0
"""White space above and below a picture, in pixels."""
INDENT_EMS = 1.4
"""The indent of a paragraph."""
INITIAL_ROWS, CAP_HEIGHT = 3, 0.76
"""Lines beside a drop capital, and the height of a capital in ems, to which the initial is aligned."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines with their insets; `first_word` is the whole first word if its first letter is a drop capital."""

    lines: list[Line]
    insets: list[float]
    first_word: str = ""


class Compositor:
    """Composes one book, mark by mark."""

    def __init__(self, edition: Edition) -> None:
        self._edition, self._geometry = edition, edition.geometry
        self._page_builder = PageBuilder(edition)
        self._floats: list[Mark] = []
        """Pictures that will be placed at the top of the next page."""
        self._plates: list[Mark] = []
        """Plates that will follow the current page."""
        self._indent_next = self._initial_next = self._hide_next = False

    def compose(self, marks: Sequence[Mark]) -> list[TypesetPage]:
        """Return the pages of the book."""
        for mark in marks:
            getattr(self, f"_set_{mark.name or 'paragraph'}")(mark)
        self._place_floats()
        self._page_builder.close_page()
        self._print_plates()
        return self._page_builder.pages

    # Pages

    def _start_page(self, kind: PageKind, *, opens_chapter: bool = False) -> None:
        self._page_builder.close_page()
        self._print_plates()
        self._page_builder.open_page(kind, opens_chapter=opens_chapter)
        floats, self._floats = self._floats, []
        for mark in floats:
            self._set_picture(mark)

    def _place_floats(self) -> None:
        """Add pages for waiting pictures before a chapter or the book ends."""
        while self._floats:
            self._start_page("text")

    def _print_plates(self) -> None:
        plates, self._plates = self._plates, []
        for mark in plates:
            self._page_builder.open_page("plates")
            (self._place_figures if mark.name == "plates" else self._place_full_page)(mark)
            self._page_builder.close_page()

    def _set_title(self, _: Mark) -> None:
        self._start_page("title")

    def _set_imprint(self, _: Mark) -> None:
        self._start_page("imprint")

    def _set_blank(self, mark: Mark) -> None:
        self._place_floats()
        self._start_page("blank")
        margin = float(mark.argument or 0)
        box = Box(margin, margin, self._geometry.width - 2 * margin, self._geometry.height - 2 * margin)
        self._page_builder.add_picture(PictureElement(block_name="", label="blank", subject="", box=box))

    def _set_chapter(self, mark: Mark) -> None:
        running_head, _, heading = mark.text.partition("|")
        self._place_floats()
        self._page_builder.chapter = running_head.strip()
        self._start_page("text", opens_chapter=True)
        self._page_builder.centre_block(block(mark.argument))
        self._page_builder.y += self._geometry.leading * 1.5
        self._add_heading(heading.strip(), 1.75)

    # Pictures

    def _set_plates(self, mark: Mark) -> None:
        self._plates.append(mark)

    def _set_full(self, mark: Mark) -> None:
        self._plates.append(mark)
        if self._page_builder.kind == "title":
            self._page_builder.close_page()
            self._print_plates()

    def _place_figures(self, mark: Mark) -> None:
        """Place figures on a page without text, in two columns."""
        names = mark.argument.split()
        rows = [names[start : start + 2] for start in range(0, len(names), 2)]
        for row, row_names in enumerate(rows):
            row_centre = self._geometry.top + self._geometry.depth * (row + 0.5) / len(rows)
            for column, name in enumerate(row_names):
                figure = block(name)
                x = (
                    self._page_builder.left_edge
                    + self._geometry.measure * (column + 0.5) / len(row_names)
                    - figure.width / 2
                )
                self._page_builder.place_block(figure, x, row_centre - figure.height / 2)

    def _place_full_page(self, mark: Mark) -> None:
        """Place a figure on its own page, with the caption below."""
        figure, caption = block(mark.argument), self._page_builder.line_composer.break_caption(mark.text)
        spare = self._geometry.depth - figure.height - len(caption) * self._geometry.leading
        self._page_builder.y += max(0.0, spare * 0.4)
        self._page_builder.centre_block(figure)
        self._page_builder.add_caption(caption)

    def _set_picture(self, mark: Mark) -> None:
        """Place a picture in the text if there is room, else at the top of the next page."""
        figure, caption = block(mark.argument), self._page_builder.line_composer.break_caption(mark.text)
        needed_height = PICTURE_GAP * 1.4 + figure.height + len(caption) * self._geometry.leading
        if self._page_builder.y + needed_height > self._page_builder.bottom_edge + 4:
            if self._page_builder.y == self._geometry.top:
                raise ValueError(f"the picture is higher than the page: {mark.argument}")
            self._floats.append(mark)
            return
        self._page_builder.y += 0 if self._page_builder.is_empty else PICTURE_GAP
        self._page_builder.centre_block(figure)
        self._page_builder.add_caption(caption)
        self._page_builder.y += PICTURE_GAP * 0.7
        self._indent_next = True

    def _set_ornament(self, mark: Mark) -> None:
        figure = block(mark.argument)
        if (
            self._page_builder.y + PICTURE_GAP * 2 + figure.height > self._page_builder.bottom_edge
            and self._page_builder.kind == "text"
        ):
            self._start_page("text")
        self._page_builder.y += PICTURE_GAP * 0.8
        self._page_builder.centre_block(figure)
        self._page_builder.y += PICTURE_GAP * 0.2

    def _set_tail(self, mark: Mark) -> None:
        """Place a tailpiece if the page has room for it."""
        figure = block(mark.argument)
        space_left = self._page_builder.bottom_edge - self._page_builder.y - figure.height
        if space_left >= PICTURE_GAP * 2:
            self._page_builder.y += min(space_left / 2, PICTURE_GAP * 2.5)
            self._page_builder.centre_block(figure)

    # Text

    def _set_section(self, mark: Mark) -> None:
        if self._page_builder.y + self._geometry.leading * 5 > self._page_builder.bottom_edge:
            self._start_page("text")
        self._page_builder.y += self._geometry.leading * 0.6
        self._add_heading(mark.text, 1.15)

    def _add_heading(self, text: str, scale: float) -> None:
        self._page_builder.y += self._geometry.body * scale
        self._page_builder.add_centred_line(text, self._page_builder.y, scale, role="heading")
        self._page_builder.y += self._geometry.leading * 0.85
        self._indent_next = False

    def _set_line(self, mark: Mark) -> None:
        scale, _, face = mark.argument.partition(" ")
        size = float(scale)
        self._page_builder.y += self._geometry.body * size
        self._page_builder.add_centred_line(mark.text, self._page_builder.y, size, role="text", face=face)
        self._page_builder.y += self._geometry.body * size * 0.45

    def _set_space(self, mark: Mark) -> None:
        self._page_builder.y += float(mark.argument)

    def _set_initial(self, _: Mark) -> None:
        self._initial_next = True

    def _set_cut(self, _: Mark) -> None:
        self._hide_next = True

    def _set_paragraph(self, mark: Mark) -> None:
        words = self._page_builder.line_composer.styled_words(mark.text, self._edition.faces["body"])
        if self._hide_next:
            self._hide_paragraph(words)
        elif self._initial_next:
            self._flow_paragraph(self._place_initial(words))
        else:
            inset = INDENT_EMS * self._geometry.body if self._indent_next else 0.0
            self._flow_paragraph(Paragraph(self._break_paragraph(words, [inset, 0.0]), [inset, 0.0]))
        self._indent_next, self._initial_next, self._hide_next = True, False, False

    def _break_paragraph(self, words: list[StyledWord], insets: list[float]) -> list[Line]:
        measures = [self._geometry.measure - inset for inset in insets]
        return break_lines(words, measures, self._geometry.body, self._edition.hyphenation_language)

    def _place_initial(self, words: list[StyledWord]) -> Paragraph:
        """Place a drop capital beside the first lines; OCR reads the whole word that it begins."""
        leading, cap_height = self._geometry.leading, CAP_HEIGHT * self._geometry.body
        first_word, initial_height = words[0].text, round((INITIAL_ROWS - 1) * leading + cap_height)
        figure = block(f"initial-{self._edition.faces['initial']}-{first_word[0]}-{initial_height}")
        self._page_builder.y += leading * 0.35
        self._page_builder.place_block(
            figure, self._page_builder.left_edge, self._page_builder.y + leading - cap_height
        )
        insets = [figure.width + self._geometry.body * 0.4] * INITIAL_ROWS + [0.0]
        return Paragraph(
            self._break_paragraph([StyledWord(first_word[1:], words[0].face), *words[1:]], insets), insets, first_word
        )

    def _flow_paragraph(self, paragraph: Paragraph) -> None:
        """Set the lines of a paragraph, over several pages if necessary."""
        page_lines: list[TypesetLine] = []
        for row, line in enumerate(paragraph.lines):
            if self._needs_new_page(paragraph.lines, row):
                self._page_builder.add_text(page_lines)
                page_lines = []
                self._start_page("text")
            self._page_builder.y += self._geometry.leading
            x = self._page_builder.left_edge + paragraph.insets[min(row, len(paragraph.insets) - 1)]
            first_word = paragraph.first_word if row == 0 else ""
            page_lines.append(
                self._page_builder.line_composer.set_line(
                    line, x, self._page_builder.y, self._geometry.body, first_word=first_word
                )
            )
        self._page_builder.add_text(page_lines)

    def _needs_new_page(self, lines: list[Line], row: int) -> bool:
        """Return whether the line starts a new page; at least two lines, and both parts of a word, stay together."""
        lines_that_fit, lines_left = (
            int((self._page_builder.bottom_edge - self._page_builder.y + 2) // self._geometry.leading),
            len(lines) - row,
        )
        if lines_that_fit < 1:
            return True
        if row and lines[row - 1].pieces[-1].hyphen_part == 1:
            return False
        return lines_that_fit == 1 and (lines_left > 1 if row == 0 else lines_left == 2 and row > 1)

    def _hide_paragraph(self, words: list[StyledWord]) -> None:
        """Print a paragraph that the segmentation takes for a picture, so that OCR reads none of it."""
        leading, lines = self._geometry.leading, self._break_paragraph(words, [0.0])
        if self._page_builder.y + leading * len(lines) > self._page_builder.bottom_edge:
            self._start_page("text")
        first_baseline = self._page_builder.y + leading * 1.2
        set_lines = [
            self._page_builder.line_composer.set_line(
                line, self._page_builder.left_edge, first_baseline + leading * row, self._geometry.body
            )
            for row, line in enumerate(lines)
        ]
        hidden_text = TextElement("text", tuple(set_lines))
        box = Box(hidden_text.box.x - 6, hidden_text.box.y - 5, hidden_text.box.width + 12, hidden_text.box.height + 10)
        self._page_builder.add_picture(
            PictureElement(block_name="", label="anomaly", subject="text", box=box, hidden_text=hidden_text)
        )
        self._page_builder.y = first_baseline + leading * (len(lines) - 0.8)
