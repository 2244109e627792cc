"""Is a classifier as often right as it says?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Fractions = npt.NDArray[np.float64]

BIN_COUNT = 15
"""Of equal width, as in Guo et al. 2017, “On Calibration of Modern Neural Networks”."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of the pictures whose confidence lies in the same bin, bin by bin; without the empty ones."""

    counts: npt.NDArray[np.int_]
    mean_confidence: Fractions
    """The mean confidence."""
    accuracy: Fractions
    """The share that was right."""

    @property
    def expected_calibration_error(self) -> float:
        """The expected calibration error: how far the two are apart, weighted by the pictures."""
        return float(np.average(np.abs(self.mean_confidence - self.accuracy), weights=self.counts))


def reliability(confidence: Fractions, correct: npt.NDArray[np.bool_]) -> Reliability:
    bin_numbers = np.minimum((confidence * BIN_COUNT).astype(np.int_), BIN_COUNT - 1)
    nonempty_bins, bin_positions, counts = np.unique(bin_numbers, return_inverse=True, return_counts=True)
    mean_confidence = np.bincount(bin_positions, confidence, len(nonempty_bins)) / counts
    accuracy = np.bincount(bin_positions, correct, len(nonempty_bins)) / counts
    return Reliability(counts, mean_confidence, accuracy)
