"""The shape of a picture in a row of results, as a class of `templates/static/shapes.css`.

Rows are as wide as the page because each picture grows by its ratio of width to height. The Content-Security-Policy
allows no style attribute, so the ratio is a class: steps of 2 % are a difference of at most two pixels.
"""

from dataclasses import dataclass
from math import log
from typing import Literal

from api.resources import TEMPLATES_FOLDER

ROW_HEIGHT = 170
"""Pixels of the height of most rows: 9 rem in `results.css`, and what they grow by."""
COLUMN_WIDTH = 46
"""Percent of a narrow window that one of two columns takes."""

MIN_RATIO, MAX_RATIO = 0.8, 2.2
"""Narrower and wider pictures stand in a frame of this ratio, so that a line of text fits below and a row is full."""

STEP = 1.02
LAST_STEP = round(log(MAX_RATIO / MIN_RATIO, STEP))

LINE_RATIO = 4.0
"""Rules and other lines are wider than this; they need no more room than a picture."""
LINE_FRAME = 1.4

SMALL_SHARE = 0.7
"""Share of its frame below which a picture is shown in its own size: it would be coarse."""

SMALLEST_ROW = 136
"""Pixels of the height of a row on a screen just wide enough for rows: 8.5 rem in `results.css`."""
NARROWEST_COLUMN = 155
"""Pixels of one of two columns on a phone."""
MENU_WIDTH, CHARACTER_WIDTH = 28, 7.5
"""Pixels of the button beside the first line of text, and of a character of it."""
LINES = 1.4
"""Lines of text that a card surely has: the second one ends with the year."""

STYLE_FILE = TEMPLATES_FOLDER / "static" / "shapes.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShape:
    """How a picture stands in a row."""

    css_class: str
    side: int
    """CSS pixels of the longer side on a wide screen, as `picture_image` takes it."""
    narrow_side: int
    """Percent of a narrow window that the longer side takes."""
    is_small: bool
    """Whether the picture has too few pixels to fill its frame."""
    line_length: int
    """Characters within which a marked word is shown."""
    fit: Literal["full", "tall", "wide"]
    """Whether the picture fills its frame, or is narrower or wider."""


def row_shape(width: int, height: int) -> RowShape:
    """Return the shape of a picture with these pixels, or of a square if they are not known."""
    ratio = width / height if width > 0 and height > 0 else 1.0
    frame = LINE_FRAME if ratio > LINE_RATIO else min(max(ratio, MIN_RATIO), MAX_RATIO)
    side = round(ROW_HEIGHT * max(1.0, frame))
    return RowShape(
        css_class=_name_class(round(log(frame / MIN_RATIO, STEP))),
        side=side,
        narrow_side=round(COLUMN_WIDTH / min(1.0, frame)),
        line_length=round(LINES * (min(frame * SMALLEST_ROW, NARROWEST_COLUMN) - MENU_WIDTH) / CHARACTER_WIDTH),
        is_small=0 < max(width, height) < SMALL_SHARE * side,
        fit="tall" if ratio < MIN_RATIO else "wide" if ratio > MAX_RATIO else "full",
    )


def shape_styles() -> str:
    """Return the rules of all classes, as `shapes.css` has them."""
    ratios = (round(MIN_RATIO * STEP**step, 3) for step in range(LAST_STEP + 1))
    return "".join(f".{_name_class(step)} {{ --ratio: {ratio:g}; }}\n" for step, ratio in enumerate(ratios))


def _name_class(step: int) -> str:
    return f"s{step}"


if __name__ == "__main__":
    STYLE_FILE.write_text(shape_styles(), "utf-8")
