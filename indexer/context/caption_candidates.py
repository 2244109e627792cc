"""Which blocks may be the caption of a picture, by what the file, their words or their place says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from indexer.context.caption_layout import (
    contains_picture,
    covers_picture,
    has_caption_layout,
    is_at_inner_edge,
    is_centred,
    is_large_picture,
    is_paragraph,
    is_rule,
)
from indexer.context.caption_words import CAPTION_START, SPLIT_WORD_END, is_numbered_caption
from indexer.context.layout import (
    BOTTOM,
    TOP,
    BlockIndices,
    BoolArray,
    Float64Array,
    PageLayout,
    box_distances,
    horizontal_overlap,
    is_mostly_inside,
)

MAX_CAPTION_DISTANCE = {"role": 6.0, "group": 4.0, "words": 6.0, "layout": 2.0}
"""The largest distance of a caption from its picture in heights of a line, by kind of evidence."""

MAX_CAPTION_WORDS = {"role": 400, "group": 150, "words": 60, "layout": 25}
"""The largest number of words of a caption, by kind of evidence."""

UPPER_SIDE_PENALTY, BESIDE_PENALTY, GROUP_BONUS = 0.75, 2.0, 3.0
"""In heights of a line: added to the distance of a text above or beside the picture, and subtracted in its group."""


@dataclass(frozen=True, slots=True)
class CaptionCandidate:
    """A block that may be the caption of a picture; the smaller the distance, the better."""

    distance: float
    picture: int
    block: int
    side: Literal["below", "above", "beside"]
    """Where the block stands; `beside` includes inside."""


def find_candidates(
    layout: PageLayout, picture: int, is_furniture: BoolArray, is_label: BoolArray
) -> Iterator[CaptionCandidate]:
    """Yield the blocks below, above and beside a picture that may be its caption."""
    if is_rule(layout, picture):
        return
    _, top, _, bottom = layout.picture_edges[picture]
    in_column = horizontal_overlap(layout.block_edges, layout.picture_edges[picture]) >= 0.3
    in_column &= ~(is_furniture | is_label)
    middles = (layout.block_edges[:, TOP] + layout.block_edges[:, BOTTOM]) / 2
    blocks_below = _nearest_blocks(layout, in_column & (middles > bottom), layout.block_edges[:, TOP] - bottom)
    blocks_above = _nearest_blocks(layout, in_column & (middles < top), top - layout.block_edges[:, BOTTOM])
    yield from _contiguous_candidates(layout, picture, blocks_below, down=True)
    yield from _contiguous_candidates(layout, picture, blocks_above, down=False)
    is_elsewhere = ~is_furniture
    is_elsewhere[blocks_below] = is_elsewhere[blocks_above] = False
    yield from _marked_candidates(layout, picture, is_elsewhere)


def _nearest_blocks(layout: PageLayout, is_eligible: BoolArray, distances: Float64Array) -> BlockIndices:
    """Return the eligible blocks within reach in order of distance."""
    max_distance = 3 * max(MAX_CAPTION_DISTANCE.values()) * layout.line_height
    blocks = np.flatnonzero(is_eligible & (distances > -layout.line_height) & (distances < max_distance))
    return blocks[np.argsort(distances[blocks], kind="stable")]


def _contiguous_candidates(
    layout: PageLayout, picture: int, nearest_blocks: BlockIndices, *, down: bool
) -> Iterator[CaptionCandidate]:
    """Yield blocks in order of distance from the picture, up to the first that is not part of a caption."""
    edge = layout.picture_edges[picture, BOTTOM if down else TOP]
    word_count, distance, previous_evidence = 0, 0.0, ""
    for block in nearest_blocks:
        near_edge, far_edge = layout.block_edges[block, [TOP, BOTTOM] if down else [BOTTOM, TOP]]
        gap = max(0.0, (near_edge - edge) if down else (edge - near_edge)) / layout.line_height
        word_count += layout.word_counts[block]
        evidence = _caption_evidence(layout, picture, int(block), down=down)
        if not evidence and gap <= 0.5:
            evidence = previous_evidence
        if not evidence or gap > MAX_CAPTION_DISTANCE[evidence] or word_count > MAX_CAPTION_WORDS[evidence]:
            return
        distance += gap
        # A caption between two pictures belongs to the upper one, unless it is clearly nearer to the lower one.
        yield CaptionCandidate(
            distance + (0.0 if down else UPPER_SIDE_PENALTY) - (GROUP_BONUS if evidence == "group" else 0.0),
            picture,
            int(block),
            "below" if down else "above",
        )
        edge = far_edge
        previous_evidence = evidence if down and SPLIT_WORD_END.search(layout.blocks[block].text) else ""


def _marked_candidates(layout: PageLayout, picture: int, is_eligible: BoolArray) -> Iterator[CaptionCandidate]:
    """Yield the blocks beside or inside the picture that the file marks as its caption."""
    distances = box_distances(layout.block_edges, layout.picture_edges[picture]) / layout.line_height
    is_inside = is_mostly_inside(layout.block_edges, layout.picture_edges[picture])
    is_eligible &= distances <= max(MAX_CAPTION_DISTANCE.values())
    if contains_picture(layout, picture):
        is_eligible &= ~(layout.has_caption_role & is_inside)
    for block in map(int, np.flatnonzero(is_eligible)):
        evidence = _marked_evidence(layout, picture, block)
        if not evidence or distances[block] > MAX_CAPTION_DISTANCE[evidence]:
            continue
        if layout.word_counts[block] > MAX_CAPTION_WORDS[evidence]:
            continue
        if evidence == "group" and not _is_group_caption(layout, picture, block, is_inside=bool(is_inside[block])):
            continue
        penalty = BESIDE_PENALTY if distances[block] > 0 else 0.0
        bonus = GROUP_BONUS if evidence == "group" else 0.0
        yield CaptionCandidate(float(distances[block]) + penalty - bonus, picture, block, "beside")


def _marked_evidence(layout: PageLayout, picture: int, block: int) -> str:
    """Return `role` or `group` if the file marks the block as a caption of the picture, or an empty string."""
    if layout.has_caption_role[block]:
        return "role"
    group = layout.page.pictures[picture].composed_block_id
    if not group or group != layout.blocks[block].composed_block_id or layout.pictures_per_group[group] != 1:
        return ""
    return "group" if layout.word_counts[block] else ""


def _is_group_caption(layout: PageLayout, picture: int, block: int, *, is_inside: bool) -> bool:
    """Return whether text in the picture's group, beside or inside it, is a caption: not labels and not an article."""
    group = layout.page.pictures[picture].composed_block_id
    if layout.words_per_group[group] > MAX_CAPTION_WORDS["words" if is_inside else "group"]:
        return False
    if is_numbered_caption(layout.blocks[block].text):
        return True
    if is_inside:
        return is_at_inner_edge(layout, picture, block)
    return is_large_picture(layout, picture) and not covers_picture(layout, picture, block)


def _caption_evidence(layout: PageLayout, picture: int, block: int, *, down: bool) -> str:
    """Return why the block is a caption of the picture, a key of `MAX_CAPTION_DISTANCE`, or an empty string."""
    text = layout.blocks[block].text
    if evidence := _marked_evidence(layout, picture, block):
        return evidence
    has_caption_start = is_numbered_caption(text) or (CAPTION_START.match(text) and is_centred(layout, picture, block))
    if has_caption_start and not is_paragraph(layout, picture, block):
        return "words"
    return "layout" if down and text and has_caption_layout(layout, picture, block) else ""
