"""The paper's protocol: C is chosen on inner folds and evaluated on outer folds, split by book or by picture."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from core.console import print_message
from core.encoders import Encoder
from core.encoders.protocols import FeatureEncoder
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.classification.ablation import AblationStep, run_ablation
from evaluation.classification.calibration import reliability
from evaluation.classification.class_assignment import ClassAssignment, assign_classes
from evaluation.classification.held_out_predictions import HeldOutPredictions
from evaluation.classification.learning_curve import LearningCurvePoint, learning_curve, sweep_regularisation
from evaluation.classification.task import ClassificationTask, build_tasks
from evaluation.pictures.folder import LabelledPicture

FOLDS = 20
"""Outer folds (arXiv 2410.14969, section 3.3); the inner folds are those of `frontispiece classify train`."""

BY_BOOK, MIXED = "split by book", "split by picture"
SPLITS: Mapping[str, Callable[[ClassificationTask], ClassificationTask]] = {
    BY_BOOK: lambda task: task,
    MIXED: ClassificationTask.ignore_books,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitResult:
    """The predictions of one model with one way of splitting."""

    model: str
    split: str
    predictions: HeldOutPredictions
    macro_f1_per_c: Sequence[float]
    """Macro-F1 for each C of the grid."""
    hidden_classes: Sequence[str]
    storage_saved: float
    """Share of the bytes on disk of the pictures that would be hidden."""

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
        """Return F1 of irrelevant against relevant with its interval; None if no class is hidden."""
        if not self.hidden_classes:
            return None
        return self.predictions.confusion.binary_f1(self.hidden_classes), *self.predictions.bootstrap_interval(
            lambda matrix: matrix.binary_f1(self.hidden_classes)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationResults:
    """All results of classification for a folder."""

    assignment: ClassAssignment
    split_results: Sequence[SplitResult]
    learning_curves: Mapping[str, Sequence[LearningCurvePoint]]
    """Model → learning curve."""
    notes: Sequence[str]
    """Sentences that a reader of the figures must know."""
    ablations: Mapping[str, Sequence[AblationStep]] = field(default_factory=dict)
    """Model → steps, for models with features beside their vectors."""

    def by_book_result(self, model: str) -> SplitResult | None:
        return next(
            (
                split_result
                for split_result in self.split_results
                if (split_result.model, split_result.split) == (model, BY_BOOK)
            ),
            None,
        )


def evaluate_classification(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    classes_file: Path | None = None,
    folds: int = FOLDS,
) -> ClassificationResults:
    """Measure both splits of each model, and the parts of the features of models that have them."""
    assignment = assign_classes(pictures, classes_file)
    model_tasks = build_tasks(pictures, encoders, settings, assignment)
    results = _measure_splits(pictures, model_tasks, assignment, folds)
    tasks_by_model = {task.model: task for task in model_tasks}
    ablations = {
        encoder.name: run_ablation(
            pictures,
            encoder,
            settings,
            task=tasks_by_model[encoder.name],
            full_predictions=split_result.predictions,
            folds=folds,
        )
        for encoder in encoders
        if isinstance(encoder, FeatureEncoder) and (split_result := results.by_book_result(encoder.name))
    }
    return replace(results, ablations=ablations)


def _measure_splits(
    pictures: Sequence[LabelledPicture],
    tasks: Sequence[ClassificationTask],
    assignment: ClassAssignment,
    folds: int = FOLDS,
) -> ClassificationResults:
    """Measure both splits of each model; with too few books for the split by book, only the mixed split.

    Raise `FrontispieceError` if there are too few labels.
    """
    file_sizes = np.array([picture.path.stat().st_size for picture in pictures], dtype=np.float64)
    split_results, learning_curves, notes = [], {}, [*assignment.notes, *_single_book_notes(tasks[0])]
    for task in tasks:
        try:
            split_results.append(_evaluate_split(task, BY_BOOK, file_sizes, folds))
            learning_curves[task.model] = learning_curve(task)
        except FrontispieceError as error:
            notes.append(f"The split by book cannot be measured: {error}.")
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
    """Return a note on classes whose pictures are all of one book."""
    # Each class is counted once per book.
    book_counts = Counter(class_name for class_name, _ in set(zip(task.class_names, task.books, strict=True)))
    if single_book_classes := sorted(
        class_name for class_name, count in book_counts.items() if class_name and count == 1
    ):
        return [
            f"All pictures of {', '.join(single_book_classes)} are of one book, so they cannot be predicted without it."
        ]
    return []
