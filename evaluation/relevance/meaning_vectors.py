"""What the vectors of texts find by themselves, without words: centred and as published, above several thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from api.elasticsearch.queries.meaning import MIN_SIMILARITY
from core.encoders.e5 import E5Encoder
from core.encoders.protocols import MeaningEncoder, Vectors
from evaluation.relevance.metrics import QueryScores, ndcg

THRESHOLDS = (0.1, MIN_SIMILARITY, 0.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorRanking:
    """The captions in the order of their similarity to each query."""

    name: str
    scores: QueryScores
    """NDCG@10 of each query."""
    passing: Mapping[float, tuple[float, float]]
    """Threshold → share of the relevant captions above it, and other captions above it per query."""


def rank_by_vectors(
    encoder: MeaningEncoder, captions: Mapping[str, str], queries: Sequence[tuple[str, Mapping[str, int]]]
) -> list[VectorRanking]:
    """Rank captions by id → text for queries with their grades."""
    variants = {"centred": encoder}
    if isinstance(encoder, E5Encoder):
        nothing = np.zeros(encoder.dimensions, np.float32)
        variants["as published"] = replace(encoder, passage_centre=nothing, question_centre=nothing)
    return [
        _rank(
            name,
            variant.encode_questions([text for text, _ in queries]) @ variant.encode_passages([*captions.values()]).T,
            list(captions),
            [grades for _, grades in queries],
        )
        for name, variant in variants.items()
    ]


def _rank(
    name: str, similarities: Vectors, ids: Sequence[str], grades_of_queries: Sequence[Mapping[str, int]]
) -> VectorRanking:
    relevant = np.array([[grades.get(caption_id, 0) > 1 for caption_id in ids] for grades in grades_of_queries])
    judged = np.array([[caption_id in grades for caption_id in ids] for grades in grades_of_queries])
    return VectorRanking(
        name=name,
        scores=np.array(
            [
                ndcg([ids[index] for index in np.argsort(-row, kind="stable")], grades)
                for row, grades in zip(similarities, grades_of_queries, strict=True)
            ]
        ),
        passing={
            threshold: (
                float((similarities >= threshold)[relevant].mean()),
                float(((similarities >= threshold) & ~judged).sum(axis=1).mean()),
            )
            for threshold in THRESHOLDS
        },
    )
