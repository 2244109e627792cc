"""The words printed around a picture: its caption, the text before and after it, the whole page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from indexer.context.captions import captions
from indexer.context.furniture import furniture, is_catchword_line
from indexer.context.layout import BOTTOM, LEFT, RIGHT, TOP, Flags, Floats, Indices, Layout, edges, share_of_narrower
from indexer.records import Context, GraphicalElement, Page, Passage, PictureBlock, TextLine

WORDS = 60
"""How many words before and after a picture are its context."""

ODD_RATIO = 0.02
"""Scans are cut and rounded; a page and its scan that differ by more are not the same picture."""


def scale(page: Page, width: int | None, height: int | None) -> tuple[float, str]:
    """Pixels of the scan for each unit of the page, and a warning when the two have different shapes."""
    if not width or not page.width:
        return 1.0, ""
    factor = width / page.width
    if not height or not page.height or abs(height / page.height / factor - 1) <= ODD_RATIO:
        return factor, ""
    sizes = f"the page is {page.width:g} × {page.height:g}, its scan {width} × {height} pixels"
    return factor, f"{sizes}: different shapes, so boxes may be off"


def elements(page: Page, scan_width: int | None = None, scan_height: int | None = None) -> tuple[GraphicalElement, ...]:
    """The page's pictures in pixels of its scan, each with the words around it."""
    factor, _ = scale(page, scan_width, scan_height)
    page = page.scaled(factor) if factor != 1 else page
    width, height = scan_width or page.width, scan_height or page.height
    contexts = _contexts(page)
    return tuple(
        GraphicalElement(
            alto_id=picture.id,
            kind=picture.kind,
            box=(picture.box.clipped(width, height) if width and height else picture.box).rounded(),
            context=context,
        )
        for picture, context in zip(page.pictures, contexts, strict=True)
    )


class Token(NamedTuple):
    text: str
    confidence: float | None


def _tokens(lines: Iterable[TextLine]) -> list[Token]:
    """Words parted by white; kraken writes a whole line as one `String`."""
    return [Token(text, word.confidence) for line in lines for word in line.words for text in word.text.split()]


def _passage(tokens: Sequence[Token]) -> Passage:
    known = [token.confidence for token in tokens if token.confidence is not None]
    return Passage(" ".join(token.text for token in tokens), sum(known) / len(known) if known else None)


def _contexts(page: Page) -> list[Context]:
    if not page.pictures:
        return []
    layout = Layout(page)
    left_out = furniture(layout) | _labels(layout.rows, layout.pictures)
    captioned = captions(layout, left_out)
    left_out[[block for blocks in captioned for block in blocks]] = True
    flow = Flow.of(layout, left_out)
    whole = _passage(_tokens(line for block in flow.page_order for line in page.blocks[block].lines))
    contexts = []
    for index, blocks in enumerate(captioned):
        before, after = flow.around(index)
        caption = _passage(_tokens(line for block in blocks for line in page.blocks[block].lines))
        contexts.append(Context(caption=caption, before=_passage(before), after=_passage(after), page_text=whole))
    return contexts


def _inside(rows: Floats, picture: Floats) -> Flags:
    """Which boxes lie for the most part within the picture."""
    width = np.minimum(rows[:, RIGHT], picture[RIGHT]) - np.maximum(rows[:, LEFT], picture[LEFT])
    height = np.minimum(rows[:, BOTTOM], picture[BOTTOM]) - np.maximum(rows[:, TOP], picture[TOP])
    area = (rows[:, RIGHT] - rows[:, LEFT]) * (rows[:, BOTTOM] - rows[:, TOP])
    within: Flags = np.clip(width, 0, None) * np.clip(height, 0, None) > 0.6 * area
    return within


def _is_frame(inside: Flags) -> bool:
    """An ornamental border, or a bad segmentation: most of the page's text lies within it."""
    return bool(np.count_nonzero(inside) * 2 > inside.size)


def _labels(rows: Floats, pictures: Floats) -> Flags:
    """What is written within a picture, as in a map or a chart; where that is most of the text, nothing is."""
    found = np.zeros(len(rows), dtype=bool)
    for picture in pictures:
        inside = _inside(rows, picture)
        if not _is_frame(inside):
            found |= inside
    return np.zeros_like(found) if _is_frame(found) else found


