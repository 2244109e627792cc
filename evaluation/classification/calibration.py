"""The calibration of a classifier: its confidence compared with its accuracy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Fractions = npt.NDArray[np.float64]

BIN_COUNT = 15
"""Bins of equal width, as in Guo et al. 2017, “On Calibration of Modern Neural Networks”."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Counts, confidence and accuracy of the pictures in each confidence bin that is not empty."""

    counts: npt.NDArray[np.int_]
    mean_confidence: Fractions
    accuracy: Fractions
    """The share of correct predictions."""

    @property
    def expected_calibration_error(self) -> float:
        """The mean distance of confidence and accuracy over the bins, weighted by their pictures."""
        return float(np.average(np.abs(self.mean_confidence - self.accuracy), weights=self.counts))


def reliability(confidence: Fractions, correct: npt.NDArray[np.bool_]) -> Reliability:
    """Return the reliability of predictions with these confidences, of which these are correct."""
    bin_numbers = np.minimum((confidence * BIN_COUNT).astype(np.int_), BIN_COUNT - 1)
    nonempty_bins, bin_positions, counts = np.unique(bin_numbers, return_inverse=True, return_counts=True)
    mean_confidence = np.bincount(bin_positions, confidence, len(nonempty_bins)) / counts
    accuracy = np.bincount(bin_positions, correct, len(nonempty_bins)) / counts
    return Reliability(counts, mean_confidence, accuracy)
