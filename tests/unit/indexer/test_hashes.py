"""The hash is imagehash's, stays when a picture is scaled and saved again, and is none where nothing is to be seen."""

from io import BytesIO

import imagehash
import numpy as np
import pytest
from PIL import Image

from indexer.hashes import NOTHING, distance, perceptual_hash


def drawing(number: int) -> Image.Image:
    blots = np.random.default_rng(number).integers(0, 256, (12, 9, 3), dtype=np.uint8)
    return Image.fromarray(blots).resize((300, 420), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("number", range(5))
def test_bits_are_those_of_imagehash(number: int) -> None:
    assert perceptual_hash(drawing(number)) == str(imagehash.phash(drawing(number)))


def test_a_small_jpeg_is_near_and_another_drawing_far() -> None:
    file = BytesIO()
    drawing(1).resize((150, 210)).save(file, "JPEG", quality=30)
    small = perceptual_hash(Image.open(file))
    assert distance(small, perceptual_hash(drawing(1))) <= 4
    assert distance(small, perceptual_hash(drawing(2))) > 20


@pytest.mark.parametrize(
    "image",
    [Image.new("RGB", (300, 400), "wheat"), drawing(1).resize((400, 10)), Image.new("RGB", (1, 1))],
    ids=["blank", "rule", "pixel"],
)
def test_what_is_flat_or_a_line_has_no_hash_of_its_own(image: Image.Image) -> None:
    assert perceptual_hash(image) == NOTHING
