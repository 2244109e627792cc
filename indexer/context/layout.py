"""The layout of a page as arrays: edges of blocks and pictures, type sizes, columns and reading order.

Distances are measured in heights of a line, so that they hold at every resolution.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

import numpy as np
import numpy.typing as npt

from core.geometry import Box
from indexer.context.caption_words import has_caption_role
from indexer.records import Page, TextBlock

Float64Array = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
BlockIndices = npt.NDArray[np.intp]

LEFT, TOP, RIGHT, BOTTOM = range(4)

MAX_CUT_DEPTH = 40
"""Limit of the recursion: no printed page nests columns so deeply, but a hostile file may."""

MAX_MISPLACED_SHARE = 1 / 12
"""If a larger share of the blocks is out of place, the order of the file is not the reading order."""


def box_edges(boxes: Iterable[Box]) -> Float64Array:
    """Return one row per box: left, top, right, bottom."""
    return np.array([(box.x, box.y, box.right, box.bottom) for box in boxes], dtype=float).reshape(-1, 4)


def text_box(block: TextBlock) -> Box:
    """Return the box of the block's lines; segmentations often draw a block larger than its text."""
    line_boxes = [line.box for line in block.lines if line.box.area > 0]
    return Box.from_boxes(line_boxes) if line_boxes else block.box


def horizontal_overlap(boxes: Float64Array, other_box: Float64Array) -> Float64Array:
    """Return the overlap of each row with `other_box` as a share of the narrower width, 0 to 1."""
    shared_width = np.minimum(boxes[:, RIGHT], other_box[RIGHT]) - np.maximum(boxes[:, LEFT], other_box[LEFT])
    narrower_width = np.minimum(boxes[:, RIGHT] - boxes[:, LEFT], other_box[RIGHT] - other_box[LEFT])
    share: Float64Array = np.clip(shared_width, 0, None) / np.maximum(narrower_width, 1e-9)
    return share


def is_mostly_inside(boxes: Float64Array, picture: Float64Array) -> BoolArray:
    """Return which boxes lie mostly inside the picture."""
    width = np.minimum(boxes[:, RIGHT], picture[RIGHT]) - np.maximum(boxes[:, LEFT], picture[LEFT])
    height = np.minimum(boxes[:, BOTTOM], picture[BOTTOM]) - np.maximum(boxes[:, TOP], picture[TOP])
    area = (boxes[:, RIGHT] - boxes[:, LEFT]) * (boxes[:, BOTTOM] - boxes[:, TOP])
    is_inside: BoolArray = np.clip(width, 0, None) * np.clip(height, 0, None) > 0.6 * area
    return is_inside


def box_distances(boxes: Float64Array, other_box: Float64Array) -> Float64Array:
    """Return the white space between each row and `other_box`; 0 where they overlap."""
    across = np.maximum(other_box[LEFT] - boxes[:, RIGHT], boxes[:, LEFT] - other_box[RIGHT])
    along = np.maximum(other_box[TOP] - boxes[:, BOTTOM], boxes[:, TOP] - other_box[BOTTOM])
    distances: Float64Array = np.hypot(np.maximum(0.0, across), np.maximum(0.0, along))
    return distances


