"""Perceptual hashes: 64 bits that hardly change when a picture is scanned, scaled or saved again."""

import imagehash
import numpy as np
from PIL.Image import Image, Resampling

HASH_INPUT_SIDE = 32
"""Pixels of the square that imagehash transforms."""

MIN_CONTRAST = 8.0
"""Standard deviation of the square's greys; a flatter picture gets no hash (docs/decisions/0007)."""
MAX_ASPECT_RATIO = 16
"""A longer picture is a rule and gets no hash, as all rules look alike."""

EMPTY_HASH = "0" * 16
"""The hash of flat pictures and rules. No other picture has it, as the median sets half of the bits."""


def perceptual_hash(image: Image) -> str:
    """Return 16 hexadecimal digits; `EMPTY_HASH` for a flat picture or a rule."""
    grey = image.convert("L")
    levels = np.asarray(grey.resize((HASH_INPUT_SIDE, HASH_INPUT_SIDE), Resampling.LANCZOS))
    if levels.std() < MIN_CONTRAST or max(image.size) > MAX_ASPECT_RATIO * min(image.size):
        return EMPTY_HASH
    return str(imagehash.phash(grey))


def hamming_distance(first_hash: str, second_hash: str) -> int:
    """Return how many of the 64 bits differ."""
    return (int(first_hash, 16) ^ int(second_hash, 16)).bit_count()
