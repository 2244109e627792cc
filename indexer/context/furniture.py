"""What stands on a page but is not its text: running heads, page numbers, signatures and catchwords."""

import re

import numpy as np

from indexer.context.captions import looks_numbered
from indexer.context.layout import BOTTOM, LEFT, RIGHT, TOP, Flags, Layout

ROLES = re.compile(
    r"running|\bheader\b|\bfooter\b|number|quire|signature|catch.?word|folio|stamp|damage|artefact|artifact|seal",
    re.IGNORECASE,
)
"""SegmOnto's zones (kraken, eScriptorium) and PRImA's region types (Transkribus), `heading` not among them."""

NUMERAL = r"(?:(?!1[4-9]\d\d)\d{1,4}|(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,4}))"
"""1 to 4 digits that are not a year (title pages end in one), or a Roman number."""

PAGE_NUMBER = re.compile(rf"\W*(?:(?:side|seite|page|pag|p|s)\b\.?\s*)?{NUMERAL}\W*", re.IGNORECASE)
NUMBER_AT_AN_END = re.compile(rf"\W*\d{{1,4}}\W*\s.*|.*\s\W*{NUMERAL}\W*", re.IGNORECASE)
SIGNATURE = re.compile(r"[A-Za-z]{1,3}\s?(?:[ivxjIVXJ]{1,4}|\d{1,2})?\W?|\d{1,2}\s?[*†]+|\d{1,2}\s?[—–-].{1,30}")

TOP_OF_PAGE = 0.15
"""A running head stands within this share of the page's height; the head of a chapter is set lower."""


def furniture(layout: Layout) -> Flags:
    """Which blocks are furniture, by what the file calls them or by where they stand."""
    found = np.array([bool(ROLES.search(block.role)) for block in layout.blocks], dtype=bool)
    if row := _outermost(layout, ~found, top=True):
        found[row] = _is_head(layout, row)
    for _ in range(2):  # a page number below a signature and a catchword
        row = _outermost(layout, ~found, top=False)
        if not row or not all(_is_foot(layout, each) for each in row):
            break
        found[row] = True
    return found


def is_catchword_line(layout: Layout, block: int) -> bool:
    """Whether the block, the lowest of its column, ends in one word far to the right: the first of the next page."""
    lines = [line for line in layout.blocks[block].lines if line.text]
    if len(lines) < 3 or len(lines[-1].text.split()) > 1:
        return False
    left, right = layout.rows[block, LEFT], layout.rows[block, RIGHT]
    return bool(lines[-1].box.x > left + 0.7 * (right - left))


def _outermost(layout: Layout, candidates: Flags, *, top: bool) -> list[int]:
    """The first or last row of text, if all of it is one line; noise without a letter or digit is passed by."""
    worth = [each for each in np.flatnonzero(candidates) if any(c.isalnum() for c in layout.blocks[each].text)]
    if not worth:
        return []
    rows = layout.rows[worth]
    edge = int(rows[:, TOP].argmin() if top else rows[:, BOTTOM].argmax())
    middles = (rows[:, TOP] + rows[:, BOTTOM]) / 2
    same = (middles >= rows[edge, TOP]) & (middles <= rows[edge, BOTTOM])
    reach = (rows[:, TOP] <= rows[edge, BOTTOM]) & (rows[:, BOTTOM] >= rows[edge, TOP])
    row = [int(worth[each]) for each in np.flatnonzero(same | reach)]
    return row if all(_is_one_line(layout, each) for each in row) else []


def _is_one_line(layout: Layout, block: int) -> bool:
    """One line, perhaps in pieces."""
    tall = layout.rows[block, BOTTOM] - layout.rows[block, TOP]
    return bool(tall <= 1.6 * max(layout.line_heights[block], layout.line_height))


def _is_head(layout: Layout, row: list[int]) -> bool:
    texts = [layout.blocks[each].text for each in row]
    if any(PAGE_NUMBER.fullmatch(text) for text in texts):
        return _near_top(layout, row) or len(row) == 1
    if not _near_top(layout, row) or not _is_apart(layout, row) or looks_numbered(texts[0]):
        return False
    numbered = NUMBER_AT_AN_END.fullmatch(" ".join(texts)) is not None
    return numbered or (layout.full_lines >= 5 and _is_modest(layout, row))


def _near_top(layout: Layout, row: list[int]) -> bool:
    return bool(layout.rows[row, BOTTOM].max() <= TOP_OF_PAGE * layout.height)


def _is_apart(layout: Layout, row: list[int]) -> bool:
    """Whether more white follows than between two lines; a picture ends the white too."""
    bottom = layout.rows[row, BOTTOM].max()
    tops = np.concatenate([layout.rows[:, TOP], layout.pictures[:, TOP]])
    below = tops[tops >= bottom - layout.line_height / 4]
    return bool(below.size and below.min() - bottom >= layout.leading + layout.line_height / 2)


def _is_modest(layout: Layout, row: list[int]) -> bool:
    """Short, and no larger than the text: a heading is larger, a line of text is longer."""
    from_left, to_right = layout.rows[row, LEFT].min(), layout.rows[row, RIGHT].max()
    words = sum(len(layout.blocks[each].text.split()) for each in row)
    small = layout.line_heights[row].max() <= 1.15 * layout.line_height
    return bool(small and words <= 10 and (len(row) > 1 or to_right - from_left < 0.85 * layout.measure))


def _is_foot(layout: Layout, block: int) -> bool:
    text = layout.blocks[block].text
    if PAGE_NUMBER.fullmatch(text):
        return True
    if layout.lines < 4:
        return False
    left, right = layout.rows[:, LEFT].min(), layout.rows[:, RIGHT].max()
    catchword = len(text.split()) == 1 and layout.rows[block, LEFT] > left + 0.6 * (right - left)
    return bool(catchword or SIGNATURE.fullmatch(text))
