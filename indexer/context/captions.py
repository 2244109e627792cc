"""Captions: which blocks of a page belong to which picture."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indexer.context.layout import BOTTOM, LEFT, RIGHT, TOP, BlockIndices, BoolArray, PageLayout, horizontal_overlap

CAPTION_ROLE = re.compile(r"caption|figdesc|legend", re.IGNORECASE)

NUMBERED_CAPTION = re.compile(
    r"\W*(?:[fp][il1]g(?:s|ur|ure|uren)?|pl|plate|planche|plansje|taf|tafel|tavle|tab|tabl|table|tabell|kart|karte|carte|map"
    r"|abb|abbildung|bild|bilde|billede|ill|illustr\w*|phot?|photo|foto|skisse|diagram|chart)\b"
    r"[\s.:]*(?:\d{1,4}|[ivxlc]{1,7}|[a-h])\b",
    re.IGNORECASE,
)
"""Matches `Fig. 3`, `Pl. IV`, `Tafel 2`; OCR reads `Fig` as `Flg` and `Pig`."""

CAPTION_START = re.compile(
    r"\W*(?:(?:fig|pl|taf|tab|abb|ill|phot)\."
    r"|(?:figur|figure|kart|karte|carte|map|abbildung|tavle|tafel|bild|l[ée]gende?)\b"
    r"|(?:no|nr|n[°º]|№)[\s.:]*\d)",
    re.IGNORECASE,
)
"""Matches `Kart over kysten`, `No. 3`. A paragraph may begin so too, so the block must also be centred."""

MAX_CAPTION_DISTANCE = {"role": 6.0, "group": 4.0, "words": 6.0, "layout": 2.0}
"""The largest distance of a caption from its picture in heights of a line, by kind of evidence."""

MAX_CAPTION_WORDS = {"role": 400, "group": 150, "words": 60, "layout": 25}
"""The largest number of words of a caption, by kind of evidence."""

MAX_CAPTION_LINES = 3
"""The largest number of lines of a caption that only its layout suggests; four lines are a stanza."""

UPPER_SIDE_PENALTY, GROUP_BONUS = 0.75, 3.0
"""In heights of a line: added to the distance of a text above the picture, and subtracted in its composed block."""

SPLIT_WORD_END = re.compile(r"\w[-¬⸗\u00ad]$")
"""The end of a hyphenated word; OCR may split a caption after its first line into two blocks."""


@dataclass(frozen=True, slots=True)
class CaptionCandidate:
    """A block that may be the caption of a picture; the smaller the distance, the better."""

    distance: float
    picture: int
    block: int


def find_captions(layout: PageLayout, excluded: BoolArray) -> list[list[int]]:
    """Return the caption's blocks of each picture, from top to bottom; a block belongs to one picture at most."""
    candidates = [
        candidate
        for picture in range(len(layout.picture_edges))
        for candidate in _caption_candidates(layout, picture, excluded)
    ]
    owners: dict[int, int] = {}
    for candidate in sorted(candidates, key=lambda candidate: (candidate.distance, candidate.picture)):
        owners.setdefault(candidate.block, candidate.picture)
    caption_blocks: list[list[int]] = [[] for _ in layout.picture_edges]
    for block in sorted(owners, key=lambda block: (layout.block_edges[block, TOP], layout.block_edges[block, LEFT])):
        caption_blocks[owners[block]].append(block)
    return caption_blocks


def is_numbered_caption(text: str) -> bool:
    return NUMBERED_CAPTION.match(text) is not None


def _caption_candidates(layout: PageLayout, picture: int, excluded: BoolArray) -> Iterator[CaptionCandidate]:
    left, top, right, bottom = layout.picture_edges[picture]
    line_height = layout.line_height
    if min(right - left, bottom - top) < 1.5 * line_height:  # a rule
        return
    in_column = (horizontal_overlap(layout.block_edges, layout.picture_edges[picture]) >= 0.3) & ~excluded
    middles = (layout.block_edges[:, TOP] + layout.block_edges[:, BOTTOM]) / 2
    distances_below, distances_above = layout.block_edges[:, TOP] - bottom, top - layout.block_edges[:, BOTTOM]
    max_distance = max(MAX_CAPTION_DISTANCE.values()) * line_height
    near_below = np.flatnonzero(
        in_column & (middles > bottom) & (distances_below > -line_height) & (distances_below < 3 * max_distance)
    )
    near_above = np.flatnonzero(
        in_column & (middles < top) & (distances_above > -line_height) & (distances_above < 3 * max_distance)
    )
    yield from _contiguous_candidates(
        layout, picture, near_below[np.argsort(distances_below[near_below], kind="stable")], down=True
    )
    yield from _contiguous_candidates(
        layout, picture, near_above[np.argsort(distances_above[near_above], kind="stable")], down=False
    )


