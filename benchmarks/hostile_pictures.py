"""The picture files that take the most memory to decode, each below the limit of bytes of an upload."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

WIDTH, HEIGHT = 8_000, 5_000
"""40 megapixels, the limit of `max_upload_pixels`."""
BOMB_SIDE = 14_000
"""A WebP of 196 megapixels has some 350 kB."""


def _gradient(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def _transparent(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    image = _gradient(width, height)
    image.putalpha(128)
    return image


def _encode(image: Image.Image, image_format: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


HOSTILE_PICTURES: Mapping[str, Callable[[], bytes]] = {
    "JPEG, progressive 4:4:4": lambda: _encode(_gradient(), "JPEG", quality=50, progressive=True, subsampling=0),
    "JPEG, baseline": lambda: _encode(_gradient(), "JPEG", quality=50),
    "PNG with transparency": lambda: _encode(_transparent(), "PNG", compress_level=1),
    "TIFF of one strip": lambda: _encode(
        _transparent(), "TIFF", compression="tiff_deflate", strip_size=WIDTH * HEIGHT * 4
    ),
    "TIFF, LZW": lambda: _encode(_gradient(), "TIFF", compression="tiff_lzw"),
    "JPEG 2000, one resolution": lambda: _encode(
        _gradient(4_000, 3_000), "JPEG2000", num_resolutions=1, quality_mode="rates", quality_layers=[100]
    ),
    "JPEG 2000, six resolutions": lambda: _encode(
        _gradient(), "JPEG2000", num_resolutions=6, quality_mode="rates", quality_layers=[200]
    ),
    "WebP, lossy": lambda: _encode(_gradient(), "WEBP", quality=10, method=0),
    "WebP, lossless": lambda: _encode(_transparent(6_000, 4_000).quantize(32), "WEBP", lossless=True, method=0),
    "WebP of 196 megapixels": lambda: _encode(Image.new("RGB", (BOMB_SIDE, BOMB_SIDE)), "WEBP", quality=1, method=0),
    "AVIF, 4:4:4": lambda: _encode(_gradient(), "AVIF", quality=20, speed=10, subsampling="4:4:4"),
    "GIF": lambda: _encode(_gradient().quantize(64), "GIF"),
    "BMP": lambda: _encode(Image.new("1", (WIDTH, HEIGHT)), "BMP"),
}
"""What it is → how it is made; smaller where the file would have more bytes or is refused at once."""


def write_hostile_pictures(folder: Path) -> None:
    """Write each file that is not there yet, numbered in the order of the table."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, create in enumerate(HOSTILE_PICTURES.values()):
        file = folder / str(number)
        if not file.exists():
            file.write_bytes(create())
