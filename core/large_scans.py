"""A large scan in a process of its own, which keeps it decoded; it runs in `core.decoding_processes`."""

from pathlib import Path

from PIL import Image

from core.geometry import PixelBox
from core.image_files import decode_image
from core.images import crop_to_rgb
from core.small_pictures import RawPicture, as_source

_loaded_scans: list[Image.Image] = []
"""The scan of this process."""


def load_scan(
    source: Path | bytes, name: str, max_pixels: int, frame: int | None, *, upright: bool
) -> tuple[tuple[int, int], tuple[str, ...]]:
    """Decode a scan and keep it; return its size and warnings. FileUnavailable as `decode_image` raises it."""
    decoded = decode_image(as_source(source), name, max_pixels=max_pixels, frame=frame, upright=upright)
    _loaded_scans[:] = [decoded.image]
    return decoded.image.size, decoded.warnings


def crop_loaded_scan(box: PixelBox) -> RawPicture:
    """Return a region of the scan in RGB."""
    [scan] = _loaded_scans
    part = crop_to_rgb(scan, box)
    return RawPicture(part.size, part.tobytes())
