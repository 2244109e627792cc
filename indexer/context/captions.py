"""Which blocks of a page are the captions of which pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indexer.context.layout import BOTTOM, LEFT, RIGHT, TOP, Flags, Indices, Layout, share_of_narrower

ROLE = re.compile(r"caption|figdesc|legend", re.IGNORECASE)

NUMBERED = re.compile(
    r"\W*(?:[fp][il1]g(?:s|ur|ure|uren)?|pl|plate|planche|plansje|taf|tafel|tavle|tab|tabl|table|tabell|kart|karte|carte|map"
    r"|abb|abbildung|bild|bilde|billede|ill|illustr\w*|phot?|photo|foto|skisse|diagram|chart)\b"
    r"[\s.:]*(?:\d{1,4}|[ivxlc]{1,7}|[a-h])\b",
    re.IGNORECASE,
)
"""`Fig. 3`, `Pl. IV`, `Tafel 2`; OCR reads `Fig` as `Flg` and `Pig`."""

NAMED = re.compile(
    r"\W*(?:(?:fig|pl|taf|tab|abb|ill|phot)\."
    r"|(?:figur|figure|kart|karte|carte|map|abbildung|tavle|tafel|bild|l[ée]gende?)\b"
    r"|(?:no|nr|n[°º]|№)[\s.:]*\d)",
    re.IGNORECASE,
)
"""What a paragraph may begin with too, so it must be centred besides: `Kart over kysten`, `No. 3`."""

FAR = {"role": 6.0, "group": 4.0, "words": 6.0, "look": 2.0}
"""How far a caption may stand from its picture, in heights of a line, by what makes it one."""

LONGEST = {"role": 400, "group": 150, "words": 60, "look": 25}
"""Words that such a caption may have in all."""

MOST_LINES = 3
"""Of a caption that only its look gives away; four lines are a stanza."""


CUT_IN_A_WORD = re.compile(r"\w[-¬⸗\u00ad]$")
"""OCR that makes a block of a caption's first line and another of the rest cuts words between them."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A picture's claim on a block: the smaller the distance, the better."""

    distance: float
    picture: int
    block: int


def captions(layout: Layout, left_out: Flags) -> list[list[int]]:
    """For each picture its caption's blocks, from top to bottom; no block is the caption of two."""
    claims = [claim for picture in range(len(layout.pictures)) for claim in _claims(layout, picture, left_out)]
    owners: dict[int, int] = {}
    for claim in sorted(claims, key=lambda each: (each.distance, each.picture)):
        owners.setdefault(claim.block, claim.picture)
    found: list[list[int]] = [[] for _ in layout.pictures]
    for block in sorted(owners, key=lambda each: (layout.rows[each, TOP], layout.rows[each, LEFT])):
        found[owners[block]].append(block)
    return found


def looks_numbered(text: str) -> bool:
    return NUMBERED.match(text) is not None


def _claims(layout: Layout, picture: int, left_out: Flags) -> Iterator[Claim]:
    left, top, right, bottom = layout.pictures[picture]
    line = layout.line_height
    if min(right - left, bottom - top) < 1.5 * line:  # a rule
        return
    column = (share_of_narrower(layout.rows, layout.pictures[picture]) >= 0.3) & ~left_out
    middles = (layout.rows[:, TOP] + layout.rows[:, BOTTOM]) / 2
    below, above = layout.rows[:, TOP] - bottom, top - layout.rows[:, BOTTOM]
    reach = max(FAR.values()) * line
    near_below = np.flatnonzero(column & (middles > bottom) & (below > -line) & (below < 3 * reach))
    near_above = np.flatnonzero(column & (middles < top) & (above > -line) & (above < 3 * reach))
    yield from _chain(layout, picture, near_below[np.argsort(below[near_below], kind="stable")], down=True)
    yield from _chain(layout, picture, near_above[np.argsort(above[near_above], kind="stable")], down=False)


