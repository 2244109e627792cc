"""Arithmetic on vectors: unit length, joined batches, and the check of what an encoder returns."""

from collections.abc import Sequence

import numpy as np

from core.encoders.protocols import VectorModel, Vectors
from core.errors import WrongVector

UNIT_TOLERANCE = 4e-5
"""Stricter than Elasticsearch's own check of `dot_product` fields; float32 stays far below it (1e-6)."""


def normalise_vectors(vectors: Vectors) -> Vectors:
    """Return the rows divided by their length; WrongVector if a length is zero or not finite."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.all(np.isfinite(lengths)) or not np.all(lengths > 0):
        raise WrongVector("a model returned a vector without direction (zero, infinite or not a number)")
    return np.asarray(vectors / lengths, dtype=np.float32)


def concatenate_batches(batches: Sequence[Vectors], dimensions: int) -> Vectors:
    """Return the batches as one array, which has `dimensions` columns even if there is no batch."""
    return np.concatenate(batches) if batches else np.empty((0, dimensions), np.float32)


def check_vectors(vectors: Vectors, encoder: VectorModel, count: int) -> Vectors:
    """Return the vectors unchanged; WrongVector if there are not `count` unit vectors of the encoder's dimensions."""
    if vectors.shape != (count, encoder.dimensions):
        raise WrongVector(
            f"{encoder.name} returned shape {vectors.shape}, expected {(count, encoder.dimensions)}; "
            "the weights are not the ones that the mapping was made for"
        )
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.all(np.abs(lengths - 1) < UNIT_TOLERANCE):
        raise WrongVector(f"{encoder.name} returned a vector of length {lengths.min():.4f}…{lengths.max():.4f}, not 1")
    return vectors
