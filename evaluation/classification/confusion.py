"""Which class was taken for which, and the figures that follow."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each class was taken for each."""

    classes: tuple[str, ...]
    counts: Counts
    """Rows are the true classes, columns the predicted ones."""

    @property
    def accuracy(self) -> float:
        return float(self.counts.trace() / self.counts.sum())

    @property
    def f1(self) -> dict[str, float]:
        """Per class, 2 TP / (2 TP + FP + FN)."""
        both = self.counts.sum(axis=0) + self.counts.sum(axis=1)
        return dict(zip(self.classes, (2 * self.counts.diagonal() / np.maximum(both, 1)).tolist(), strict=True))

    @property
    def macro_f1(self) -> float:
        """The mean over the classes that there are."""
        there = [self.f1[name] for name, row in zip(self.classes, self.counts, strict=True) if row.sum()]
        return float(np.mean(there))

    def binary_f1(self, positive: Sequence[str]) -> float:
        """F1 of "one of these classes" against all others; 1 where there is none, and nothing was taken for one."""
        chosen = np.isin(self.classes, list(positive))
        right = self.counts[np.ix_(chosen, chosen)].sum()
        both = self.counts[chosen].sum() + self.counts[:, chosen].sum()
        return float(2 * right / both) if both else 1.0

    def lost(self, positive: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Per other class, pictures that leaving those classes out would lose, of how many."""
        chosen = np.isin(self.classes, list(positive))
        return {
            name: (int(row[chosen].sum()), int(row.sum()))
            for name, row, out in zip(self.classes, self.counts, chosen, strict=True)
            if not out
        }

    def lost_share(self, positive: Sequence[str]) -> float:
        """The same of all other pictures."""
        lost, of = np.sum([(0, 0), *self.lost(positive).values()], axis=0)
        return float(lost / of) if of else 0.0


def confusion(true: Sequence[str], predicted: Sequence[str]) -> Confusion:
    """The classes in the order of their names."""
    classes = tuple(sorted({*true, *predicted}))
    counts = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(counts, (np.searchsorted(classes, list(true)), np.searchsorted(classes, list(predicted))), 1)
    return Confusion(classes, counts)
