"""Where a caption stands and how it is set, against its picture and the text of the page."""

import numpy as np

from indexer.context.layout import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    PageLayout,
    horizontal_overlap,
    is_mostly_inside,
)

MAX_CAPTION_LINES = 3
"""The largest number of lines of a caption that only its layout suggests; four lines are a stanza."""

MIN_FULL_LINES = 2
"""Fewer full lines besides the block itself say nothing about how wide a paragraph is."""

EDGE_SHARE = 0.25
"""The share of a picture's height, at its top and bottom, in which a caption may be; labels are anywhere."""


def is_rule(layout: PageLayout, picture: int) -> bool:
    left, top, right, bottom = layout.picture_edges[picture]
    return bool(min(right - left, bottom - top) < 1.5 * layout.line_height)


def is_large_picture(layout: PageLayout, picture: int) -> bool:
    """Return whether the picture is higher than a headpiece, an ornament or an initial."""
    height = layout.picture_edges[picture, BOTTOM] - layout.picture_edges[picture, TOP]
    return bool(height >= max(6 * layout.line_height, 0.1 * layout.height))


def is_paragraph(layout: PageLayout, picture: int, block: int) -> bool:
    """Return whether text that begins like a caption (`Fig. 3 viser …`) is a paragraph: full lines of normal type."""
    width = layout.block_edges[block, RIGHT] - layout.block_edges[block, LEFT]
    picture_width = layout.picture_edges[picture, RIGHT] - layout.picture_edges[picture, LEFT]
    is_wide = width >= 0.95 * layout.full_line_width and width > picture_width + 2 * layout.line_height
    is_large = layout.line_heights[block] > 0.9 * layout.line_height
    return bool(is_wide and is_large and len(layout.blocks[block].lines) > 1 and _has_other_full_lines(layout, block))


def has_caption_layout(layout: PageLayout, picture: int, block: int) -> bool:
    """Return whether the block is short, centred below a large picture and distinct from the text around it."""
    if not is_large_picture(layout, picture):
        return False
    if not any(len(word) > 3 for word in layout.blocks[block].text.split()) or _is_verse(layout, block):
        return False
    if layout.line_heights[block] > 1.1 * layout.line_height:  # larger type is a heading if text follows
        return is_centred(layout, picture, block) and not np.any(
            layout.block_edges[:, TOP] > layout.block_edges[block, BOTTOM]
        )
    return is_centred(layout, picture, block) and _is_set_apart(layout, block)


def is_centred(layout: PageLayout, picture: int, block: int) -> bool:
    left, _, right, _ = layout.picture_edges[picture]
    offset = abs((layout.block_edges[block, LEFT] + layout.block_edges[block, RIGHT]) - (left + right)) / 2
    return bool(offset <= 0.1 * (right - left) + layout.line_height)


def is_at_inner_edge(layout: PageLayout, picture: int, block: int) -> bool:
    """Return whether a block inside the picture is centred at its top or bottom, unlike the labels of a map."""
    _, top, _, bottom = layout.picture_edges[picture]
    middle = (layout.block_edges[block, TOP] + layout.block_edges[block, BOTTOM]) / 2
    distance = min(middle - top, bottom - middle)
    return bool(distance <= EDGE_SHARE * (bottom - top)) and is_centred(layout, picture, block)


def contains_picture(layout: PageLayout, picture: int) -> bool:
    """Return whether another picture lies in this one, as in an ornamental border."""
    is_inside = is_mostly_inside(layout.picture_edges, layout.picture_edges[picture])
    is_inside[picture] = False
    return bool(is_inside.any())


def covers_picture(layout: PageLayout, picture: int, block: int) -> bool:
    """Return whether the text runs around the picture, as around a vignette in a title."""
    return bool(is_mostly_inside(layout.picture_edges[picture : picture + 1], layout.block_edges[block])[0])


def _has_other_full_lines(layout: PageLayout, block: int) -> bool:
    own_lines = layout.blocks[block].lines
    widths = [line.box.width for other in layout.blocks for line in other.lines if other.lines is not own_lines]
    return sum(width >= 0.9 * layout.full_line_width for width in widths) >= MIN_FULL_LINES


def _is_verse(layout: PageLayout, block: int) -> bool:
    """Return whether the block has more lines than a caption, counting the blocks that directly follow it."""
    line_height, line_count = layout.line_height, len(layout.blocks[block].lines)
    max_gap = max(line_height / 2, 1.2 * layout.line_gap)
    in_column = horizontal_overlap(layout.block_edges, layout.block_edges[block]) > 0.5
    while line_count <= MAX_CAPTION_LINES:
        gap = layout.block_edges[:, TOP] - layout.block_edges[block, BOTTOM]
        blocks_below = np.flatnonzero(in_column & (gap > -line_height / 4) & (gap <= max_gap))
        if not blocks_below.size:
            return False
        block = int(blocks_below[gap[blocks_below].argmin()])
        if len(layout.blocks[block].lines) > 2:  # a paragraph
            return False
        line_count += max(1, len(layout.blocks[block].lines))
    return True


def _is_set_apart(layout: PageLayout, block: int) -> bool:
    if layout.line_count - len(layout.blocks[block].lines) < 4:
        return True
    width = layout.block_edges[block, RIGHT] - layout.block_edges[block, LEFT]
    return bool(width < 0.85 * layout.full_line_width or layout.line_heights[block] <= 0.9 * layout.line_height)
