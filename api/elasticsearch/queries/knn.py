"""The pictures' half of a body: one named kNN clause per model."""

from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Body, Clause

Vectors = Mapping[str, Sequence[float]]
"""Model's name → vector in its space."""

K = 100
"""Pictures that one model may bring in: four pages of results; beyond them likeness is noise. A page's `total` counts
them, so that paging ends where they end."""

NUM_CANDIDATES = 200
"""Measured on hard synthetic vectors (50,000 x 768, int8 HNSW): recall@10 .86 at 200 against .72 at 100, for 2 ms."""

TEXT_SUFFIX = " words"
"""`_name` of a kNN clause whose vector was made from words: `siglip words`."""


def share_boost(
    model_weights: Mapping[str, float], total_boost: float, default_balance: float, balance: float | None = None
) -> dict[str, float]:
    """Model's name → boost of its clause: together they are `whole`, however many, so that words keep their weight.

    A `balance` of pictures against words multiplies it by its odds against the `usual` ones.
    """
    if balance is not None:
        total_boost *= _odds(balance) / _odds(default_balance)
    return {name: total_boost * weight / sum(model_weights.values()) for name, weight in model_weights.items()}


def _odds(balance: float) -> float:
    # All for pictures is a thousand to one: infinity is no boost.
    return min(balance, 0.999) / (1 - min(balance, 0.999))


def knn_clauses(
    vectors: Vectors, filters: Sequence[Clause], boosts: Mapping[str, float], suffix: str = ""
) -> list[Clause]:
    """One clause per model."""
    return [
        {
            "_name": f"{model}{suffix}",
            "field": f"vectors.{model}",
            "query_vector": list(vector),
            "k": K,
            "num_candidates": NUM_CANDIDATES,
            "boost": boosts[model],
            # As a `post_filter` it would act after the nearest k are chosen: a narrow one would leave an empty page.
            "filter": list(filters),
        }
        for model, vector in vectors.items()
    ]


def similarity_query(vectors: Vectors, ids: Sequence[str]) -> Body:
    """How like the question's vectors exactly these documents are: what a fusion needs of those outside the nearest.

    So few documents are compared one by one, without the graph.
    """
    id_filter: Clause = {"ids": {"values": list(ids)}}
    clauses = [
        {**clause, "k": len(ids), "num_candidates": len(ids)}
        for clause in knn_clauses(vectors, [id_filter], dict.fromkeys(vectors, 1.0))
    ]
    return {"size": len(ids), "_source": False, "knn": clauses}
