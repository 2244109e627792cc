"""Which pictures are decoration or empty, told from pixels, shape and place on the page, without a model or labels.

Figures must not be lost, so what is doubtful counts as a figure. `docs/evaluation.md` has the precision and recall.
"""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from core.encoders.measurements import INK_THRESHOLD
from core.geometry import PixelBox
from core.images import limit_size

Decoration = Literal["", "blank", "rule", "initial", "ornament"]
DECORATION_VERSION = 2
"""Raise it with every change of the rules below: an unchanged picture keeps what an earlier run told of it."""
GreyLevels = npt.NDArray[np.float64]
"""Shape (height, width); 0 is black, 1 the level of the paper."""

MAX_SIDE = 512
"""Pixels; a larger picture is reduced before it is measured."""
BORDER_SHARE = 0.05
"""Share of the shorter side that is ignored on each side: shadows and rules of neighbours."""

BLUR_RADIUS = 8
STROKE_CONTRAST = 0.06
"""How much darker than its surroundings a pixel of a stroke is, as a share of the paper's level."""
MAX_BLANK_STROKES = 0.0017
"""The palest pencil drawing of the labelled pictures has a share of 0.0018."""
MAX_BLANK_INK = 0.01

RULE_ELONGATION = 10
MAX_RULE_THICKNESS = 1 / 35
"""Of the longer side of the page."""
MIN_SHADOW_ELONGATION = 5
MIN_SHADOW_LENGTH = 0.6
"""Of the page's side along which a shadow lies."""
MAX_SHADOW_LEVEL, MAX_SHADOW_UNEVENNESS = 0.25, 0.1
"""Mean level and mean standard deviation along the edge, 0 to 1; those of three real pages have 0.18 and 0.06."""

WHOLE_PAGE_SHARE = 0.6
"""Share of the page's area from which a picture is the page itself."""

INITIAL_LINES = 6.5
"""Highest initial, in lines of text; those in the books of five centuries have 2 to 6."""
MAX_INITIAL_WIDTH, MAX_INITIAL_HEIGHT = 0.14, 0.09
INITIAL_RATIOS = (0.6, 1.6)
INITIAL_INK = (0.2, 0.75)
MIDDLE_TONES = (0.25, 0.75)
"""From the darkest ink (0) to the paper (1)."""
MAX_MIDDLE_TONES = 0.3
"""Share of the pixels of a small print; a small photograph has more."""
CENTRE_SHARE = 0.08
"""How far from the middle of the page a centred piece may be, as a share of the page's width."""

STRIP_ELONGATION = 3.2
MAX_STRIP_HEIGHT = 0.115
MIN_STRIP_WIDTH = 0.25
MIN_STRIP_INK = 0.2
STRIP_PARTS = 6
MIN_PART_INK = 0.5
"""Ink of the emptiest sixth of a headpiece, as a share of the mean: a landscape or profile of a coast is uneven."""
STAFF_LINES = 5
STAFF_LINE_INK = 0.6
MAX_STAFF_INK = 0.3

MAX_TAILPIECE_WIDTH, MAX_TAILPIECE_HEIGHT = 0.4, 0.14
MIN_TAILPIECE_SYMMETRY = 0.74