def _contiguous_candidates(
    layout: PageLayout, picture: int, nearest_blocks: BlockIndices, *, down: bool
) -> Iterator[CaptionCandidate]:
    """Yield blocks in order of distance from the picture, up to the first that is not part of a caption."""
    edge = layout.picture_edges[picture, BOTTOM if down else TOP]
    word_count, distance, previous_evidence = 0, 0.0, ""
    for block in nearest_blocks:
        near_edge, far_edge = layout.block_edges[block, [TOP, BOTTOM] if down else [BOTTOM, TOP]]
        gap = max(0.0, (near_edge - edge) if down else (edge - near_edge)) / layout.line_height
        word_count += len(layout.blocks[block].text.split())
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
        )
        edge = far_edge
        previous_evidence = evidence if down and SPLIT_WORD_END.search(layout.blocks[block].text) else ""


def _caption_evidence(layout: PageLayout, picture: int, block: int, *, down: bool) -> str:
    """Return why the block is a caption of the picture, a key of `MAX_CAPTION_DISTANCE`, or an empty string."""
    text = layout.blocks[block].text
    if not text:
        return ""
    if CAPTION_ROLE.search(layout.blocks[block].role):
        return "role"
    group = layout.page.pictures[picture].composed_block_id
    if group and group == layout.blocks[block].composed_block_id and layout.pictures_per_group[group] == 1:
        return "group"
    has_caption_start = NUMBERED_CAPTION.match(text) or (
        CAPTION_START.match(text) and _is_centred(layout, picture, block)
    )
    if has_caption_start and not _is_paragraph(layout, picture, block):
        return "words"
    return "layout" if down and _has_caption_layout(layout, picture, block) else ""


def _is_paragraph(layout: PageLayout, picture: int, block: int) -> bool:
    """Return whether text that begins like a caption (`Fig. 3 viser …`) is a paragraph: full lines of normal type."""
    width = layout.block_edges[block, RIGHT] - layout.block_edges[block, LEFT]
    picture_width = layout.picture_edges[picture, RIGHT] - layout.picture_edges[picture, LEFT]
    is_wide = width >= 0.95 * layout.full_line_width and width > picture_width + 2 * layout.line_height
    is_large = layout.line_heights[block] > 0.9 * layout.line_height
    return bool(is_wide and is_large and len(layout.blocks[block].lines) > 1)


def _has_caption_layout(layout: PageLayout, picture: int, block: int) -> bool:
    """Return whether the block is short, centred below a large picture and distinct from the text around it."""
    height = layout.picture_edges[picture, BOTTOM] - layout.picture_edges[picture, TOP]
    if height < max(6 * layout.line_height, 0.1 * layout.height):  # a headpiece or an ornament, before a heading
        return False
    if not any(len(word) > 3 for word in layout.blocks[block].text.split()) or _is_verse(layout, block):
        return False
    if layout.line_heights[block] > 1.1 * layout.line_height:  # larger type is a heading if text follows
        return _is_centred(layout, picture, block) and not np.any(
            layout.block_edges[:, TOP] > layout.block_edges[block, BOTTOM]
        )
    return _is_centred(layout, picture, block) and _is_set_apart(layout, block)


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


def _is_centred(layout: PageLayout, picture: int, block: int) -> bool:
    left, _, right, _ = layout.picture_edges[picture]
    offset = abs((layout.block_edges[block, LEFT] + layout.block_edges[block, RIGHT]) - (left + right)) / 2
    return bool(offset <= 0.1 * (right - left) + layout.line_height)


def _is_set_apart(layout: PageLayout, block: int) -> bool:
    if layout.line_count - len(layout.blocks[block].lines) < 4:
        return True
    width = layout.block_edges[block, RIGHT] - layout.block_edges[block, LEFT]
    return bool(width < 0.85 * layout.full_line_width or layout.line_heights[block] <= 0.9 * layout.line_height)
