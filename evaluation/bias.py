"""Retrieval and classification by group of pictures: which decades, labels and sources have worse results."""

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
from evaluation.pictures.queries import PAPER, build_query_kinds
from evaluation.pictures.transformations import SEED
from evaluation.reporting.intervals import FloatArray
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

    def harder_hits(self, method: str) -> FloatArray:
        """Return for each picture the share of the harder queries that rank it first."""
        harder_kinds = [kind for kind in self.retrieval.query_kinds if kind != PAPER]
        hits: FloatArray = np.mean([self.retrieval.scores_of(method, kind).ranks <= 1 for kind in harder_kinds], axis=0)
        return hits

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
    """Measure retrieval with all kinds of queries, and classifiers on pictures whose books they have not seen."""
    query_kinds = build_query_kinds(len(pictures), seed=seed, harder=True)
    retrieval = measure_retrieval(pictures, encoders, settings, query_kinds)
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


def worst_ranks(results: RetrievalResults, method: str) -> list[tuple[str, float]]:
    """Return the pictures that are not first for the paper's queries, with their ranks, worst first."""
    picture_ranks = results.scores_of(method).ranks
    worst_indices = np.argsort(-picture_ranks, kind="stable")[:MAX_MISSES]
    return [
        (results.pictures[index].name, float(picture_ranks[index]))
        for index in worst_indices.tolist()
        if picture_ranks[index] > 1
    ]


def scores_of_group(scores: QueryRanks, group: PictureGroup) -> QueryRanks:
    """Return the scores of the queries that are pictures of the group."""
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
        figure: dict[str, Any] = {"retrieval": scores_of_group(scores, group).figures()}
        if classification and (group_classification := classification.select(group.indices)).n >= MIN_GROUP_SIZE:
            figure["classification"] = {
                "n": group_classification.n,
                "accuracy": group_classification.accuracy,
                "macro_f1": group_classification.f1(),
            }
        figures_by_group.setdefault(group.dimension, {})[group.value] = figure
    misses = [{"picture": name, "place": rank} for name, rank in worst_ranks(measurement.retrieval, method)]
    return {"groups": figures_by_group, "missed": misses}
