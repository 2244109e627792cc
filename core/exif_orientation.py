"""The EXIF orientation of pictures: reading it, and turning pixels upright or back."""

import struct
from contextlib import suppress

from PIL import Image
from PIL.ImageFile import ImageFile

from core.geometry import Box

ORIENTATION = 274
"""The tag in EXIF and in TIFF."""

Turn = Image.Transpose
UPRIGHT_TURNS = {
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_270,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_90,
}
"""EXIF orientation → the transposition that turns the stored pixels upright (CIPA DC-008, 4.6.4)."""
REVERSE_TURNS = UPRIGHT_TURNS | {6: Turn.ROTATE_90, 8: Turn.ROTATE_270}
"""EXIF orientation → the transposition that turns an upright picture back."""
SWAPPED_SIDES = frozenset({5, 6, 7, 8})
"""The orientations whose width and height are exchanged."""


def read_orientation(image: ImageFile) -> int:
    """Return the EXIF orientation; 1 if it is missing, unknown or damaged."""
    with suppress(Exception):  # damaged EXIF data
        # The method of PNG pictures would decode all pixels first.
        value = Image.Image.getexif(image).get(ORIENTATION)
        if value is None and image.format == "PNG":
            value = _late_png_exif(image).get(ORIENTATION)
        return int(value) if value in UPRIGHT_TURNS else 1
    return 1


def _late_png_exif(image: ImageFile) -> Image.Exif:
    """Return the EXIF data behind the pixels of a PNG, where ExifTool writes them."""
    exif, file = Image.Exif(), image.fp
    if file is None:
        return exif
    position = file.tell()
    try:
        file.seek(8)
        while len(head := file.read(8)) == 8:
            length, chunk_type = struct.unpack(">I4s", head)
            if chunk_type == b"eXIf":
                exif.load(b"Exif\x00\x00" + file.read(length))
                break
            file.seek(length + 4, 1)
        return exif
    finally:
        file.seek(position)


def stored_box(box: Box, orientation: int, upright_size: tuple[int, int]) -> Box:
    """Return where a box of the upright picture is among the pixels as they are stored (CIPA DC-008, 4.6.4)."""
    width, height = upright_size
    x, y = box.x, box.y
    if orientation in (2, 3, 6, 7):
        x = width - box.right
    if orientation in (3, 4, 7, 8):
        y = height - box.bottom
    if orientation in SWAPPED_SIDES:
        return Box(y, x, box.height, box.width)
    return Box(x, y, box.width, box.height)


def turn_image(image: Image.Image, turn: Image.Transpose) -> Image.Image:
    """Return the turned picture without the tag, so that nothing turns it a second time."""
    turned_image = image.transpose(turn)
    for key in ("exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif"):
        turned_image.info.pop(key, None)
    return turned_image
