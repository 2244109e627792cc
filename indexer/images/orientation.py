"""Which way round an ALTO file sees a scan whose EXIF data say that it has to be turned. Pure functions."""

import math

from core.exif_orientation import SWAPPED_SIDES
from core.image_files import ImageHeader

MIN_SHAPE_DIFFERENCE = 0.02
"""How much better, as the logarithm of width to height, one way must fit; scans are cropped and rounded."""


def choose_orientation(header: ImageHeader, page_width: float, page_height: float) -> tuple[bool, str]:
    """Return whether a page refers to the scan turned upright, and a warning if its size does not tell.

    The size of the page decides, against both sizes of the scan. If both fit, as with a square scan or one that is
    upside down, the usual behaviour of OCR programs decides: they ignore the orientation of a JPEG, and turn a TIFF,
    as libtiff's RGBA interface, Leptonica (Tesseract) and Pillow (Kraken) do.
    """
    if header.orientation == 1:
        return True, ""
    stored, upright, page = header.stored_size, header.upright_size, (page_width, page_height)
    if header.orientation in SWAPPED_SIDES and page_width > 0 < page_height and stored != upright:
        if page in (stored, upright):
            return page == upright, ""
        stored_difference, upright_difference = _shape_difference(stored, page), _shape_difference(upright, page)
        if abs(stored_difference - upright_difference) > MIN_SHAPE_DIFFERENCE:
            return upright_difference < stored_difference, ""
    is_upright = header.format == "TIFF"
    usage = "is turned" if is_upright else "is used as it is stored"
    return is_upright, (
        f"the scan's EXIF orientation {header.orientation} turns it, and the size of the page does not tell whether "
        f"its boxes refer to the turned scan; the scan {usage}, as OCR programs do with {header.format}"
    )


def _shape_difference(size: tuple[float, float], other: tuple[float, float]) -> float:
    return abs(math.log(size[0] * other[1] / (size[1] * other[0])))
