"""The paper's protocol: C is chosen on inner folds, its worth is measured on outer ones; by book, and without."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.console import print_message
from core.errors import FrontispieceError
from evaluation.classification.ablation import AblationStep
from evaluation.classification.calibration import reliability
from evaluation.classification.class_assignment import ClassAssignment
from evaluation.classification.held_out_predictions import HeldOutPredictions
from evaluation.classification.learning_curve import LearningCurvePoint, learning_curve, sweep_regularisation
from evaluation.classification.task import ClassificationTask
from evaluation.pictures.folder import LabelledPicture

FOLDS = 20
"""Outer ones (arXiv 2410.14969, section 3.3); the inner ones are those of the product's own training."""

BY_BOOK, MIXED = "no book on both sides", "pictures mixed"
SPLITS: Mapping[str, Callable[[ClassificationTask], ClassificationTask]] = {
    BY_BOOK: lambda task: task,
    MIXED: ClassificationTask.ignore_books,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitResult:
    """What one model called the pictures, split in one way."""

    model: str
    split: str
    predictions: HeldOutPredictions
    macro_f1_per_c: Sequence[float]
    """Macro-F1 with each C."""
    hidden_classes: Sequence[str]
    storage_saved: float
    """Share of the bytes on disk that lie in pictures which would be set aside."""

    @property
    def name(self) -> str:
        return f"{self.model}, {self.split}"

    @property
    def ece(self) -> float:
        return reliability(
            self.predictions.confidence, self.predictions.true_classes == self.predictions.predicted_classes
        ).expected_calibration_error

    @property
    def uncalibrated_ece(self) -> float:
        return reliability(
            self.predictions.uncalibrated_confidence,
            self.predictions.true_classes == self.predictions.predicted_classes,
        ).expected_calibration_error

    def irrelevant_f1(self) -> tuple[float, float, float] | None:
        """F1 of irrelevant or not with its interval; None where no class is set aside."""
        if not self.hidden_classes:
            return None
        return self.predictions.confusion.binary_f1(self.hidden_classes), *self.predictions.bootstrap_interval(
            lambda matrix: matrix.binary_f1(self.hidden_classes)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationResults:
    """Everything that is measured of a folder."""

    assignment: ClassAssignment
    split_results: Sequence[SplitResult]
    learning_curves: Mapping[str, Sequence[LearningCurvePoint]]
    """Learning curves by model."""
    notes: Sequence[str]
    """What one must know of it, a sentence each."""
    ablations: Mapping[str, Sequence[AblationStep]] = field(default_factory=dict)
    """Of models that are learnt from by more than their vectors."""

    def by_book_result(self, model: str) -> SplitResult | None:
        return next(
            (
                split_result
                for split_result in self.split_results
                if (split_result.model, split_result.split) == (model, BY_BOOK)
            ),
            None,
        )


def measure(
    pictures: Sequence[LabelledPicture],
    tasks: Sequence[ClassificationTask],
    assignment: ClassAssignment,
    folds: int = FOLDS,
) -> ClassificationResults:
    """`FrontispieceError` where there are too few labels; where there are but too few books, only the mixed split."""
    file_sizes = np.array([picture.path.stat().st_size for picture in pictures], dtype=np.float64)
    split_results, learning_curves, notes = [], {}, [*assignment.notes, *_single_book_notes(tasks[0])]
    for task in tasks:
        try:
            split_results.append(_evaluate_split(task, BY_BOOK, file_sizes, folds))
            learning_curves[task.model] = learning_curve(task)
        except FrontispieceError as error:
            notes.append(f"Without a book on both sides nothing can be measured: {error}.")
            print_message(notes[-1])
        split_results.append(_evaluate_split(task, MIXED, file_sizes, folds))
    return ClassificationResults(
        assignment=assignment,
        split_results=split_results,
        learning_curves=learning_curves,
        notes=list(dict.fromkeys(notes)),
    )


def _evaluate_split(task: ClassificationTask, split: str, file_sizes: np.ndarray, folds: int) -> SplitResult:
    split_task, hidden_classes = SPLITS[split](task), task.class_set.hidden
    predictions = split_task.cross_validate(folds, f"{task.model}, {split}")
    hidden_mask = np.isin(predictions.predicted_classes, hidden_classes)
    return SplitResult(
        model=task.model,
        split=split,
        predictions=predictions,
        macro_f1_per_c=sweep_regularisation(split_task, folds),
        hidden_classes=hidden_classes,
        storage_saved=float(
            file_sizes[predictions.picture_indices][hidden_mask].sum() / file_sizes[predictions.picture_indices].sum()
        ),
    )


def _single_book_notes(task: ClassificationTask) -> list[str]:
    """Classes that nothing can be known of without their only book."""
    # A class is counted as often as it has books.
    book_counts = Counter(class_name for class_name, _ in set(zip(task.class_names, task.books, strict=True)))
    if single_book_classes := sorted(
        class_name for class_name, count in book_counts.items() if class_name and count == 1
    ):
        return [
            f"All pictures of {', '.join(single_book_classes)} are of one book: without it they cannot be named "
            "rightly."
        ]
    return []
