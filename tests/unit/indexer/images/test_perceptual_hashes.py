"""Perceptual hashes are stable across releases, scaling and saving; flat pictures have the empty hash."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from indexer.images.perceptual_hashes import EMPTY_HASH, hamming_distance, perceptual_hash


def make_drawing(number: int) -> Image.Image:
    coarse_pixels = np.random.default_rng(number).integers(0, 256, (12, 9, 3), dtype=np.uint8)
    return Image.fromarray(coarse_pixels).resize((300, 420), Image.Resampling.BICUBIC)


@pytest.mark.parametrize(
    ("number", "expected_hash"),
    list(enumerate(["818eeafc65da80e9", "cbb9f180b1a4ae8b", "e502dedaac4fc22c", "d46654659c87ccea"])),
)
def test_bits_equal_those_of_existing_indices(number: int, expected_hash: str) -> None:
    """If a library changed them, all pictures of an index would have to be hashed again."""
    assert perceptual_hash(make_drawing(number)) == expected_hash


def test_a_small_jpeg_has_a_near_hash_and_another_drawing_a_far_one() -> None:
    file = BytesIO()
    make_drawing(1).resize((150, 210)).save(file, "JPEG", quality=30)
    small_hash = perceptual_hash(Image.open(file))
    assert hamming_distance(small_hash, perceptual_hash(make_drawing(1))) <= 4
    assert hamming_distance(small_hash, perceptual_hash(make_drawing(2))) > 20


@pytest.mark.parametrize(
    "image",
    [Image.new("RGB", (300, 400), "wheat"), make_drawing(1).resize((400, 10)), Image.new("RGB", (1, 1))],
    ids=["blank", "rule", "pixel"],
)
def test_flat_pictures_and_rules_get_the_empty_hash(image: Image.Image) -> None:
    assert perceptual_hash(image) == EMPTY_HASH
