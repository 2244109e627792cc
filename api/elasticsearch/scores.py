"""Scores of the named clauses of a hit."""

from collections.abc import Mapping
from typing import Any

from api.search.fusion import Candidate

EXACT_CLAUSES = ("identifiers", "exact title")
"""Clauses whose matches rank above all others in every fusion."""


def clause_scores(raw_hit: Mapping[str, Any]) -> dict[str, float]:
    """Return the score that each named clause gave to a hit."""
    matched_queries = raw_hit.get("matched_queries", {})
    return (
        {name: float(score) for name, score in matched_queries.items()} if isinstance(matched_queries, Mapping) else {}
    )


def has_exact_match(scores: Mapping[str, float]) -> bool:
    """Return whether an identifier or the whole title matches."""
    return any(name in scores for name in EXACT_CLAUSES)


def similarities(scores: Mapping[str, float], knn_boosts: Mapping[str, float]) -> dict[str, float]:
    """Return model name → cosine; Elasticsearch scores a `dot_product` as (1 + cosine) / 2 times the boost."""
    return {name: 2 * scores[name] / boost - 1 for name, boost in knn_boosts.items() if boost and name in scores}


def read_similarities(response: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return document id → similarities of a response to `queries.similarity_query`, whose boosts are 1."""
    scores_by_id = {str(raw_hit["_id"]): clause_scores(raw_hit) for raw_hit in response["hits"]["hits"]}
    return {picture_id: similarities(scores, dict.fromkeys(scores, 1.0)) for picture_id, scores in scores_by_id.items()}


def result_id(raw_hit: Mapping[str, Any]) -> str:
    """Return the index and the id of a hit: a page may have the id of its book in another index."""
    return f"{raw_hit['_index']} {raw_hit['_id']}"


def read_candidate(raw_hit: Mapping[str, Any], knn_boosts: Mapping[str, float]) -> Candidate:
    """Return the scores that the fusions use; `knn_boosts` are those of the clauses of the pictures."""
    scores = clause_scores(raw_hit)
    text_scores = {
        name: score for name, score in scores.items() if name not in knn_boosts and name not in EXACT_CLAUSES
    }
    return Candidate(
        id=result_id(raw_hit),
        text_score=sum(text_scores.values()),
        similarities=similarities(scores, knn_boosts),
        is_exact=has_exact_match(scores),
    )
