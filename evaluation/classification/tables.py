"""Tables of the classifier in the form of the paper, with the paper's figures beside ours."""

from collections.abc import Sequence

import numpy as np

from evaluation.classification.learning_curve import DRAWS, FOLDS, INNER_FOLDS, format_spread
from evaluation.classification.nested_cross_validation import BY_BOOK, ClassificationResults, SplitResult
from evaluation.reporting.tables import Cell, ReportTable, format_interval, percent
from indexer.classification.fitting import STRENGTHS

PAPER_ROW = (
    "the paper: SigLIP, split by picture",
    2000,
    0.930,
    0.919,
    "0.916 ± 0.051",
    0.959,
    "4.4 %",
    "up to 40 %",
    None,
)
"""arXiv 2410.14969, table 4 and section 5; other figures are computed from its confusion matrix, see `paper.py`."""


def tables(results: ClassificationResults) -> list[ReportTable]:
    by_book_results = [
        split_result for split_result in results.split_results if split_result.split == BY_BOOK
    ] or results.split_results
    return [
        overview(results),
        *(_class_table(split_result) for split_result in by_book_results),
        *(_ablation_table(results, model) for model in results.ablations),
        *_learning_curve_tables(results),
        _regularisation_table(results.split_results),
        _calibration_table(results.split_results),
    ]


def overview(results: ClassificationResults) -> ReportTable:
    """Show the figures of each model and split, below those of the paper."""
    hidden_classes = results.assignment.class_set.hidden
    fold_count = len(np.unique(results.split_results[0].predictions.fold_numbers))
    irrelevant_note = (
        f"Irrelevant are the hidden classes: {', '.join(hidden_classes)}. Content lost is the share of all other "
        "pictures that would be hidden with them; storage saved is their share of the files' bytes on disk."
    )
    notes = [
        f"{fold_count} outer folds; C is chosen on 10 inner folds (fewer if there are fewer books). Macro-F1 is "
        "computed over all predictions; the mean of the folds ± standard deviation, each fold over the classes that it "
        "has, is the paper's figure. Brackets contain 95 % intervals, for which whole books are resampled, or pictures "
        "in the split by picture.",
        irrelevant_note if hidden_classes else "No class is hidden.",
        *results.notes,
    ]
    return ReportTable(
        title="Classification",
        columns=[
            "model and split",
            "n",
            "accuracy",
            "macro-F1",
            "mean of the folds",
            "irrelevant or not, F1",
            "content lost",
            "storage saved",
            "calibration error",
        ],
        rows=[PAPER_ROW, *map(_row, results.split_results)],
        note=" ".join(notes),
    )


def _row(split_result: SplitResult) -> list[Cell]:
    predictions, irrelevant_f1 = split_result.predictions, split_result.irrelevant_f1()
    mean, deviation = predictions.fold_macro_f1()
    return [
        split_result.name,
        predictions.n,
        predictions.accuracy,
        format_interval(predictions.f1(), *predictions.f1_interval()),
        f"{mean:.3f} ± {deviation:.3f}",
        format_interval(*irrelevant_f1) if irrelevant_f1 else None,
        percent(predictions.confusion.lost_share(split_result.hidden_classes)) if split_result.hidden_classes else None,
        percent(split_result.storage_saved) if split_result.hidden_classes else None,
        split_result.ece,
    ]


def _class_table(split_result: SplitResult) -> ReportTable:
    """List each class with its F1 and the share of its pictures that would be hidden by mistake."""
    lost_counts = split_result.predictions.confusion.lost_counts(split_result.hidden_classes)
    rows: list[Sequence[Cell]] = []
    for class_name in split_result.predictions.confusion.classes:
        class_mask = split_result.predictions.true_classes == class_name
        hidden_count, class_count = lost_counts.get(class_name, (0, int(class_mask.sum())))
        share = (
            "hidden"
            if class_name in split_result.hidden_classes
            else percent(hidden_count / class_count)
            if class_count
            else ""
        )
        rows.append(
            [
                class_name,
                class_count,
                len(np.unique(split_result.predictions.books[class_mask])),
                split_result.predictions.f1(class_name),
                share,
            ]
        )
    return ReportTable(
        title=f"{split_result.model}, class by class, {split_result.split}",
        columns=["class", "n", "books", "F1", "hidden by mistake"],
        rows=rows,
    )


def _ablation_table(results: ClassificationResults, model: str) -> ReportTable:
    hidden_classes = results.assignment.class_set.hidden
    rows: list[Sequence[Cell]] = [
        [
            step.feature_set,
            step.dimensions,
            format_interval(step.predictions.f1(), *step.predictions.f1_interval()),
            step.predictions.confusion.binary_f1(hidden_classes) if hidden_classes else None,
            f"{step.milliseconds_per_picture:.0f}",
        ]
        for step in results.ablations[model]
    ]
    return ReportTable(
        title=f"{model}: features, their macro-F1 and their cost",
        columns=["features", "dimensions", "macro-F1", "irrelevant or not, F1", "ms per picture"],
        rows=rows,
        note="Split by book, with the folds above. The vector is computed for search in any case; the features are "
        "computed in addition, and each row adds one part to those of the rows above.",
    )


def _learning_curve_tables(results: ClassificationResults) -> list[ReportTable]:
    """Return the table of the learning curves, or no table if there were too few books."""
    if not results.learning_curves:
        return []
    models = list(results.learning_curves)
    points_by_share = zip(*results.learning_curves.values(), strict=True)
    rows: list[Sequence[Cell]] = [
        [
            percent(share_points[0].share),
            round(share_points[0].mean_books),
            round(share_points[0].mean_pictures),
            *(format_spread(point.macro_f1_per_draw) for point in share_points),
        ]
        for share_points in points_by_share
    ]
    note = (
        f"Macro-F1 on held-out books; {DRAWS} draws, each with {FOLDS} folds, C chosen on {INNER_FOLDS} inner folds. "
        "Brackets contain the lowest and the highest draw."
    )
    columns = ["share of the other books", "books", "pictures", *models]
    return [ReportTable(title="Learning curve: macro-F1 by share of the books", columns=columns, rows=rows, note=note)]


def _regularisation_table(split_results: Sequence[SplitResult]) -> ReportTable:
    rows: list[Sequence[Cell]] = [
        [f"{strength:.3g}", *(split_result.macro_f1_per_c[index] for split_result in split_results)]
        for index, strength in enumerate(STRENGTHS)
    ]
    return ReportTable(
        title="Regularisation",
        columns=["C", *(split_result.name for split_result in split_results)],
        rows=rows,
        note="Macro-F1 on held-out pictures; a smaller C means more regularisation.",
    )


def _calibration_table(split_results: Sequence[SplitResult]) -> ReportTable:
    rows: list[Sequence[Cell]] = [
        [
            split_result.name,
            float(split_result.predictions.confidence.mean()),
            split_result.predictions.accuracy,
            split_result.uncalibrated_ece,
            split_result.ece,
        ]
        for split_result in split_results
    ]
    return ReportTable(
        title="Calibration",
        columns=["model and split", "mean confidence", "accuracy", "calibration error before", "after"],
        rows=rows,
        note="Expected calibration error in 15 bins of equal width, before and after temperature scaling on the inner "
        "folds.",
    )
