"""What reaches a model, whatever was opened."""

import numpy as np
import pytest
from PIL import Image

from core.images import batches, crop_to_centre, to_rgb

GREY_16 = np.array([[0, 257 * 100, 65535]], dtype=np.uint16)


def half_transparent_image(mode: str) -> Image.Image:
    """One red pixel and one that is not there."""
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
def test_paper_shows_through_where_nothing_is(image: Image.Image) -> None:
    picture = to_rgb(image)
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [(255, 0, 0), (255, 255, 255)]


def test_transparent_grey_lies_on_paper() -> None:
    assert to_rgb(Image.new("LA", (1, 1), (0, 0))).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
def test_sixteen_bits_keep_their_greys(mode: str) -> None:
    """Pillow's own conversion makes everything above 255 white."""
    image = Image.fromarray(GREY_16) if mode == "I;16" else Image.fromarray(GREY_16).convert("I").convert(mode)
    assert image.mode == mode
    assert [to_rgb(image).getpixel((x, 0)) for x in range(3)] == [(0, 0, 0), (100, 100, 100), (255, 255, 255)]


def test_ink_of_four_colours_keeps_its_lightness() -> None:
    assert to_rgb(Image.new("CMYK", (1, 1), (0, 0, 0, 0))).getpixel((0, 0)) == (255, 255, 255)


def test_a_picture_that_needs_nothing_is_not_copied() -> None:
    image = Image.new("RGB", (2, 2))
    assert to_rgb(image) is image
    assert crop_to_centre(image) is image


def test_only_the_middle_of_a_rule_is_kept() -> None:
    rule = Image.new("L", (3000, 2))
    rule.paste(255, (1400, 0, 1600, 2))
    assert crop_to_centre(rule).size == (200, 2)
    assert crop_to_centre(rule).getextrema() == (255, 255)
    assert crop_to_centre(rule.transpose(Image.Transpose.ROTATE_90)).size == (2, 200)


def test_batches_keep_the_order_and_lose_nothing() -> None:
    assert [list(batch) for batch in batches(range(7), 3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(batches([], 3)) == []
