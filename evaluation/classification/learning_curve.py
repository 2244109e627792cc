"""Macro-F1 as a function of the number of books learnt from, and of the regularisation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.console import track
from evaluation.classification.confusion import confusion_matrix
from evaluation.classification.held_out_predictions import cross_validation_splits
from evaluation.classification.task import ClassificationTask
from evaluation.reporting.tables import format_interval
from indexer.classification.calibration import LabelArray, RowIndices
from indexer.classification.fitting import SEED, STRENGTHS, fit_best, fit_path
from indexer.classification.scaling import BlockScaler

BOOK_SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
DRAWS = 5
FOLDS = 5
"""Each draw holds out a fifth of the books, five times, and learns from a share of the others."""
INNER_FOLDS = 3
"""Inner folds for the choice of C; ten of them would make the learning curve the slowest part."""


@dataclass(frozen=True, slots=True)
class LearningCurvePoint:
    """The results of learning from a share of the books."""

    share: float
    mean_books: float
    mean_pictures: float
    """Training pictures, on average over draws and folds."""
    macro_f1_per_draw: tuple[float, ...]
    """Macro-F1 over all pictures, per draw."""


def learning_curve(task: ClassificationTask) -> list[LearningCurvePoint]:
    """Return one point per share; within a draw a larger share contains the books of the smaller ones."""
    labelled_task = task.drop_unlabelled()
    class_names, books = np.array(labelled_task.class_names), np.array(labelled_task.books)
    draw_splits = [
        (draw, train, test)
        for draw in range(DRAWS)
        for train, test in cross_validation_splits(class_names, books, FOLDS, seed=SEED + draw)
    ]
    predicted_classes = np.zeros((DRAWS, len(BOOK_SHARES), len(class_names)), dtype=class_names.dtype)
    training_sizes: list[list[tuple[int, int]]] = [[] for _ in BOOK_SHARES]
    for draw, train, test in track(draw_splits, f"{task.model}: learning curve"):
        for share_index, train_subset in enumerate(_growing_subsets(books, train, seed=SEED + draw)):
            predicted_classes[draw, share_index, test] = _predict_classes(labelled_task, train_subset, test)
            training_sizes[share_index].append((len(np.unique(books[train_subset])), len(train_subset)))
    mean_sizes = [np.mean(size, axis=0).tolist() for size in training_sizes]
    return [
        LearningCurvePoint(
            share,
            mean_books,
            mean_pictures,
            tuple(_macro_f1(class_names, draw_predictions) for draw_predictions in predicted_classes[:, index]),
        )
        for index, (share, (mean_books, mean_pictures)) in enumerate(zip(BOOK_SHARES, mean_sizes, strict=True))
    ]


def _growing_subsets(books: LabelArray, train: RowIndices, seed: int) -> Iterator[RowIndices]:
    shuffled_books = np.random.default_rng(seed).permutation(np.unique(books[train]))
    for share in BOOK_SHARES:
        yield train[np.isin(books[train], shuffled_books[: max(1, round(share * len(shuffled_books)))])]


def _predict_classes(task: ClassificationTask, train: RowIndices, test: RowIndices) -> LabelArray:
    train_classes, train_books = np.array(task.class_names)[train], np.array(task.books)[train]
    classes = np.unique(train_classes)
    if len(classes) < 2:
        # One or two books may contain a single class, which is then predicted for every picture.
        return np.repeat(classes, len(test))
    model = fit_best(task.rows[train], train_classes, train_books, task.columns_per_model, INNER_FOLDS).fit
    predicted: LabelArray = classes[model.scores(task.rows[test], classes).argmax(axis=1)]
    return predicted


def sweep_regularisation(task: ClassificationTask, folds: int) -> list[float]:
    """Return macro-F1 on held-out books for each C of the grid."""
    labelled_task = task.drop_unlabelled()
    class_names, books = np.array(labelled_task.class_names), np.array(labelled_task.books)
    predicted_classes = np.zeros((len(STRENGTHS), len(class_names)), dtype=class_names.dtype)
    for train, test in track(cross_validation_splits(class_names, books, folds), f"{task.model}: regularisation"):
        classes = np.unique(class_names[train])
        scale = BlockScaler.from_rows(labelled_task.rows[train], labelled_task.columns_per_model)
        train_rows, test_rows = scale.scale(labelled_task.rows[train]), scale.scale(labelled_task.rows[test])
        for predictions, model in zip(
            predicted_classes, fit_path(train_rows, class_names[train], STRENGTHS), strict=True
        ):
            predictions[test] = classes[model.scores(test_rows, classes).argmax(axis=1)]
    return [_macro_f1(class_names, class_predictions) for class_predictions in predicted_classes]


def _macro_f1(true_classes: LabelArray, predicted_classes: LabelArray) -> float:
    return confusion_matrix(true_classes.tolist(), predicted_classes.tolist()).macro_f1


def format_spread(values: Sequence[float]) -> str:
    """Format the mean, with the lowest and the highest value in brackets."""
    return format_interval(float(np.mean(values)), min(values), max(values))
