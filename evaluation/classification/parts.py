"""What each part of an encoder's traits buys, with no book on both sides, and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from core.encoders.features import TraitEncoder
from core.settings import Settings
from evaluation.classification.classified import Classified
from evaluation.classification.classifying import Task
from evaluation.pictures.cost import milliseconds, some
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.vectors import encode_pictures


@dataclass(frozen=True, slots=True)
class Bought:
    """What is called what, learnt from this."""

    learnt_from: str
    numbers: int
    found: Classified
    milliseconds: float
    """Of one picture that is already decoded."""


def bought(
    pictures: Sequence[LabelledPicture],
    encoder: TraitEncoder,
    settings: Settings,
    *,
    task: Task,
    whole: Classified,
    folds: int,
) -> list[Bought]:
    """The vector, the first part, the first two and so on; `whole` was found with all of them."""
    sample, vectors = some(pictures), encode_pictures(encoder, pictures, settings)
    alone = replace(task, rows=vectors, parts=[encoder.dimensions])
    vector = Bought(
        "the vector",
        encoder.dimensions,
        alone.crossed(folds, f"{encoder.name}: by its vector"),
        milliseconds(encoder.encode_images, sample),
    )
    first, *others = encoder.trait_parts
    names = [first, *(f"and {name}" for name in others)]
    ends = list(accumulate(make([]).shape[1] for make in encoder.trait_parts.values()))
    costs = accumulate(milliseconds(make, sample) for make in encoder.trait_parts.values())
    begun = [replace(task, rows=task.rows[:, :end], parts=[end]) for end in ends[:-1]]
    found = [each.crossed(folds, f"{encoder.name}: {name}") for name, each in zip(names, begun, strict=False)]
    return [vector, *map(Bought, names, ends, [*found, whole], costs)]
