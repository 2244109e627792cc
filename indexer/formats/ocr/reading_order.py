"""The order of text blocks by rank, and the position of pictures among them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from core.geometry import Box
from indexer.records import TextBlock

RankedItem = TypeVar("RankedItem")

MAX_COMPARISONS = 1_000_000
"""Maximum pairs of pictures and blocks to compare; larger (hostile) pages keep the order of the file."""


def sort_by_rank(items: Sequence[RankedItem], rank: Callable[[RankedItem], int | None]) -> list[RankedItem]:
    """Return the items sorted by rank; an item without a rank stays behind its predecessor in the file."""
    return [items[index] for index, _ in sorted(enumerate(effective_ranks(items, rank)), key=lambda pair: pair[1])]


def effective_ranks(items: Sequence[RankedItem], rank: Callable[[RankedItem], int | None]) -> list[int]:
    last_rank, ranks = -1, []
    for item in items:
        if (own_rank := rank(item)) is not None:
            last_rank = own_rank
        ranks.append(last_rank)
    return ranks


class ReadingColumn:
    """The positions of the text blocks of a page, in reading order."""

    def __init__(self, blocks: Sequence[TextBlock]) -> None:
        boxes = [block.box for block in blocks]
        self._spans = [(box.x, box.right, box.y + box.height / 2, box.bottom) for box in boxes]

    def picture_position(self, box: Box) -> int:
        """Return how many blocks precede a picture that the file lists separately: up to the block just above it."""
        x, right, middle = box.x, box.right, box.y + box.height / 2
        gaps: list[tuple[float, int]] = []
        first_below = -1
        for index, (left, end, centre, bottom) in enumerate(self._spans):
            # Most blocks are in another column; skip the arithmetic for them.
            if left >= right or end <= x:
                continue
            if min(right, end) - max(x, left) <= 0.2 * min(right - x, end - left):
                continue
            if centre <= middle:
                gaps.append((max(box.y - bottom, 0.0), index))
            elif first_below < 0:
                first_below = index
        if gaps:
            # A picture below several columns belongs to the last of them.
            max_gap = min(gaps)[0] + 0.1 * box.height
            return max(index for gap, index in gaps if gap <= max_gap) + 1
        return first_below if first_below >= 0 else self._nearest_position(middle)

    def _nearest_position(self, middle: float) -> int:
        if not self._spans:
            return 0
        centres = [centre for _, _, centre, _ in self._spans]
        nearest = min(range(len(centres)), key=lambda index: abs(centres[index] - middle))
        return nearest + 1 if centres[nearest] <= middle else nearest


def picture_positions(
    pictures: Sequence[tuple[str, Box, int | None]],
    blocks: Sequence[TextBlock],
    ranks: Mapping[str, int],
    block_ranks: Sequence[int],
) -> list[int]:
    """Return the position of each picture (id, box, text blocks before it in the file or None if unknown)."""
    if len(pictures) * len(blocks) > MAX_COMPARISONS:
        return [blocks_before or 0 for _, _, blocks_before in pictures]
    column = ReadingColumn(blocks)

    def picture_position(element_id: str, box: Box, blocks_before: int | None) -> int:
        if (rank := ranks.get(element_id)) is not None:
            return sum(1 for block_rank in block_ranks if block_rank < rank)
        # Most programs list pictures after all text, some before it; neither is a reading order.
        is_unordered = blocks_before is None or blocks_before in (0, len(blocks)) or bool(ranks)
        return column.picture_position(box) if is_unordered else blocks_before or 0

    return [picture_position(*picture) for picture in pictures]
