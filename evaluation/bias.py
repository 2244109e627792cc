"""Retrieval and classification by group of pictures, and the pictures with the worst results."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.console import print_message
from core.encoders import Encoder
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.classification.class_assignment import assign_classes
from evaluation.classification.domains import DIMENSIONS, group_pictures
from evaluation.classification.held_out_predictions import HeldOutPredictions
from evaluation.classification.task import MODEL_SEPARATOR, build_tasks
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.queries import build_query_kinds
from evaluation.pictures.transformations import SEED
from evaluation.reporting.intervals import wilson_interval
from evaluation.reporting.tables import Cell, ReportTable, format_interval, percent
from evaluation.retrieval.results import FUSED, RetrievalResults, measure_retrieval
from evaluation.retrieval.scores import QueryRanks

MIN_GROUP_SIZE = 10
"""Smaller groups are left out, because their confidence interval would cover half of the range."""
MAX_MISSES = 10
"""Pictures listed per model and kind of failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureGroup:
    """The pictures that share a decade, a language, a label…"""

    dimension: str
    value: str
    indices: npt.NDArray[np.int_]


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasMeasurement:
    """Retrieval and classification of the same pictures."""

    retrieval: RetrievalResults
    classifications: Mapping[str, HeldOutPredictions]
    """Model → predictions; empty if the pictures have no labels."""

    def classification_of(self, method: str) -> HeldOutPredictions | None:
        """Return the predictions that belong to a retrieval method.

        Fused retrieval adds up similarities; its counterpart is the classifier that learns from the joined vectors.
        """
        joint_model = next((model for model in self.classifications if MODEL_SEPARATOR in model), "")
        return self.classifications.get(joint_model if method == FUSED else method)

    @property
    def pictures(self) -> Sequence[LabelledPicture]:
        return self.retrieval.pictures


def measure_bias(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    seed: int = SEED,
    classes: Path | None = None,
) -> BiasMeasurement:
    """Measure retrieval with the paper's queries, and classifiers on pictures whose books they have not seen."""
    retrieval = measure_retrieval(pictures, encoders, settings, build_query_kinds(len(pictures), seed=seed))
    return BiasMeasurement(retrieval=retrieval, classifications=_classify(pictures, encoders, settings, classes))


def _classify(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, classes: Path | None
) -> dict[str, HeldOutPredictions]:
    try:
        model_tasks = build_tasks(pictures, encoders, settings, assign_classes(pictures, classes))
        return {task.model: task.cross_validate(title=f"{task.model}: classes") for task in model_tasks}
    except FrontispieceError as error:
        if classes:
            raise
        print_message(f"not classified: {error}")
        return {}


def large_groups(pictures: Sequence[LabelledPicture]) -> Iterator[PictureGroup]:
    """Yield the group of all pictures, then each group of at least `MIN_GROUP_SIZE` pictures."""
    yield PictureGroup(dimension="all", value="", indices=np.arange(len(pictures)))
    for dimension, group_key in DIMENSIONS.items():
        for value, indices in group_pictures(pictures, group_key).items():
            if len(indices) >= MIN_GROUP_SIZE:
                yield PictureGroup(dimension=dimension, value=value, indices=np.array(indices))


def tables(measurement: BiasMeasurement) -> list[ReportTable]:
    picture_groups = list(large_groups(measurement.pictures))
    retrieval_tables = [_retrieval_table(measurement, picture_groups)]
    classification_tables = [_classification_table(measurement, picture_groups)] if measurement.classifications else []
    return [
        *retrieval_tables,
        *classification_tables,
        *(_misses_table(measurement, method) for method in measurement.retrieval.methods),
    ]


def _retrieval_table(measurement: BiasMeasurement, picture_groups: Sequence[PictureGroup]) -> ReportTable:
    methods = measurement.retrieval.methods
    columns = ["group by", "group", "pictures", *(f"{method} top-{k}" for method in methods for k in (1, 10))]
    rows: list[list[Cell]] = []
    for group in picture_groups:
        group_scores = [_scores_of_group(measurement.retrieval.scores_of(method), group) for method in methods]
        shares = [percent(scores.top_k_share(k), *scores.top_k_interval(k)) for scores in group_scores for k in (1, 10)]
        rows.append([group.dimension, group.value, len(group.indices), *shares])
    note = (
        f"The paper's queries with all pictures as the gallery; groups of at least {MIN_GROUP_SIZE} pictures; "
        "95 % intervals."
    )
    return ReportTable(title="Retrieval by group", columns=columns, rows=rows, note=note)