@dataclass(frozen=True)
class Flow:
    """The text of a page, line by line in reading order, without what stands around it."""

    layout: Layout
    order: list[int]
    """The blocks that are text."""
    page_order: list[int]
    """All blocks."""
    trusted: bool
    """Whether that is the file's own order, so that the pictures' positions in it mean something."""

    @classmethod
    def of(cls, layout: Layout, left_out: Flags) -> "Flow":
        order = [int(each) for each in np.flatnonzero(~left_out)]
        everything = list(range(len(layout.blocks)))
        if not layout.contradicted(order):
            return cls(layout, order, everything, trusted=True)
        obstacles = [each for each, row in enumerate(layout.pictures) if not _is_frame(_inside(layout.rows, row))]
        return cls(layout, layout.read(order, obstacles), layout.read(everything, obstacles), trusted=False)

    @cached_property
    def lines(self) -> list[tuple[int, TextLine]]:
        """Each line with the number of its block."""
        lines = [(block, line) for block in self.order for line in self.layout.blocks[block].lines if line.text]
        lowest = max(self.order, key=lambda block: self.layout.rows[block, BOTTOM], default=-1)
        if lowest >= 0 and is_catchword_line(self.layout, lowest):
            del lines[max(each for each, (block, _) in enumerate(lines) if block == lowest)]
        labels = _labels(self._rows(lines), self.layout.pictures)
        return [line for line, label in zip(lines, labels, strict=True) if not label]

    @cached_property
    def blocks_of_lines(self) -> Indices:
        return np.array([block for block, _ in self.lines], dtype=np.intp)

    def _rows(self, lines: Iterable[tuple[int, TextLine]]) -> Floats:
        """Where they stand; a line without a box of its own where its block does."""
        return edges(line.box if line.box.area > 0 else self.layout.blocks[block].box for block, line in lines)

    @cached_property
    def rows(self) -> Floats:
        return self._rows(self.lines)

    @cached_property
    def columns(self) -> Floats:
        """The lines, each as wide as its block."""
        rows = self.rows.copy()
        if len(rows):
            blocks = self.layout.rows[self.blocks_of_lines]
            rows[:, LEFT], rows[:, RIGHT] = blocks[:, LEFT], blocks[:, RIGHT]
        return rows

    @cached_property
    def tokens(self) -> list[list[Token]]:
        """Each line's words."""
        return [_tokens([line]) for _, line in self.lines]

    def around(self, picture: int) -> tuple[list[Token], list[Token]]:
        """The words before and after a picture, nearest ones only."""
        inside = _inside(self.rows, self.layout.pictures[picture])
        place = self.place(picture, inside)
        before = self._nearest(range(place - 1, -1, -1), inside)
        after = self._nearest(range(place, len(self.lines)), inside)
        return [token for line in reversed(before) for token in line][-WORDS:], [*chain.from_iterable(after)][:WORDS]

    def _nearest(self, lines: Iterable[int], inside: Flags) -> list[list[Token]]:
        """As many lines that are not inside the picture as hold enough words."""
        found: list[list[Token]] = []
        words = 0
        for line in lines:
            if words >= WORDS:
                break
            if not inside[line]:
                found.append(self.tokens[line])
                words += len(self.tokens[line])
        return found

    def place(self, picture: int, inside: Flags) -> int:
        """Before which line the picture belongs: where the fewest lines above it come after it, or the other way round.

        Among places that are equally good, the file's own; else the one next to the nearest line.
        """
        if not self.lines:
            return 0
        before, after, gap = self._sides(self.layout.pictures[picture])
        before, after = before & ~inside, after & ~inside
        weight = self.layout.line_height / (self.layout.line_height + gap)
        wrong = np.concatenate([[0.0], np.cumsum(weight * after)])
        wrong += np.concatenate([np.cumsum((weight * before)[::-1])[::-1], [0.0]])
        good = wrong <= wrong.min() + 1e-6
        written = self._written(self.layout.page.pictures[picture])
        if self.trusted and 0 < written < len(self.lines) and good[written]:
            return written
        nearest = np.full(len(wrong), np.inf)
        nearest[1:] = np.where(before, gap, np.inf)
        nearest[:-1] = np.minimum(nearest[:-1], np.where(after, gap, np.inf))
        return int(np.where(good, nearest, np.inf).argmin())

    def _written(self, picture: PictureBlock) -> int:
        return int(np.searchsorted(self.blocks_of_lines, picture.position)) if self.trusted else 0

    def _sides(self, picture: Floats) -> tuple[Flags, Flags, Floats]:
        """Which lines a reader meets before the picture, which after, and how far they are from it.

        Text beside a picture in its own column comes after it: an initial's paragraph, a text that runs round it.
        """
        middles = (self.rows[:, TOP] + self.rows[:, BOTTOM]) / 2
        above, below = middles < picture[TOP], middles > picture[BOTTOM]
        gap = np.maximum(0, np.where(above, picture[TOP] - self.rows[:, BOTTOM], self.rows[:, TOP] - picture[BOTTOM]))
        column = share_of_narrower(self.columns, picture) > 0.3
        beside = ~above & ~below
        to_right = beside & (self.columns[:, LEFT] >= picture[LEFT])
        if column.any():
            height, line = picture[BOTTOM] - picture[TOP], self.layout.line_height
            initial = height <= 8 * line
            opened = to_right & initial & (self.columns[:, LEFT] - picture[RIGHT] <= 2 * line)
            return column & above, (column & ~above) | opened, gap
        return above | (beside & ~to_right), below | to_right, gap