@dataclass(frozen=True)
class PageLayout:
    """The blocks and pictures of a page as arrays, and the measurements of its type."""

    page: Page

    @property
    def blocks(self) -> tuple[TextBlock, ...]:
        return self.page.blocks

    @cached_property
    def block_edges(self) -> Float64Array:
        """Edges of the text of each block: left, top, right, bottom."""
        return box_edges(text_box(block) for block in self.blocks)

    @cached_property
    def picture_edges(self) -> Float64Array:
        return box_edges(picture.box for picture in self.page.pictures)

    @cached_property
    def pictures_per_group(self) -> Counter[str]:
        """The number of pictures in each ComposedBlock."""
        return Counter(picture.composed_block_id for picture in self.page.pictures)

    @cached_property
    def word_counts(self) -> list[int]:
        """The number of words of each block."""
        return [len(block.text.split()) for block in self.blocks]

    @cached_property
    def words_per_group(self) -> Counter[str]:
        """The number of words in each ComposedBlock."""
        words_per_group: Counter[str] = Counter()
        for block, word_count in zip(self.blocks, self.word_counts, strict=True):
            words_per_group[block.composed_block_id] += word_count
        return words_per_group

    @cached_property
    def has_caption_role(self) -> BoolArray:
        """Which blocks the file calls a caption."""
        return np.array([bool(block.text) and has_caption_role(block.role) for block in self.blocks], dtype=bool)

    @cached_property
    def line_heights(self) -> Float64Array:
        """The median height of the lines of each block; 0 for a block without lines."""
        heights = [[line.box.height for line in block.lines if line.box.height > 0] for block in self.blocks]
        return np.array([median(block_heights) if block_heights else 0.0 for block_heights in heights], dtype=float)

    @cached_property
    def line_height(self) -> float:
        """The median height of all lines, so that a title does not outweigh the text."""
        heights = [line.box.height for block in self.blocks for line in block.lines if line.box.height > 0]
        return median(heights) if heights else max(self.height / 60, 1.0)

    @cached_property
    def line_gap(self) -> float:
        """The median distance between two lines of a paragraph."""
        pairs = [pair for block in self.blocks for pair in pairwise(block.lines)]
        gaps = [below.box.y - above.box.bottom for above, below in pairs if below.box.y > above.box.y]
        return max(0.0, median(gaps)) if gaps else self.line_height / 3

    @cached_property
    def full_line_width(self) -> float:
        """The width of a full line: the 80th percentile of all lines."""
        widths = [line.box.width for block in self.blocks for line in block.lines]
        return float(np.percentile(widths, 80)) if widths else 0.0

    @cached_property
    def line_count(self) -> int:
        return sum(1 for block in self.blocks for line in block.lines if line.text)

    @cached_property
    def full_line_count(self) -> int:
        """The number of full lines; a title page has hardly any."""
        return sum(1 for block in self.blocks for line in block.lines if line.box.width >= 0.9 * self.full_line_width)

    @cached_property
    def height(self) -> float:
        if self.page.height:
            return self.page.height
        bottoms = [*self.block_edges[:, BOTTOM], *self.picture_edges[:, BOTTOM]]
        return float(max(bottoms, default=0.0))

    def is_out_of_order(self, indices: Sequence[int]) -> bool:
        """Return whether blocks in this order go up in their columns more often than a reader would."""
        boxes = self.block_edges[list(indices)]
        is_too_late = np.zeros(len(boxes), dtype=bool)
        is_too_early = np.zeros(len(boxes), dtype=bool)
        for position in range(1, len(boxes)):
            earlier_boxes = boxes[:position]
            is_lower = earlier_boxes[:, TOP] >= boxes[position, BOTTOM] - self.line_height / 2
            is_lower &= horizontal_overlap(earlier_boxes, boxes[position]) > 0.5
            is_too_late[position] = is_lower.any()
            is_too_early[:position] |= is_lower
        # One misplaced block makes many others too late or too early; the smaller number counts the misplaced ones.
        return bool(min(is_too_late.sum(), is_too_early.sum()) > MAX_MISPLACED_SHARE * len(boxes))

    def reading_order(self, indices: Sequence[int], obstacles: Sequence[int]) -> list[int]:
        """Return the blocks in reading order by their places; `obstacles` are pictures that separate columns."""
        boxes = np.concatenate([self.block_edges[list(indices)], self.picture_edges[list(obstacles)]])
        order = _xy_cut(boxes, np.arange(len(boxes)), self.line_height * 0.3, MAX_CUT_DEPTH)
        return [indices[index] for index in order if index < len(indices)]


def _xy_cut(boxes: Float64Array, indices: BlockIndices, gutter: float, depth: int) -> list[int]:
    """Order boxes by a recursive XY cut: first into columns, then into bands across them."""
    if len(indices) > 1 and depth:
        groups = _split_at_gaps(boxes, indices, LEFT, gutter)
        if len(groups) == 1:
            groups = _horizontal_bands(boxes, indices, gutter)
        if len(groups) > 1:
            return [index for group in groups for index in _xy_cut(boxes, group, gutter, depth - 1)]
    order = np.lexsort((boxes[indices, LEFT], boxes[indices, TOP]))
    return [int(index) for index in indices[order]]


def _horizontal_bands(boxes: Float64Array, indices: BlockIndices, gutter: float) -> list[BlockIndices]:
    """Split boxes into bands with white space between them; bands with the same columns stay together."""
    bands: list[BlockIndices] = []
    for strip in _split_at_gaps(boxes, indices, TOP, 0.0):
        if bands and _have_same_columns(boxes, bands[-1], strip, gutter):
            bands[-1] = np.concatenate([bands[-1], strip])
        else:
            bands.append(strip)
    return bands


def _have_same_columns(boxes: Float64Array, upper: BlockIndices, lower: BlockIndices, gutter: float) -> bool:
    def count_columns(indices: BlockIndices) -> int:
        return len(_split_at_gaps(boxes, indices, LEFT, gutter))

    return count_columns(np.concatenate([upper, lower])) > 1 and max(count_columns(upper), count_columns(lower)) > 1


def _split_at_gaps(boxes: Float64Array, indices: BlockIndices, axis: int, gap: float) -> list[BlockIndices]:
    """Split boxes where white space is wider than `gap`, from left to right or from top to bottom."""
    order = indices[np.argsort(boxes[indices, axis], kind="stable")]
    furthest_end = np.maximum.accumulate(boxes[order, axis + 2])
    return np.split(order, np.flatnonzero(boxes[order[1:], axis] > furthest_end[:-1] + gap) + 1)
