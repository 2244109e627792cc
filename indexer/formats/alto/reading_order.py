"""In which order the blocks of a page are read, and where in it a picture stands."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from lxml import etree

from core.geometry import Box
from indexer.records import TextBlock

RankedItem = TypeVar("RankedItem")

BLOCK_TAGS = ("{*}TextBlock", "{*}Illustration", "{*}GraphicalElement", "{*}ComposedBlock")

MAX_COMPARISONS = 1_000_000
"""Pairs of pictures and blocks to compare; beyond it (a hostile file) the order of the file must do."""


def sort_by_rank(items: Sequence[RankedItem], rank: Callable[[RankedItem], int | None]) -> list[RankedItem]:
    """Sorted; an item without a rank stays behind the one that it follows in the file."""
    return [items[index] for index, _ in sorted(enumerate(effective_ranks(items, rank)), key=lambda pair: pair[1])]


def effective_ranks(items: Sequence[RankedItem], rank: Callable[[RankedItem], int | None]) -> list[int]:
    last_rank, ranks = -1, []
    for item in items:
        if (own_rank := rank(item)) is not None:
            last_rank = own_rank
        ranks.append(last_rank)
    return ranks


def reading_order_places(parent: etree._Element) -> dict[str, int]:
    """What v4's ReadingOrder names, each with its place; alternatives (kraken) and parts follow each other."""
    places: dict[str, int] = {}
    for order in parent.iterchildren("{*}ReadingOrder"):
        for element in order.iter("{*}ElementRef"):
            places.setdefault(element.get("REF", ""), len(places))
    return places


def explicit_ranks(order: Mapping[str, int], page: etree._Element) -> dict[str, int]:
    """Ids of blocks, and of lines, in the order that ReadingOrder or IDNEXT gives; empty in most files."""
    order = order or reading_order_places(page)
    return _reading_order_ranks(order, page) if order else _chain_ranks(page)


def _reading_order_ranks(order: Mapping[str, int], page: etree._Element) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for block in page.iter(*BLOCK_TAGS):
        block_parts = block.iter("{*}TextLine", "{*}String") if block.tag.endswith("TextBlock") else ()
        places = {name: order[name] for part in (block, *block_parts) if (name := part.get("ID", "")) in order}
        if places and (name := block.get("ID", "")):
            # The first of a block's lines to be read places the block.
            ranks |= places | {name: min(places.values())}
    return ranks


def _chain_ranks(page: etree._Element) -> dict[str, int]:
    blocks = [block for block in page.iter(*BLOCK_TAGS) if block.get("ID")]
    next_ids = {block.get("ID", ""): next_id for block in blocks if (next_id := block.get("IDNEXT"))}
    if not next_ids:
        return {}
    block_ids = {block.get("ID", "") for block in blocks}
    successor_ids = set(next_ids.values())
    ranks: dict[str, int] = {}
    head_ids = [name for name in next_ids if name not in successor_ids]
    # A ring has no head; it is entered where the file comes to it first.
    for start in (*head_ids, *next_ids):
        name: str | None = start
        while name in block_ids and name not in ranks:
            ranks[name] = len(ranks)
            name = next_ids.get(name)
    return ranks


class ReadingColumn:
    """Where the text blocks of a page are, in reading order."""

    def __init__(self, blocks: Sequence[TextBlock]) -> None:
        boxes = [block.box for block in blocks]
        self._spans = [(box.x, box.right, box.y + box.height / 2, box.bottom) for box in boxes]

    def picture_position(self, box: Box) -> int:
        """How many blocks come before a picture that the file lists apart from them: up to the one just above it."""
        x, right, middle = box.x, box.right, box.y + box.height / 2
        gaps: list[tuple[float, int]] = []
        first_below = -1
        for index, (left, end, centre, bottom) in enumerate(self._spans):
            # Most blocks stand in another column; this spares them the arithmetic.
            if left >= right or end <= x:
                continue
            if min(right, end) - max(x, left) <= 0.2 * min(right - x, end - left):
                continue
            if centre <= middle:
                gaps.append((max(box.y - bottom, 0.0), index))
            elif first_below < 0:
                first_below = index
        if gaps:
            # Below several columns the last of them counts.
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
    """For each picture (id, box, text blocks before it in the file or None if that means nothing) its position."""
    if len(pictures) * len(blocks) > MAX_COMPARISONS:
        return [blocks_before or 0 for _, _, blocks_before in pictures]
    column = ReadingColumn(blocks)

    def picture_position(element_id: str, box: Box, blocks_before: int | None) -> int:
        if (rank := ranks.get(element_id)) is not None:
            return sum(1 for block_rank in block_ranks if block_rank < rank)
        # Most programs list pictures behind all text, some before it: that is no reading order.
        is_unordered = blocks_before is None or blocks_before in (0, len(blocks)) or bool(ranks)
        return column.picture_position(box) if is_unordered else blocks_before or 0

    return [picture_position(*picture) for picture in pictures]
