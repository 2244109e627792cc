"""Any picture that Pillow opens → the RGB that a model expects: pure."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

Item = TypeVar("Item")
Pixels = npt.NDArray[np.uint8]
"""Shape (n, height, width, 3)."""

PAPER_RGBA = (255, 255, 255, 255)
"""What shows through where a picture is transparent: the models know printed pictures on white."""
MAX_ASPECT_RATIO = 100
"""A picture's longer side in shorter sides, beyond which `central` cuts."""


def to_rgb(image: Image.Image) -> Image.Image:
    """Colour or grey, transparent or not, 8 or 16 bits: three channels on white paper."""
    if image.mode.startswith(("I", "F")):
        image = _to_eight_bits(image)
    if image.has_transparency_data:
        rgba_image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba_image.size, PAPER_RGBA), rgba_image)
    return image if image.mode == "RGB" else image.convert("RGB")


def limit_size(image: Image.Image, max_side: int) -> Image.Image:
    """The picture, its longer side no longer than this."""
    if max(image.size) <= max_side:
        return image
    scale = max_side / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX, reducing_gap=2)


def crop_to_centre(image: Image.Image) -> Image.Image:
    """The middle of a very long picture, which is all that a centre crop would keep of it.

    Without it the shorter side of a rule of 1×3000 grows to 224 and the longer one to 672 000.
    """
    width, height = image.size
    max_length = MAX_ASPECT_RATIO * min(image.size)
    if max(image.size) <= max_length:
        return image
    left, top = max(0, width - max_length) // 2, max(0, height - max_length) // 2
    return image.crop((left, top, left + min(width, max_length), top + min(height, max_length)))


def batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Slices of at most `size`, in order."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """16-bit and floating-point greys; Pillow alone would make everything above 255 white."""
    levels = np.asarray(image, dtype=np.float64)
    max_level = float(levels.max(initial=0))
    white_level = 65535.0 if max_level > 255 else 255.0 if max_level > 1 or image.mode != "F" else 1.0
    return Image.fromarray((levels * (255.0 / white_level)).clip(0, 255).round().astype(np.uint8))
