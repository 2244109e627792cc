"""Uploaded files: all common image formats are read, other files are refused with a sentence."""

import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from api.errors import InvalidImage, InvalidRequest, UploadTooLarge, UserFacingError
from api.search.image_terms import ImageRegion, parse_region
from api.vision.uploads import PictureReader
from core.geometry import PixelBox
from core.settings import Settings
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.records import Leaf
from tests.event_loops import run_coroutine
from tests.paths import CASES
from tests.picture_files import (
    STORED_TURNS,
    UPRIGHT_CORNERS,
    corner_colours,
    noise,
    picture_file,
    stored_picture,
    tiff_file,
    upright_picture,
)

UPLOAD_FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "JPEG2000", "AVIF"]
SETTINGS = Settings(max_upload_bytes=50_000, max_upload_pixels=1_000_000)
Result = TypeVar("Result")


async def run_here(function: Callable[..., Result], /, *args: Any) -> Result:
    """Return the result of a function without a process of its own."""
    return function(*args)


def read_image(data: bytes, settings: Settings, region: ImageRegion | None = None) -> Image.Image:
    return run_coroutine(PictureReader(settings, run_here).read_upload, data, region)


def encode_image(image: Image.Image, image_format: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, image_format, **options)
    return file.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """Return the beginning of a PNG whose header gives this size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    file_start = b"\x89PNG\r\n\x1a\n\x00\x00\x00\r" + header + struct.pack(">I", zlib.crc32(header))
    return file_start + b"\x00\x00\x00\x00IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


@pytest.mark.parametrize("kind", UPLOAD_FORMATS)
def test_common_formats_become_rgb(kind: str) -> None:
    image = read_image(encode_image(Image.new("RGB", (40, 20), "navy"), kind), SETTINGS)
    assert (image.mode, image.size) == ("RGB", (40, 20))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    image_format = "JPEG" if mode == "CMYK" else "TIFF" if mode in ("LA", "I;16", "I", "F") else "PNG"
    assert read_image(encode_image(Image.new(mode, (8, 8)), image_format), SETTINGS).mode == "RGB"


def test_sixteen_bit_grey_is_scaled() -> None:
    image = read_image(encode_image(Image.new("I;16", (8, 8), 0x8000), "TIFF"), SETTINGS)
    assert image.getpixel((0, 0)) == (128, 128, 128)


@pytest.mark.parametrize(("mode", "white"), [("I", 65535), ("F", 1.0)])
def test_32_bit_grey_is_scaled(mode: str, white: float) -> None:
    grey_image = Image.new(mode, (8, 8), white)
    grey_image.paste(type(white)(white / 2), (0, 0, 4, 8))
    image = read_image(encode_image(grey_image, "TIFF"), SETTINGS)
    assert [image.getpixel((x, 0)) for x in (0, 7)] == [
        (127, 127, 127) if mode == "I" else (128, 128, 128),
        (255, 255, 255),
    ]


def test_transparent_pixels_become_white() -> None:
    image = read_image(encode_image(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"), SETTINGS)
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_exif_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    assert read_image(encode_image(Image.new("RGB", (40, 20)), "JPEG", exif=exif), SETTINGS).size == (20, 40)


def test_animation_gives_its_first_frame() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    file = encode_image(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read_image(file, SETTINGS).getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", STORED_TURNS)
def test_uploads_of_all_orientations_stand_upright(image_format: str, orientation: int) -> None:
    data = picture_file(stored_picture(orientation), image_format, orientation)
    assert corner_colours(read_image(data, SETTINGS)) == UPRIGHT_CORNERS


def test_an_upload_that_lacks_only_its_end_is_read() -> None:
    assert read_image(picture_file(noise(300, 200), "JPEG")[:-20], SETTINGS).size == (300, 200)


def test_the_first_page_of_an_uploaded_tiff_is_read() -> None:
    frames = [Image.new("RGB", (15, 20), "red"), upright_picture(), Image.new("RGB", (90, 90), "red")]
    assert corner_colours(read_image(tiff_file(frames, [1, 0, 0]), SETTINGS)) == UPRIGHT_CORNERS


def test_an_uploaded_file_is_the_same_picture_as_the_indexed_one(tmp_path: Path) -> None:
    """The crop of a picture without ALTO and the upload of its file have the same pixels."""
    for name, data in {
        "turned.jpg": picture_file(stored_picture(6), "JPEG", 6),
        "deep.tif": picture_file(Image.linear_gradient("L").convert("F"), "TIFF"),
        "phone.jpg": (CASES / "exif-rotated-picture" / "phone_rotated.jpg").read_bytes(),
    }.items():
        (tmp_path / name).write_bytes(data)
        settings = Settings(cache=tmp_path)
        leaf = Leaf(id="p", number=1, scan=str(tmp_path / name))
        with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as cropper:
            crop = cropper.crop(leaf, PixelBox(0, 0, *cropper.scan_size(leaf)))
        assert np.array_equal(np.asarray(crop), np.asarray(read_image(data, settings)))


@pytest.mark.parametrize(
    ("data", "error", "sentence"),
    [
        (b"", InvalidImage, "choose a file"),
        (b"hello", InvalidImage, "Use JPEG, PNG"),
        (b"%PDF-1.7\n", InvalidImage, "Use JPEG, PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", InvalidImage, "Use JPEG, PNG"),
        (encode_image(Image.effect_noise((60, 60), 90), "JPEG")[:900], InvalidImage, "Use JPEG, PNG"),
        (b"x" * 50_001, UploadTooLarge, "smaller"),
        (png_of_size(60_000, 60_000), UploadTooLarge, "million pixels"),
        (png_of_size(1001, 1000), UploadTooLarge, "million pixels"),
    ],
    ids=["empty", "text", "pdf", "svg", "cut off", "large", "bomb", "many pixels"],
)
def test_other_files_are_refused_with_a_sentence(data: bytes, error: type[UserFacingError], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        read_image(data, SETTINGS)


STARTS = {
    "JPEG": b"\xff\xd8\xff\xe0",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "GIF": b"GIF89a",
    "TIFF": b"II*\0\x08\0\0\0",
    "BMP": b"BM",
}
HOSTILE_FILES: dict[str, bytes] = {
    **{f"nothing after the start of {name}": start for name, start in STARTS.items()},
    **{f"zeros after the start of {name}": start + bytes(5_000) for name, start in STARTS.items()},
    **{f"ones after the start of {name}": start + b"\xff" * 5_000 for name, start in STARTS.items()},
    **{
        f"half of {kind}": encode_image(noise(200, 150), kind)[: len(encode_image(noise(200, 150), kind)) // 2]
        for kind in UPLOAD_FORMATS
    },
    "zeros": bytes(5_000),
    "SVG that reads a file": b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
    "PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>",
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "MVG": b"push graphic-context\nimage over 0,0 0,0 'https://evil.example/'\npop graphic-context",
    "WMF": b"\xd7\xcd\xc6\x9a" + bytes(60),
    "icon": b"\0\0\1\0\1\0" + bytes(60),
    "ZIP": b"PK\3\4" + bytes(60),
    "WebP without a picture": b"RIFF\x0c\0\0\0WEBPVP8 ",
    "WebP whose chunk is too long": b"RIFF\xff\xff\xff\x7fWEBPVP8L\xff\xff\xff\x7f/" + bytes(40),
    "AVIF without a picture": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
    "JPEG 2000 without a picture": b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 ",
    "TIFF whose directory is itself": b"II*\0\x08\0\0\0\0\0\x08\0\0\0",
    "PNG of 60,000 pixels a side": png_of_size(60_000, 60_000),
    "PNG without a side": png_of_size(0, 5),
    "PNG with a text of gigabytes": png_of_size(9, 9)[:33] + b"\x7f\xff\xff\xff" + b"zTXt" + bytes(100),
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_hostile_files_are_refused_with_a_sentence(name: str) -> None:
    with pytest.raises((InvalidImage, UploadTooLarge)):
        read_image(HOSTILE_FILES[name], SETTINGS)


@given(
    st.binary(max_size=200),
    st.sampled_from(UPLOAD_FORMATS),
    st.integers(0, 200),
)
def test_damaged_file_gives_a_picture_or_a_sentence(garbage: bytes, image_format: str, position: int) -> None:
    image_file = encode_image(Image.linear_gradient("L").resize((16, 16)), image_format)
    with suppress(UserFacingError):
        assert (
            read_image(image_file[:position] + garbage + image_file[position + len(garbage) :], SETTINGS).mode == "RGB"
        )


def test_region_is_cropped_after_orientation() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    image = Image.new("RGB", (40, 20), "navy")
    image.paste("red", (0, 10, 20, 20))  # lower left, as it is stored: upper left when turned
    data = encode_image(image, "PNG", exif=exif)
    region_image = read_image(data, SETTINGS, parse_region("pct:0,0,50,50"))
    assert (region_image.size, region_image.getpixel((3, 3))) == ((10, 20), (255, 0, 0))


def test_region_outside_the_picture_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="outside the picture"):
        read_image(encode_image(Image.new("RGB", (40, 20)), "PNG"), SETTINGS, parse_region("40,0,10,10"))
