"""How well each method finds each kind of query: the figures that the tables of `evaluate retrieval` are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.encoders import Encoder
from core.settings import Settings
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.queries import PAPER, QueryKind, query_vectors
from evaluation.pictures.vectors import encode_pictures
from evaluation.retrieval.fusion import SUM, MethodVectors, fuse_similarities, similarities
from evaluation.retrieval.scores import Scores, compute_ranks

FUSED = "fused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalResults:
    """What was measured, by kind of query and by method."""

    pictures: Sequence[LabelledPicture]
    scores: Sequence[Scores]

    def scores_of(self, method: str, query_kind: str = PAPER) -> Scores:
        return next(
            query_scores
            for query_scores in self.scores
            if (query_scores.method, query_scores.query_kind) == (method, query_kind)
        )

    @property
    def methods(self) -> list[str]:
        return list(dict.fromkeys(query_scores.method for query_scores in self.scores))

    @property
    def query_kinds(self) -> list[str]:
        return list(dict.fromkeys(query_scores.query_kind for query_scores in self.scores))

    def figures(self) -> dict[str, Any]:
        """For programs; the harder queries only where they were asked."""
        models = {method: self.scores_of(method).figures() for method in self.methods}
        harder = {
            kind: {method: self.scores_of(method, kind).figures() for method in self.methods}
            for kind in self.query_kinds
            if kind != PAPER
        }
        return {"models": models} | ({"harder": harder} if harder else {})


def encode_by_model(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    query_kinds: Sequence[QueryKind],
) -> dict[str, MethodVectors]:
    """What each model makes of the gallery and of each kind of query."""
    return {
        encoder.name: MethodVectors(
            encode_pictures(encoder, pictures, settings),
            {kind.name: query_vectors(encoder, pictures, kind, settings) for kind in query_kinds},
        )
        for encoder in encoders
    }


def measure_retrieval(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    query_kinds: Sequence[QueryKind],
) -> RetrievalResults:
    """Every model, and all of them together, on every kind of query; the search is exact."""
    return score_retrieval(
        pictures, encode_by_model(pictures, encoders, settings, query_kinds), [kind.name for kind in query_kinds]
    )


def score_retrieval(
    pictures: Sequence[LabelledPicture], method_vectors: Mapping[str, MethodVectors], kind_names: Sequence[str]
) -> RetrievalResults:
    """The same of vectors that are there; several models together as the service adds them up by default."""
    digests = [picture.digest for picture in pictures]
    scores: list[Scores] = []
    for kind in kind_names:
        for name, vectors in method_vectors.items():
            similarity = partial(similarities, vectors, kind)
            scores.append(Scores(name, kind, len(pictures), compute_ranks(similarity, digests, digests)))
        if len(method_vectors) > 1:
            fused_similarity = partial(fuse_similarities, SUM, method_vectors, kind)
            scores.append(Scores(FUSED, kind, len(pictures), compute_ranks(fused_similarity, digests, digests)))
    return RetrievalResults(pictures=pictures, scores=scores)
