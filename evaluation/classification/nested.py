"""The paper's protocol: C is chosen on inner folds, its worth is measured on outer ones; by book, and without."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.errors import FrontispieceError
from evaluation.classification.calibration import reliability
from evaluation.classification.classified import Classified
from evaluation.classification.classifying import Task
from evaluation.classification.learning_curve import Point, learning_curve, sweep
from evaluation.classification.naming import Naming
from evaluation.classification.parts import Bought
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.vectors import console

FOLDS = 20
"""Outer ones (arXiv 2410.14969, section 3.3); the inner ones are those of the product's own training."""

BY_BOOK, MIXED = "no book on both sides", "pictures mixed"
SPLITS: Mapping[str, Callable[[Task], Task]] = {BY_BOOK: lambda task: task, MIXED: Task.mixed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one model called the pictures, split in one way."""

    model: str
    split: str
    found: Classified
    swept: Sequence[float]
    """Macro-F1 with each C."""
    set_aside: Sequence[str]
    storage_saved: float
    """Share of the bytes on disk that lie in pictures which would be set aside."""

    @property
    def name(self) -> str:
        return f"{self.model}, {self.split}"

    @property
    def ece(self) -> float:
        return reliability(self.found.confidence, self.found.true == self.found.predicted).error

    @property
    def ece_before(self) -> float:
        return reliability(self.found.plain, self.found.true == self.found.predicted).error

    def irrelevant(self) -> tuple[float, float, float] | None:
        """F1 of irrelevant or not with its interval; None where no class is set aside."""
        if not self.set_aside:
            return None
        return self.found.confusion.binary_f1(self.set_aside), *self.found.interval(
            lambda counts: counts.binary_f1(self.set_aside)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested:
    """Everything that is measured of a folder."""

    naming: Naming
    outcomes: Sequence[Outcome]
    curves: Mapping[str, Sequence[Point]]
    """Learning curves by model."""
    notes: Sequence[str]
    """What one must know of it, a sentence each."""
    bought: Mapping[str, Sequence[Bought]] = field(default_factory=dict)
    """Of models that are learnt from by more than their vectors."""

    def by_book(self, model: str) -> Outcome | None:
        return next((each for each in self.outcomes if (each.model, each.split) == (model, BY_BOOK)), None)


def measure(pictures: Sequence[LabelledPicture], found: Sequence[Task], naming: Naming, folds: int = FOLDS) -> Nested:
    """`FrontispieceError` where there are too few labels; where there are but too few books, only the mixed split."""
    sizes = np.array([picture.path.stat().st_size for picture in pictures], dtype=np.float64)
    outcomes, curves, notes = [], {}, [*naming.notes, *_lonely(found[0])]
    for task in found:
        try:
            outcomes.append(_outcome(task, BY_BOOK, sizes, folds))
            curves[task.model] = learning_curve(task)
        except FrontispieceError as error:
            notes.append(f"Without a book on both sides nothing can be measured: {error}.")
            console.print(notes[-1], markup=False, highlight=False)
        outcomes.append(_outcome(task, MIXED, sizes, folds))
    return Nested(naming=naming, outcomes=outcomes, curves=curves, notes=list(dict.fromkeys(notes)))


def _outcome(task: Task, split: str, sizes: np.ndarray, folds: int) -> Outcome:
    task_, set_aside = SPLITS[split](task), task.class_set.set_aside
    found = task_.crossed(folds, f"{task.model}, {split}")
    hidden = np.isin(found.predicted, set_aside)
    return Outcome(
        model=task.model,
        split=split,
        found=found,
        swept=sweep(task_, folds),
        set_aside=set_aside,
        storage_saved=float(sizes[found.places][hidden].sum() / sizes[found.places].sum()),
    )


def _lonely(task: Task) -> list[str]:
    """Classes that nothing can be known of without their only book."""
    # A class is counted as often as it has books.
    books = Counter(name for name, _ in set(zip(task.names, task.books, strict=True)))
    if lonely := sorted(name for name, count in books.items() if name and count == 1):
        return [f"All pictures of {', '.join(lonely)} are of one book: without it they cannot be named rightly."]
    return []
