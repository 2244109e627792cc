"""The pictures of a page with the words printed around them: caption, text before and after, whole page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from indexer.context.captions import find_captions
from indexer.context.furniture import find_furniture, has_catchword_line
from indexer.context.layout import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    BlockIndices,
    BoolArray,
    Float64Array,
    PageLayout,
    box_edges,
    horizontal_overlap,
    is_mostly_inside,
)
from indexer.context.page_scale import UNSCALED, PageScale
from indexer.records import Context, GraphicalElement, Page, PictureBlock, TextLine, TextPassage

MAX_CONTEXT_WORDS = 60
"""The number of words before and after a picture that are its context."""


def extract_graphical_elements(page: Page, scale: PageScale = UNSCALED) -> tuple[GraphicalElement, ...]:
    """Return the page's pictures in pixels of its scan, each with the words around it."""
    page = page.scale(scale.factor) if scale.factor != 1 else page
    if not page.pictures:
        return ()
    width, height = scale.scan_size or (page.width, page.height)
    layout = PageLayout(page)
    return tuple(
        GraphicalElement(
            alto_id=picture.id,
            block_type=picture.block_type,
            box=(picture.box.clip(width, height) if width and height else picture.box).to_pixel_box(),
            context=context,
            line_height=layout.line_height if layout.line_count else 0.0,
        )
        for picture, context in zip(page.pictures, _contexts(layout), strict=True)
    )


class OcrToken(NamedTuple):
    text: str
    confidence: float | None


def _tokens(lines: Iterable[TextLine]) -> list[OcrToken]:
    """Split the lines into words at white space, for kraken writes a whole line as one `String`."""
    return [OcrToken(text, word.confidence) for line in lines for word in line.words for text in word.text.split()]


def _passage(tokens: Sequence[OcrToken]) -> TextPassage:
    confidences = [token.confidence for token in tokens if token.confidence is not None]
    return TextPassage(
        " ".join(token.text for token in tokens), sum(confidences) / len(confidences) if confidences else None
    )


def _contexts(layout: PageLayout) -> list[Context]:
    page = layout.page
    is_furniture = find_furniture(layout)
    is_label = _picture_labels(layout.block_edges, layout.picture_edges)
    caption_blocks = find_captions(layout, is_furniture, is_label)
    excluded = is_furniture | is_label
    excluded[[block for blocks in caption_blocks for block in blocks]] = True
    text_flow = TextFlow.from_layout(layout, excluded)
    page_text = _passage(_tokens(line for block in text_flow.all_blocks for line in page.blocks[block].lines))
    contexts = []
    for index, blocks in enumerate(caption_blocks):
        before, after = text_flow.context_tokens(index)
        caption = _passage(_tokens(line for block in blocks for line in page.blocks[block].lines))
        contexts.append(Context(caption=caption, before=_passage(before), after=_passage(after), page_text=page_text))
    return contexts


def _is_frame(is_inside: BoolArray) -> bool:
    """Return whether most of the text lies inside: the picture is an ornamental border or badly segmented."""
    return bool(np.count_nonzero(is_inside) * 2 > is_inside.size)


def _picture_labels(boxes: Float64Array, pictures: Float64Array) -> BoolArray:
    """Return which boxes are text inside a picture, as in a map; none if that would be most of the text."""
    is_label = np.zeros(len(boxes), dtype=bool)
    for picture in pictures:
        is_inside = is_mostly_inside(boxes, picture)
        if not _is_frame(is_inside):
            is_label |= is_inside
    return np.zeros_like(is_label) if _is_frame(is_label) else is_label