INITIAL_TYPES = re.compile(r"(?:segmonto:)?(?:drop\W?cap|initial(?![a-z]))", re.IGNORECASE)
ORNAMENT_TYPES = re.compile(r"(?:graphic(?:zone)?\W+)?(?:ornament|decoration)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a picture is on its page, in pixels of the scan."""

    box: PixelBox
    page_width: int
    page_height: int
    line_height: float = 0.0
    """Height of a line of the page's text; 0 if it has none."""
    block_type: str = ""
    """The type in the OCR file."""
    has_caption: bool = False

    @property
    def width_share(self) -> float:
        return self.box.width / max(self.page_width, 1)

    @property
    def height_share(self) -> float:
        return self.box.height / max(self.page_height, 1)

    @property
    def fills_page(self) -> bool:
        """Whether the picture is most of its page, such as a photograph that is a file of its own."""
        return self.width_share * self.height_share >= WHOLE_PAGE_SHARE

    @property
    def is_centred(self) -> bool:
        return abs(self.box.x + self.box.width / 2 - self.page_width / 2) <= CENTRE_SHARE * self.page_width

    @property
    def elongation(self) -> float:
        return max(self.box.width, self.box.height) / max(min(self.box.width, self.box.height), 1)

    @property
    def is_along_edge(self) -> bool:
        """Whether it lies along an edge of the page, as the shadow of the spine or the edge of the scan does."""
        box, is_long = self.box, self.elongation >= MIN_SHADOW_ELONGATION
        at_side = box.x <= 0 or box.x + box.width >= self.page_width
        at_end = box.y <= 0 or box.y + box.height >= self.page_height
        return is_long and (
            (at_side and self.height_share >= MIN_SHADOW_LENGTH and self.width_share < self.height_share / 4)
            or (at_end and self.width_share >= MIN_SHADOW_LENGTH and self.height_share < self.width_share / 4)
        )


def classify_decoration(image: Image.Image, placement: Placement) -> Decoration:
    """Return what kind of decoration an RGB crop is; empty for a figure and for all that is doubtful."""
    if _is_edge_shadow(image, placement):
        return "blank"
    grey = _grey_levels(image)
    if _is_blank(image, grey):
        return "blank"
    if placement.fills_page:
        return ""
    if named_kind := _kind_of_block_type(placement.block_type):
        return named_kind
    if placement.elongation >= RULE_ELONGATION and _is_thin(placement):
        return "rule"
    return "" if placement.has_caption else _classify_small_piece(grey, placement)


def _is_edge_shadow(image: Image.Image, placement: Placement) -> bool:
    """Return whether an uncaptioned strip at the edge of the page is dark, or even from end to end."""
    if placement.fills_page or placement.has_caption or not placement.is_along_edge:
        return False
    levels = np.asarray(limit_size(image, MAX_SIDE).convert("L"), dtype=np.float64) / 255
    unevenness = levels.std(axis=0 if placement.box.height > placement.box.width else 1).mean()
    return bool(levels.mean() <= MAX_SHADOW_LEVEL or unevenness <= MAX_SHADOW_UNEVENNESS)


def _kind_of_block_type(block_type: str) -> Decoration:
    """Return what the OCR file calls the picture, such as SegmOnto's `DropCapitalZone`; empty for other types."""
    if INITIAL_TYPES.match(block_type):
        return "initial"
    return "ornament" if ORNAMENT_TYPES.match(block_type) else ""


def _classify_small_piece(grey: GreyLevels, placement: Placement) -> Decoration:
    ink = grey < 1 - INK_THRESHOLD
    if _is_initial_size(placement) and _is_letter_like(grey, float(ink.mean())):
        return "ornament" if placement.is_centred else "initial"
    if _is_strip_size(placement) and _is_even(ink) and not _has_staff(ink):
        return "ornament"
    is_tailpiece_size = (
        placement.is_centred
        and placement.width_share <= MAX_TAILPIECE_WIDTH
        and placement.height_share <= MAX_TAILPIECE_HEIGHT
    )
    return "ornament" if is_tailpiece_size and mirror_symmetry(grey) >= MIN_TAILPIECE_SYMMETRY else ""


def _grey_levels(image: Image.Image) -> GreyLevels:
    """Return the inner part of the picture in shares of the paper's level."""
    grey = np.asarray(limit_size(image, MAX_SIDE).convert("L"), dtype=np.float64) / 255
    inner = _inner_part(grey)
    return inner / max(float(np.quantile(inner, 0.9)), 0.1)


def _inner_part(pixels: GreyLevels) -> GreyLevels:
    border = round(BORDER_SHARE * min(pixels.shape))
    return pixels[border : pixels.shape[0] - border, border : pixels.shape[1] - border]


def _is_blank(image: Image.Image, grey: GreyLevels) -> bool:
    """Return whether there is neither ink nor a stroke: pale drawings have strokes, stained paper has not."""
    small_image = limit_size(image, MAX_SIDE).convert("L")
    surroundings = np.asarray(small_image.filter(ImageFilter.BoxBlur(BLUR_RADIUS)), dtype=np.float64)
    contrast = _inner_part(surroundings - np.asarray(small_image, dtype=np.float64)) / 255
    paper = max(float(np.quantile(_inner_part(np.asarray(small_image, dtype=np.float64)), 0.9)) / 255, 0.1)
    strokes = float((contrast > STROKE_CONTRAST * paper).mean())
    return strokes <= MAX_BLANK_STROKES and float((grey < 1 - INK_THRESHOLD).mean()) <= MAX_BLANK_INK


def _is_thin(placement: Placement) -> bool:
    thickness = min(placement.box.width, placement.box.height)
    return thickness <= MAX_RULE_THICKNESS * max(placement.page_width, placement.page_height)


def _is_initial_size(placement: Placement) -> bool:
    ratio = placement.box.width / max(placement.box.height, 1)
    return (
        INITIAL_RATIOS[0] <= ratio <= INITIAL_RATIOS[1]
        and placement.width_share <= MAX_INITIAL_WIDTH
        and placement.height_share <= MAX_INITIAL_HEIGHT
        and 0 < placement.box.height <= INITIAL_LINES * placement.line_height
    )


def _is_letter_like(grey: GreyLevels, ink_share: float) -> bool:
    darkest = float(np.quantile(grey, 0.02))
    tones = (grey - darkest) / max(1 - darkest, 0.1)
    middle_share = ((tones > MIDDLE_TONES[0]) & (tones < MIDDLE_TONES[1])).mean()
    return bool(INITIAL_INK[0] <= ink_share <= INITIAL_INK[1] and middle_share <= MAX_MIDDLE_TONES)


def _is_strip_size(placement: Placement) -> bool:
    return (
        placement.box.width >= STRIP_ELONGATION * placement.box.height
        and placement.width_share >= MIN_STRIP_WIDTH
        and placement.height_share <= MAX_STRIP_HEIGHT
    )


def _is_even(ink: npt.NDArray[np.bool_]) -> bool:
    """Return whether there is much ink, from end to end and in the upper half as in the lower."""
    mean_ink = float(ink.mean())
    parts = [*np.array_split(ink, STRIP_PARTS, axis=1), *np.array_split(ink, 2, axis=0)]
    return mean_ink >= MIN_STRIP_INK and min(float(part.mean()) for part in parts) >= MIN_PART_INK * mean_ink


def _has_staff(ink: npt.NDArray[np.bool_]) -> bool:
    """Return whether five dark lines run from end to end through little other ink, as in music."""
    is_line = ink.mean(axis=1) >= STAFF_LINE_INK
    line_count = np.count_nonzero(is_line[1:] & ~is_line[:-1]) + is_line[0]
    return bool(line_count >= STAFF_LINES and ink.mean() < MAX_STAFF_INK)


def mirror_symmetry(grey: GreyLevels, *, width: int = 96, max_shift: int = 6) -> float:
    """Return the correlation of a picture with its mirror image, -1 to 1, at the best of some small shifts."""
    height = min(width, max(8, round(width * grey.shape[0] / grey.shape[1])))
    small_image = Image.fromarray((grey.clip(0, 1) * 255).astype(np.uint8)).resize((width, height))
    levels = np.asarray(small_image, dtype=np.float64)
    best = -1.0
    for shift in range(-max_shift, max_shift + 1):
        part = levels[:, max(0, shift) : width + min(0, shift)]
        if part.std() > 0:
            best = max(best, float(np.corrcoef(part.ravel(), part[:, ::-1].ravel())[0, 1]))
    return best
