"""An encoder whose vectors a test can compute: a few pixels of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL.Image import Image

from core.encoders import Vectors
from core.encoders.vectors import normalise_vectors


@dataclass
class ThumbnailEncoder:
    """Encodes the middle of a picture as `side` × `side` grey pixels, and counts the pictures."""

    name: str = "thumbnail"
    side: int = 6
    revision: str = "one"
    model: str = "tests/thumbnail"
    preprocessing: str = "its middle, small and grey"
    batch_sizes: list[int] = field(default_factory=list)

    @property
    def dimensions(self) -> int:
        return self.side**2

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        self.batch_sizes.append(len(images))
        small_images = [image.convert("L").resize((self.side, self.side)) for image in images]
        rows = np.array([np.asarray(image).ravel() for image in small_images], dtype=np.float32)
        return normalise_vectors(rows - 127.5)
