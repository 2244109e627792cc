"""How a classifier is fitted: which regularisation, and how sure it may say that it is."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold

from indexer.classifier.model import Scores, softmax
from indexer.encoders import Vectors

STRENGTHS = np.geomspace(1e-2, 1e4, 10)
"""The paper's grid of C, the inverse strength of the regularisation (arXiv 2410.14969, section 3.3)."""

FOLDS = 3
"""Of the choice of C: each fold leaves whole books out."""

ITERATIONS = 300
TEMPERATURES = np.geomspace(0.2, 5, 41)
"""What the scores are divided by so that they are probabilities (Guo et al. 2017, “On Calibration”)."""

SEED = 42
UNCERTAIN = 10.0
"""C where there are too few books to choose it by."""


def regression(strength: float) -> LogisticRegression:
    # Balanced: there are ten times as many illustrations as pages of music, and each class counts alike.
    return LogisticRegression(C=strength, max_iter=ITERATIONS, class_weight="balanced", tol=1e-3)


def chosen(rows: Vectors, names: npt.NDArray[np.str_], groups: npt.NDArray[np.str_]) -> tuple[float, Scores, float]:
    """C with the best macro-F1 on books left out, its scores there (NaN where a class was not seen), and that F1."""
    classes = np.unique(names)
    folds = _folds(names, groups)
    right = np.searchsorted(classes, names)
    best: tuple[tuple[float, float], float, Scores] = (
        (0.0, -np.inf),
        UNCERTAIN,
        np.full((len(names), len(classes)), np.nan),
    )
    for strength in STRENGTHS if folds else ():
        scores = np.full((len(names), len(classes)), np.nan)
        for train, test in folds:
            learnt = regression(float(strength)).fit(rows[train], names[train])
            weights, intercepts = both_ways(learnt.coef_, learnt.intercept_)
            scores[np.ix_(test, np.searchsorted(classes, learnt.classes_))] = rows[test] @ weights.T + intercepts
        said = classes[np.nanargmax(scores, axis=1)]
        # Of those that are equally often right, the one that is right with the most conviction.
        worth = round(float(f1_score(names, said, average="macro")), 3), -_loss(np.nan_to_num(scores, nan=-50.0), right)
        if worth > best[0]:
            best = worth, float(strength), scores
    return best[1], best[2], best[0][0]


def _folds(
    names: npt.NDArray[np.str_], groups: npt.NDArray[np.str_]
) -> list[tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]]:
    """None where whole books cannot be left out and two classes still be learnt."""
    if len(np.unique(groups)) < FOLDS or np.unique(names, return_counts=True)[1].min() < FOLDS:
        return []
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    folds = list(splitter.split(names, names, groups))
    return folds if all(len(np.unique(names[train])) > 1 and len(test) for train, test in folds) else []


def both_ways(weights: Scores, intercepts: Scores) -> tuple[Scores, Scores]:
    """Of two classes scikit-learn keeps one row, the second's."""
    if len(weights) > 1:
        return weights, intercepts
    return np.concatenate([-weights / 2, weights / 2]), np.concatenate([-intercepts / 2, intercepts / 2])


def temperature(scores: Scores, names: npt.NDArray[np.str_], classes: Sequence[str]) -> float:
    """With which the books left out get the likeliest probabilities; 1 where there are none."""
    seen = ~np.isnan(scores).any(axis=1)
    if not seen.any():
        return 1.0
    right = np.searchsorted(list(classes), names[seen])
    losses = [_loss(scores[seen] / each, right) for each in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def _loss(scores: Scores, right: npt.NDArray[np.int_]) -> float:
    """Mean of the logarithms of what the right class was given."""
    return float(-np.log(softmax(scores)[np.arange(len(right)), right] + 1e-12).mean())
