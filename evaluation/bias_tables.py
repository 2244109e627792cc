"""Tables of bias: one for each way of grouping pictures, the groups below the rest, and the worst pictures."""

from collections.abc import Iterator, Sequence

from evaluation.bias import (
    MAX_MISSES,
    MIN_GROUP_SIZE,
    BiasMeasurement,
    PictureGroup,
    large_groups,
    scores_of_group,
    worst_ranks,
)
from evaluation.classification.domains import DIMENSIONS
from evaluation.classification.held_out_predictions import HeldOutPredictions
from evaluation.reporting.intervals import share_interval, wilson_interval
from evaluation.reporting.tables import Cell, ReportTable, format_interval, percent

DIMENSION_TITLES = {"repository": "source"}
"""What titles call a dimension, if not by its name."""
EVERY_PICTURE = "all pictures"


def tables(measurement: BiasMeasurement) -> list[ReportTable]:
    groups = list(large_groups(measurement.pictures))
    return [
        *(table for dimension in DIMENSIONS for table in _dimension_tables(measurement, groups, dimension)),
        _low_groups_table(measurement, groups),
        *(_misses_table(measurement, method) for method in measurement.retrieval.methods),
    ]


def dimension_title(dimension: str) -> str:
    return DIMENSION_TITLES.get(dimension, dimension)


def _dimension_tables(
    measurement: BiasMeasurement, groups: Sequence[PictureGroup], dimension: str
) -> Iterator[ReportTable]:
    """Yield the table of one dimension; none if no group of it is large enough."""
    own_groups = [group for group in groups if group.dimension == dimension]
    if not own_groups:
        return
    title, methods, models = dimension_title(dimension), measurement.retrieval.methods, measurement.classifications
    columns = [
        title,
        "pictures",
        "books",
        *(f"{method} {figure}" for method in methods for figure in ("top-1", "top-1, harder")),
        *(f"{model} {figure}" for model in models for figure in ("accuracy", "F1")),
    ]
    rows = [_group_row(measurement, group) for group in (groups[0], *own_groups)]
    grouped_count = len({index for group in own_groups for index in group.indices.tolist()})
    note = (
        f"{len(measurement.pictures) - grouped_count} pictures are in no group, because their {title} is unknown or "
        f"has fewer than {MIN_GROUP_SIZE} pictures."
    )
    yield ReportTable(title=f"Results by {title}", columns=columns, rows=rows, note=f"{note}{_explain(title)}")


def _explain(title: str) -> str:
    """Return what the columns mean, for the first table, and how F1 of a label is computed."""
    if title == "decade":
        return (
            " Top-1: the paper's queries, with all pictures as the gallery; harder: the mean of the five harder kinds "
            "of query. Each class is predicted by a classifier that has seen no picture of the book. F1 is the mean "
            "over the classes of the group. Brackets contain 95 % intervals (Wilson; bootstrap for the harder queries "
            "and F1)."
        )
    if title == "label":
        return " A group of one label has no false positives, so its F1 is that of its class among all pictures."
    return ""


def _group_row(measurement: BiasMeasurement, group: PictureGroup) -> list[Cell]:
    books = {measurement.pictures[index].book for index in group.indices}
    cells: list[Cell] = [group.value or EVERY_PICTURE, len(group.indices), len(books)]
    for method in measurement.retrieval.methods:
        scores = scores_of_group(measurement.retrieval.scores_of(method), group)
        harder_hits = measurement.harder_hits(method)[group.indices]
        cells += [
            percent(scores.top_k_share(1), *scores.top_k_interval(1)),
            percent(float(harder_hits.mean()), *share_interval(harder_hits)),
        ]
    for predictions in measurement.classifications.values():
        cells += _class_cells(predictions, group)
    return cells


def _class_cells(all_predictions: HeldOutPredictions, group: PictureGroup) -> list[Cell]:
    predictions = all_predictions.select(group.indices)
    if predictions.n < MIN_GROUP_SIZE:
        return [None, None]
    class_name = str(predictions.true_classes[0]) if group.dimension == "label" else ""
    scored = all_predictions if class_name else predictions
    accuracy = percent(predictions.accuracy, *wilson_interval(predictions.correct_count, predictions.n))
    return [accuracy, format_interval(scored.f1(class_name), *scored.f1_interval(class_name))]


def _low_groups_table(measurement: BiasMeasurement, groups: Sequence[PictureGroup]) -> ReportTable:
    """List the groups whose interval lies wholly below the figure of all pictures, lowest first."""
    everything, *others = groups
    low_groups: list[tuple[float, list[Cell]]] = []
    for group in others:
        for measure, share, high, reference in _group_shares(measurement, group, everything):
            if high < reference:
                name = f"{dimension_title(group.dimension)}: {group.value}"
                cells: list[Cell] = [name, measure, len(group.indices), percent(share), percent(reference)]
                low_groups.append((share - reference, cells))
    return ReportTable(
        title="Groups with worse results than all pictures together",
        columns=["group", "measured", "pictures", "result", "result of all"],
        rows=[cells for _, cells in sorted(low_groups, key=lambda item: item[0])],
        note="Groups whose 95 % interval lies wholly below the figure of all pictures. Of forty groups one or two can "
        "be listed by chance, and pictures of one book are not independent; groups overlap.",
    )


def _group_shares(
    measurement: BiasMeasurement, group: PictureGroup, everything: PictureGroup
) -> Iterator[tuple[str, float, float, float]]:
    """Yield what is measured, the share of the group, the upper end of its interval, and the share of all pictures."""
    for method in measurement.retrieval.methods:
        hits = measurement.harder_hits(method)
        own_hits = hits[group.indices]
        yield (
            f"{method}: top-1, harder",
            float(own_hits.mean()),
            share_interval(own_hits)[1],
            float(hits[everything.indices].mean()),
        )
    for model, all_predictions in measurement.classifications.items():
        predictions = all_predictions.select(group.indices)
        if predictions.n >= MIN_GROUP_SIZE:
            high = wilson_interval(predictions.correct_count, predictions.n)[1]
            yield f"{model}: accuracy", predictions.accuracy, high, all_predictions.accuracy


def _misses_table(measurement: BiasMeasurement, method: str) -> ReportTable:
    """List the queries with the worst ranks, and the wrong predictions with the highest confidence."""
    rows: list[list[Cell]] = [
        [name, "not found", f"rank {rank:,.0f}"] for name, rank in worst_ranks(measurement.retrieval, method)
    ]
    if classification := measurement.classification_of(method):
        rows += [
            [name, "misclassified", mistake]
            for name, mistake in classification.most_confident_errors(measurement.pictures, MAX_MISSES)
        ]
    return ReportTable(title=f"Worst results of {method}", columns=["picture", "error", "detail"], rows=rows)
