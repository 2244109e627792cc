"""What each part of an encoder's traits buys, with no book on both sides, and what it costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from api.evaluation.classification.classified import Classified
from api.evaluation.classification.classifying import Task
from api.evaluation.pictures.cost import milliseconds, some
from api.evaluation.pictures.folder import LabelledPicture
from api.evaluation.pictures.vectors import encode_pictures
from indexer.encoders.traits import TraitEncoder
from indexer.settings import Settings


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
    costs = [milliseconds(make, sample) for make in encoder.trait_parts.values()]
    return [
        Bought(
            "the vector",
            encoder.dimensions,
            alone.crossed(folds, f"{encoder.name}: by its vector"),
            milliseconds(encoder.encode_images, sample),
        ),
        *(
            Bought(
                name if first == 1 else f"and {name}",
                each.parts[0],
                # What is known is not asked for again.
                whole if first == len(costs) else each.crossed(folds, f"{encoder.name}: by {first} of its parts"),
                sum(costs[:first]),
            )
            for first, (name, each) in enumerate(_growing(encoder, task), start=1)
        ),
    ]


def _growing(encoder: TraitEncoder, task: Task) -> Iterator[tuple[str, Task]]:
    """The same task with the first part of each row, with the first two, and with all."""
    end = 0
    for name, make in encoder.trait_parts.items():
        end += make([]).shape[1]
        yield name, replace(task, rows=task.rows[:, :end], parts=[end])
