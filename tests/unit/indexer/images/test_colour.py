"""The mean colour of pictures."""

import pytest
from PIL import Image

from indexer.images.colour import mean_colour


@pytest.mark.parametrize("colour", ["#d8c8a5", "#000000", "#ffffff"])
def test_a_picture_of_one_colour_has_this_colour(colour: str) -> None:
    assert mean_colour(Image.new("RGB", (7, 500), colour)) == colour.removeprefix("#")


def test_ink_and_paper_give_what_is_between() -> None:
    image = Image.new("RGB", (100, 100), "#ffffff")
    image.paste("#000000", (0, 0, 100, 25))
    assert mean_colour(image) == "bfbfbf"
