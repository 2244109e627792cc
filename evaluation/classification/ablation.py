"""What each part of an encoder's features adds to macro-F1, and what it costs.

No book is both learnt from and predicted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from core.encoders.protocols import FeatureEncoder
from core.settings import Settings
from evaluation.classification.held_out_predictions import HeldOutPredictions
from evaluation.classification.task import ClassificationTask
from evaluation.pictures.cost import measure_milliseconds, open_sample
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.vectors import encode_pictures


@dataclass(frozen=True, slots=True)
class AblationStep:
    """The predictions of a classifier that learns from one set of features."""

    feature_set: str
    dimensions: int
    predictions: HeldOutPredictions
    milliseconds_per_picture: float
    """For a picture that is already decoded."""


def run_ablation(
    pictures: Sequence[LabelledPicture],
    encoder: FeatureEncoder,
    settings: Settings,
    *,
    task: ClassificationTask,
    full_predictions: HeldOutPredictions,
    folds: int,
) -> list[AblationStep]:
    """Measure the vector, then the first part, the first two parts and so on.

    `full_predictions` are those with all parts, which were computed before.
    """
    sample, vectors = open_sample(pictures), encode_pictures(encoder, pictures, settings)
    vector_task = replace(task, rows=vectors, columns_per_model=[encoder.dimensions])
    vector_step = AblationStep(
        "the vector",
        encoder.dimensions,
        vector_task.cross_validate(folds, f"{encoder.name}: by its vector"),
        measure_milliseconds(encoder.encode_images, sample),
    )
    first_part, *other_parts = encoder.feature_parts
    step_names = [first_part, *(f"and {name}" for name in other_parts)]
    part_ends = list(accumulate(make_part([]).shape[1] for make_part in encoder.feature_parts.values()))
    part_costs = accumulate(measure_milliseconds(make_part, sample) for make_part in encoder.feature_parts.values())
    partial_tasks = [replace(task, rows=task.rows[:, :end], columns_per_model=[end]) for end in part_ends[:-1]]
    predictions = [
        partial_task.cross_validate(folds, f"{encoder.name}: {name}")
        for name, partial_task in zip(step_names, partial_tasks, strict=False)
    ]
    return [vector_step, *map(AblationStep, step_names, part_ends, [*predictions, full_predictions], part_costs)]
