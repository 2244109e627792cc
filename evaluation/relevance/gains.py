"""How good an order is: NDCG, reciprocal rank and recall of one question, pure functions."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

DEPTH = 10

Figures = npt.NDArray[np.float64]
"""One figure per question."""


def ndcg(found: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """Järvelin and Kekäläinen's (2002), gains of 2^grade - 1 as in Burges et al. (2005); 1 is the best order."""
    best = _dcg(sorted(grades.values(), reverse=True)[:depth])
    return _dcg([grades.get(each, 0) for each in found[:depth]]) / best if best else 0.0


def reciprocal_rank(found: Sequence[str], right: Collection[str]) -> float:
    return next((1 / place for place, each in enumerate(found, start=1) if each in right), 0.0)


def recall(found: Sequence[str], right: Collection[str], depth: int = DEPTH) -> float:
    """Of what is right, the share that is among the first; of more than fit, of those that fit."""
    return len(set(found[:depth]) & set(right)) / min(len(right), depth) if right else 0.0


def _dcg(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / np.log2(place + 1) for place, grade in enumerate(grades, start=1)))


def interval(figures: Figures, targets: Sequence[str], seed: int = 42) -> tuple[float, float]:
    """The mean's 95 % interval by the bootstrap; targets are drawn, with all their questions."""
    names, where = np.unique(np.array(targets), return_inverse=True)
    sums, counts = np.bincount(where, figures), np.bincount(where)
    chance = np.random.default_rng(seed)
    drawn = chance.integers(len(names), size=(RESAMPLES, len(names)))
    low, high = np.percentile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), (2.5, 97.5))
    return float(low), float(high)


RESAMPLES = 2000
