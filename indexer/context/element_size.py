"""Which graphical elements are too small to be a picture: rules, specks and boxes without area."""

from core.geometry import Box, PixelBox

MIN_PICTURE_SIDE = 8
"""Pixels. Column rules and dust, which BnF's ALTO lists by the hundred, are thinner; printed ornaments are not."""

MAX_RULE_THICKNESS = 1 / 200
"""Of the longer side of the page: 0.9 mm in an octavo, 1.5 mm on A4. The smallest ornaments of a printer are as high as
a line of 6 point type, 2.1 mm."""

MIN_RULE_ELONGATION = 10
"""Length of a rule, in thicknesses. ABBYY lists rules, and shadows at the edge of a scan, as graphical elements."""


def is_too_small(box: Box | PixelBox, page_size: tuple[float, float]) -> bool:
    """Return whether a box, in pixels of the scan, is a speck, a rule or empty.

    `page_size` is the width and the height of the scan in pixels; zeros if they are unknown.
    """
    thickness, length = sorted((box.width, box.height))
    if thickness < MIN_PICTURE_SIDE:
        return True
    return thickness < MAX_RULE_THICKNESS * max(page_size) and length >= MIN_RULE_ELONGATION * thickness
