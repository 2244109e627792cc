"""Captions of several pictures: one text that names them all, and columns whose captions stand above the pictures."""

from collections.abc import Iterable, Mapping

import numpy as np

from indexer.context.caption_candidates import CaptionCandidate
from indexer.context.caption_layout import is_rule
from indexer.context.caption_words import count_figures, figure_number
from indexer.context.layout import BOTTOM, TOP, BoolArray, PageLayout, box_distances, horizontal_overlap

MAX_PLATE_GAP = 4.0
"""The largest white space between two figures of a plate in heights of a line."""


def pictures_of_joint_caption(layout: PageLayout, caption: CaptionCandidate, captioned_pictures: set[int]) -> list[int]:
    """Return the other pictures that a caption such as `Figs. 1-4` names: the nearest ones without a caption."""
    missing_count = count_figures(layout.blocks[caption.block].text) - 1
    if missing_count <= 0:
        return []
    is_eligible = _are_on_side_of_owner(layout, caption)
    is_eligible &= horizontal_overlap(layout.picture_edges, layout.block_edges[caption.block]) >= 0.3
    for picture in map(int, np.flatnonzero(is_eligible)):
        is_eligible[picture] = picture not in captioned_pictures and not is_rule(layout, picture)
    plate = [caption.picture]
    gaps = np.full(len(layout.picture_edges), np.inf)
    while len(plate) <= missing_count:
        gaps = np.minimum(gaps, box_distances(layout.picture_edges, layout.picture_edges[plate[-1]]))
        nearest = int(np.where(is_eligible, gaps, np.inf).argmin())
        if not is_eligible[nearest] or gaps[nearest] > MAX_PLATE_GAP * layout.line_height:
            break
        plate.append(nearest)
        is_eligible[nearest] = False
    return plate[1:]


def _are_on_side_of_owner(layout: PageLayout, caption: CaptionCandidate) -> BoolArray:
    """Return which pictures are above the caption, if its own picture is, or below it."""
    top, bottom = layout.block_edges[caption.block, [TOP, BOTTOM]]
    is_above = layout.picture_edges[:, BOTTOM] <= top + layout.line_height
    is_below = layout.picture_edges[:, TOP] >= bottom - layout.line_height
    sides: dict[str, BoolArray] = {"below": is_above, "above": is_below, "beside": np.ones_like(is_above)}
    return sides[caption.side].copy()


def move_captions_to_pictures_below(
    layout: PageLayout, owners: dict[int, CaptionCandidate], candidates: Iterable[CaptionCandidate]
) -> None:
    """Give each picture of a column the caption above it, if else the first has two numbers and the last has none."""
    candidates_above: dict[int, CaptionCandidate] = {}
    for candidate in sorted(candidates, key=lambda candidate: candidate.distance):
        if candidate.side == "above":
            candidates_above.setdefault(candidate.block, candidate)
    for owner in [owner for owner in owners.values() if owner.side == "above"]:
        owners.update(_moves_down(layout, owner, owners, candidates_above))


def _moves_down(
    layout: PageLayout,
    caption: CaptionCandidate,
    owners: Mapping[int, CaptionCandidate],
    candidates_above: Mapping[int, CaptionCandidate],
) -> dict[int, CaptionCandidate]:
    """Return the captions to move, from the one below the picture of `caption` on; empty if one would be left over."""
    moves: dict[int, CaptionCandidate] = {}
    while blocks := [
        block
        for block, owner in owners.items()
        if owner.picture == caption.picture and owner.side == "below" and figure_number(layout.blocks[block].text)
    ]:
        is_next = len(blocks) == 1 and _is_next_number(layout, caption.block, blocks[0])
        if not is_next or blocks[0] not in candidates_above:
            return {}
        caption = moves[blocks[0]] = candidates_above[blocks[0]]
    return moves


def _is_next_number(layout: PageLayout, block: int, next_block: int) -> bool:
    """Return whether two captions have the same word, and the second a higher number: `Fig. 1`, `Fig. 2`."""
    first, second = figure_number(layout.blocks[block].text), figure_number(layout.blocks[next_block].text)
    return bool(first and second and first[0] == second[0] and first[1] < second[1])
