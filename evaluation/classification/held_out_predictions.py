"""Cross-validated predictions, picture by picture, from classifiers that have not seen the picture's book."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.console import track
from core.errors import FrontispieceError
from evaluation.classification.confusion import ConfusionMatrix, confusion_matrix
from evaluation.pictures.folder import LabelledPicture
from evaluation.reporting.intervals import UNKNOWN, percentile_interval, resample_tables
from indexer.classification.calibration import LabelArray, RowIndices
from indexer.classification.fitting import SEED, split_by_group

FOLDS = 5

Confidences = npt.NDArray[np.float64]


@dataclass(frozen=True)
class HeldOutPredictions:
    """True and predicted classes of pictures, one element of each array per picture."""

    picture_indices: RowIndices
    """Indices of these pictures among all pictures."""
    true_classes: LabelArray
    predicted_classes: LabelArray
    confidence: Confidences
    uncalibrated_confidence: Confidences
    """The confidence before temperature scaling."""
    books: LabelArray
    """The unit that the bootstrap resamples: the book, or the picture itself in the split by picture."""
    fold_numbers: RowIndices
    """The fold in which each picture was held out."""

    @property
    def n(self) -> int:
        return len(self.true_classes)

    @property
    def correct_count(self) -> int:
        return int((self.true_classes == self.predicted_classes).sum())

    @property
    def accuracy(self) -> float:
        return self.correct_count / self.n if self.n else 0.0

    @cached_property
    def confusion(self) -> ConfusionMatrix:
        return confusion_matrix(self.true_classes.tolist(), self.predicted_classes.tolist())

    def f1(self, class_name: str = "") -> float:
        """Return F1 of one class; without a name, macro-F1 over the classes that are present."""
        return _f1(self.confusion, class_name)

    def f1_interval(self, class_name: str = "") -> tuple[float, float]:
        return self.bootstrap_interval(lambda matrix: _f1(matrix, class_name))

    def bootstrap_interval(self, metric: Callable[[ConfusionMatrix], float]) -> tuple[float, float]:
        """Return the 95 % interval of a figure over resampled books; 0 to 1 if there is only one book."""
        if len(np.unique(self.books)) < 2:
            return UNKNOWN
        return percentile_interval([metric(matrix) for matrix in self._resampled_matrices])

    def f1_change_interval(self, reference: "HeldOutPredictions") -> tuple[float, float]:
        """Return the 95 % interval of the macro-F1 minus that of other predictions for the same pictures.

        The same books are drawn for both (paired bootstrap); -1 to 1 if there is only one book.
        """
        if len(np.unique(self.books)) < 2:
            return -1.0, 1.0
        matrix_pairs = zip(self._resampled_matrices, reference._resampled_matrices, strict=True)
        return percentile_interval([matrix.macro_f1 - other.macro_f1 for matrix, other in matrix_pairs])

    @cached_property
    def _resampled_matrices(self) -> Sequence[ConfusionMatrix]:
        classes, (book_names, book_positions) = self.confusion.classes, np.unique(self.books, return_inverse=True)
        counts = np.zeros((len(book_names), len(classes), len(classes)), dtype=np.int64)
        cells = np.searchsorted(classes, self.true_classes), np.searchsorted(classes, self.predicted_classes)
        np.add.at(counts, (book_positions, *cells), 1)
        return [ConfusionMatrix(classes, matrix_counts) for matrix_counts in resample_tables(counts)]

    def fold_macro_f1(self) -> tuple[float, float]:
        """Return the mean and standard deviation of macro-F1 over the folds, each over the classes that it has."""
        f1 = [self._filter(self.fold_numbers == fold).f1() for fold in np.unique(self.fold_numbers)]
        return float(np.mean(f1)), float(np.std(f1))

    def select(self, picture_indices: RowIndices) -> "HeldOutPredictions":
        """Return the predictions for some of the pictures."""
        return self._filter(np.isin(self.picture_indices, picture_indices))

    def _filter(self, mask: npt.NDArray[np.bool_]) -> "HeldOutPredictions":
        return HeldOutPredictions(
            self.picture_indices[mask],
            self.true_classes[mask],
            self.predicted_classes[mask],
            self.confidence[mask],
            self.uncalibrated_confidence[mask],
            self.books[mask],
            self.fold_numbers[mask],
        )

    def most_confident_errors(self, pictures: Sequence[LabelledPicture], count: int) -> list[tuple[str, str]]:
        """Return pictures with wrong predictions and a description of the error, highest confidence first."""
        errors = np.flatnonzero(self.true_classes != self.predicted_classes)
        most_confident = errors[np.argsort(-self.confidence[errors], kind="stable")][:count]
        return [
            (
                pictures[self.picture_indices[index]].name,
                f"{self.true_classes[index]} predicted as {self.predicted_classes[index]} "
                f"({100 * self.confidence[index]:.0f} %)",
            )
            for index in most_confident.tolist()
        ]


def _f1(matrix: ConfusionMatrix, class_name: str) -> float:
    return matrix.f1.get(class_name, 0.0) if class_name else matrix.macro_f1


class PredictedClasses(NamedTuple):
    """Predicted classes with their confidence, after and before temperature scaling."""

    classes: LabelArray
    confidence: Confidences
    uncalibrated_confidence: Confidences


PredictFunction = Callable[[RowIndices, RowIndices], PredictedClasses]
"""(train indices, test indices) → predictions for the test pictures."""


def cross_validate(
    class_names: Sequence[str], books: Sequence[str], predict: PredictFunction, folds: int = FOLDS, title: str = ""
) -> HeldOutPredictions:
    """Predict each picture once, with a classifier that has not seen its book.

    Pictures with an empty class name are left out. With a title, a progress bar is shown.
    """
    picture_indices = labelled_indices(class_names)
    true_classes, labelled_books = np.array(class_names)[picture_indices], np.array(books)[picture_indices]
    fold_splits = cross_validation_splits(true_classes, labelled_books, folds)
    predicted_classes, fold_numbers = np.empty_like(true_classes), np.zeros(len(true_classes), dtype=np.int_)
    confidence, uncalibrated_confidence = np.zeros(len(true_classes)), np.zeros(len(true_classes))
    for fold_number, (train, test) in enumerate(track(fold_splits, title) if title else fold_splits):
        predicted_classes[test], confidence[test], uncalibrated_confidence[test] = predict(
            picture_indices[train], picture_indices[test]
        )
        fold_numbers[test] = fold_number
    return HeldOutPredictions(
        picture_indices,
        true_classes,
        predicted_classes,
        confidence,
        uncalibrated_confidence,
        labelled_books,
        fold_numbers,
    )


def labelled_indices(class_names: Sequence[str]) -> RowIndices:
    """Return the indices of the pictures that have a class."""
    return np.flatnonzero(np.array([bool(class_name) for class_name in class_names]))


def cross_validation_splits(
    class_names: LabelArray, books: LabelArray, folds: int, seed: int = SEED
) -> list[tuple[RowIndices, RowIndices]]:
    """Return (train, test) indices per fold; raise `FrontispieceError` if there are too few classes or books."""
    fold_splits = split_by_group(class_names, books, folds, seed) if len(class_names) else []
    if not fold_splits:
        raise FrontispieceError("classification needs labels of at least two classes, in two books")
    return fold_splits
