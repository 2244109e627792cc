"""What a method costs for each picture."""

import time
from collections.abc import Callable, Sequence

from PIL.Image import Image

from evaluation.pictures.folder import LabelledPicture

SAMPLE_SIZE = 64
"""Pictures that a cost is measured on."""


def open_sample(pictures: Sequence[LabelledPicture]) -> list[Image]:
    """Opened, from all over the folder."""
    return [picture.open() for picture in pictures[:: max(1, len(pictures) // SAMPLE_SIZE)][:SAMPLE_SIZE]]


def measure_milliseconds(process_images: Callable[[Sequence[Image]], object], sample: Sequence[Image]) -> float:
    """Per picture that is already decoded, after one to warm up."""
    process_images(sample[:1])
    start_time = time.perf_counter()
    process_images(sample)
    return 1000 * (time.perf_counter() - start_time) / len(sample)
