"""Pictures of readers are decoded as large as a model looks at them, and refused by their header."""

import struct
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.errors import FileUnavailable, ProblemCode
from core.geometry import PixelBox
from core.images import to_rgb
from core.small_pictures import LARGE_PIXELS, MAX_SMALL_PIXELS, MIN_SIDE, decode_small, read_picture_size
from tests.picture_files import picture_file, stored_picture, upright_picture

MANY = 10**9
WIDE, HIGH = 2 * MIN_SIDE + 700, 2 * MIN_SIDE + 100
FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "JPEG2000", "AVIF"]


def smooth_picture(width: int = WIDE, height: int = HIGH) -> Image.Image:
    """Return a picture in which each place has its own colour."""
    horizontal = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize((width, height))
    vertical = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (horizontal, vertical, Image.new("L", (width, height), 90)))


def encode(image: Image.Image, image_format: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def difference(image: Image.Image, other: Image.Image) -> float:
    assert image.size == other.size
    return float(np.abs(np.asarray(image, dtype=np.int16) - np.asarray(other, dtype=np.int16)).mean())


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_large_picture_becomes_small_and_stays_the_same(image_format: str) -> None:
    image = smooth_picture()
    small_image = decode_small(encode(image, image_format), "p", MANY).to_image()
    assert MIN_SIDE <= min(small_image.size) < 2 * MIN_SIDE
    assert difference(small_image, image.resize(small_image.size, Image.Resampling.BOX)) < 4


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_small_picture_keeps_its_size(image_format: str) -> None:
    assert decode_small(encode(smooth_picture(90, 2 * MIN_SIDE - 1), image_format), "p", MANY).size == (90, 1023)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_rows_are_converted_as_the_whole_is(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.small_pictures.STRIP_PIXELS", 700)
    grey = smooth_picture(300, 40).convert("L")
    image = (
        Image.fromarray(np.asarray(grey, np.uint16) * 257)
        if mode == "I;16"
        else grey.convert("CMYK" if mode == "CMYK" else mode)
    )
    data = encode(image, "TIFF" if mode in ("CMYK", "F", "LA") else "PNG")
    small_image = decode_small(data, "p", MANY).to_image()
    assert difference(small_image, to_rgb(grey if mode in ("F", "I;16") else image)) < 1.5


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_box_counts_in_pixels_of_the_upright_picture(image_format: str, orientation: int) -> None:
    data = picture_file(stored_picture(orientation), image_format, orientation)
    upright = decode_small(data, "p", MANY).to_image()
    assert read_picture_size(data, "p", MANY) == upright.size == upright_picture().size
    width, height = upright.size[0] // 2, upright.size[1] // 3
    part = decode_small(data, "p", MANY, PixelBox(width, height, width, height)).to_image()
    assert part.tobytes() == upright.crop((width, height, 2 * width, 2 * height)).tobytes()


@pytest.mark.parametrize("image_format", ["JPEG", "WEBP", "JPEG2000", "PNG"])
def test_a_box_of_a_large_picture_keeps_its_pixels(image_format: str) -> None:
    image = smooth_picture()
    part = decode_small(encode(image, image_format), "p", MANY, PixelBox(500, 300, 200, 100)).to_image()
    assert part.size == (200, 100)
    assert difference(part, image.crop((500, 300, 700, 400))) < 4


def test_a_long_strip_is_not_sent_whole() -> None:
    size = decode_small(encode(Image.new("L", (40_000, 900)), "PNG"), "p", MANY).size
    assert size[0] * size[1] <= MAX_SMALL_PIXELS


def webp_claiming(width: int, height: int) -> bytes:
    """Return the beginning of a lossless WebP (RFC 9649, 3.4) of this size."""
    bits = (width - 1) | (height - 1) << 14
    stream = b"\x2f" + struct.pack("<I", bits) + bytes(40)
    chunk = b"VP8L" + struct.pack("<I", len(stream)) + stream + bytes(len(stream) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def bmp_claiming(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0) + bytes(60)


def resized_header(image_format: str, old: bytes, new: bytes) -> bytes:
    """Return a small picture whose header gives another size."""
    data = encode(Image.new("RGB", (301, 203)), image_format)
    assert old in data
    return data.replace(old, new, 1)


CLAIMS = {
    "WebP": webp_claiming(14_000, 14_000),
    "BMP": bmp_claiming(40_000, 40_000),
    "JPEG": resized_header("JPEG", struct.pack(">HH", 203, 301), struct.pack(">HH", 60_000, 60_000)),
    "TIFF": resized_header("TIFF", struct.pack("<HHII", 256, 4, 1, 301), struct.pack("<HHII", 256, 4, 1, 10**7)),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_bomb_is_refused_by_its_header(claim: str) -> None:
    with pytest.raises(FileUnavailable) as error:
        decode_small(CLAIMS[claim], "p", LARGE_PIXELS)
    assert error.value.code == ProblemCode.TOO_LARGE


def test_a_large_damaged_picture_may_need_more_memory() -> None:
    width, height = LARGE_PIXELS // 1000, 1001
    with pytest.raises(FileUnavailable) as error:
        decode_small(bmp_claiming(width, height), "p", MANY)
    assert error.value.code == ProblemCode.OUT_OF_MEMORY
