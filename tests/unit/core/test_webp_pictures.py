"""The size of a WebP is read from its first bytes, whatever kind it is."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.webp_pictures import decode_webp, read_webp_header
from tests.picture_files import picture_file

KINDS: dict[str, dict[str, Any]] = {
    "lossy": {"quality": 50},
    "lossless": {"lossless": True},
    "with transparency": {"mode": "RGBA"},
    "lossless with transparency": {"mode": "RGBA", "lossless": True},
}


@given(width=st.integers(1, 300), height=st.integers(1, 300), kind=st.sampled_from(sorted(KINDS)))
def test_the_stated_size_is_that_of_the_picture(width: int, height: int, kind: str) -> None:
    options = dict(KINDS[kind])
    buffer = BytesIO()
    Image.new(options.pop("mode", "RGB"), (width, height), (9, 9, 9)).save(buffer, "WEBP", **options)
    assert read_webp_header(buffer) == ((width, height), 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_read(orientation: int) -> None:
    data = picture_file(Image.new("RGB", (200, 100)), "WEBP", orientation)
    assert read_webp_header(BytesIO(data)) == ((200, 100), orientation)


def test_an_animation_is_its_first_picture() -> None:
    buffer = BytesIO()
    frames = [Image.new("RGB", (640, 320), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    assert read_webp_header(buffer) == ((640, 320), 1)
    image = decode_webp(buffer, 4)
    assert image is not None
    assert image.size == (160, 80)
    assert image.convert("RGB").getpixel((9, 9)) >= (200, 0, 0)  # type: ignore[operator]


@pytest.mark.parametrize(
    "data", [b"", b"RIFF", b"RIFF\0\0\0\0WEBP", b"RIFF\0\0\0\0WAVEfmt " + bytes(40), b"\xff\xd8\xff" + bytes(40)]
)
def test_other_files_are_none(data: bytes) -> None:
    assert read_webp_header(BytesIO(data)) is None
    assert decode_webp(BytesIO(data), 2) is None
