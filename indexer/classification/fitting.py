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
FEWEST = 3
"""Folds below which the books left out say more of the split than of C."""

ITERATIONS = 1000
TOLERANCE = 1e-5
"""On 827 pictures and 20 splits the order of the C stays the same with a tenth of it; with ten times as much the fits
end early, and all C from 5 up are the same."""
TEMPERATURES = np.geomspace(0.2, 5, 41)
"""What the scores are divided by so that they are probabilities (Guo et al. 2017, “On Calibration”)."""

SEED = 42
UNCERTAIN = 10.0
"""C where there are too few books to choose it by."""

UNSEEN = -50.0
"""The score of a class that was not learnt: as good as impossible."""

Names = npt.NDArray[np.str_]
Places = npt.NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class Scale:
    """Each number on its own scale, so that one that is always small is heard as well; a row is of length 1 or so."""

    means: Scores
    widths: Scores

    @classmethod
    def of(cls, rows: Vectors, parts: Sequence[int] = ()) -> "Scale":
        """`parts` says how many numbers are each model's, of which none outweighs another."""
        means, deviations = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
        counts = np.repeat(parts or [rows.shape[1]], parts or [rows.shape[1]])
        return cls(means, np.where(deviations > 0, deviations, 1.0) * np.sqrt(counts * max(1, len(parts))))

    def scaled(self, rows: Vectors) -> Vectors:
        scaled: Vectors = ((rows - self.means) / self.widths).astype(np.float32)
        return scaled

    def unscaled(self, weights: Scores, intercepts: Scores) -> tuple[Scores, Scores]:
        """Weights and intercepts of scaled rows → of rows as they are."""
        own = weights / self.widths
        return own, intercepts - own @ self.means


@dataclass(frozen=True, slots=True)
class Learnt:
    """One fit."""

    classes: Names
    weights: Scores
    """Shape (classes, numbers of a row)."""
    intercepts: Scores

    def scores(self, rows: Vectors, classes: Names) -> Scores:
        """Of these classes; NaN where one was not learnt."""
        found = np.full((len(rows), len(classes)), np.nan)
        found[:, np.searchsorted(classes, self.classes)] = rows @ self.weights.T + self.intercepts
        return found


def reduced(rows: Vectors) -> tuple[Vectors, Scores | None]:
    """Rows as coordinates in the space that they span, and its axes; None where that would save nothing.

    The penalty does not change with a rotation, and the weights lie in the span of what they are learnt from: a fit to
    the coordinates is the fit to the rows.
    """
    if rows.shape[1] <= 2 * len(rows):
        return rows, None
    axes, coordinates = np.linalg.qr(rows.T.astype(np.float64))
    return coordinates.T.astype(rows.dtype), axes


def path(rows: Vectors, names: Names, strengths: Sequence[float] | Scores) -> Iterator[Learnt]:
    """One fit for each C, which must rise: each begins where the one before ended."""
    few, axes = reduced(rows)
    # Balanced: there are ten times as many illustrations as pages of music, and each class counts alike.
    model = LogisticRegression(max_iter=ITERATIONS, class_weight="balanced", tol=TOLERANCE, warm_start=True)
    for strength in strengths:
        # Threads would wait for each other in products so small: on a busy machine 20 times as long.
        with warnings.catch_warnings(), threadpool_limits(1, user_api="blas"):
            # Where the classes can be told apart without an error, weights grow with C for ever.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.set_params(C=float(strength)).fit(few, names)
        weights, intercepts = both_ways(model.coef_.copy(), model.intercept_.copy())
        yield Learnt(model.classes_, _along(axes, weights), intercepts)


def _along(axes: Scores | None, weights: Scores) -> Scores:
    """Weights of coordinates → of the rows that were reduced to them."""
    return weights if axes is None else weights @ axes.T


@dataclass(frozen=True, slots=True)
class Fitted:
    """What rows as they are were learnt with."""

    strength: float
    """C."""
    scores: Scores
    """Of the books left out in the choice of C; NaN where a class was not seen."""
    macro_f1: float
    """There."""
    learnt: Learnt


