"""Confusion matrices, and the figures computed from them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

CountMatrix = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ConfusionMatrix:
    """How often each class was predicted for each true class."""

    classes: tuple[str, ...]
    counts: CountMatrix
    """Rows are true classes, columns are predicted classes."""

    @property
    def accuracy(self) -> float:
        return float(self.counts.trace() / self.counts.sum())

    @property
    def f1(self) -> dict[str, float]:
        """F1 per class: 2 TP / (2 TP + FP + FN)."""
        true_plus_predicted = self.counts.sum(axis=0) + self.counts.sum(axis=1)
        return dict(
            zip(self.classes, (2 * self.counts.diagonal() / np.maximum(true_plus_predicted, 1)).tolist(), strict=True)
        )

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the classes that have pictures."""
        present_f1s = [
            self.f1[class_name] for class_name, row in zip(self.classes, self.counts, strict=True) if row.sum()
        ]
        return float(np.mean(present_f1s))

    def binary_f1(self, positive: Sequence[str]) -> float:
        """Return F1 of "one of these classes" against all others; 1 if they are neither present nor predicted."""
        positive_mask = np.isin(self.classes, list(positive))
        true_positives = self.counts[np.ix_(positive_mask, positive_mask)].sum()
        true_plus_predicted = self.counts[positive_mask].sum() + self.counts[:, positive_mask].sum()
        return float(2 * true_positives / true_plus_predicted) if true_plus_predicted else 1.0

    def lost_counts(self, positive: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Return other class → (pictures that hiding these classes would lose, pictures that it has)."""
        positive_mask = np.isin(self.classes, list(positive))
        return {
            class_name: (int(row[positive_mask].sum()), int(row.sum()))
            for class_name, row, is_positive in zip(self.classes, self.counts, positive_mask, strict=True)
            if not is_positive
        }

    def lost_share(self, positive: Sequence[str]) -> float:
        """Return the share of all other pictures that hiding these classes would lose."""
        lost_count, total_count = np.sum([(0, 0), *self.lost_counts(positive).values()], axis=0)
        return float(lost_count / total_count) if total_count else 0.0


def confusion_matrix(true_classes: Sequence[str], predicted_classes: Sequence[str]) -> ConfusionMatrix:
    """Count predictions; the classes are in alphabetical order."""
    classes = tuple(sorted({*true_classes, *predicted_classes}))
    counts = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(
        counts, (np.searchsorted(classes, list(true_classes)), np.searchsorted(classes, list(predicted_classes))), 1
    )
    return ConfusionMatrix(classes, counts)
