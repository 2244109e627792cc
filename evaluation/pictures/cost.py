"""The time that a method needs per picture."""

import time
from collections.abc import Callable, Sequence

from PIL.Image import Image

from evaluation.pictures.folder import LabelledPicture

SAMPLE_SIZE = 64
"""Pictures that a time is measured on."""


def open_sample(pictures: Sequence[LabelledPicture]) -> list[Image]:
    """Open up to `SAMPLE_SIZE` pictures, evenly spread over the folder."""
    return [picture.open() for picture in pictures[:: max(1, len(pictures) // SAMPLE_SIZE)][:SAMPLE_SIZE]]


def measure_milliseconds(process_images: Callable[[Sequence[Image]], object], sample: Sequence[Image]) -> float:
    """Return the milliseconds per decoded picture, after one warm-up call."""
    process_images(sample[:1])
    start_time = time.perf_counter()
    process_images(sample)
    return 1000 * (time.perf_counter() - start_time) / len(sample)