def fitted(rows: Vectors, names: Names, groups: Names, parts: Sequence[int] = (), folds: int = FOLDS) -> Fitted:
    """Scaled, with the best C; `parts` says how many numbers are each model's."""
    scale = Scale.of(rows, parts)
    # Once for the choice and for what is learnt with it.
    few, axes = reduced(scale.scaled(rows))
    strength, scores, macro_f1 = chosen(few, names, groups, folds)
    (learnt,) = path(few, names, [strength])
    weights, intercepts = scale.unscaled(_along(axes, learnt.weights), learnt.intercepts)
    return Fitted(strength, scores, macro_f1, Learnt(learnt.classes, weights, intercepts))


def chosen(rows: Vectors, names: Names, groups: Names, folds: int = FOLDS) -> tuple[float, Scores, float]:
    """The C that is best on books left out, its scores there (NaN where a class was not seen), and its macro-F1."""
    classes = np.unique(names)
    scores = np.full((len(STRENGTHS), len(names), len(classes)), np.nan)
    splits = split(names, groups, folds)
    if len(splits) < FEWEST:
        return UNCERTAIN, scores[0], 0.0
    # Once for all folds: the coordinates of a part are as good as its own.
    few, _ = reduced(rows)
    for train, test in splits:
        for each, learnt in zip(scores, path(few[train], names[train], STRENGTHS), strict=True):
            each[test] = learnt.scores(few[test], classes)
    right = np.searchsorted(classes, names)
    losses = [_loss_per_class(np.nan_to_num(each, nan=UNSEEN), right) for each in scores]
    best = int(np.argmin(losses))
    said = classes[np.nan_to_num(scores[best], nan=UNSEEN).argmax(axis=1)]
    return float(STRENGTHS[best]), scores[best], float(f1_score(names, said, average="macro"))


def _loss_per_class(scores: Scores, right: Places) -> float:
    """With each class counting alike, as in macro-F1, but by how sure of it one can be.

    Of the 827 labelled pictures, C chosen so on inner folds gives a macro-F1 of .92 on outer ones (.933, .923 and .919
    with three splits); chosen by macro-F1 itself, which one book of maps can turn, .91 (.909, .910 and .904).
    """
    weights = 1 / np.bincount(right)[right]
    return min(loss(scores / each, right, weights) for each in TEMPERATURES)


def split(names: Names, groups: Names, folds: int, seed: int = SEED) -> list[tuple[Places, Places]]:
    """Every picture is left out once, with all of its book; fewer folds where there are fewer books.

    Each part that is learnt from has two classes; where that cannot be, there are no folds.
    """
    most = min(folds, len(np.unique(groups)), int(np.unique(names, return_counts=True)[1].max()))
    for count in range(most, 1, -1):
        with warnings.catch_warnings():
            # That a class has fewer pictures than there are folds is no reason to leave it out.
            warnings.filterwarnings("ignore", message="The least populated class")
            splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
            found = [(train, test) for train, test in splitter.split(names, names, groups) if len(test)]
        if all(len(np.unique(names[train])) > 1 for train, _ in found):
            return found
    return []


def both_ways(weights: Scores, intercepts: Scores) -> tuple[Scores, Scores]:
    """Of two classes scikit-learn keeps one row, the second's."""
    if len(weights) > 1:
        return weights, intercepts
    return np.concatenate([-weights / 2, weights / 2]), np.concatenate([-intercepts / 2, intercepts / 2])


def temperature(scores: Scores, names: Names, classes: Sequence[str]) -> float:
    """With which the books left out get the likeliest probabilities; 1 where there are none."""
    seen = ~np.isnan(scores).any(axis=1)
    if not seen.any():
        return 1.0
    right = np.searchsorted(list(classes), names[seen])
    losses = [loss(scores[seen] / each, right) for each in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def loss(scores: Scores, right: Places, weights: Scores | None = None) -> float:
    """Mean of the logarithms of what the right class was given."""
    given = softmax(scores)[np.arange(len(right)), right]
    return float(np.average(-np.log(given + 1e-12), weights=weights))
