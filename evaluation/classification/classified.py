"""What a classifier calls pictures of books that it has not seen, picture by picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.errors import FrontispieceError
from evaluation.classification.confusion import Confusion, confusion
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.vectors import track
from indexer.classification.fitting import SEED, Names, Places, split

FOLDS = 5
RESAMPLES = 1000
"""Of the bootstrap: an interval's ends are then good to a hundredth."""

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Classified:
    """True and predicted classes of pictures."""

    places: Places
    """Of the pictures, among all."""
    true: Names
    predicted: Names
    confidence: Shares
    plain: Shares
    """How sure it was before its temperature was set."""
    books: Names
    """What is drawn as a whole for an interval; the picture itself where books are no matter."""
    folds: Places
    """With which part of the pictures each was left out."""

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
        return self.interval(lambda counts: _f1(counts, name))

    def interval(self, figure: Callable[[Confusion], float]) -> tuple[float, float]:
        """95 % of what the figure is when books are drawn again and again with replacement, each with all pictures.

        Of one book nothing can be drawn, and all is possible.
        """
        if len(np.unique(self.books)) < 2:
            return 0.0, 1.0
        drawn = [figure(each) for each in self._resampled]
        low, high = np.percentile(drawn, (2.5, 97.5))
        return float(low), float(high)

    @cached_property
    def _resampled(self) -> Sequence[Confusion]:
        classes, (names, where) = self.confusion.classes, np.unique(self.books, return_inverse=True)
        counts = np.zeros((len(names), len(classes), len(classes)), dtype=np.int64)
        cells = np.searchsorted(classes, self.true), np.searchsorted(classes, self.predicted)
        np.add.at(counts, (where, *cells), 1)
        chance = np.random.default_rng(SEED)
        times = chance.multinomial(len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES)
        return [Confusion(classes, each) for each in np.tensordot(times, counts, axes=1)]

    def by_fold(self) -> tuple[float, float]:
        """Mean and standard deviation of the parts' macro-F1, as the paper gives it: each over the classes it has."""
        f1 = [self._some(self.folds == fold).f1() for fold in np.unique(self.folds)]
        return float(np.mean(f1)), float(np.std(f1))

    def only(self, places: Places) -> "Classified":
        """The same for some of the pictures."""
        return self._some(np.isin(self.places, places))

    def _some(self, kept: npt.NDArray[np.bool_]) -> "Classified":
        return Classified(
            self.places[kept],
            self.true[kept],
            self.predicted[kept],
            self.confidence[kept],
            self.plain[kept],
            self.books[kept],
            self.folds[kept],
        )

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


class Said(NamedTuple):
    """Of some pictures: their classes, how sure, and how sure before the temperature was set."""

    classes: Names
    confidence: Shares
    plain: Shares


Predict = Callable[[Places, Places], Said]
"""Learns from the pictures of the first places, names those of the second."""


def crossed(
    names: Sequence[str], books: Sequence[str], predict: Predict, folds: int = FOLDS, title: str = ""
) -> Classified:
    """Every picture once, named by a classifier that saw none of its book; an empty name is no class.

    With a title there is a bar on the terminal.
    """
    places = labelled(names)
    true, sources = np.array(names)[places], np.array(books)[places]
    parts = splits(true, sources, folds)
    predicted, numbers = np.empty_like(true), np.zeros(len(true), dtype=np.int_)
    confidence, plain = np.zeros(len(true)), np.zeros(len(true))
    for number, (train, test) in enumerate(track(parts, title) if title else parts):
        predicted[test], confidence[test], plain[test] = predict(places[train], places[test])
        numbers[test] = number
    return Classified(places, true, predicted, confidence, plain, sources, numbers)


def labelled(names: Sequence[str]) -> Places:
    """The places of the pictures that have a class."""
    return np.flatnonzero(np.array([bool(each) for each in names]))


def splits(names: Names, books: Names, folds: int, seed: int = SEED) -> list[tuple[Places, Places]]:
    """`FrontispieceError` where there are too few classes or books."""
    found = split(names, books, folds, seed) if len(names) else []
    if not found:
        raise FrontispieceError("labels of two classes, in two books, are the least to classify by")
    return found
