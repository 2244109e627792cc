"""What happens to a print between two books: scanned again, changed in a part, coloured."""

import numpy as np
from PIL import Image, ImageChops, ImageEnhance

from evaluation.pictures.transformations import (
    BLEED_THROUGH,
    GREY,
    JPEG,
    Alteration,
    Chance,
    Transformation,
    grey,
    jpeg,
)


def rescan(image: Image.Image, chance: Chance) -> Image.Image:
    """The same print once more: turned by up to 1 degree, cut by up to 2 % a side, other light, JPEG."""
    cuts = [chance.uniform(0, 0.02) for _ in range(4)]
    left, right, top, bottom = cuts
    scale = chance.uniform(0.9, 1.1)
    again = Alteration(chance.uniform(-1, 1), left, right, top, bottom, scale, scale)(image)
    lit = ImageEnhance.Brightness(again).enhance(chance.uniform(0.85, 1.1))
    return jpeg(ImageEnhance.Contrast(lit).enhance(chance.uniform(0.8, 1.1)), chance)


def state(image: Image.Image, chance: Chance) -> Image.Image:
    """A part of 15 to 30 % of each side is drawn anew (as another part, mirrored), and the print scanned again."""
    sides = [max(1, round(side * chance.uniform(0.15, 0.3))) for side in image.size]
    (x, y), (left, top) = (
        [int(chance.integers(0, side - part + 1)) for side, part in zip(image.size, sides, strict=True)]
        for _ in range(2)
    )
    changed = image.copy()
    part = image.crop((x, y, x + sides[0], y + sides[1])).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    changed.paste(part, (left, top))
    return rescan(changed, chance)


def colouring(image: Image.Image, chance: Chance) -> Image.Image:
    """Nine washes of colour over the print in grey, and scanned again."""
    washes = Image.fromarray(chance.integers(110, 256, (3, 3, 3)).astype(np.uint8))
    return rescan(ImageChops.multiply(grey(image, chance), washes.resize(image.size, Image.Resampling.BICUBIC)), chance)


SAME_PRINT = (
    Transformation(name="rescan", meaning="the same print scanned again", apply=rescan),
    GREY,
    JPEG,
    BLEED_THROUGH,
)
"""What should be known as `exact`."""

OTHER_STATE = (
    Transformation(name="state", meaning="a part of it is drawn anew", apply=state),
    Transformation(name="colouring", meaning="washes of colour over the grey print", apply=colouring),
)
"""What should be known as `near`."""
