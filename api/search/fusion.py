"""Scores of several clauses → one order: pure functions over the candidates that one request brought.

`sum` needs none of this: Elasticsearch adds the scores of its clauses itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

RANK_CONSTANT = 60
"""k of reciprocal rank fusion: Cormack, Clarke and Büttcher 2009, section 2."""

ScoresByName = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One document and what each part of the question thinks of it."""

    id: str
    text_score: float = 0.0
    """The sum of its BM25 clauses."""
    similarities: ScoresByName = field(default_factory=dict)
    """Model's name → cosine to the question's vector; a model that did not see it is absent."""
    is_exact: bool = False
    """Found by an identifier or its exact title: stands above any fusion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionWeights:
    """How much each part counts; `models` need not sum to 1."""

    balance: float
    """Share of the pictures against the words, 0 to 1."""
    models: ScoresByName

    def normalised_weights(self, candidates: Sequence[Candidate]) -> dict[str, float]:
        """Part of the question → weight, all of them together 1; parts that nobody has a score for are left out."""
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
    """Weighted mean of scores that were brought to 0…1, as in Bruch, Gai and Ingber 2023 (TM2C2).

    Words are divided by their best, because BM25 begins at 0; a cosine is stretched over the candidates' own range.
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
    """Reciprocal rank fusion: each part gives weight / (60 + rank) to what it found."""
    fused_scores = {candidate.id: 0.0 for candidate in candidates}
    for name, weight in weights.normalised_weights(candidates).items():
        part_scores = _scores_of_part(name, candidates)
        ranked_ids = sorted(part_scores, key=lambda candidate_id: -part_scores[candidate_id])
        for rank, candidate_id in enumerate(ranked_ids, start=1):
            fused_scores[candidate_id] += weight / (RANK_CONSTANT + rank)
    return fused_scores


FUSIONS = {"convex": fuse_convex, "rrf": fuse_rrf}


def rank_candidates(candidates: Sequence[Candidate], scores: ScoresByName) -> list[str]:
    """Ids, best first, the exact ones before all others; ties stay in the candidates' order."""
    exact_ids = {candidate.id for candidate in candidates if candidate.is_exact}
    return sorted((candidate.id for candidate in candidates), key=lambda each: (each not in exact_ids, -scores[each]))


def _scores_of_part(name: str, candidates: Iterable[Candidate]) -> dict[str, float]:
    """What one part of the question says, by id."""
    if name == TEXT_PART:
        return {candidate.id: candidate.text_score for candidate in candidates if candidate.text_score > 0}
    return {candidate.id: candidate.similarities[name] for candidate in candidates if name in candidate.similarities}


def _normalise(scores: ScoresByName, *, from_zero: bool) -> dict[str, float]:
    lowest = 0.0 if from_zero else min(scores.values(), default=0.0)
    span = max(scores.values(), default=0.0) - lowest
    # One candidate, or several that are equal, are all the best there is.
    return {candidate_id: (score - lowest) / span if span > 0 else 1.0 for candidate_id, score in scores.items()}
