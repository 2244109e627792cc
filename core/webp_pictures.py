"""WebP scaled down while it is decoded, by libvips; Pillow needs sixteen bytes for each pixel of the whole picture."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

try:
    import pyvips
except (ImportError, OSError):  # a platform without the wheel and without the library
    vips: Any = None
else:
    vips = pyvips

HEAD_BYTES = 30
MAX_REDUCTION = 64
MODES: Mapping[int, str] = {3: "RGB", 4: "RGBA"}
"""The number of bands → Pillow's mode."""


def read_webp_header(source: Path | BytesIO) -> tuple[tuple[int, int], int] | None:
    """Return size and EXIF orientation; None if it is another file, or libvips is missing or cannot read it."""
    # libvips takes memory for the size that it is asked for when it opens a file.
    size = _stated_size(_read(source, HEAD_BYTES))
    image = _open_webp(source, 1 / max(1, min(MAX_REDUCTION, *size))) if size else None
    if image is None or size is None:
        return None
    orientation = image.get("orientation") if "orientation" in image.get_fields() else 1
    return size, orientation if orientation in range(1, 9) else 1


def decode_webp(source: Path | BytesIO, reduction: int) -> Image.Image | None:
    """Return the first frame with its sides divided by `reduction`, as it is stored; None if libvips cannot read it."""
    image = _open_webp(source, 1 / reduction)
    if image is None or image.bands not in MODES:
        return None
    try:
        picture = Image.frombytes(MODES[image.bands], (image.width, image.height), image.write_to_memory())
    except vips.Error:
        return None
    for field, key in (("icc-profile-data", "icc_profile"), ("exif-data", "exif")):
        if field in image.get_fields():
            picture.info[key] = bytes(image.get(field))
    return picture


def _open_webp(source: Path | BytesIO, scale: float) -> Any:
    if vips is None:
        return None
    if _stated_size(_read(source, HEAD_BYTES)) is None:
        return None
    data = _read(source)
    try:
        return vips.Image.webpload_buffer(data, scale=scale, access="sequential", fail_on="error")
    except vips.Error:
        return None


def _stated_size(head: bytes) -> tuple[int, int] | None:
    """Return the size in the first bytes of a WebP file (RFC 9649, 2.5 to 2.7); None if it is another file."""
    if len(head) < HEAD_BYTES or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if head[12:16] == b"VP8 ":
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    return None


def _read(source: Path | BytesIO, count: int = -1) -> bytes:
    if isinstance(source, BytesIO):
        return source.getvalue() if count < 0 else source.getvalue()[:count]
    with source.open("rb") as file:
        return file.read(count)
