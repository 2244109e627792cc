"""Simulated reprints: scanned again, changed in a part, or coloured."""

import numpy as np
from PIL import Image, ImageChops, ImageEnhance

from evaluation.pictures.transformations import (
    BLEED_THROUGH,
    GREY,
    JPEG,
    Alteration,
    RandomGenerator,
    Transformation,
    convert_to_grey,
    recompress_as_jpeg,
)


def rescan(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Return the print as a second scan: rotated by up to 1°, cropped by up to 2 % per side, other light, JPEG."""
    crop_shares = [rng.uniform(0, 0.02) for _ in range(4)]
    left, right, top, bottom = crop_shares
    scale = rng.uniform(0.9, 1.1)
    altered_image = Alteration(rng.uniform(-1, 1), left, right, top, bottom, scale, scale)(image)
    lit_image = ImageEnhance.Brightness(altered_image).enhance(rng.uniform(0.85, 1.1))
    return recompress_as_jpeg(ImageEnhance.Contrast(lit_image).enhance(rng.uniform(0.8, 1.1)), rng)


def redraw_part(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Replace a part of 15 to 30 % of each side by a mirrored part from elsewhere, and scan again."""
    sides = [max(1, round(side * rng.uniform(0.15, 0.3))) for side in image.size]
    (x, y), (left, top) = (
        [int(rng.integers(0, side - part + 1)) for side, part in zip(image.size, sides, strict=True)] for _ in range(2)
    )
    changed_image = image.copy()
    part = image.crop((x, y, x + sides[0], y + sides[1])).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    changed_image.paste(part, (left, top))
    return rescan(changed_image, rng)


def add_colour_washes(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Put nine washes of colour over the print in grey, and scan again."""
    washes = Image.fromarray(rng.integers(110, 256, (3, 3, 3)).astype(np.uint8))
    return rescan(
        ImageChops.multiply(convert_to_grey(image, rng), washes.resize(image.size, Image.Resampling.BICUBIC)), rng
    )


SAME_PRINT = (
    Transformation(name="rescan", meaning="the same print scanned again", apply=rescan),
    GREY,
    JPEG,
    BLEED_THROUGH,
)
"""Copies that should count as `exact`."""

OTHER_STATE = (
    Transformation(name="state", meaning="a part is redrawn", apply=redraw_part),
    Transformation(name="colouring", meaning="washes of colour over the grey print", apply=add_colour_washes),
)
"""Copies that should count as `near`."""
