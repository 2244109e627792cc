"""Pictures two by two: how alike their vectors are, and how many bits of their hashes differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.encoders import Vectors
from indexer.families.judging import Alike, Judge


@dataclass(frozen=True, slots=True)
class Side:
    """Pictures by what they are compared by."""

    vectors: Vectors
    hashes: Sequence[str]

    def of(self, rows: npt.NDArray[np.intp]) -> "Side":
        return Side(self.vectors[rows], [self.hashes[row] for row in rows])

    @property
    def bits(self) -> npt.NDArray[np.uint64]:
        return np.array([int(each, 16) for each in self.hashes], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Pairs:
    """What lies between two pictures, for many pairs."""

    cosines: npt.NDArray[np.float32]
    bits: npt.NDArray[np.uint8]

    def within(self, limits: Alike) -> npt.NDArray[np.bool_]:
        return np.logical_and(self.cosines >= limits.cosine, self.bits <= limits.bits)

    def share(self, limits: Alike) -> float:
        return float(self.within(limits).mean()) if len(self.bits) else 0.0

    def found(self, by: Judge) -> float:
        """The share that is known as copies, of whatever tier."""
        either = np.logical_or(self.within(by.exact), self.within(by.near))
        return float(either.mean()) if len(self.bits) else 0.0


def beside(one: Side, other: Side) -> Pairs:
    """The first with the first, the second with the second…"""
    return Pairs(np.einsum("ij,ij->i", one.vectors, other.vectors), np.bitwise_count(one.bits ^ other.bits))
