"""Conversion of any picture that Pillow opens to the RGB that a model expects. Pure functions."""

from functools import lru_cache
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from core.geometry import PixelBox

Pixels = npt.NDArray[np.uint8]
"""Shape (n, height, width, 3)."""

PAPER_RGBA = (255, 255, 255, 255)
"""Background of transparent pictures: the models are trained on prints on white paper."""
MAX_ASPECT_RATIO = 100
"""Longest ratio of the longer to the shorter side that `crop_to_centre` leaves as it is."""

DEEP_MODES = ("I", "F")
"""The beginnings of Pillow's grey modes with more than eight bits: `I`, `I;16`, `I;16B`, `F`."""
ROWS_PER_BLOCK = 256
"""Rows that are scaled to eight bits at a time, so that a scan needs no copy in floating point."""
MAX_LEVEL = 1e30
"""Larger floats stand for missing data, as -3.4e38 does in maps."""
WHOLE_WHITES = (255.0, 1023.0, 4095.0, 16383.0)
"""The greatest numbers of 8, 10, 12 and 14 bits, which scanners also write into numbers of 16 bits."""
OVERSHOOT = 0.1
"""How far floats may exceed black and white, as sharpening and scaling make them."""

PROFILE_MODES = {"RGB ": "RGB", "CMYK": "CMYK", "GRAY": "L"}
"""The colour space of an ICC profile (ICC.1:2022, 7.2.6) → the mode of the pictures that it describes."""


def crop_to_rgb(image: Image.Image, box: PixelBox) -> Image.Image:
    """Return a region of the picture as `to_rgb` makes it."""
    return to_rgb(image.crop((box.x, box.y, box.x + box.width, box.y + box.height)))


def to_rgb(image: Image.Image) -> Image.Image:
    """Return the picture in sRGB on white paper, whatever its mode: grey, palette, CMYK, LAB, alpha, 16 or 32 bits.

    An embedded ICC profile is applied; one that is broken or belongs to another mode is ignored. An RGB picture
    without a profile is returned itself, not copied. This is the only conversion: what is indexed and what is uploaded
    must reach the models in the same way.
    """
    if image.mode.startswith(DEEP_MODES):
        image = to_eight_bits(image)
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        rgba_image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba_image.size, PAPER_RGBA), rgba_image).convert("RGB")
    if isinstance(profile, bytes) and (converted_image := _apply_profile(image, profile)):
        return converted_image
    return image if image.mode == "RGB" else image.convert("RGB")


def to_eight_bits(
    image: Image.Image,
    *,
    white_level: int = 65535,
    is_unsigned: bool = False,
    is_inverted: bool = False,
    missing_level: float | None = None,
) -> Image.Image:
    """Return a 16-bit, 32-bit or floating-point grey picture in mode L; Pillow alone cuts off everything above 255.

    These modes do not say which number is white, so the brightest pixel determines the range: 1 (floats only), the
    greatest number of 8, 10, 12 or 14 bits, `white_level`, or the brightest pixel itself: above that, and of floats
    between 1 and half of 255. Negative numbers that are no overshoot are part of the range. Pixels that are no number,
    or `missing_level`, become black. `is_unsigned` tells that a negative 32-bit number is a large one, `is_inverted`
    that 0 is white.
    """
    levels = np.asarray(image)
    if is_unsigned and levels.dtype == np.int32:
        levels = levels.view(np.uint32)
    known_levels = levels if missing_level is None else levels[levels != missing_level]
    black, white = _level_range(known_levels, white_level)
    grey = np.empty(levels.shape, np.uint8)
    for start in range(0, len(levels), ROWS_PER_BLOCK):
        block = levels[start : start + ROWS_PER_BLOCK].astype(np.float64)
        if missing_level is not None:
            block[block == missing_level] = black
        np.nan_to_num(block, copy=False, nan=black, posinf=black, neginf=black)
        block = (block - black) * (255.0 / (white - black))
        grey[start : start + ROWS_PER_BLOCK] = block.clip(0, 255).round()
    grey_image = Image.fromarray(255 - grey if is_inverted else grey)
    if profile := image.info.get("icc_profile"):
        grey_image.info["icc_profile"] = profile
    return grey_image


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


def _level_range(levels: npt.NDArray[np.generic], white_level: int) -> tuple[float, float]:
    """Return the numbers that mean black and white; white is always greater."""
    is_float = levels.dtype.kind == "f"
    if is_float:
        levels = levels[np.abs(levels) < MAX_LEVEL]  # NaN and infinity are not less
    lowest, highest = (float(levels.min()), float(levels.max())) if levels.size else (0.0, 0.0)
    tolerance = 1 + OVERSHOOT if is_float else 1.0
    if lowest < 0 and lowest < -OVERSHOOT * highest:
        if is_float and max(-lowest, highest) <= tolerance:
            return -1.0, 1.0
        return lowest, max(highest, lowest + 1)
    whites = [white for white in (*WHOLE_WHITES, float(white_level)) if white <= white_level]
    if is_float:
        if highest <= tolerance:
            return 0.0, 1.0
        if highest < whites[0] / 2:
            return 0.0, highest
    return 0.0, next((white for white in whites if highest <= white * tolerance), highest)


def _apply_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Return the picture in sRGB; None if the profile is sRGB, is broken, or describes another mode."""
    try:
        transform = _srgb_transform(profile)
        if transform is None:
            return None
        if transform.input_mode == "RGB" and image.mode in ("1", "L", "P", "YCbCr"):
            image = image.convert("RGB")
        return ImageCms.applyTransform(image, transform) if image.mode == transform.input_mode else None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


@lru_cache(maxsize=16)
def _srgb_transform(profile: bytes) -> ImageCms.ImageCmsTransform | None:
    """Return the transformation from a profile to sRGB; None if it is sRGB itself or has another kind of colour."""
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    mode = PROFILE_MODES.get(source.profile.xcolor_space)
    if mode is None or "srgb" in (source.profile.profile_description or "").lower():
        return None
    return ImageCms.ImageCmsTransform(
        source,
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
