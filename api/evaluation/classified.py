"""What a classifier calls pictures of books that it has not seen, picture by picture."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold

from api.evaluation.confusion import Confusion, confusion
from api.evaluation.folder import LabelledPicture
from indexer.errors import FrontispieceError

FOLDS = 5
SEED = 42
RESAMPLES = 500
"""Of the bootstrap: an interval's ends are then good to a hundredth."""

Names = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Classified:
    """True and predicted classes of pictures."""

    places: npt.NDArray[np.int_]
    """Of the pictures, among all."""
    true: Names
    predicted: Names
    confidence: npt.NDArray[np.float64]

    @property
    def n(self) -> int:
        return len(self.true)

    @property
    def hits(self) -> int:
        return int((self.true == self.predicted).sum())

    @property
    def accuracy(self) -> float:
        return self.hits / self.n if self.n else 0.0

    @cached_property
    def confusion(self) -> Confusion:
        return confusion(self.true.tolist(), self.predicted.tolist())

    def f1(self, name: str = "") -> float:
        """Of one class; without a name the mean over the classes that there are."""
        return _f1(self.confusion, name)

    def f1_interval(self, name: str = "") -> tuple[float, float]:
        """The same from pictures drawn again and again with replacement."""
        classes, chance = self.confusion.classes, np.random.default_rng(SEED)
        cells = np.searchsorted(classes, self.true) * len(classes) + np.searchsorted(classes, self.predicted)
        drawn = (chance.choice(cells, size=len(cells)) for _ in range(RESAMPLES))
        counts = (np.bincount(each, minlength=len(classes) ** 2).reshape(len(classes), -1) for each in drawn)
        low, high = np.percentile([_f1(Confusion(classes, each), name) for each in counts], (2.5, 97.5))
        return float(low), float(high)

    def only(self, places: npt.NDArray[np.int_]) -> "Classified":
        """The same for some of the pictures."""
        chosen = np.isin(self.places, places)
        return Classified(self.places[chosen], self.true[chosen], self.predicted[chosen], self.confidence[chosen])

    def surest_errors(self, pictures: Sequence[LabelledPicture], count: int) -> list[tuple[str, str]]:
        """Picture, and what was taken for what: the more sure, the earlier."""
        wrong = np.flatnonzero(self.true != self.predicted)
        worst = wrong[np.argsort(-self.confidence[wrong], kind="stable")][:count]
        return [
            (
                pictures[self.places[each]].name,
                f"{self.true[each]} taken for {self.predicted[each]} ({100 * self.confidence[each]:.0f} %)",
            )
            for each in worst.tolist()
        ]


def _f1(counts: Confusion, name: str) -> float:
    return counts.f1.get(name, 0.0) if name else counts.macro_f1


Predict = Callable[[npt.NDArray[np.int_], npt.NDArray[np.int_]], tuple[Names, npt.NDArray[np.float64]]]
"""Learns from the pictures of the first places, names those of the second: classes and how sure."""


def crossed(names: Sequence[str], books: Sequence[str], predict: Predict) -> Classified:
    """Every picture once, named by a classifier that saw none of its book; an empty name is no class."""
    places = np.flatnonzero(np.array([bool(each) for each in names]))
    true, sources = np.array(names)[places], np.array(books)[places]
    folds = min(FOLDS, len(set(sources.tolist())))
    if folds < 2 or len(set(true.tolist())) < 2:
        raise FrontispieceError("labels of two classes, in two books, are the least to classify by")
    predicted, confidence = np.empty_like(true), np.zeros(len(true))
    with warnings.catch_warnings():
        # That a class has fewer pictures than there are folds is no reason to leave it out.
        warnings.filterwarnings("ignore", message="The least populated class")
        split = list(StratifiedGroupKFold(folds, shuffle=True, random_state=SEED).split(places, true, sources))
    for train, test in split:
        if len(set(true[train].tolist())) < 2:
            # All books but one have one class: that is all there is to say of the rest.
            predicted[test], confidence[test] = true[train][0], 1.0
            continue
        predicted[test], confidence[test] = predict(places[train], places[test])
    return Classified(places, true, predicted, confidence)