def _chain(layout: Layout, picture: int, nearest: Indices, *, down: bool) -> Iterator[Claim]:
    """Blocks one after the other away from the picture, until one is not of its caption."""
    edge = layout.pictures[picture, BOTTOM if down else TOP]
    words, distance, cut_in = 0, 0.0, ""
    for block in nearest:
        near, far = layout.rows[block, [TOP, BOTTOM] if down else [BOTTOM, TOP]]
        gap = max(0.0, (near - edge) if down else (edge - near)) / layout.line_height
        words += len(layout.blocks[block].text.split())
        sign = _sign(layout, picture, int(block), down=down)
        if not sign and gap <= 0.5:
            sign = cut_in
        if not sign or gap > FAR[sign] or words > LONGEST[sign]:
            return
        distance += gap
        # Between two pictures a caption belongs to the one above it, unless it is clearly nearer to the other.
        yield Claim(distance + (0.0 if down else 0.75) - (3.0 if sign == "group" else 0.0), picture, int(block))
        edge = far
        cut_in = sign if down and CUT_IN_A_WORD.search(layout.blocks[block].text) else ""


def _sign(layout: Layout, picture: int, block: int, *, down: bool) -> str:
    """What makes the block a caption of the picture: a key of `FAR`, or nothing."""
    text = layout.blocks[block].text
    if not text:
        return ""
    if ROLE.search(layout.blocks[block].role):
        return "role"
    group = layout.page.pictures[picture].group
    if group and group == layout.blocks[block].group and layout.groups[group] == 1:
        return "group"
    named = NUMBERED.match(text) or (NAMED.match(text) and _is_centred(layout, picture, block))
    if named and not _is_paragraph(layout, picture, block):
        return "words"
    return "look" if down and _looks_like_one(layout, picture, block) else ""


def _is_paragraph(layout: Layout, picture: int, block: int) -> bool:
    """Text that only begins like a caption (`Fig. 3 viser …`): full lines in its type, wider than the picture."""
    width = layout.rows[block, RIGHT] - layout.rows[block, LEFT]
    picture_width = layout.pictures[picture, RIGHT] - layout.pictures[picture, LEFT]
    wide = width >= 0.95 * layout.measure and width > picture_width + 2 * layout.line_height
    large = layout.line_heights[block] > 0.9 * layout.line_height
    return bool(wide and large and len(layout.blocks[block].lines) > 1)


def _looks_like_one(layout: Layout, picture: int, block: int) -> bool:
    """Short, centred below a picture of some size, and set apart from the text by its width or type."""
    height = layout.pictures[picture, BOTTOM] - layout.pictures[picture, TOP]
    if height < max(6 * layout.line_height, 0.1 * layout.height):  # a headpiece or an ornament: a heading follows
        return False
    if not any(len(word) > 3 for word in layout.blocks[block].text.split()) or _is_verse(layout, block):
        return False
    if layout.line_heights[block] > 1.1 * layout.line_height:  # where text follows, a heading
        return _is_centred(layout, picture, block) and not np.any(layout.rows[:, TOP] > layout.rows[block, BOTTOM])
    return _is_centred(layout, picture, block) and _is_set_apart(layout, block)


def _is_verse(layout: Layout, block: int) -> bool:
    """More lines than a caption has, whether in one block or each a block of its own."""
    line, lines = layout.line_height, len(layout.blocks[block].lines)
    close = max(line / 2, 1.2 * layout.leading)
    column = share_of_narrower(layout.rows, layout.rows[block]) > 0.5
    while lines <= MOST_LINES:
        gap = layout.rows[:, TOP] - layout.rows[block, BOTTOM]
        below = np.flatnonzero(column & (gap > -line / 4) & (gap <= close))
        if not below.size:
            return False
        block = int(below[gap[below].argmin()])
        if len(layout.blocks[block].lines) > 2:  # a paragraph
            return False
        lines += max(1, len(layout.blocks[block].lines))
    return True


def _is_centred(layout: Layout, picture: int, block: int) -> bool:
    left, _, right, _ = layout.pictures[picture]
    off = abs((layout.rows[block, LEFT] + layout.rows[block, RIGHT]) - (left + right)) / 2
    return bool(off <= 0.1 * (right - left) + layout.line_height)


def _is_set_apart(layout: Layout, block: int) -> bool:
    if layout.lines - len(layout.blocks[block].lines) < 4:
        return True
    width = layout.rows[block, RIGHT] - layout.rows[block, LEFT]
    return bool(width < 0.85 * layout.measure or layout.line_heights[block] <= 0.9 * layout.line_height)
