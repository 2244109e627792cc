"""Conversion of any picture that Pillow opens to the RGB that a model expects. Pure functions."""

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
"""Shape (n, height, width, 3)."""

PAPER_RGBA = (255, 255, 255, 255)
"""Background of transparent pictures: the models are trained on prints on white paper."""
MAX_ASPECT_RATIO = 100
"""Longest ratio of the longer to the shorter side that `crop_to_centre` leaves as it is."""


def to_rgb(image: Image.Image) -> Image.Image:
    """Return the picture in RGB on white paper, whatever its mode: grey, palette, CMYK, alpha, 16 or 32 bits.

    An RGB picture is returned itself, not copied. This is the only conversion: what is indexed and what is uploaded
    must reach the models in the same way.
    """
    if image.mode.startswith(("I", "F")):
        image = _to_eight_bits(image)
    if image.has_transparency_data:
        rgba_image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba_image.size, PAPER_RGBA), rgba_image)
    return image if image.mode == "RGB" else image.convert("RGB")


def limit_size(image: Image.Image, max_side: int) -> Image.Image:
    """Return the picture reduced so that its longer side is at most `max_side` pixels."""
    if max(image.size) <= max_side:
        return image
    scale = max_side / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX, reducing_gap=2)


def crop_to_centre(image: Image.Image) -> Image.Image:
    """Return the middle of a picture that is longer than `MAX_ASPECT_RATIO`, else the picture itself.

    A processor that scales the shorter side to 224 pixels would scale a rule of 1×3000 to 224×672 000.
    """
    width, height = image.size
    max_length = MAX_ASPECT_RATIO * min(image.size)
    if max(image.size) <= max_length:
        return image
    left, top = max(0, width - max_length) // 2, max(0, height - max_length) // 2
    return image.crop((left, top, left + min(width, max_length), top + min(height, max_length)))


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Return a 16-bit, 32-bit or floating-point grey picture in mode L; Pillow alone cuts off everything above 255.

    These modes do not say which number is white, so the brightest pixel determines the range: 1 (floats only), 255,
    65535, or the brightest pixel itself above that. Pixels that are no number become black.
    """
    levels = np.nan_to_num(np.array(image, dtype=np.float64), copy=False, posinf=0.0, neginf=0.0)
    max_level = float(levels.max(initial=0))
    ranges = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
    white_level = next((white for white in ranges if max_level <= white), max_level)
    levels *= 255.0 / white_level
    return Image.fromarray(levels.clip(0, 255, out=levels).round(out=levels).astype(np.uint8))
