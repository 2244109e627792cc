"""Turn a linear model's scores into probabilities."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

ScoreArray = npt.NDArray[np.float64]
LabelArray = npt.NDArray[np.str_]
RowIndices = npt.NDArray[np.int_]

TEMPERATURES = np.geomspace(0.2, 5, 41)
"""Candidates for the temperature: the divisor of the scores that calibrates the probabilities (Guo et al. 2017)."""


def softmax(scores: ScoreArray) -> ScoreArray:
    """Return probabilities of the same shape; each row sums to 1."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: ScoreArray = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities


def log_loss(scores: ScoreArray, label_indices: RowIndices, weights: ScoreArray | None = None) -> float:
    """Return the mean negative log-likelihood of the true classes, weighted by row if `weights` is given."""
    label_probabilities = softmax(scores)[np.arange(len(label_indices)), label_indices]
    return float(np.average(-np.log(label_probabilities + 1e-12), weights=weights))


def best_temperature(scores: ScoreArray, labels: LabelArray, classes: Sequence[str]) -> float:
    """Return the temperature that minimises the log loss of held-out scores.

    Rows with NaN (never held out, or a class that was not learnt) are ignored; the result is 1 if no row is left.
    """
    has_scores = ~np.isnan(scores).any(axis=1)
    if not has_scores.any():
        return 1.0
    label_indices = np.searchsorted(list(classes), labels[has_scores])
    losses = [log_loss(scores[has_scores] / candidate, label_indices) for candidate in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])
