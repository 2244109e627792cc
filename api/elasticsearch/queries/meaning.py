"""The kNN clause of the meaning of words: pictures whose text says the same in other words, in any language."""

from collections.abc import Sequence

from api.elasticsearch.queries.clause import Body, Clause
from api.elasticsearch.queries.text_query import exclusion_filters, matching_filter
from api.search.boosts import BOOSTS, Boosts
from api.search.choices import Match
from api.search.query_terms import QueryTerms

MEANING = "meaning"
"""Name of the clause."""

MODEL = "e5"
"""The model whose field the clause searches."""

K, NUM_CANDIDATES = 24, 100
"""Pictures that the meaning may add, a page of results, and how many are compared by their exact vectors."""

MIN_SIMILARITY = 0.15
"""Smallest cosine of a picture that counts as near in meaning (docs/evaluation.md#meaning)."""

BY_WORDS = "by words"
"""Aggregation of the results that have the words, be they near in meaning or not."""


def add_meaning(
    body: Body,
    vector: Sequence[float],
    query_terms: QueryTerms,
    *,
    filters: Sequence[Clause] = (),
    match: Match = "most",
    boosts: Boosts = BOOSTS,
    misreadings: bool = False,
) -> Body:
    """Return the body of a search for words that also finds the pictures nearest in meaning, and counts the others.

    `filters`, `match` and `misreadings` are those of the body.
    """
    clause: Clause = {
        "_name": MEANING,
        "field": f"vectors.{MODEL}",
        "query_vector": list(vector),
        "k": K,
        "num_candidates": NUM_CANDIDATES,
        "rescore_vector": {"oversample": NUM_CANDIDATES / K},
        "similarity": MIN_SIMILARITY,
        "boost": boosts.meaning_boost,
        "filter": [*filters, *exclusion_filters(query_terms)],
    }
    by_words: Clause = {"filter": matching_filter(query_terms, match, misreadings=misreadings)}
    return {**body, "knn": [*body.get("knn", []), clause], "aggs": {**body["aggs"], BY_WORDS: by_words}}


def has_neighbours(body: Body) -> bool:
    """Return whether a body finds pictures by what they look like."""
    return any(clause["_name"] != MEANING for clause in body.get("knn", []))
