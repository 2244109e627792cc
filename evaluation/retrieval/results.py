"""Retrieval results of each method on each kind of query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.encoders import Encoder
from core.settings import Settings
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.queries import PAPER, QueryKind, query_vectors
from evaluation.pictures.vectors import encode_pictures
from evaluation.retrieval.fusion import (
    SUM,
    FusionComparison,
    MethodVectors,
    compare_fusions,
    fuse_similarities,
    similarities,
)
from evaluation.retrieval.hash_encoder import encode_by_hash
from evaluation.retrieval.scores import QueryRanks, compute_ranks

FUSED = "fused"

INDEXED_HASH = "pHash"
"""The perceptual hash that the index stores for every picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalResults:
    """Scores by method and kind of query."""

    pictures: Sequence[LabelledPicture]
    scores: Sequence[QueryRanks]

    def scores_of(self, method: str, query_kind: str = PAPER) -> QueryRanks:
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
        """Return the figures for JSON; harder queries only if they were measured."""
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
    """Return model → vectors of the gallery and of each kind of query."""
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
    """Measure each model, and all of them fused, on each kind of query with an exact search."""
    return score_retrieval(
        pictures, encode_by_model(pictures, encoders, settings, query_kinds), [kind.name for kind in query_kinds]
    )


def score_retrieval(
    pictures: Sequence[LabelledPicture], method_vectors: Mapping[str, MethodVectors], kind_names: Sequence[str]
) -> RetrievalResults:
    """Score vectors that were computed before; several models are also fused as the service does by default."""
    digests = [picture.digest for picture in pictures]
    scores: list[QueryRanks] = []
    for kind in kind_names:
        for name, vectors in method_vectors.items():
            similarity = partial(similarities, vectors, kind)
            scores.append(QueryRanks(name, kind, len(pictures), compute_ranks(similarity, digests, digests)))
        if len(method_vectors) > 1:
            fused_similarity = partial(fuse_similarities, SUM, method_vectors, kind)
            scores.append(QueryRanks(FUSED, kind, len(pictures), compute_ranks(fused_similarity, digests, digests)))
    return RetrievalResults(pictures=pictures, scores=scores)


def compare_model_fusions(
    pictures: Sequence[LabelledPicture],
    model_vectors: Mapping[str, MethodVectors],
    query_kinds: Sequence[QueryKind],
    settings: Settings,
) -> list[FusionComparison]:
    """Compare fusions of each model with the hash and, if there are several models, of all models."""
    digests, kind_names = [picture.digest for picture in pictures], [kind.name for kind in query_kinds]
    hash_vectors = encode_by_hash(pictures, query_kinds, settings)[INDEXED_HASH]
    method_groups = [{name: vectors, INDEXED_HASH: hash_vectors} for name, vectors in model_vectors.items()]
    method_groups += [dict(model_vectors)] if len(model_vectors) > 1 else []
    return [comparison for group in method_groups for comparison in compare_fusions(group, digests, kind_names)]
