"""What a method costs for each picture."""

import time
from collections.abc import Callable, Sequence

from PIL.Image import Image

from evaluation.pictures.folder import LabelledPicture

TIMED = 64
"""Pictures that a cost is measured on."""


def some(pictures: Sequence[LabelledPicture]) -> list[Image]:
    """Opened, from all over the folder."""
    return [picture.open() for picture in pictures[:: max(1, len(pictures) // TIMED)][:TIMED]]


def milliseconds(by: Callable[[Sequence[Image]], object], sample: Sequence[Image]) -> float:
    """Per picture that is already decoded, after one to warm up."""
    by(sample[:1])
    started = time.perf_counter()
    by(sample)
    return 1000 * (time.perf_counter() - started) / len(sample)
