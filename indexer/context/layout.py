"""Where the text of a page stands: columns, reading order, and what the printer set around the text.

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
from indexer.records import Page, TextBlock

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

LEFT, TOP, RIGHT, BOTTOM = range(4)

DEEPEST_CUT = 40
"""No printed page nests columns within columns so often; a hostile one may."""

OUT_OF_PLACE = 1 / 12
"""More blocks out of place than this share, and the file's order is not one of reading."""


def edges(boxes: Iterable[Box]) -> Floats:
    """One row a box: left, top, right, bottom."""
    return np.array([(box.x, box.y, box.right, box.bottom) for box in boxes], dtype=float).reshape(-1, 4)


def text_box(block: TextBlock) -> Box:
    """Where its lines stand; segmentations often draw a block larger than its text."""
    lines = [line.box for line in block.lines if line.box.area > 0]
    return Box.around(lines) if lines else block.box


def share_of_narrower(rows: Floats, one: Floats) -> Floats:
    """How much of the narrower one's width each row and `one` have in common, 0 to 1."""
    common = np.minimum(rows[:, RIGHT], one[RIGHT]) - np.maximum(rows[:, LEFT], one[LEFT])
    narrower = np.minimum(rows[:, RIGHT] - rows[:, LEFT], one[RIGHT] - one[LEFT])
    share: Floats = np.clip(common, 0, None) / np.maximum(narrower, 1e-9)
    return share


@dataclass(frozen=True)
class Layout:
    """A page's blocks and pictures as arrays, and the measures of its type."""

    page: Page

    @property
    def blocks(self) -> tuple[TextBlock, ...]:
        return self.page.blocks

    @cached_property
    def rows(self) -> Floats:
        """The blocks' text: left, top, right, bottom."""
        return edges(text_box(block) for block in self.blocks)

    @cached_property
    def pictures(self) -> Floats:
        return edges(picture.box for picture in self.page.pictures)

    @cached_property
    def groups(self) -> Counter[str]:
        """How many pictures each ComposedBlock holds."""
        return Counter(picture.group for picture in self.page.pictures)

    @cached_property
    def line_heights(self) -> Floats:
        """The type of each block: the median height of its lines."""
        heights = [[line.box.height for line in block.lines if line.box.height > 0] for block in self.blocks]
        return np.array([median(each) if each else 0.0 for each in heights], dtype=float)

    @cached_property
    def line_height(self) -> float:
        """The page's own type: every line counts once, so a title does not outweigh the text."""
        heights = [line.box.height for block in self.blocks for line in block.lines if line.box.height > 0]
        return median(heights) if heights else max(self.height / 60, 1.0)

    @cached_property
    def leading(self) -> float:
        """The usual white between two lines of a paragraph."""
        pairs = [pair for block in self.blocks for pair in pairwise(block.lines)]
        gaps = [below.box.y - above.box.bottom for above, below in pairs if below.box.y > above.box.y]
        return max(0.0, median(gaps)) if gaps else self.line_height / 3

    @cached_property
    def measure(self) -> float:
        """The width of a full line."""
        widths = [line.box.width for block in self.blocks for line in block.lines]
        return float(np.percentile(widths, 80)) if widths else 0.0

    @cached_property
    def lines(self) -> int:
        return sum(1 for block in self.blocks for line in block.lines if line.text)

    @cached_property
    def full_lines(self) -> int:
        """A title page has hardly any: its lines differ in width."""
        return sum(1 for block in self.blocks for line in block.lines if line.box.width >= 0.9 * self.measure)

    @cached_property
    def height(self) -> float:
        if self.page.height:
            return self.page.height
        bottoms = [*self.rows[:, BOTTOM], *self.pictures[:, BOTTOM]]
        return float(max(bottoms, default=0.0))

    def contradicted(self, indices: Sequence[int]) -> bool:
        """Whether the blocks, taken in this order, go up in their columns more often than reading does."""
        rows = self.rows[list(indices)]
        too_late = np.zeros(len(rows), dtype=bool)
        too_early = np.zeros(len(rows), dtype=bool)
        for place in range(1, len(rows)):
            earlier = rows[:place]
            lower = earlier[:, TOP] >= rows[place, BOTTOM] - self.line_height / 2
            lower &= share_of_narrower(earlier, rows[place]) > 0.5
            too_late[place] = lower.any()
            too_early[:place] |= lower
        # One block out of its place puts all the others on one side of the quarrel; the smaller side is at fault.
        return bool(min(too_late.sum(), too_early.sum()) > OUT_OF_PLACE * len(rows))

    def read(self, indices: Sequence[int], obstacles: Sequence[int]) -> list[int]:
        """The blocks in the order of reading by their places alone; `obstacles` are pictures that part the columns."""
        rows = np.concatenate([self.rows[list(indices)], self.pictures[list(obstacles)]])
        order = _cut(rows, np.arange(len(rows)), self.line_height * 0.3, DEEPEST_CUT)
        return [indices[each] for each in order if each < len(indices)]


def _cut(rows: Floats, chosen: Indices, gutter: float, depth: int) -> list[int]:
    """A recursive XY cut: columns first, then the bands across them."""
    if len(chosen) > 1 and depth:
        parts = _runs(rows, chosen, LEFT, gutter)
        if len(parts) == 1:
            parts = _bands(rows, chosen, gutter)
        if len(parts) > 1:
            return [each for part in parts for each in _cut(rows, part, gutter, depth - 1)]
    order = np.lexsort((rows[chosen, LEFT], rows[chosen, TOP]))
    return [int(each) for each in chosen[order]]


def _bands(rows: Floats, chosen: Indices, gutter: float) -> list[Indices]:
    """Bands parted by white across the page; those that stand in the same columns stay together."""
    bands: list[Indices] = []
    for strip in _runs(rows, chosen, TOP, 0.0):
        if bands and _same_columns(rows, bands[-1], strip, gutter):
            bands[-1] = np.concatenate([bands[-1], strip])
        else:
            bands.append(strip)
    return bands


def _same_columns(rows: Floats, upper: Indices, lower: Indices, gutter: float) -> bool:
    def columns(chosen: Indices) -> int:
        return len(_runs(rows, chosen, LEFT, gutter))

    return columns(np.concatenate([upper, lower])) > 1 and max(columns(upper), columns(lower)) > 1


def _runs(rows: Floats, chosen: Indices, start: int, gap: float) -> list[Indices]:
    """Groups with white of more than `gap` between them, from left to right or from top to bottom."""
    order = chosen[np.argsort(rows[chosen, start], kind="stable")]
    reach = np.maximum.accumulate(rows[order, start + 2])
    return np.split(order, np.flatnonzero(rows[order[1:], start] > reach[:-1] + gap) + 1)
