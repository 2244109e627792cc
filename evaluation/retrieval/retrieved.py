"""How well each method finds each kind of query: the figures that the tables of `evaluate retrieval` are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.encoders import Encoder
from core.settings import Settings
from evaluation.pictures.altered import PAPER, Kind, query_vectors
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.vectors import encode_pictures
from evaluation.retrieval.fusion import SUM, Seen, fused, likenesses
from evaluation.retrieval.scores import Scores, ranks

FUSED = "fused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """What was measured, by kind of query and by method."""

    pictures: Sequence[LabelledPicture]
    scores: Sequence[Scores]

    def of(self, method: str, queries: str = PAPER) -> Scores:
        return next(each for each in self.scores if (each.method, each.queries) == (method, queries))

    @property
    def methods(self) -> list[str]:
        return list(dict.fromkeys(each.method for each in self.scores))

    @property
    def kinds(self) -> list[str]:
        return list(dict.fromkeys(each.queries for each in self.scores))

    def figures(self) -> dict[str, Any]:
        """For programs; the harder queries only where they were asked."""
        models = {method: self.of(method).figures() for method in self.methods}
        harder = {
            kind: {method: self.of(method, kind).figures() for method in self.methods}
            for kind in self.kinds
            if kind != PAPER
        }
        return {"models": models} | ({"harder": harder} if harder else {})


def seen(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, asked: Sequence[Kind]
) -> dict[str, Seen]:
    """What each model makes of the gallery and of each kind of query."""
    return {
        encoder.name: Seen(
            encode_pictures(encoder, pictures, settings),
            {kind.name: query_vectors(encoder, pictures, kind, settings) for kind in asked},
        )
        for encoder in encoders
    }


def measure(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, asked: Sequence[Kind]
) -> Retrieval:
    """Every model, and all of them together, on every kind of query; the search is exact."""
    return retrieval(pictures, seen(pictures, encoders, settings, asked), [kind.name for kind in asked])


def retrieval(pictures: Sequence[LabelledPicture], models: Mapping[str, Seen], asked: Sequence[str]) -> Retrieval:
    """The same of vectors that are there; several models together as the service adds them up by default."""
    digests = [picture.digest for picture in pictures]
    found: list[Scores] = []
    for kind in asked:
        for name, one in models.items():
            rows = partial(likenesses, one, kind)
            found.append(Scores(name, kind, len(pictures), ranks(rows, digests, digests)))
        if len(models) > 1:
            together = partial(fused, SUM, models, kind)
            found.append(Scores(FUSED, kind, len(pictures), ranks(together, digests, digests)))
    return Retrieval(pictures=pictures, scores=found)
