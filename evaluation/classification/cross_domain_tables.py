"""Tables of cross-domain classification: all libraries but one, that one class by class, and pairs of two."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from evaluation.classification.cross_domain import ALL_OTHERS, MIN_PICTURES, CrossDomainResult
from evaluation.reporting.intervals import wilson_interval
from evaluation.reporting.tables import Cell, ReportTable, format_interval, percent

COLUMNS = ("model", "trained on", "tested on", "classes", "n", "accuracy", "macro-F1", "macro-F1 at home", "loss")
HOME_NOTE = (
    "Macro-F1 at home is for the same pictures, predicted after learning from other books of their own library. "
    "Brackets contain 95 % intervals."
)


def tables(results: Sequence[CrossDomainResult]) -> list[ReportTable]:
    """Return the table of the pairs of two libraries last, because it is the longest."""
    left_out = [result for result in results if result.pair.training_library == ALL_OTHERS]
    pairs = [result for result in results if result.pair.training_library != ALL_OTHERS]
    blocks = [
        _left_out_table(left_out),
        *(_class_table(result) for result in _hardest_results(left_out)),
        _pairs_table(pairs),
    ]
    return [table for table in blocks if table.rows]


def _left_out_table(results: Sequence[CrossDomainResult]) -> ReportTable:
    note = (
        f"The classifier learns all classes from every other library that has {MIN_PICTURES} or more pictures of them, "
        "and F1 is computed over those that the tested library has. Books that both have are not learnt from. "
        f"{HOME_NOTE}"
    )
    return ReportTable(
        title="Trained on all other libraries", columns=COLUMNS, rows=[_row(result) for result in results], note=note
    )


def _pairs_table(results: Sequence[CrossDomainResult]) -> ReportTable:
    note = (
        f"Pairs of libraries with at least two common classes of {MIN_PICTURES} or more pictures, restricted to these "
        f"classes. Books that both libraries have are not learnt from. {HOME_NOTE}"
    )
    return ReportTable(
        title="Trained on one library, tested on another",
        columns=COLUMNS,
        rows=[_row(result) for result in results],
        note=note,
    )


def _row(result: CrossDomainResult) -> list[Cell]:
    predictions, pair = result.away_predictions, result.pair
    home_f1 = result.home_predictions.f1() if result.home_predictions else None
    return [
        result.model,
        f"{pair.training_library} ({len(pair.train)})",
        pair.test_library,
        ", ".join(pair.classes),
        predictions.n,
        percent(predictions.accuracy, *wilson_interval(predictions.correct_count, predictions.n)),
        format_interval(predictions.f1(), *predictions.f1_interval()),
        home_f1,
        None if home_f1 is None else home_f1 - predictions.f1(),
    ]


def _hardest_results(results: Sequence[CrossDomainResult]) -> list[CrossDomainResult]:
    """Return for each model the library with the lowest macro-F1 of those with several classes."""
    hardest: dict[str, CrossDomainResult] = {}
    for result in results:
        current = hardest.get(result.model)
        if len(result.pair.classes) > 1 and (
            current is None or result.away_predictions.f1() < current.away_predictions.f1()
        ):
            hardest[result.model] = result
    return list(hardest.values())


def _class_table(result: CrossDomainResult) -> ReportTable:
    predictions, home = result.away_predictions, result.home_predictions
    rows: list[list[Cell]] = []
    for class_name in np.unique(predictions.true_classes).tolist():
        predicted = Counter(predictions.predicted_classes[predictions.true_classes == class_name].tolist())
        correct_count, total = predicted.pop(class_name, 0), int((predictions.true_classes == class_name).sum())
        mistakes = ", ".join(f"{name} ({count})" for name, count in predicted.most_common(3))
        rows.append(
            [
                class_name,
                total,
                percent(correct_count / total, *wilson_interval(correct_count, total)),
                predictions.f1(class_name),
                home.f1(class_name) if home else None,
                mistakes or "none",
            ]
        )
    return ReportTable(
        title=f"The hardest library, class by class: {result.pair.test_library}, {result.model}",
        columns=["class", "n", "recognised", "F1", "F1 at home", "taken for"],
        rows=rows,
    )
