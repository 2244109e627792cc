"""What the tags of a TIFF say about its numbers."""

from typing import TypedDict

from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

BITS_PER_SAMPLE, PHOTOMETRIC, SAMPLE_FORMAT = 258, 262, 339
"""Tags of TIFF 6.0."""
WHITE_IS_ZERO, SIGNED = 0, 2
"""A value of PhotometricInterpretation, and one of SampleFormat."""


class LevelOptions(TypedDict, total=False):
    """Arguments of `to_eight_bits`."""

    white_level: int
    is_unsigned: bool
    is_inverted: bool


def level_options(image: ImageFile) -> LevelOptions:
    """Return what a TIFF says about the numbers of its grey levels."""
    if not isinstance(image, TiffImageFile):
        return {}
    bits, sample_format = tiff_tag(image, BITS_PER_SAMPLE), tiff_tag(image, SAMPLE_FORMAT)
    is_signed = sample_format == SIGNED
    options = LevelOptions(
        is_inverted=PHOTOMETRIC in image.tag_v2 and tiff_tag(image, PHOTOMETRIC) == WHITE_IS_ZERO,
        is_unsigned=bits == 32 and not is_signed,
    )
    if bits == 12 or (bits == 16 and is_signed):
        options["white_level"] = 2 ** (bits - is_signed) - 1
    return options


def tiff_tag(image: ImageFile, tag: int) -> int:
    """Return the number in a tag of a TIFF, the first of several; 0 if it has none."""
    value = image.tag_v2.get(tag) if isinstance(image, TiffImageFile) else None
    if isinstance(value, tuple):
        value = next(iter(value), None)
    return value if isinstance(value, int) else 0
