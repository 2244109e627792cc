"""Pairs of pictures: the cosine of their vectors, and the number of hash bits that differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.encoders import Vectors
from indexer.families.copy_detection import CopyDetector, CopyThreshold


@dataclass(frozen=True, slots=True)
class PictureSignatures:
    """What copy detection compares: one vector and one perceptual hash per picture."""

    vectors: Vectors
    hashes: Sequence[str]

    def select(self, rows: npt.NDArray[np.intp]) -> "PictureSignatures":
        return PictureSignatures(self.vectors[rows], [self.hashes[row] for row in rows])

    @property
    def hash_bits(self) -> npt.NDArray[np.uint64]:
        return np.array([int(hex_hash, 16) for hex_hash in self.hashes], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class PairDistances:
    """Cosines and Hamming distances, one element per pair."""

    cosines: npt.NDArray[np.float32]
    bit_distances: npt.NDArray[np.uint8]

    def is_within(self, limits: CopyThreshold) -> npt.NDArray[np.bool_]:
        return np.logical_and(self.cosines >= limits.min_cosine, self.bit_distances <= limits.max_bits)

    def share_within(self, limits: CopyThreshold) -> float:
        return float(self.is_within(limits).mean()) if len(self.bit_distances) else 0.0

    def recall(self, detector: CopyDetector) -> float:
        """Return the share of pairs that count as copies, exact or near."""
        is_copy = np.logical_or(self.is_within(detector.exact_threshold), self.is_within(detector.near_threshold))
        return float(is_copy.mean()) if len(self.bit_distances) else 0.0


def paired_distances(first: PictureSignatures, second: PictureSignatures) -> PairDistances:
    """Return the distances of the first picture to the first, the second to the second, and so on."""
    return PairDistances(
        np.einsum("ij,ij->i", first.vectors, second.vectors), np.bitwise_count(first.hash_bits ^ second.hash_bits)
    )
