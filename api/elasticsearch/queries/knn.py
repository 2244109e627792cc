"""The kNN half of a body: one named clause per model."""

from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Clause

Vectors = Mapping[str, Sequence[float]]
"""Model name → vector of that model."""

K = 100
"""Nearest pictures per model: four pages of results. They count in `total`, so paging ends after them."""

NUM_CANDIDATES = 200
"""Vectors that the search of the graph collects, compared by a bit for each number."""

RESCORING = {"oversample": NUM_CANDIDATES / K}
"""All candidates are compared again by their exact vectors; es-mappings/README.md has the recall of other settings."""

TEXT_SUFFIX = " words"
"""End of the name of a clause with the vector of words: `siglip words`."""


def share_boost(
    model_weights: Mapping[str, float], total_boost: float, default_balance: float, balance: float | None = None
) -> dict[str, float]:
    """Return model name → boost of its clause; the sum is `total_boost` for any number of models.

    A `balance` of pictures against words multiplies the sum by its odds, relative to those of `default_balance`.
    """
    if balance is not None:
        total_boost *= _odds(balance) / _odds(default_balance)
    return {name: total_boost * weight / sum(model_weights.values()) for name, weight in model_weights.items()}


def _odds(balance: float) -> float:
    # A balance of 1 would be infinite: the odds are a thousand to one at most.
    return min(balance, 0.999) / (1 - min(balance, 0.999))


def knn_clauses(
    vectors: Vectors, filters: Sequence[Clause], boosts: Mapping[str, float], suffix: str = ""
) -> list[Clause]:
    """Return one clause per model; the suffix ends the names of the clauses."""
    return [
        {
            "_name": f"{model}{suffix}",
            "field": f"vectors.{model}",
            "query_vector": list(vector),
            "k": K,
            "num_candidates": NUM_CANDIDATES,
            "rescore_vector": RESCORING,
            "boost": boosts[model],
            # A `post_filter` would act after the nearest k are chosen, so a narrow one would leave an empty page.
            "filter": list(filters),
        }
        for model, vector in vectors.items()
    ]


def increase_k(neighbour_clauses: Sequence[Clause], count: int) -> list[Clause]:
    """Return the clauses so that each finds `count` more, up to all its candidates."""
    return [{**clause, "k": min(clause["k"] + count, clause["num_candidates"])} for clause in neighbour_clauses]
