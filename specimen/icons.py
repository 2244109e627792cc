"""Draw the icons of the pages from their mark, `templates/static/favicon.svg`: `make icons`."""

from pathlib import Path

import pyvips

STATIC = Path(__file__).parents[1] / "templates" / "static"
MARK = STATIC / "favicon.svg"
PAPER = (255, 255, 255)

TRANSPARENT_SIZES = (32,)
"""Pixels of icons for tabs and bookmarks."""
PAPER_SIZES = {"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512}
"""Icons of home screens: on paper, because a telephone fills what is transparent with black."""
MARK_SHARE = 0.68
"""Width of the mark on an icon of a home screen; its corners are cut round."""


def draw_icon(side: int, share: float) -> pyvips.Image:
    """Return a transparent square with the mark in its middle."""
    mark = pyvips.Image.thumbnail(str(MARK), round(side * share))
    return mark.gravity("centre", side, side, extend="background", background=[0, 0, 0, 0])


def main() -> None:
    """Write all icons."""
    for side in TRANSPARENT_SIZES:
        draw_icon(side, 1).write_to_file(str(STATIC / f"favicon-{side}.png"), strip=True)
    for name, side in PAPER_SIZES.items():
        icon = draw_icon(side, MARK_SHARE).flatten(background=PAPER)
        icon.write_to_file(str(STATIC / name), palette=True, strip=True)


if __name__ == "__main__":
    main()