@dataclass(frozen=True)
class TextFlow:
    """The running text of a page, line by line in reading order, without headers, footers and captions."""

    layout: PageLayout
    text_blocks: list[int]
    """The blocks of running text, in reading order."""
    all_blocks: list[int]
    """All blocks, in reading order."""
    has_file_order: bool
    """Whether this is the order of the file; only then the positions of pictures in the file are meaningful."""

    @classmethod
    def from_layout(cls, layout: PageLayout, excluded: BoolArray) -> "TextFlow":
        text_blocks = [int(block) for block in np.flatnonzero(~excluded)]
        all_blocks = list(range(len(layout.blocks)))
        if not layout.is_out_of_order(text_blocks):
            return cls(layout, text_blocks, all_blocks, has_file_order=True)
        obstacles = [
            picture
            for picture, picture_edges in enumerate(layout.picture_edges)
            if not _is_frame(is_mostly_inside(layout.block_edges, picture_edges))
        ]
        return cls(
            layout,
            layout.reading_order(text_blocks, obstacles),
            layout.reading_order(all_blocks, obstacles),
            has_file_order=False,
        )

    @cached_property
    def lines(self) -> list[tuple[int, TextLine]]:
        """Each line with the index of its block."""
        lines = [(block, line) for block in self.text_blocks for line in self.layout.blocks[block].lines if line.text]
        lowest = max(self.text_blocks, key=lambda block: self.layout.block_edges[block, BOTTOM], default=-1)
        if lowest >= 0 and has_catchword_line(self.layout, lowest):
            del lines[max(index for index, (block, _) in enumerate(lines) if block == lowest)]
        label_flags = _picture_labels(self._compute_line_edges(lines), self.layout.picture_edges)
        return [line for line, is_label in zip(lines, label_flags, strict=True) if not is_label]

    @cached_property
    def line_blocks(self) -> BlockIndices:
        return np.array([block for block, _ in self.lines], dtype=np.intp)

    def _compute_line_edges(self, lines: Iterable[tuple[int, TextLine]]) -> Float64Array:
        """Return the edges of the lines; a line without a box has the box of its block."""
        return box_edges(line.box if line.box.area > 0 else self.layout.blocks[block].box for block, line in lines)

    @cached_property
    def line_edges(self) -> Float64Array:
        return self._compute_line_edges(self.lines)

    @cached_property
    def column_edges(self) -> Float64Array:
        """The edges of the lines, each as wide as its block."""
        column_edges = self.line_edges.copy()
        if len(column_edges):
            block_edges = self.layout.block_edges[self.line_blocks]
            column_edges[:, LEFT], column_edges[:, RIGHT] = block_edges[:, LEFT], block_edges[:, RIGHT]
        return column_edges

    @cached_property
    def line_tokens(self) -> list[list[OcrToken]]:
        """The words of each line."""
        return [_tokens([line]) for _, line in self.lines]

    def context_tokens(self, picture: int) -> tuple[list[OcrToken], list[OcrToken]]:
        """Return the nearest words before and after a picture."""
        is_inside = is_mostly_inside(self.line_edges, self.layout.picture_edges[picture])
        position = self.insertion_index(picture, is_inside)
        lines_before = self._nearest_lines(range(position - 1, -1, -1), is_inside)
        lines_after = self._nearest_lines(range(position, len(self.lines)), is_inside)
        return [token for line in reversed(lines_before) for token in line][-MAX_CONTEXT_WORDS:], [
            *chain.from_iterable(lines_after)
        ][:MAX_CONTEXT_WORDS]

    def _nearest_lines(self, lines: Iterable[int], is_inside: BoolArray) -> list[list[OcrToken]]:
        """Return lines outside the picture until they have `MAX_CONTEXT_WORDS` words."""
        nearest_lines: list[list[OcrToken]] = []
        word_count = 0
        for line in lines:
            if word_count >= MAX_CONTEXT_WORDS:
                break
            if not is_inside[line]:
                nearest_lines.append(self.line_tokens[line])
                word_count += len(self.line_tokens[line])
        return nearest_lines

    def insertion_index(self, picture: int, is_inside: BoolArray) -> int:
        """Return the index of the line before which the picture belongs.

        The best index has the fewest lines on the wrong side of the picture. Among equally good ones it is the position
        in the file, else the one next to the nearest line.
        """
        if not self.lines:
            return 0
        is_before, is_after, gap = self._side_masks(self.layout.picture_edges[picture])
        is_before, is_after = is_before & ~is_inside, is_after & ~is_inside
        weight = self.layout.line_height / (self.layout.line_height + gap)
        penalty = np.concatenate([[0.0], np.cumsum(weight * is_after)])
        penalty += np.concatenate([np.cumsum((weight * is_before)[::-1])[::-1], [0.0]])
        is_best = penalty <= penalty.min() + 1e-6
        file_position = self._file_position(self.layout.page.pictures[picture])
        if self.has_file_order and 0 < file_position < len(self.lines) and is_best[file_position]:
            return file_position
        distance = np.full(len(penalty), np.inf)
        distance[1:] = np.where(is_before, gap, np.inf)
        distance[:-1] = np.minimum(distance[:-1], np.where(is_after, gap, np.inf))
        return int(np.where(is_best, distance, np.inf).argmin())

    def _file_position(self, picture: PictureBlock) -> int:
        return int(np.searchsorted(self.line_blocks, picture.position)) if self.has_file_order else 0

    def _side_masks(self, picture: Float64Array) -> tuple[BoolArray, BoolArray, Float64Array]:
        """Return which lines come before the picture, which after it, and their distance from it.

        Text beside a picture in the same column comes after it: a paragraph that an initial opens, or text that wraps
        around the picture.
        """
        middles = (self.line_edges[:, TOP] + self.line_edges[:, BOTTOM]) / 2
        is_above, is_below = middles < picture[TOP], middles > picture[BOTTOM]
        gap = np.maximum(
            0, np.where(is_above, picture[TOP] - self.line_edges[:, BOTTOM], self.line_edges[:, TOP] - picture[BOTTOM])
        )
        in_column = horizontal_overlap(self.column_edges, picture) > 0.3
        is_beside = ~is_above & ~is_below
        is_to_right = is_beside & (self.column_edges[:, LEFT] >= picture[LEFT])
        if in_column.any():
            height, line_height = picture[BOTTOM] - picture[TOP], self.layout.line_height
            is_initial = height <= 8 * line_height
            is_opened_by_initial = (
                is_to_right & is_initial & (self.column_edges[:, LEFT] - picture[RIGHT] <= 2 * line_height)
            )
            return in_column & is_above, (in_column & ~is_above) | is_opened_by_initial, gap
        return is_above | (is_beside & ~is_to_right), is_below | is_to_right, gap
