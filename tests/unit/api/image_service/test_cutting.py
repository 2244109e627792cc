"""Cutting: pixels of regions, sizes, turns and qualities, by libvips and by Pillow."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from api.image_service import cutting, vips_cutting
from api.image_service.cutting import cut_image
from api.image_service.pixel_files import PixelFile
from core.errors import FileUnavailable, ProblemCode
from core.exif_orientation import SWAPPED_SIDES, stored_box
from core.geometry import Box, PixelBox
from core.image_requests import OutputLimits, parse_image_request
from tests.picture_files import (
    UPRIGHT_CORNERS,
    corner_colours,
    noise,
    picture_file,
    stored_picture,
    swapped_srgb_profile,
    tiff_file,
    upright_picture,
)

LIMITS = OutputLimits(width=10_000, area=10**8)
MAX_PIXELS = 10**8
CUTTERS = ["pillow", *(["vips"] if vips_cutting.vips else [])]
"""libvips is a dependency; where its wheel is missing Pillow does the same work."""

SIZE = (400, 300)
PICTURE = noise(*SIZE)
FILES = {
    "baseline.jpg": picture_file(PICTURE, "JPEG", quality=95, subsampling=0),
    "progressive.jpg": picture_file(PICTURE, "JPEG", quality=95, subsampling=0, progressive=True),
    "grey.jpg": picture_file(PICTURE.convert("L"), "JPEG", quality=95),
    "cmyk.jpg": picture_file(PICTURE.convert("CMYK"), "JPEG", quality=95),
    "raw.tif": picture_file(PICTURE, "TIFF"),
    "lzw.tif": picture_file(PICTURE, "TIFF", compression="tiff_lzw"),
    "bitonal.tif": picture_file(PICTURE.convert("1"), "TIFF", compression="group4"),
    "palette.png": picture_file(PICTURE.quantize(64), "PNG"),
    "alpha.png": picture_file(PICTURE.convert("RGBA"), "PNG"),
    "scan.jp2": picture_file(PICTURE, "JPEG2000", quality_mode="rates", quality_layers=[4]),
    "scan.webp": picture_file(PICTURE, "WEBP", quality=95),
}


TOLERANCES = {"bitonal.tif": 14, "scan.jp2": 11}
"""Mean difference to the same region by Pillow's best filter, where it is more than 5 of 255."""


