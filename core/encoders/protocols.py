"""What the product needs of a model, and no more."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from core.errors import WrongVector

Vectors = npt.NDArray[np.float32]
"""Shape (n, dimensions), each row of unit length."""


class Encoder(Protocol):
    """Turns pictures into unit vectors of one fixed length."""

    @property
    def name(self) -> str:
        """Also the name of the field below `vectors` in the mapping."""
        ...

    @property
    def model(self) -> str:
        """The model's id where its weights are published."""
        ...

    @property
    def revision(self) -> str:
        """The exact weights: a commit, or a release and its hash."""
        ...

    @property
    def preprocessing(self) -> str:
        """How a picture becomes the model's input, in one line that changes when the result would."""
        ...

    @property
    def dimensions(self) -> int: ...

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """One row per picture, in the order given."""
        ...


@runtime_checkable
class TextEncoder(Encoder, Protocol):
    """An encoder whose words and pictures share one space (CLIP, SigLIP)."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """One row per text, in the order given."""
        ...


def normalise_vectors(vectors: Vectors) -> Vectors:
    """Rows divided by their length; `WrongVector` where a row has none or is not finite."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.all(np.isfinite(lengths)) or not np.all(lengths > 0):
        raise WrongVector("a model returned a vector without direction (zero, infinite or not a number)")
    return (vectors / lengths).astype(np.float32)


def concatenate_batches(batches: Sequence[Vectors], dimensions: int) -> Vectors:
    """The batches in one array, which has its width even when there was no batch."""
    return np.concatenate(batches) if batches else np.empty((0, dimensions), np.float32)


UNIT_TOLERANCE = 4e-5
"""Stricter than Elasticsearch, which checks `dot_product` fields too; float32 stays far below (1e-6)."""


def check_vectors(vectors: Vectors, encoder: Encoder, count: int) -> Vectors:
    """The same vectors, or `WrongVector`: what leaves an encoder is checked where it enters a document."""
    if vectors.shape != (count, encoder.dimensions):
        raise WrongVector(
            f"{encoder.name} returned shape {vectors.shape}, expected {(count, encoder.dimensions)}; "
            "the weights are not the ones that the mapping was made for"
        )
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.all(np.abs(lengths - 1) < UNIT_TOLERANCE):
        raise WrongVector(f"{encoder.name} returned a vector of length {lengths.min():.4f}…{lengths.max():.4f}, not 1")
    return vectors
