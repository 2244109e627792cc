"""Conversion of pictures of every mode to RGB, and their reduction in size."""

import numpy as np
import pytest
from PIL import Image, ImageCms

from core.images import crop_to_centre, to_rgb
from tests.paths import CASES
from tests.picture_files import cmyk_profile, swapped_srgb_profile

GREY_CASE = CASES / "upload-of-32-bit-grey"

GREY_16 = np.array([[0, 257 * 100, 65535]], dtype=np.uint16)


def half_transparent_image(mode: str) -> Image.Image:
    """Return one red pixel and one transparent pixel."""
    rgba = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
    rgba.putpixel((1, 0), (0, 0, 0, 0))
    return rgba.convert(mode)


def palette_image_with_transparency() -> Image.Image:
    image = Image.new("P", (2, 1), 0)
    image.putpalette([255, 0, 0, 0, 0, 0])
    image.putpixel((1, 0), 1)
    image.info["transparency"] = 1
    return image


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr", "LAB", "HSV"])
def test_every_mode_becomes_three_channels(mode: str) -> None:
    picture = to_rgb(Image.new("RGB", (4, 3), "white").convert(mode) if mode != "LAB" else Image.new("LAB", (4, 3)))
    assert (picture.mode, picture.size) == ("RGB", (4, 3))


@pytest.mark.parametrize(
    "image", [half_transparent_image("RGBA"), half_transparent_image("PA"), palette_image_with_transparency()]
)
def test_transparent_pixels_become_white(image: Image.Image) -> None:
    picture = to_rgb(image)
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [(255, 0, 0), (255, 255, 255)]


def test_transparent_grey_becomes_white() -> None:
    assert to_rgb(Image.new("LA", (1, 1), (0, 0))).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
def test_sixteen_bit_greys_are_scaled(mode: str) -> None:
    """Pillow's own conversion makes everything above 255 white."""
    image = Image.fromarray(GREY_16) if mode == "I;16" else Image.fromarray(GREY_16).convert("I").convert(mode)
    assert image.mode == mode
    assert [to_rgb(image).getpixel((x, 0)) for x in range(3)] == [(0, 0, 0), (100, 100, 100), (255, 255, 255)]


def test_floats_up_to_one_are_scaled() -> None:
    image = Image.fromarray(np.array([[0, 0.4, 1]], dtype=np.float32))
    assert [to_rgb(image).getpixel((x, 0)) for x in range(3)] == [(0, 0, 0), (102, 102, 102), (255, 255, 255)]


def test_levels_above_sixteen_bits_are_scaled_by_the_brightest() -> None:
    image = Image.fromarray(np.array([[0, 2**29, 2**30]], dtype=np.int32))
    assert [to_rgb(image).getpixel((x, 0)) for x in range(3)] == [(0, 0, 0), (128, 128, 128), (255, 255, 255)]


def test_levels_that_are_no_numbers_become_black() -> None:
    image = Image.fromarray(np.array([[np.nan, np.inf, 1]], dtype=np.float32))
    assert [to_rgb(image).getpixel((x, 0)) for x in range(3)] == [(0, 0, 0), (0, 0, 0), (255, 255, 255)]


def test_opaque_grey_with_alpha_keeps_its_grey() -> None:
    assert to_rgb(Image.new("LA", (1, 1), (90, 255))).getpixel((0, 0)) == (90, 90, 90)


@pytest.mark.parametrize("name", ["grey32i.tif", "float01.tif"])
def test_32_bit_grey_files_look_like_their_eight_bit_original(name: str) -> None:
    with Image.open(GREY_CASE / name) as image, Image.open(GREY_CASE / "plain.png") as original:
        difference = np.abs(
            np.asarray(to_rgb(image), dtype=int) - np.asarray(original.convert("L"), dtype=int)[..., None]
        )
    assert difference.mean() < 2


def test_cmyk_without_ink_is_white() -> None:
    assert to_rgb(Image.new("CMYK", (1, 1), (0, 0, 0, 0))).getpixel((0, 0)) == (255, 255, 255)


def one_pixel(mode: str, colour: tuple[int, ...] | int, profile: bytes) -> Image.Image:
    image = Image.new(mode, (1, 1), colour)
    image.info["icc_profile"] = profile
    return image


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("CMYK", (255, 0, 0, 0), (89, 0, 255)),
        ("CMYK", (0, 0, 0, 0), (255, 255, 255)),
        ("CMYK", (0, 0, 0, 255), (0, 0, 0)),
    ],
)
def test_cmyk_with_a_profile_has_the_colours_of_its_inks(
    mode: str, colour: tuple[int, ...], seen: tuple[int, ...]
) -> None:
    """Without a profile the cyan of the first row would be (0, 255, 255)."""
    assert to_rgb(one_pixel(mode, colour, cmyk_profile())).getpixel((0, 0)) == seen


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_rgb_with_a_profile_becomes_srgb(mode: str) -> None:
    image = Image.new("RGB", (1, 1), (200, 30, 60)).convert(mode, palette=Image.Palette.ADAPTIVE)
    image.info["icc_profile"] = swapped_srgb_profile()
    assert to_rgb(image).getpixel((0, 0)) == (30, 200, 60)


@pytest.mark.parametrize("profile", [b"", b"no profile", cmyk_profile()[:200], cmyk_profile()])
def test_a_profile_that_is_broken_or_of_another_mode_is_ignored(profile: bytes) -> None:
    assert to_rgb(one_pixel("RGB", (200, 30, 60), profile)).getpixel((0, 0)) == (200, 30, 60)
    assert to_rgb(one_pixel("L", 90, profile)).getpixel((0, 0)) == (90, 90, 90)


def test_a_picture_in_srgb_is_returned_uncopied() -> None:
    image = one_pixel("RGB", (200, 30, 60), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert to_rgb(image) is image


def test_lab_has_its_colours() -> None:
    image = ImageCms.profileToProfile(
        Image.new("RGB", (1, 1), (200, 30, 60)),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert image is not None
    pixel = to_rgb(image).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    assert max(abs(value - wanted) for value, wanted in zip(pixel, (200, 30, 60), strict=True)) <= 3


def test_an_rgb_picture_is_returned_uncopied() -> None:
    image = Image.new("RGB", (2, 2))
    assert to_rgb(image) is image
    assert crop_to_centre(image) is image


def test_a_long_rule_is_cropped_to_its_middle() -> None:
    rule = Image.new("L", (3000, 2))
    rule.paste(255, (1400, 0, 1600, 2))
    assert crop_to_centre(rule).size == (200, 2)
    assert crop_to_centre(rule).getextrema() == (255, 255)
    assert crop_to_centre(rule.transpose(Image.Transpose.ROTATE_90)).size == (2, 200)
