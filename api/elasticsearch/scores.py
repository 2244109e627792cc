"""Scores of the named clauses of a hit."""

from collections.abc import Mapping
from typing import Any

from api.elasticsearch.queries.documents import DocumentKey
from api.search.fusion import Candidate

EXACT_CLAUSES = ("identifiers", "exact title")
"""Clauses whose matches rank above all others in every fusion."""


def clause_scores(raw_hit: Mapping[str, Any]) -> dict[str, float]:
    """Return the score that each named clause gave to a hit, by name: each node lists them in an order of its own."""
    matched_queries = raw_hit.get("matched_queries", {})
    if not isinstance(matched_queries, Mapping):
        return {}
    return {name: float(score) for name, score in sorted(matched_queries.items())}


def has_exact_match(scores: Mapping[str, float]) -> bool:
    """Return whether an identifier or the whole title matches."""
    return any(name in scores for name in EXACT_CLAUSES)


def similarities(scores: Mapping[str, float], knn_boosts: Mapping[str, float]) -> dict[str, float]:
    """Return model name → cosine; Elasticsearch scores a `dot_product` as (1 + cosine) / 2 times the boost."""
    return {name: 2 * scores[name] / boost - 1 for name, boost in knn_boosts.items() if boost and name in scores}


def read_similarities(response: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return result id → similarities of a response to `queries.similarity_query`, whose boosts are 1."""
    scores_by_id = {result_id(raw_hit): clause_scores(raw_hit) for raw_hit in response["hits"]["hits"]}
    return {key: similarities(scores, dict.fromkeys(scores, 1.0)) for key, scores in scores_by_id.items()}


def key_values(raw_hit: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `KEY_FIELDS` that a hit has."""
    return {name: values[0] for name, values in raw_hit.get("fields", {}).items()}


def read_document_key(raw_hit: Mapping[str, Any]) -> DocumentKey:
    """Return what finds the document of a hit again, from the hit's `KEY_FIELDS`."""
    values = key_values(raw_hit)
    return DocumentKey(
        index=str(raw_hit["_index"]),
        sequence_number=int(values["_seq_no"]),
        book_id=str(values.get("book_id", "")),
        fingerprint=str(values.get("fingerprint", "")),
    )


def result_id(raw_hit: Mapping[str, Any]) -> str:
    """Return what only one hit of a response has, also if its document comes in another response."""
    values = key_values(raw_hit)
    return f"{raw_hit['_index']} {values['_seq_no']} {values.get('fingerprint', '')}"


def read_candidate(raw_hit: Mapping[str, Any], knn_boosts: Mapping[str, float]) -> Candidate:
    """Return the scores that the fusions use; `knn_boosts` are those of the clauses of the pictures."""
    scores = clause_scores(raw_hit)
    text_scores = {
        name: score for name, score in scores.items() if name not in knn_boosts and name not in EXACT_CLAUSES
    }
    return Candidate(
        id=result_id(raw_hit) if "fields" in raw_hit else str(raw_hit["_id"]),
        text_score=sum(text_scores.values()),
        similarities=similarities(scores, knn_boosts),
        is_exact=has_exact_match(scores),
    )
