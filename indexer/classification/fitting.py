"""How a classifier is fitted: which regularisation, and how sure it may say that it is."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from core.encoders import Vectors
from indexer.classification.model import Scores, softmax

STRENGTHS = np.geomspace(1e-2, 1e4, 10)
"""The paper's grid of C, the inverse strength of the regularisation (arXiv 2410.14969, section 3.3)."""

FOLDS = 10
"""Of the choice of C, as the paper has them; each leaves whole books out."""
MIN_FOLDS = 3
"""Folds below which the books left out say more of the split than of C."""

MAX_ITERATIONS = 1000
TOLERANCE = 1e-5
"""On 827 pictures and 20 splits the order of the C stays the same with a tenth of it; with ten times as much the fits
end early, and all C from 5 up are the same."""
TEMPERATURES = np.geomspace(0.2, 5, 41)
"""What the scores are divided by so that they are probabilities (Guo et al. 2017, “On Calibration”)."""

SEED = 42
DEFAULT_STRENGTH = 10.0
"""C where there are too few books to choose it by."""

MISSING_CLASS_SCORE = -50.0
"""The score of a class that was not learnt: as good as impossible."""

LabelArray = npt.NDArray[np.str_]
RowIndices = npt.NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class BlockScaler:
    """Each number on its own scale, so that one that is always small is heard as well; a row is of length 1 or so."""

    means: Scores
    divisors: Scores

    @classmethod
    def from_rows(cls, rows: Vectors, block_sizes: Sequence[int] = ()) -> "BlockScaler":
        """`parts` says how many numbers are each model's, of which none outweighs another."""
        means, deviations = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
        counts = np.repeat(block_sizes or [rows.shape[1]], block_sizes or [rows.shape[1]])
        return cls(means, np.where(deviations > 0, deviations, 1.0) * np.sqrt(counts * max(1, len(block_sizes))))

    def scale(self, rows: Vectors) -> Vectors:
        scaled_rows: Vectors = ((rows - self.means) / self.divisors).astype(np.float32)
        return scaled_rows

    def unscale_weights(self, weights: Scores, intercepts: Scores) -> tuple[Scores, Scores]:
        """Weights and intercepts of scaled rows → of rows as they are."""
        row_weights = weights / self.divisors
        return row_weights, intercepts - row_weights @ self.means


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """One fit."""

    classes: LabelArray
    weights: Scores
    """Shape (classes, numbers of a row)."""
    intercepts: Scores

    def scores(self, rows: Vectors, classes: LabelArray) -> Scores:
        """Of these classes; NaN where one was not learnt."""
        scores = np.full((len(rows), len(classes)), np.nan)
        scores[:, np.searchsorted(classes, self.classes)] = rows @ self.weights.T + self.intercepts
        return scores


def reduce_rows(rows: Vectors) -> tuple[Vectors, Scores | None]:
    """Rows as coordinates in the space that they span, and its axes; None where that would save nothing.

    The penalty does not change with a rotation, and the weights lie in the span of what they are learnt from: a fit to
    the coordinates is the fit to the rows.
    """
    if rows.shape[1] <= 2 * len(rows):
        return rows, None
    axes, coordinates = np.linalg.qr(rows.T.astype(np.float64))
    return coordinates.T.astype(rows.dtype), axes


def fit_path(rows: Vectors, labels: LabelArray, strengths: Sequence[float] | Scores) -> Iterator[LogisticFit]:
    """One fit for each C, which must rise: each begins where the one before ended."""
    coordinates, axes = reduce_rows(rows)
    # Balanced: there are ten times as many illustrations as pages of music, and each class counts alike.
    model = LogisticRegression(max_iter=MAX_ITERATIONS, class_weight="balanced", tol=TOLERANCE, warm_start=True)
    for strength in strengths:
        # Threads would wait for each other in products so small: on a busy machine 20 times as long.
        with warnings.catch_warnings(), threadpool_limits(1, user_api="blas"):
            # Where the classes can be told apart without an error, weights grow with C for ever.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.set_params(C=float(strength)).fit(coordinates, labels)
        weights, intercepts = expand_binary(model.coef_.copy(), model.intercept_.copy())
        yield LogisticFit(model.classes_, _expand_weights(axes, weights), intercepts)


