"""Cuts regions with libvips, which decodes only the rows or tiles that it needs; see decision 11."""

from pathlib import Path
from typing import Any

from PIL import Image

from core.geometry import Box
from core.image_files import ImageHeader
from core.tiff_pages import read_tiff_pages

try:
    import pyvips
except (ImportError, OSError):  # a platform without the wheel and without the library
    vips: Any = None
else:
    vips = pyvips

JPEG_SHRINKS = (8, 4, 2)
"""The factors by which libjpeg scales down while it decodes."""

LOAD_OPTIONS = {"access": "sequential", "fail_on": "error"}
"""A damaged file is left to Pillow, which completes a JPEG without its end."""

if vips:
    # The cache of operations would keep files open.
    vips.cache_set_max(0)


def cut_with_vips(
    path: Path, frame: int | None, header: ImageHeader, region: Box, size: tuple[int, int]
) -> Image.Image | None:
    """Return a region of the stored pixels at a size; None for files that Pillow has to read.

    These are other formats than JPEG and TIFF, and pixels that are not 8-bit grey or RGB.
    """
    if vips is None or header.format not in ("JPEG", "TIFF"):
        return None
    scale = min(region.width / size[0], region.height / size[1])
    try:
        image = _load_jpeg(path, scale) if header.format == "JPEG" else _load_tiff(path, frame, header, scale)
        if image.format != "uchar" or (image.interpretation, image.bands) not in (("srgb", 3), ("b-w", 1)):
            return None
        return _to_pillow(_scale(image, region, header.stored_size, size))
    except vips.Error:
        return None  # Pillow reads it, or says what is wrong


def _load_jpeg(path: Path, scale: float) -> Any:
    # Half of the scale is left for a better filter than libjpeg's.
    shrink = next((factor for factor in JPEG_SHRINKS if 2 * factor <= scale), 1)
    return vips.Image.jpegload(str(path), **LOAD_OPTIONS, shrink=shrink)


def _load_tiff(path: Path, frame: int | None, header: ImageHeader, scale: float) -> Any:
    """Return a page of a TIFF, or a level of its pyramid that has enough pixels."""
    with path.open("rb") as file:
        pages = read_tiff_pages(file).frames
    page = pages[0] if frame is None else frame
    image = vips.Image.tiffload(str(path), **LOAD_OPTIONS, page=page)
    level = 1
    while 2**level <= scale and page + level < image.get("n-pages") and page + level not in pages:
        candidate = vips.Image.tiffload(str(path), **LOAD_OPTIONS, page=page + level)
        if not _is_level(candidate, header.stored_size, 2**level):
            break
        image, level = candidate, level + 1
    return image


def _is_level(image: Any, full_size: tuple[int, int], factor: int) -> bool:
    """Return whether an image is the full one scaled down; sides may be rounded up or down."""
    sides = zip((image.width, image.height), full_size, strict=True)
    return all(abs(side * factor - full_side) < 2 * factor for side, full_side in sides)


def _scale(image: Any, region: Box, full_size: tuple[int, int], size: tuple[int, int]) -> Any:
    horizontal, vertical = image.width / full_size[0], image.height / full_size[1]
    box = Box(region.x * horizontal, region.y * vertical, region.width * horizontal, region.height * vertical)
    part = box.clip(image.width, image.height).to_pixel_box()
    left, top = min(part.x, image.width - 1), min(part.y, image.height - 1)
    cut = image.crop(left, top, min(part.width, image.width - left), min(part.height, image.height - top))
    if (cut.width, cut.height) == size:
        return cut
    return cut.thumbnail_image(size[0], height=size[1], size="force", no_rotate=True)


def _to_pillow(image: Any) -> Image.Image:
    mode = "L" if image.bands == 1 else "RGB"
    picture = Image.frombytes(mode, (image.width, image.height), image.write_to_memory())
    if "icc-profile-data" in image.get_fields():
        picture.info["icc_profile"] = bytes(image.get("icc-profile-data"))
    return picture
