"""Faults of scans that a classifier meets: out of focus, tilted, cropped, print showing through, and compressed."""

from collections.abc import Sequence

from PIL import Image, ImageFilter
from PIL.Image import Resampling

from evaluation.pictures.queries import QueryKind
from evaluation.pictures.transformations import (
    BLEED_THROUGH,
    JPEG,
    MAX_CROP,
    SEED,
    RandomGenerator,
    Transformation,
    seeded_alterations,
)

BLUR_RANGE = (1 / 500, 3 / 500)
"""Radius of the blur as a share of the longer side: 2 to 6 of 1,000 pixels, where small print cannot be read."""
TILT_RANGE = (1.0, 5.0)
"""Degrees, to either side."""


def blur(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Blur the picture as a scanner out of focus does."""
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(*BLUR_RANGE) * max(image.size)))


def tilt(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Turn the picture by a few degrees on a white ground."""
    degrees = float(rng.uniform(*TILT_RANGE) * rng.choice([-1, 1]))
    return image.rotate(degrees, Resampling.BICUBIC, expand=True, fillcolor="white")


def crop_sides(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Cut off up to 15 % at each side, as a box of a layout analysis that is too small does."""
    left, right, top, bottom = rng.uniform(0, MAX_CROP, 4)
    width, height = image.size
    x, y = round(left * width), round(top * height)
    return image.crop((x, y, max(x + 1, round((1 - right) * width)), max(y + 1, round((1 - bottom) * height))))


SCAN_FAULTS = (
    Transformation(name="blur", meaning="out of focus: blurred over 2 to 6 of 1,000 pixels", apply=blur),
    Transformation(name="tilt", meaning="turned by 1 to 5 degrees", apply=tilt),
    Transformation(name="crop", meaning="up to 15 % cut off at each side", apply=crop_sides),
    BLEED_THROUGH,
    JPEG,
)


def build_scan_faults(count: int, seed: int = SEED) -> Sequence[QueryKind]:
    """Return each fault with its alterations of `count` pictures."""
    return [
        QueryKind(name=fault.name, key=f"{fault.key}, seed {seed}", alterations=seeded_alterations(fault, count, seed))
        for fault in SCAN_FAULTS
    ]
