"""Scales features before a fit, so that each counts alike and no model outweighs another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.encoders import Vectors
from indexer.classification.calibration import ScoreArray


@dataclass(frozen=True, slots=True)
class BlockScaler:
    """Standardises each feature, and gives every block (one model's features) the same total weight."""

    means: ScoreArray
    divisors: ScoreArray

    @classmethod
    def from_rows(cls, rows: Vectors, block_sizes: Sequence[int] = ()) -> "BlockScaler":
        """Measure the scale of rows of shape (n, features); `block_sizes` has the number of features of each model."""
        means, deviations = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
        counts = np.repeat(block_sizes or [rows.shape[1]], block_sizes or [rows.shape[1]])
        return cls(means, np.where(deviations > 0, deviations, 1.0) * np.sqrt(counts * max(1, len(block_sizes))))

    def scale(self, rows: Vectors) -> Vectors:
        scaled_rows: Vectors = ((rows - self.means) / self.divisors).astype(np.float32)
        return scaled_rows

    def unscale_weights(self, weights: ScoreArray, intercepts: ScoreArray) -> tuple[ScoreArray, ScoreArray]:
        """Convert weights and intercepts for scaled rows to those for unscaled rows."""
        row_weights = weights / self.divisors
        return row_weights, intercepts - row_weights @ self.means
