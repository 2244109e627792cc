"""Many words at once: lists instead of a loop over elements, for pages on which nothing is unusual."""

from collections.abc import Sequence
from functools import partial
from operator import sub

from core.geometry import Box
from indexer.formats.ocr.frame import PageFrame
from indexer.records import Word

# `tuple.__new__` saves the Python call in the constructor of a NamedTuple.
_new_box = partial(tuple.__new__, Box)
_new_word = partial(tuple.__new__, Word)


def build_words(
    texts: Sequence[str],
    edges: tuple[Sequence[float], Sequence[float], Sequence[float], Sequence[float]],
    confidences: Sequence[float | None],
    frame: PageFrame,
) -> list[Word]:
    """Return the words; `edges` are left, top, right and bottom of each. None are returned if a text is
    empty or a box is not on the page.
    """
    lefts, tops, rights, bottoms = edges
    if not texts:
        return []
    widths, heights = list(map(sub, rights, lefts)), list(map(sub, bottoms, tops))
    # Each comparison is also false if a number is none (NaN) in the first place; in others it makes a width none.
    is_inside = min(lefts) >= 0 and min(tops) >= 0 and max(rights) <= frame.right and max(bottoms) <= frame.bottom
    if not (all(texts) and is_inside and all(map((0.0).__lt__, widths)) and all(map((0.0).__lt__, heights))):
        return []
    boxes = map(_new_box, zip(lefts, tops, widths, heights, strict=True))
    return list(map(_new_word, zip(texts, boxes, confidences, strict=True)))
