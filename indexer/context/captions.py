"""Captions: which blocks of a page belong to which picture."""

from indexer.context.caption_candidates import CaptionCandidate, find_candidates
from indexer.context.caption_sharing import move_captions_to_pictures_below, pictures_of_joint_caption
from indexer.context.layout import LEFT, TOP, BoolArray, PageLayout


def find_captions(layout: PageLayout, is_furniture: BoolArray, is_label: BoolArray) -> list[list[int]]:
    """Return the caption's blocks of each picture, from top to bottom.

    `is_label` says which blocks are text inside a picture, of which only those that the file marks can be captions.
    A block belongs to one picture, unless it names several figures.
    """
    pictures = range(len(layout.picture_edges))
    candidates = [
        candidate for picture in pictures for candidate in find_candidates(layout, picture, is_furniture, is_label)
    ]
    owners: dict[int, CaptionCandidate] = {}
    for candidate in sorted(candidates, key=lambda candidate: (candidate.distance, candidate.picture)):
        owners.setdefault(candidate.block, candidate)
    move_captions_to_pictures_below(layout, owners, candidates)
    caption_blocks: list[list[int]] = [[] for _ in pictures]
    captioned_pictures = {candidate.picture for candidate in owners.values()}
    for block in sorted(owners, key=lambda block: (layout.block_edges[block, TOP], layout.block_edges[block, LEFT])):
        other_pictures = pictures_of_joint_caption(layout, owners[block], captioned_pictures)
        captioned_pictures.update(other_pictures)
        for picture in (owners[block].picture, *other_pictures):
            caption_blocks[picture].append(block)
    return caption_blocks
