"""Is a classifier as often right as it says?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Shares = npt.NDArray[np.float64]

BINS = 15
"""Of equal width, as in Guo et al. 2017, “On Calibration of Modern Neural Networks”."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of the pictures whose confidence lies in the same bin, bin by bin; without the empty ones."""

    counts: npt.NDArray[np.int_]
    said: Shares
    """The mean confidence."""
    right: Shares
    """The share that was right."""

    @property
    def error(self) -> float:
        """The expected calibration error: how far the two are apart, weighted by the pictures."""
        return float(np.average(np.abs(self.said - self.right), weights=self.counts))


def reliability(confidence: Shares, hits: npt.NDArray[np.bool_]) -> Reliability:
    bins = np.minimum((confidence * BINS).astype(np.int_), BINS - 1)
    there, where, counts = np.unique(bins, return_inverse=True, return_counts=True)
    said = np.bincount(where, confidence, len(there)) / counts
    right = np.bincount(where, hits, len(there)) / counts
    return Reliability(counts, said, right)
