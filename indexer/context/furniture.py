"""Page furniture, which is not part of the text: running heads, page numbers, signatures and catchwords."""

import re

import numpy as np

from indexer.context.caption_words import NUMBER_SIGN, is_numbered_caption
from indexer.context.layout import BOTTOM, LEFT, RIGHT, TOP, BoolArray, PageLayout

FURNITURE_ROLE = re.compile(
    r"running|\bheader\b|\bfooter\b|number|quire|signature|catch.?word|folio|stamp|damage|artefact|artifact|seal",
    re.IGNORECASE,
)
"""Zones of SegmOnto (kraken, eScriptorium) and region types of PRImA (Transkribus), except `heading`."""

NUMERAL = r"(?:(?!1[4-9]\d\d)\d{1,4}|(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,4}))"
"""1 to 4 digits that are not a year, with which title pages end, or a Roman numeral."""

PAGE_NUMBER = re.compile(rf"\W*(?:(?:side|seite|page|pag|p|s)\b\.?\s*)?{NUMERAL}\W*", re.IGNORECASE)
NUMBER_AT_EITHER_END = re.compile(rf"\W*\d{{1,4}}\W*\s.*|.*\s\W*{NUMERAL}\W*", re.IGNORECASE)
SIGNATURE = re.compile(r"[A-Za-z]{1,3}\s?(?:[ivxjIVXJ]{1,4}|\d{1,2})?\W?|\d{1,2}\s?[*†]+|\d{1,2}\s?[—–-].{1,30}")

RUNNING_HEAD_ZONE = 0.15
"""The share of the page's height, from the top, that can have a running head; chapter headings are lower."""


def find_furniture(layout: PageLayout) -> BoolArray:
    """Return which blocks are furniture, by their role in the file or by their place."""
    is_furniture = np.array([bool(FURNITURE_ROLE.search(block.role)) for block in layout.blocks], dtype=bool)
    if row := _outermost_row(layout, ~is_furniture, top=True):
        is_furniture[row] = _is_running_head(layout, row)
    for _ in range(2):  # a page number below a signature and a catchword
        row = _outermost_row(layout, ~is_furniture, top=False)
        if not row or not all(_is_footer(layout, block) for block in row):
            break
        is_furniture[row] = True
    return is_furniture


def has_catchword_line(layout: PageLayout, block: int) -> bool:
    """Return whether the block ends in one word far to the right, which repeats the first word of the next page."""
    lines = [line for line in layout.blocks[block].lines if line.text]
    if len(lines) < 3 or len(lines[-1].text.split()) > 1:
        return False
    left, right = layout.block_edges[block, LEFT], layout.block_edges[block, RIGHT]
    return bool(lines[-1].box.x > left + 0.7 * (right - left))


def _outermost_row(layout: PageLayout, candidates: BoolArray, *, top: bool) -> list[int]:
    """Return the blocks of the first or last line of text; empty if they are more than one line. Noise is skipped."""
    blocks = [
        block
        for block in np.flatnonzero(candidates)
        if any(character.isalnum() for character in layout.blocks[block].text)
    ]
    if not blocks:
        return []
    boxes = layout.block_edges[blocks]
    outermost = int(boxes[:, TOP].argmin() if top else boxes[:, BOTTOM].argmax())
    middles = (boxes[:, TOP] + boxes[:, BOTTOM]) / 2
    is_level = (middles >= boxes[outermost, TOP]) & (middles <= boxes[outermost, BOTTOM])
    overlaps = (boxes[:, TOP] <= boxes[outermost, BOTTOM]) & (boxes[:, BOTTOM] >= boxes[outermost, TOP])
    row = [int(blocks[position]) for position in np.flatnonzero(is_level | overlaps)]
    return row if all(_is_one_line(layout, block) for block in row) else []


def _is_one_line(layout: PageLayout, block: int) -> bool:
    """Return whether the block is as high as one line."""
    height = layout.block_edges[block, BOTTOM] - layout.block_edges[block, TOP]
    return bool(height <= 1.6 * max(layout.line_heights[block], layout.line_height))


def _is_running_head(layout: PageLayout, row: list[int]) -> bool:
    texts = [layout.blocks[block].text for block in row]
    if any(PAGE_NUMBER.fullmatch(text) for text in texts):
        return _is_near_top(layout, row) or len(row) == 1
    if not _is_near_top(layout, row) or not _is_separated(layout, row) or is_numbered_caption(texts[0]):
        return False
    has_number = NUMBER_AT_EITHER_END.fullmatch(" ".join(texts)) is not None
    return has_number or (layout.full_line_count >= 5 and _is_short_and_small(layout, row))


def _is_near_top(layout: PageLayout, row: list[int]) -> bool:
    return bool(layout.block_edges[row, BOTTOM].max() <= RUNNING_HEAD_ZONE * layout.height)


def _is_separated(layout: PageLayout, row: list[int]) -> bool:
    """Return whether the white space below the row is larger than that between two lines."""
    bottom = layout.block_edges[row, BOTTOM].max()
    tops = np.concatenate([layout.block_edges[:, TOP], layout.picture_edges[:, TOP]])
    tops_below = tops[tops >= bottom - layout.line_height / 4]
    return bool(tops_below.size and tops_below.min() - bottom >= layout.line_gap + layout.line_height / 2)


def _is_short_and_small(layout: PageLayout, row: list[int]) -> bool:
    """Return whether the row is short and its type not larger than the text, unlike a heading or a line of text."""
    left, right = layout.block_edges[row, LEFT].min(), layout.block_edges[row, RIGHT].max()
    word_count = sum(len(layout.blocks[block].text.split()) for block in row)
    is_small = layout.line_heights[row].max() <= 1.15 * layout.line_height
    return bool(is_small and word_count <= 10 and (len(row) > 1 or right - left < 0.85 * layout.full_line_width))


def _is_caption(layout: PageLayout, block: int) -> bool:
    return bool(layout.has_caption_role[block]) or is_numbered_caption(layout.blocks[block].text)


def _is_footer(layout: PageLayout, block: int) -> bool:
    text = layout.blocks[block].text
    if _is_caption(layout, block) or NUMBER_SIGN.match(text):
        return False
    if PAGE_NUMBER.fullmatch(text):
        return True
    if layout.line_count < 4:
        return False
    left, right = layout.block_edges[:, LEFT].min(), layout.block_edges[:, RIGHT].max()
    is_catchword = len(text.split()) == 1 and layout.block_edges[block, LEFT] > left + 0.6 * (right - left)
    return bool(is_catchword or SIGNATURE.fullmatch(text))