def _expand_weights(axes: Scores | None, weights: Scores) -> Scores:
    """Weights of coordinates → of the rows that were reduced to them."""
    return weights if axes is None else weights @ axes.T


@dataclass(frozen=True, slots=True)
class FitResult:
    """What rows as they are were learnt with."""

    strength: float
    """C."""
    scores: Scores
    """Of the books left out in the choice of C; NaN where a class was not seen."""
    macro_f1: float
    """There."""
    fit: LogisticFit


def fit_best(
    rows: Vectors, labels: LabelArray, groups: LabelArray, block_sizes: Sequence[int] = (), folds: int = FOLDS
) -> FitResult:
    """Scaled, with the best C; `parts` says how many numbers are each model's."""
    scaler = BlockScaler.from_rows(rows, block_sizes)
    # Once for the choice and for what is learnt with it.
    coordinates, axes = reduce_rows(scaler.scale(rows))
    strength, scores, macro_f1 = choose_strength(coordinates, labels, groups, folds)
    (fit,) = fit_path(coordinates, labels, [strength])
    weights, intercepts = scaler.unscale_weights(_expand_weights(axes, fit.weights), fit.intercepts)
    return FitResult(strength, scores, macro_f1, LogisticFit(fit.classes, weights, intercepts))


def choose_strength(
    rows: Vectors, labels: LabelArray, groups: LabelArray, folds: int = FOLDS
) -> tuple[float, Scores, float]:
    """The C that is best on books left out, its scores there (NaN where a class was not seen), and its macro-F1."""
    classes = np.unique(labels)
    scores = np.full((len(STRENGTHS), len(labels), len(classes)), np.nan)
    splits = split_by_group(labels, groups, folds)
    if len(splits) < MIN_FOLDS:
        return DEFAULT_STRENGTH, scores[0], 0.0
    # Once for all folds: the coordinates of a part are as good as its own.
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


def _balanced_loss(scores: Scores, label_indices: RowIndices) -> float:
    """With each class counting alike, as in macro-F1, but by how sure of it one can be.

    Of the 827 labelled pictures, C chosen so on inner folds gives a macro-F1 of .92 on outer ones (.933, .923 and .919
    with three splits); chosen by macro-F1 itself, which one book of maps can turn, .91 (.909, .910 and .904).
    """
    weights = 1 / np.bincount(label_indices)[label_indices]
    return min(log_loss(scores / temperature, label_indices, weights) for temperature in TEMPERATURES)


def split_by_group(
    labels: LabelArray, groups: LabelArray, folds: int, seed: int = SEED
) -> list[tuple[RowIndices, RowIndices]]:
    """Every picture is left out once, with all of its book; fewer folds where there are fewer books.

    Each part that is learnt from has two classes; where that cannot be, there are no folds.
    """
    max_folds = min(folds, len(np.unique(groups)), int(np.unique(labels, return_counts=True)[1].max()))
    for n_folds in range(max_folds, 1, -1):
        with warnings.catch_warnings():
            # That a class has fewer pictures than there are folds is no reason to leave it out.
            warnings.filterwarnings("ignore", message="The least populated class")
            splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
            splits = [(train, test) for train, test in splitter.split(labels, labels, groups) if len(test)]
        if all(len(np.unique(labels[train])) > 1 for train, _ in splits):
            return splits
    return []


def expand_binary(weights: Scores, intercepts: Scores) -> tuple[Scores, Scores]:
    """Of two classes scikit-learn keeps one row, the second's."""
    if len(weights) > 1:
        return weights, intercepts
    return np.concatenate([-weights / 2, weights / 2]), np.concatenate([-intercepts / 2, intercepts / 2])


def best_temperature(scores: Scores, labels: LabelArray, classes: Sequence[str]) -> float:
    """With which the books left out get the likeliest probabilities; 1 where there are none."""
    has_scores = ~np.isnan(scores).any(axis=1)
    if not has_scores.any():
        return 1.0
    label_indices = np.searchsorted(list(classes), labels[has_scores])
    losses = [log_loss(scores[has_scores] / candidate, label_indices) for candidate in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def log_loss(scores: Scores, label_indices: RowIndices, weights: Scores | None = None) -> float:
    """Mean of the logarithms of what the right class was given."""
    label_probabilities = softmax(scores)[np.arange(len(label_indices)), label_indices]
    return float(np.average(-np.log(label_probabilities + 1e-12), weights=weights))