@pytest.fixture(params=CUTTERS)
def cutter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Cut with one of the libraries."""
    if request.param == "pillow":
        monkeypatch.setattr(cutting, "cut_with_vips", lambda *_: None)
    return str(request.param)


def write_file(folder: Path, name: str, content: bytes, **fields: object) -> PixelFile:
    path = folder / name
    path.write_bytes(content)
    size = fields.pop("size", SIZE)
    assert isinstance(size, tuple)
    return PixelFile(path=path, size=size, region=PixelBox(0, 0, *size), **fields)  # type: ignore[arg-type]


def cut(file: PixelFile, request_path: str) -> Image.Image:
    size = file.region.width, file.region.height
    request = parse_image_request(request_path, size, LIMITS)
    content = cut_image(file, request, size, MAX_PIXELS)
    image = Image.open(BytesIO(content))
    image.load()
    assert image.size in ((request.width, request.height), (request.height, request.width))
    return image


def mean_difference(image: Image.Image, expected: Image.Image) -> float:
    """Return the mean difference of two pictures, 0 to 255."""
    assert image.size == expected.size
    arrays = (np.asarray(picture.convert("RGB"), dtype=np.int16) for picture in (image, expected))
    first, second = arrays
    return float(np.abs(first - second).mean())


def decoded(name: str) -> Image.Image:
    """Return the picture as a file has it: some are grey or black and white."""
    image = Image.open(BytesIO(FILES[name]))
    return image.convert("RGB")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("request_path", "box"),
    [
        ("full/max/0/default.png", (0, 0, 400, 300)),
        ("full/200,/0/default.png", (0, 0, 400, 300)),
        ("full/50,30/0/default.png", (0, 0, 400, 300)),
        ("120,80,160,120/max/0/default.png", (120, 80, 280, 200)),
        ("120,80,161,121/!80,60/0/default.png", (120, 80, 281, 201)),
        ("pct:75,50,25,50/pct:50/0/default.png", (300, 150, 400, 300)),
        ("square/100,100/0/default.png", (50, 0, 350, 300)),
        ("399,299,1,1/max/0/default.png", (399, 299, 400, 300)),
    ],
)
def test_a_region_at_a_size_has_its_pixels(
    cutter: str, tmp_path: Path, name: str, request_path: str, box: tuple[int, int, int, int]
) -> None:
    image = cut(write_file(tmp_path, name, FILES[name]), request_path)
    expected = decoded(name).resize(image.size, Image.Resampling.LANCZOS, box=box)
    assert mean_difference(image, expected) < TOLERANCES.get(name, 5)


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_scan_is_turned_as_it_was_indexed(cutter: str, tmp_path: Path, suffix: str, orientation: int) -> None:
    format_name = {"jpg": "JPEG", "tif": "TIFF"}[suffix]
    picture = upright_picture(64, 96)
    content = picture_file(stored_picture(orientation, picture), format_name, orientation)
    upright_file = write_file(tmp_path, f"scan.{suffix}", content, size=(64, 96))
    assert corner_colours(cut(upright_file, "full/32,48/0/default.png")) == UPRIGHT_CORNERS
    assert corner_colours(cut(upright_file, "32,0,32,48/16,24/0/default.png")) == ["green"] * 4
    stored = stored_picture(orientation, picture)
    stored_file = write_file(tmp_path, f"scan.{suffix}", content, size=stored.size, is_upright=False)
    assert corner_colours(cut(stored_file, "full/max/0/default.png")) == corner_colours(stored)


@given(
    orientation=st.integers(1, 8),
    x=st.integers(0, 40),
    y=st.integers(0, 40),
    width=st.integers(1, 8),
    height=st.integers(1, 8),
)
def test_a_stored_box_has_the_same_pixels(orientation: int, x: int, y: int, width: int, height: int) -> None:
    upright = noise(48, 80, seed=3)
    stored = stored_picture(orientation, upright)
    box = stored_box(Box(x, y, width, height), orientation, upright.size)
    part = stored.crop((int(box.x), int(box.y), int(box.right), int(box.bottom)))
    expected = stored_picture(orientation, upright.crop((x, y, x + width, y + height)))
    assert part.tobytes() == expected.tobytes()
    assert (part.size == (height, width)) or orientation not in SWAPPED_SIDES


@pytest.mark.parametrize("frame", [None, 0, 1, 2])
def test_a_page_of_a_tiff(cutter: str, tmp_path: Path, frame: int | None) -> None:
    pages = [noise(*SIZE, seed=seed) for seed in (1, 2, 3)]
    file = write_file(tmp_path, "book.tif", tiff_file(pages), frame=frame)
    assert mean_difference(cut(file, "full/100,/0/default.png"), pages[frame or 0].resize((100, 75))) < 5


@pytest.mark.parametrize("width", [640, 320, 160, 90, 40])
def test_the_levels_of_a_pyramid_are_one_page(cutter: str, tmp_path: Path, width: int) -> None:
    levels = [PICTURE.resize(size, Image.Resampling.BOX) for size in ((640, 480), (320, 240), (160, 120))]
    file = write_file(tmp_path, "pyramid.tif", tiff_file(levels, [0, 1, 1]), size=(640, 480))
    expected = levels[0].resize((width, width * 3 // 4), Image.Resampling.LANCZOS)
    assert mean_difference(cut(file, f"full/{width},{width * 3 // 4}/0/default.png"), expected) < 6


def test_a_small_page_after_a_large_one_is_no_level_of_a_pyramid(cutter: str, tmp_path: Path) -> None:
    pages = [noise(400, 300, seed=1), noise(200, 150, seed=2)]
    file = write_file(tmp_path, "book.tif", tiff_file(pages))
    assert mean_difference(cut(file, "full/100,75/0/default.png"), pages[0].resize((100, 75))) < 5


def test_a_colour_profile_is_applied(cutter: str, tmp_path: Path) -> None:
    red = Image.new("RGB", SIZE, (220, 20, 20))
    content = picture_file(red, "JPEG", icc_profile=swapped_srgb_profile())
    image = cut(write_file(tmp_path, "profile.jpg", content), "full/40,/0/default.png").convert("RGB")
    red_level, green_level, _ = image.getpixel((20, 15))  # type: ignore[misc]
    assert green_level > 150 > red_level


@pytest.mark.parametrize(
    ("rotation", "corners", "size"),
    [
        ("0", ["red", "green", "blue", "white"], (48, 80)),
        ("90", ["blue", "red", "white", "green"], (80, 48)),
        ("180", ["white", "blue", "green", "red"], (48, 80)),
        ("270", ["green", "white", "red", "blue"], (80, 48)),
        ("!0", ["green", "red", "white", "blue"], (48, 80)),
        ("!90", ["white", "green", "blue", "red"], (80, 48)),
    ],
)
def test_rotation_is_clockwise_and_after_mirroring(
    tmp_path: Path, rotation: str, corners: list[str], size: tuple[int, int]
) -> None:
    file = write_file(tmp_path, "scan.png", picture_file(upright_picture(), "PNG"), size=(48, 80))
    image = cut(file, f"full/max/{rotation}/default.png")
    assert image.size == size
    assert corner_colours(image) == corners


@pytest.mark.parametrize("image_format", ["jpg", "png", "webp"])
def test_qualities_and_formats(tmp_path: Path, image_format: str) -> None:
    file = write_file(tmp_path, "scan.png", picture_file(PICTURE, "PNG"))
    images = {quality: cut(file, f"full/max/0/{quality}.{image_format}") for quality in ("default", "gray", "bitonal")}
    assert {image.format for image in images.values()} == {{"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[image_format]}
    grey = np.asarray(images["gray"].convert("RGB"), dtype=np.int16)
    assert np.abs(grey - grey[..., :1]).max() <= 2
    assert mean_difference(images["gray"], PICTURE.convert("L")) < 6
    black_and_white = np.asarray(images["bitonal"].convert("L"), dtype=np.int16)
    assert np.minimum(black_and_white, 255 - black_and_white).mean() < 6
    assert mean_difference(images["default"], PICTURE) < 6


def test_a_smaller_copy_gives_the_same_picture(tmp_path: Path) -> None:
    """The crop of a picture stands for the region of its scan."""
    file = write_file(tmp_path, "crop.png", picture_file(PICTURE, "PNG"))
    request = parse_image_request("full/200,150/0/default.png", (1200, 900), LIMITS)
    image = Image.open(BytesIO(cut_image(file, request, (1200, 900), MAX_PIXELS)))
    assert mean_difference(image, PICTURE.resize((200, 150), Image.Resampling.LANCZOS)) < 5


def test_a_scan_that_was_replaced_by_one_of_another_size_is_refused(cutter: str, tmp_path: Path) -> None:
    file = write_file(tmp_path, "scan.jpg", FILES["baseline.jpg"], size=(401, 300))
    with pytest.raises(FileUnavailable) as error:
        cut(file, "full/max/0/default.jpg")
    assert error.value.code == ProblemCode.OUTSIDE_SCAN


@pytest.mark.parametrize("content", [b"", b"GIF89a", FILES["raw.tif"][:400], b"\xff\xd8\xff" * 9])
def test_a_damaged_file_is_a_problem(cutter: str, tmp_path: Path, content: bytes) -> None:
    file = write_file(tmp_path, "scan.jpg", content)
    with pytest.raises(FileUnavailable):
        cut(file, "full/max/0/default.jpg")
    file.path.unlink()
    with pytest.raises(FileUnavailable):
        cut(file, "full/max/0/default.jpg")
