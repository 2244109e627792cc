"""Fit a classifier: choose the regularisation on held-out books, then fit and calibrate."""

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from core.encoders import Vectors
from core.encoders.fingerprint import ModelIdentity
from core.picture_classes import ClassSet
from core.timestamps import utc_timestamp
from indexer.classification.calibration import (
    TEMPERATURES,
    LabelArray,
    RowIndices,
    ScoreArray,
    best_temperature,
    log_loss,
)
from indexer.classification.model import Classifier
from indexer.classification.scaling import BlockScaler

STRENGTHS = np.geomspace(1e-2, 1e4, 10)
"""Candidates for C, the inverse regularisation strength (arXiv 2410.14969, section 3.3)."""

FOLDS = 10
"""Folds that choose C, as in the paper; each holds whole books out."""
MIN_FOLDS = 3
"""With fewer folds the result depends more on the split than on C."""

MAX_ITERATIONS = 1000
TOLERANCE = 1e-5
"""A tighter tolerance does not change the ranking of the candidates; a looser one makes the larger C identical."""

SEED = 42
DEFAULT_STRENGTH = 10.0
"""C if there are too few books to choose it."""

MISSING_CLASS_SCORE = -50.0
"""The score of a class that a fold did not learn: practically impossible."""


def fit_classifier(
    rows: Vectors,
    labels: Sequence[str],
    groups: Sequence[str],
    *,
    class_set: ClassSet,
    identities: Mapping[str, ModelIdentity],
    block_sizes: Sequence[int] = (),
) -> Classifier:
    """Train a classifier on rows of shape (n, features).

    `groups` are the pictures' books: no book is in both the training and the held-out part when C is chosen.
    `block_sizes` has the number of features of each model in `identities`.
    """
    fit_result = fit_best(rows, np.array(labels), np.array(groups), block_sizes)
    return build_classifier(rows, labels, fit_result, class_set=class_set, identities=identities)


def build_classifier(
    rows: Vectors,
    labels: Sequence[str],
    fit_result: "FitResult",
    *,
    class_set: ClassSet,
    identities: Mapping[str, ModelIdentity],
) -> Classifier:
    """Calibrate a fit to these rows and return it as a classifier."""
    classes = tuple(str(class_name) for class_name in fit_result.fit.classes)
    return Classifier(
        class_set,
        classes,
        fit_result.fit.weights,
        fit_result.fit.intercepts,
        best_temperature(fit_result.scores, np.array(labels), classes),
        {
            "models": {name: identity.to_meta() for name, identity in identities.items()},
            "data": _data_hash(rows, labels),
            "pictures": len(labels),
            "c": fit_result.strength,
            "macro_f1": fit_result.macro_f1,
            "made_at": utc_timestamp(),
        },
    )


