"""What the tags of a TIFF say about its numbers, and planes that Pillow reads wrongly."""

from contextlib import suppress
from typing import TypedDict

from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

BITS_PER_SAMPLE, PHOTOMETRIC, PLANAR_CONFIGURATION, SAMPLE_FORMAT = 258, 262, 284, 339
"""Tags of TIFF 6.0."""
GDAL_NODATA = 42113
"""The tag of geographical data with the number, as text, that stands for missing pixels: `-9999`."""
WHITE_IS_ZERO, SEPARATE_PLANES, SIGNED = 0, 2, 2
"""Values of PhotometricInterpretation, PlanarConfiguration and SampleFormat."""


class LevelOptions(TypedDict, total=False):
    """Arguments of `to_eight_bits`."""

    white_level: int
    is_unsigned: bool
    is_inverted: bool
    missing_level: float


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
    with suppress(ValueError):
        options["missing_level"] = float(str(image.tag_v2.get(GDAL_NODATA, "")).strip(" \0"))
    if bits == 12 or (bits == 16 and is_signed):
        options["white_level"] = 2 ** (bits - is_signed) - 1
    return options


def correct_planes(image: ImageFile) -> None:
    """Make planes of 16 bits in an uncompressed TIFF decode as such; Pillow 13 takes them for 8 bits."""
    if not isinstance(image, TiffImageFile) or tiff_tag(image, PLANAR_CONFIGURATION) != SEPARATE_PLANES:
        return
    if tiff_tag(image, BITS_PER_SAMPLE) == 16 and len(image.getbands()) > 1:
        byte_order = "B" if image.tag_v2.prefix == b"MM" else "L"
        image.tile = [
            tile._replace(args=(f"{tile.args[0]};16{byte_order}", *tile.args[1:]))
            if tile.codec_name == "raw" and isinstance(tile.args, tuple) and len(tile.args[0]) == 1
            else tile
            for tile in image.tile
        ]


def tiff_tag(image: ImageFile, tag: int) -> int:
    """Return the number in a tag of a TIFF, the first of several; 0 if it has none."""
    value = image.tag_v2.get(tag) if isinstance(image, TiffImageFile) else None
    if isinstance(value, tuple):
        value = next(iter(value), None)
    return value if isinstance(value, int) else 0
