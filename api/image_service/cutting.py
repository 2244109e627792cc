"""Cuts a region out of a picture file, scales, turns and encodes it."""

import math
from io import BytesIO
from pathlib import Path
from threading import Condition
from typing import Any

from cachetools import LRUCache, cached
from PIL import Image

from api.image_service.pixel_files import PixelFile
from api.image_service.vips_cutting import cut_with_vips
from core.errors import FileUnavailable, ProblemCode
from core.exif_orientation import SWAPPED_SIDES, UPRIGHT_TURNS, stored_box, turn_image
from core.geometry import Box, PixelBox
from core.image_files import ImageHeader, decode_reduced, read_image_header
from core.image_requests import Format, ImageCut, Quality
from core.images import to_rgb

MEDIA_TYPES: dict[Format, str] = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
SAVE_OPTIONS: dict[Format, dict[str, Any]] = {
    "jpg": {"format": "JPEG", "quality": 85},
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "quality": 75},
}
"""How Pillow writes each format; see decision 11 for the figures."""

MAX_DECODED_BYTES = 160_000_000
"""Memory of each process for scans that Pillow has decoded, at four bytes a pixel."""

BLACK_BELOW = 128
"""Grey level below which a bitonal image is black."""
CLOCKWISE_TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
"""Degrees clockwise → Pillow's name, which counts anticlockwise."""


def cut_image(file: PixelFile, cut: ImageCut, image_size: tuple[int, int], max_pixels: int) -> bytes:
    """Return the encoded image. Raises FileUnavailable.

    The region of `cut` counts in pixels of an image of `image_size`, of which the file may be a smaller copy.
    """
    region = _region_of_file(file, cut.region, image_size)
    header = read_image_header(file.path, file.path.name, max_pixels=max_pixels, frame=file.frame)
    if (header.upright_size if file.is_upright else header.stored_size) != file.size:
        reason = "the file has another size than when it was indexed; index its book again"
        raise FileUnavailable(file.path.name, reason, code=ProblemCode.OUTSIDE_SCAN)
    image = _cut_upright(file, header, region, (cut.width, cut.height), max_pixels)
    if cut.is_mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if cut.rotation:
        image = image.transpose(CLOCKWISE_TURNS[cut.rotation])
    return _encode(image, cut.quality, cut.format)


def _region_of_file(file: PixelFile, region: PixelBox, image_size: tuple[int, int]) -> Box:
    """Return a region of the image as a region of the file."""
    horizontal, vertical = file.region.width / image_size[0], file.region.height / image_size[1]
    return Box(
        file.region.x + region.x * horizontal,
        file.region.y + region.y * vertical,
        region.width * horizontal,
        region.height * vertical,
    )


def _cut_upright(
    file: PixelFile, header: ImageHeader, region: Box, size: tuple[int, int], max_pixels: int
) -> Image.Image:
    """Return a region of the file at a size, in RGB, cut from the stored pixels and then turned."""
    orientation = header.orientation if file.is_upright else 1
    stored_region = stored_box(region, orientation, file.size)
    stored_size = (size[1], size[0]) if orientation in SWAPPED_SIDES else size
    image = cut_with_vips(file.path, file.frame, header, stored_region, stored_size)
    if image is None:
        image = _cut_with_pillow(file.path, file.frame, header, stored_region, stored_size, max_pixels=max_pixels)
    turn = UPRIGHT_TURNS.get(orientation)
    return to_rgb(image) if turn is None else turn_image(to_rgb(image), turn)


def _cut_with_pillow(
    path: Path, frame: int | None, header: ImageHeader, region: Box, size: tuple[int, int], *, max_pixels: int
) -> Image.Image:
    # Half of the scale is left for a better filter than that of the format.
    reduction = min(region.width / size[0], region.height / size[1]) / 2
    levels = max(0, math.frexp(reduction)[1] - 1)
    image = _decode(path, path.stat().st_mtime_ns, frame, levels, max_pixels)
    width, height = header.stored_size
    horizontal, vertical = image.width / width, image.height / height
    box = Box(region.x * horizontal, region.y * vertical, region.width * horizontal, region.height * vertical)
    box = box.clip(image.width, image.height)
    left, top = int(box.x), int(box.y)
    right, bottom = min(image.width, -int(-box.right // 1)), min(image.height, -int(-box.bottom // 1))
    part = to_rgb(image.crop((left, top, max(right, left + 1), max(bottom, top + 1))))
    inner = (box.x - left, box.y - top, min(part.width, box.right - left), min(part.height, box.bottom - top))
    return part.resize(size, Image.Resampling.LANCZOS, box=inner, reducing_gap=3.0)


@cached(
    LRUCache(MAX_DECODED_BYTES, getsizeof=lambda image: 4 * image.width * image.height),
    condition=Condition(),
)
def _decode(path: Path, _: int, frame: int | None, levels: int, max_pixels: int) -> Image.Image:
    """Return a scan scaled down by up to this power of two; the last ones are kept, as a viewer asks for many tiles."""
    return decode_reduced(path, path.name, max_pixels=max_pixels, frame=frame, reduction=2**levels)


def _encode(image: Image.Image, quality: Quality, image_format: Format) -> bytes:
    if quality in ("gray", "bitonal"):
        image = image.convert("L")
    if quality == "bitonal":
        image = image.point(lambda level: 255 if level >= BLACK_BELOW else 0, "L")
        image = image.convert("1") if image_format == "png" else image
    buffer = BytesIO()
    image.save(buffer, **SAVE_OPTIONS[image_format])
    return buffer.getvalue()
