"""Fusion of the scores of several clauses into one order: pure functions over the candidates of one response.

The fusion `sum` is not here: Elasticsearch adds the scores of its clauses itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

RANK_CONSTANT = 60
"""The constant k of reciprocal rank fusion: Cormack, Clarke and Büttcher 2009, section 2."""

ScoresByName = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One document and its score for each part of the request."""

    id: str
    text_score: float = 0.0
    """Sum of the scores of the BM25 clauses."""
    similarities: ScoresByName = field(default_factory=dict)
    """Model name → cosine to the vector of the request; absent if the model has not compared the document."""
    is_exact: bool = False
    """Whether an identifier or the exact title matches; such a document ranks first in every fusion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionWeights:
    """Weights of the parts of a request."""

    balance: float
    """Share of the pictures against the words, 0 to 1."""
    models: ScoresByName
    """Model name → weight against the other models; the sum need not be 1."""

    def normalised_weights(self, candidates: Sequence[Candidate]) -> dict[str, float]:
        """Return part of the request → weight, with the sum 1; parts without any score are left out."""
        model_weights = {
            name: self.models.get(name, 1.0) for candidate in candidates for name in candidate.similarities
        }
        part_weights = {
            name: self.balance * weight / sum(model_weights.values()) for name, weight in model_weights.items()
        }
        if any(candidate.text_score > 0 for candidate in candidates):
            part_weights[TEXT_PART] = 1 - self.balance if model_weights else 1.0
        total = sum(part_weights.values()) or 1.0
        return {name: weight / total for name, weight in part_weights.items()}


TEXT_PART = "words"


def fuse_convex(candidates: Sequence[Candidate], weights: FusionWeights) -> dict[str, float]:
    """Return id → weighted mean of scores normalised to 0…1, as in Bruch, Gai and Ingber 2023 (TM2C2).

    BM25 scores are divided by the highest, as their minimum is 0; cosines are scaled to the range of the candidates.
    """
    part_weights = weights.normalised_weights(candidates)
    normalised_scores = {
        name: _normalise(_scores_of_part(name, candidates), from_zero=name == TEXT_PART) for name in part_weights
    }
    return {
        candidate.id: sum(
            weight * normalised_scores[name].get(candidate.id, 0.0) for name, weight in part_weights.items()
        )
        for candidate in candidates
    }


def fuse_rrf(candidates: Sequence[Candidate], weights: FusionWeights) -> dict[str, float]:
    """Return id → score of reciprocal rank fusion: each part adds weight / (60 + rank)."""
    fused_scores = {candidate.id: 0.0 for candidate in candidates}
    for name, weight in weights.normalised_weights(candidates).items():
        part_scores = _scores_of_part(name, candidates)
        ranked_ids = sorted(part_scores, key=lambda candidate_id: -part_scores[candidate_id])
        for rank, candidate_id in enumerate(ranked_ids, start=1):
            fused_scores[candidate_id] += weight / (RANK_CONSTANT + rank)
    return fused_scores


FUSIONS = {"convex": fuse_convex, "rrf": fuse_rrf}


def rank_candidates(candidates: Sequence[Candidate], scores: ScoresByName) -> list[str]:
    """Return the ids, best first and exact matches before all others; ties keep the order of the candidates."""
    exact_ids = {candidate.id for candidate in candidates if candidate.is_exact}
    return sorted(
        (candidate.id for candidate in candidates),
        key=lambda candidate_id: (candidate_id not in exact_ids, -scores[candidate_id]),
    )


def _scores_of_part(name: str, candidates: Iterable[Candidate]) -> dict[str, float]:
    """Return id → score for one part of the request."""
    if name == TEXT_PART:
        return {candidate.id: candidate.text_score for candidate in candidates if candidate.text_score > 0}
    return {candidate.id: candidate.similarities[name] for candidate in candidates if name in candidate.similarities}


def _normalise(scores: ScoresByName, *, from_zero: bool) -> dict[str, float]:
    lowest = 0.0 if from_zero else min(scores.values(), default=0.0)
    span = max(scores.values(), default=0.0) - lowest
    # If all scores are equal, each is the highest.
    return {candidate_id: (score - lowest) / span if span > 0 else 1.0 for candidate_id, score in scores.items()}
