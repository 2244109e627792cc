"""Pictures of strangers, decoded only as large as a model looks at them; it runs in `core.decoding_processes`."""

import math
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from core.errors import FileUnavailable, ProblemCode
from core.exif_orientation import UPRIGHT_TURNS, stored_box, turn_image
from core.geometry import Box, PixelBox
from core.image_files import ImageHeader, decode_image, decode_reduced, read_image_header
from core.images import crop_to_rgb
from core.webp_pictures import decode_webp, read_webp_header

MIN_SIDE = 512
"""Pixels of the shorter side that are kept; the models look at fewer than 400."""
MAX_SMALL_PIXELS = 8_000_000
"""Pixels that are kept of a long strip."""
STRIP_PIXELS = 2_000_000
"""Pixels that are converted to RGB at a time."""
LARGE_PIXELS = 10_000_000
"""Pixels from which the memory of a decoder matters; most decoders do not say that it was refused."""

SCALED_FORMATS = ("JPEG", "JPEG2000", "WEBP")
"""Formats that can be decoded at a reduced size."""


class RawPicture(NamedTuple):
    """A picture in RGB that can pass from one process to another."""

    size: tuple[int, int]
    pixels: bytes

    def to_image(self) -> Image.Image:
        """Return the picture."""
        return Image.frombytes("RGB", self.size, self.pixels)


def as_source(source: Path | bytes) -> Path | BytesIO:
    """Return a path, or the content of a file as a stream, which the decoders read."""
    return BytesIO(source) if isinstance(source, bytes) else source


def read_picture_size(source: Path | bytes, name: str, max_pixels: int) -> tuple[int, int]:
    """Return the upright size from the header; raise FileUnavailable as `decode_small` does."""
    return _read_header(as_source(source), name, max_pixels).upright_size


def decode_small(source: Path | bytes, name: str, max_pixels: int, box: PixelBox | None = None) -> RawPicture:
    """Return a picture, or a box of it, upright, in RGB and reduced to at least `MIN_SIDE` pixels a side.

    The box counts in pixels of the upright picture. A picture with shorter sides below twice that is not reduced.
    Raise FileUnavailable if the file cannot be decoded, or if its header states more than `max_pixels`.
    """
    stream = as_source(source)
    header = _read_header(stream, name, max_pixels)
    upright_box = Box(box.x, box.y, box.width, box.height) if box else Box(0, 0, *header.upright_size)
    part = stored_box(upright_box, header.orientation, header.upright_size)
    image, orientation = _decode_large(stream, name, max_pixels, header, _reduction((part.width, part.height)))
    if orientation == 1:
        part, size = upright_box, header.upright_size
    else:
        size = header.stored_size
    small_image = _reduce_to_rgb(image, _scale_box(part, image.size, size))
    turn = UPRIGHT_TURNS.get(orientation)
    small_image = small_image if turn is None else turn_image(small_image, turn)
    return RawPicture(small_image.size, small_image.tobytes())


def _read_header(source: Path | BytesIO, name: str, max_pixels: int) -> ImageHeader:
    # Pillow allocates two canvases when it opens a WebP, before its size can be checked.
    webp_header = read_webp_header(source)
    if webp_header is None:
        return read_image_header(source, name, max_pixels=max_pixels)
    (width, height), orientation = webp_header
    if width * height > max_pixels:
        raise FileUnavailable(name, f"{width} × {height} pixels are too many", code=ProblemCode.TOO_LARGE)
    return ImageHeader((width, height), orientation, "WEBP")


def _decode_large(
    source: Path | BytesIO, name: str, max_pixels: int, header: ImageHeader, reduction: int
) -> tuple[Image.Image, int]:
    """Return what `_decode` does; a large picture that cannot be decoded may need more memory than is allowed."""
    try:
        return _decode(source, name, max_pixels, header, reduction)
    except FileUnavailable as error:
        if error.code != ProblemCode.UNREADABLE or math.prod(header.stored_size) < LARGE_PIXELS:
            raise
        reason = f"{error.reason}; it is damaged, or needs more memory than is allowed"
        raise FileUnavailable(name, reason, code=ProblemCode.OUT_OF_MEMORY) from error


def _decode(
    source: Path | BytesIO, name: str, max_pixels: int, header: ImageHeader, reduction: int
) -> tuple[Image.Image, int]:
    """Return a picture, perhaps reduced, and the orientation that its pixels still have."""
    is_large = math.prod(header.stored_size) >= LARGE_PIXELS
    if header.format == "WEBP" and (is_large or reduction > 1) and (image := decode_webp(source, reduction)):
        return image, header.orientation
    if header.format in SCALED_FORMATS:
        image = decode_reduced(source, name, max_pixels=max_pixels, frame=None, reduction=reduction)
        return image, header.orientation
    if header.format == "TIFF":  # Pillow turns it while it decodes
        return decode_image(source, name, max_pixels=max_pixels).image, 1
    return decode_image(source, name, max_pixels=max_pixels, upright=False).image, header.orientation


def _reduction(size: tuple[float, float]) -> int:
    """Return the whole number by which the sides of a picture are divided."""
    width, height = size
    return max(1, int(min(width, height) // MIN_SIDE), math.ceil(math.sqrt(width * height / MAX_SMALL_PIXELS)))


def _scale_box(box: Box, size: tuple[int, int], full_size: tuple[int, int]) -> PixelBox:
    horizontal, vertical = size[0] / full_size[0], size[1] / full_size[1]
    scaled_box = Box(box.x * horizontal, box.y * vertical, box.width * horizontal, box.height * vertical)
    pixel_box = scaled_box.clip(*size).to_pixel_box()
    left, top = min(pixel_box.x, size[0] - 1), min(pixel_box.y, size[1] - 1)
    return PixelBox(left, top, min(pixel_box.width, size[0] - left), min(pixel_box.height, size[1] - top))


def _reduce_to_rgb(image: Image.Image, box: PixelBox) -> Image.Image:
    """Return a box of a picture in RGB and reduced; the conversion takes memory for a few rows only."""
    factor = _reduction((box.width, box.height))
    small_image = Image.new("RGB", (math.ceil(box.width / factor), math.ceil(box.height / factor)))
    rows = factor * max(1, STRIP_PIXELS // (box.width * factor))
    for top in range(0, box.height, rows):
        strip = crop_to_rgb(image, PixelBox(box.x, box.y + top, box.width, min(rows, box.height - top)))
        small_image.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
    return small_image
