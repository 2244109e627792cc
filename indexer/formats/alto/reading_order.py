"""In which order the blocks of a page are read, and where in it a picture stands."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from lxml import etree

from core.geometry import Box
from indexer.records import TextBlock

T = TypeVar("T")

BLOCKS = ("{*}TextBlock", "{*}Illustration", "{*}GraphicalElement", "{*}ComposedBlock")

ENOUGH = 1_000_000
"""Pairs of pictures and blocks to compare; beyond it (a hostile file) the order of the file must do."""


def by_rank(items: Sequence[T], rank: Callable[[T], int | None]) -> list[T]:
    """Sorted; an item without a rank stays behind the one that it follows in the file."""
    return [items[index] for index, _ in sorted(enumerate(effective_ranks(items, rank)), key=lambda pair: pair[1])]


def effective_ranks(items: Sequence[T], rank: Callable[[T], int | None]) -> list[int]:
    last, ranks = -1, []
    for item in items:
        if (own := rank(item)) is not None:
            last = own
        ranks.append(last)
    return ranks


def references(parent: etree._Element) -> dict[str, int]:
    """What v4's ReadingOrder names, each with its place; alternatives (kraken) and parts follow each other."""
    found: dict[str, int] = {}
    for order in parent.iterchildren("{*}ReadingOrder"):
        for element in order.iter("{*}ElementRef"):
            found.setdefault(element.get("REF", ""), len(found))
    return found


def explicit_ranks(order: Mapping[str, int], page: etree._Element) -> dict[str, int]:
    """Ids of blocks, and of lines, in the order that ReadingOrder or IDNEXT gives; empty in most files."""
    order = order or references(page)
    return _reading_order(order, page) if order else _chains(page)


def _reading_order(order: Mapping[str, int], page: etree._Element) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for block in page.iter(*BLOCKS):
        parts = block.iter("{*}TextLine", "{*}String") if block.tag.endswith("TextBlock") else ()
        places = {name: order[name] for part in (block, *parts) if (name := part.get("ID", "")) in order}
        if places and (name := block.get("ID", "")):
            # The first of a block's lines to be read places the block.
            ranks |= places | {name: min(places.values())}
    return ranks


def _chains(page: etree._Element) -> dict[str, int]:
    blocks = [block for block in page.iter(*BLOCKS) if block.get("ID")]
    following = {block.get("ID", ""): after for block in blocks if (after := block.get("IDNEXT"))}
    if not following:
        return {}
    known = {block.get("ID", "") for block in blocks}
    led_to = set(following.values())
    ranks: dict[str, int] = {}
    heads = [name for name in following if name not in led_to]
    # A ring has no head; it is entered where the file comes to it first.
    for start in (*heads, *following):
        name: str | None = start
        while name in known and name not in ranks:
            ranks[name] = len(ranks)
            name = following.get(name)
    return ranks


class Column:
    """Where the text blocks of a page are, in reading order."""

    def __init__(self, blocks: Sequence[TextBlock]) -> None:
        boxes = [block.box for block in blocks]
        self._spans = [(box.x, box.right, box.y + box.height / 2, box.bottom) for box in boxes]

    def position(self, box: Box) -> int:
        """How many blocks come before a picture that the file lists apart from them: up to the one just above it."""
        x, right, middle = box.x, box.right, box.y + box.height / 2
        gaps: list[tuple[float, int]] = []
        below = -1
        for index, (left, end, centre, bottom) in enumerate(self._spans):
            # Most blocks stand in another column; this spares them the arithmetic.
            if left >= right or end <= x:
                continue
            if min(right, end) - max(x, left) <= 0.2 * min(right - x, end - left):
                continue
            if centre <= middle:
                gaps.append((max(box.y - bottom, 0.0), index))
            elif below < 0:
                below = index
        if gaps:
            # Below several columns the last of them counts.
            reach = min(gaps)[0] + 0.1 * box.height
            return max(index for gap, index in gaps if gap <= reach) + 1
        return below if below >= 0 else self._beside(middle)

    def _beside(self, middle: float) -> int:
        if not self._spans:
            return 0
        centres = [centre for _, _, centre, _ in self._spans]
        nearest = min(range(len(centres)), key=lambda index: abs(centres[index] - middle))
        return nearest + 1 if centres[nearest] <= middle else nearest


def positions(
    pictures: Sequence[tuple[str, Box, int | None]],
    blocks: Sequence[TextBlock],
    ranks: Mapping[str, int],
    block_ranks: Sequence[int],
) -> list[int]:
    """For each picture (id, box, text blocks before it in the file or None if that means nothing) its position."""
    if len(pictures) * len(blocks) > ENOUGH:
        return [before or 0 for _, _, before in pictures]
    column = Column(blocks)

    def place(name: str, box: Box, before: int | None) -> int:
        if (rank := ranks.get(name)) is not None:
            return sum(1 for other in block_ranks if other < rank)
        # Most programs list pictures behind all text, some before it: that is no reading order.
        apart = before is None or before in (0, len(blocks)) or bool(ranks)
        return column.position(box) if apart else before or 0

    return [place(*picture) for picture in pictures]