def _data_hash(rows: Vectors, labels: Sequence[str]) -> str:
    return hashlib.sha256(rows.tobytes() + json.dumps(list(labels)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """The result of one logistic regression."""

    classes: LabelArray
    weights: ScoreArray
    """Shape (classes, features)."""
    intercepts: ScoreArray

    def scores(self, rows: Vectors, classes: LabelArray) -> ScoreArray:
        """Return scores of shape (n, len(classes)); NaN for a class that was not learnt."""
        scores = np.full((len(rows), len(classes)), np.nan)
        scores[:, np.searchsorted(classes, self.classes)] = rows @ self.weights.T + self.intercepts
        return scores


def reduce_rows(rows: Vectors) -> tuple[Vectors, ScoreArray | None]:
    """Return the rows as coordinates in the space that they span, and the axes of that space.

    The penalty is invariant under rotation and the weights lie in the span of the rows, so a fit to the coordinates
    equals a fit to the rows. The axes are None, and the rows unchanged, if the reduction would not save work.
    """
    if rows.shape[1] <= 2 * len(rows):
        return rows, None
    axes, coordinates = np.linalg.qr(rows.T.astype(np.float64))
    return coordinates.T.astype(rows.dtype), axes


def fit_path(rows: Vectors, labels: LabelArray, strengths: Sequence[float] | ScoreArray) -> Iterator[LogisticFit]:
    """Yield one fit per C. `strengths` must be ascending, because each fit starts from the previous one."""
    coordinates, axes = reduce_rows(rows)
    # "balanced" gives every class the same weight, however rare it is.
    model = LogisticRegression(max_iter=MAX_ITERATIONS, class_weight="balanced", tol=TOLERANCE, warm_start=True)
    for strength in strengths:
        # The matrices are so small that BLAS threads cost more than they save.
        with warnings.catch_warnings(), threadpool_limits(1, user_api="blas"):
            # If the classes are linearly separable, the weights grow with C and never converge.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.set_params(C=float(strength)).fit(coordinates, labels)
        weights, intercepts = expand_binary(model.coef_.copy(), model.intercept_.copy())
        yield LogisticFit(model.classes_, _expand_weights(axes, weights), intercepts)


def _expand_weights(axes: ScoreArray | None, weights: ScoreArray) -> ScoreArray:
    """Convert weights for reduced coordinates to weights for the original rows."""
    return weights if axes is None else weights @ axes.T


@dataclass(frozen=True, slots=True)
class FitResult:
    """The best fit, and how it scored on held-out books."""

    strength: float
    """The chosen C."""
    scores: ScoreArray
    """Held-out scores, shape (n, classes); NaN for a class that the fold did not learn."""
    macro_f1: float
    """Macro-F1 of the held-out scores."""
    fit: LogisticFit
    """For unscaled rows."""


def fit_best(
    rows: Vectors, labels: LabelArray, groups: LabelArray, block_sizes: Sequence[int] = (), folds: int = FOLDS
) -> FitResult:
    """Scale the rows, choose C, and fit; `block_sizes` has the number of features of each model."""
    scaler = BlockScaler.from_rows(rows, block_sizes)
    # One reduction serves both the choice of C and the final fit.
    coordinates, axes = reduce_rows(scaler.scale(rows))
    strength, scores, macro_f1 = choose_strength(coordinates, labels, groups, folds)
    (fit,) = fit_path(coordinates, labels, [strength])
    weights, intercepts = scaler.unscale_weights(_expand_weights(axes, fit.weights), fit.intercepts)
    return FitResult(strength, scores, macro_f1, LogisticFit(fit.classes, weights, intercepts))


def choose_strength(
    rows: Vectors, labels: LabelArray, groups: LabelArray, folds: int = FOLDS
) -> tuple[float, ScoreArray, float]:
    """Return the C that is best on held-out books, its held-out scores (see `FitResult.scores`) and its macro-F1."""
    classes = np.unique(labels)
    scores = np.full((len(STRENGTHS), len(labels), len(classes)), np.nan)
    splits = split_by_group(labels, groups, folds)
    if len(splits) < MIN_FOLDS:
        return DEFAULT_STRENGTH, scores[0], 0.0
    # One reduction serves all folds.
    coordinates, _ = reduce_rows(rows)
    for train, test in splits:
        for strength_scores, fit in zip(scores, fit_path(coordinates[train], labels[train], STRENGTHS), strict=True):
            strength_scores[test] = fit.scores(coordinates[test], classes)
    label_indices = np.searchsorted(classes, labels)
    losses = [
        _balanced_loss(np.nan_to_num(strength_scores, nan=MISSING_CLASS_SCORE), label_indices)
        for strength_scores in scores
    ]
    best = int(np.argmin(losses))
    predictions = classes[np.nan_to_num(scores[best], nan=MISSING_CLASS_SCORE).argmax(axis=1)]
    return float(STRENGTHS[best]), scores[best], float(f1_score(labels, predictions, average="macro"))


def _balanced_loss(scores: ScoreArray, label_indices: RowIndices) -> float:
    """Return the log loss at the best temperature, with every class weighted equally.

    It chooses C more reliably than macro-F1 (docs/decisions/0007-parameters-from-measurements.md).
    """
    weights = 1 / np.bincount(label_indices)[label_indices]
    return min(log_loss(scores / temperature, label_indices, weights) for temperature in TEMPERATURES)


def split_by_group(
    labels: LabelArray, groups: LabelArray, folds: int, seed: int = SEED
) -> list[tuple[RowIndices, RowIndices]]:
    """Return (train, test) indices for each fold; every picture is held out once, together with its whole book.

    Uses fewer folds if there are fewer books. Every training part has at least two classes; the list is empty if no
    such split exists.
    """
    max_folds = min(folds, len(np.unique(groups)), int(np.unique(labels, return_counts=True)[1].max()))
    for n_folds in range(max_folds, 1, -1):
        with warnings.catch_warnings():
            # A class may have fewer pictures than there are folds.
            warnings.filterwarnings("ignore", message="The least populated class")
            splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
            splits = [(train, test) for train, test in splitter.split(labels, labels, groups) if len(test)]
        if all(len(np.unique(labels[train])) > 1 for train, _ in splits):
            return splits
    return []


def expand_binary(weights: ScoreArray, intercepts: ScoreArray) -> tuple[ScoreArray, ScoreArray]:
    """Return one row per class. For two classes scikit-learn keeps a single row, that of the second class."""
    if len(weights) > 1:
        return weights, intercepts
    return np.concatenate([-weights / 2, weights / 2]), np.concatenate([-intercepts / 2, intercepts / 2])