def _classification_table(measurement: BiasMeasurement, picture_groups: Sequence[PictureGroup]) -> ReportTable:
    models = measurement.classifications
    columns = [
        "group by",
        "group",
        "pictures",
        *(f"{model} {metric}" for model in models for metric in ("accuracy", "F1")),
    ]
    rows: list[list[Cell]] = []
    for group in picture_groups:
        group_classifications = [classification.select(group.indices) for classification in models.values()]
        if group_classifications[0].n < MIN_GROUP_SIZE:
            continue
        # A group of one label has no false positives, so its F1 is computed among all pictures.
        class_name = str(group_classifications[0].true_classes[0]) if group.dimension == "label" else ""
        scored_classifications = models.values() if class_name else group_classifications
        cells = [
            cell
            for classification, scored_classification in zip(group_classifications, scored_classifications, strict=True)
            for cell in (
                percent(classification.accuracy, *wilson_interval(classification.correct_count, classification.n)),
                _format_f1(scored_classification, class_name),
            )
        ]
        rows.append([group.dimension, group.value, group_classifications[0].n, *cells])
    note = (
        "Each prediction comes from a classifier that has seen no picture of the same book. F1 is the mean over the "
        "classes of the group; for a label, it is the F1 of its class among all pictures. Intervals of F1 are "
        "bootstrapped."
    )
    return ReportTable(title="Classification by group", columns=columns, rows=rows, note=note)


def _format_f1(classification: HeldOutPredictions, class_name: str) -> str:
    return format_interval(classification.f1(class_name), *classification.f1_interval(class_name))


def _misses_table(measurement: BiasMeasurement, method: str) -> ReportTable:
    """List the queries with the worst ranks, and the wrong predictions with the highest confidence."""
    rows: list[list[Cell]] = [
        [name, "not found", f"rank {rank:,.0f}"] for name, rank in _worst_ranks(measurement.retrieval, method)
    ]
    if classification := measurement.classification_of(method):
        rows += [
            [name, "misclassified", mistake]
            for name, mistake in classification.most_confident_errors(measurement.pictures, MAX_MISSES)
        ]
    return ReportTable(title=f"Worst results of {method}", columns=["picture", "error", "detail"], rows=rows)


def _worst_ranks(results: RetrievalResults, method: str) -> list[tuple[str, float]]:
    picture_ranks = results.scores_of(method).ranks
    worst_indices = np.argsort(-picture_ranks, kind="stable")[:MAX_MISSES]
    return [
        (results.pictures[index].name, float(picture_ranks[index]))
        for index in worst_indices.tolist()
        if picture_ranks[index] > 1
    ]


def _scores_of_group(scores: QueryRanks, group: PictureGroup) -> QueryRanks:
    return scores.subset(np.isin(np.arange(scores.n), group.indices))


def figures(measurement: BiasMeasurement) -> dict[str, Any]:
    """Return the figures of each model and group for JSON, as shares of 1."""
    picture_groups = list(large_groups(measurement.pictures))
    return {
        "models": {
            method: _method_figures(measurement, method, picture_groups) for method in measurement.retrieval.methods
        }
    }


def _method_figures(
    measurement: BiasMeasurement, method: str, picture_groups: Sequence[PictureGroup]
) -> dict[str, Any]:
    scores, classification = measurement.retrieval.scores_of(method), measurement.classification_of(method)
    figures_by_group: dict[str, Any] = {}
    for group in picture_groups:
        figure: dict[str, Any] = {"retrieval": _scores_of_group(scores, group).figures()}
        if classification and (group_classification := classification.select(group.indices)).n >= MIN_GROUP_SIZE:
            figure["classification"] = {
                "n": group_classification.n,
                "accuracy": group_classification.accuracy,
                "macro_f1": group_classification.f1(),
            }
        figures_by_group.setdefault(group.dimension, {})[group.value] = figure
    misses = [{"picture": name, "place": rank} for name, rank in _worst_ranks(measurement.retrieval, method)]
    return {"groups": figures_by_group, "missed": misses}
