"""The body that counts the results of a search by type of document, and the hidden documents that match it too."""

from api.elasticsearch.queries.body import DOCUMENT_COUNTS, left_out_clauses, split_counts
from api.elasticsearch.queries.clause import Body, Clause
from api.elasticsearch.queries.filters import HIDDEN_CLAUSE
from api.elasticsearch.queries.meaning import BY_WORDS

SHOWN, HIDDEN = "shown", "hidden"
"""Aggregations: the results, and what is hidden from them."""


def type_counts_query(body: Body) -> Body | None:
    """Return the query of the counts; None for a search by pictures alone, which finds nothing but pictures.

    `body` is that of the search in documents of all types.
    """
    counts = split_counts(body)[1]
    if counts is None:
        return None
    aggregations: Clause = body["aggs"]
    bool_query: Clause = counts["query"]["bool"]
    not_hidden: Clause = {"bool": {"must_not": [HIDDEN_CLAUSE]}}
    filters = [clause for clause in bool_query["filter"] if clause != not_hidden]
    hidden = [HIDDEN_CLAUSE] if not_hidden in bool_query["filter"] else []
    left_out = left_out_clauses(counts)
    by_words: Clause = (
        {BY_WORDS: {**aggregations[BY_WORDS], "aggs": DOCUMENT_COUNTS}} if BY_WORDS in aggregations else {}
    )
    return {
        "size": 0,
        "track_total_hits": False,
        **({"knn": counts["knn"]} if "knn" in counts else {}),
        "query": {"bool": {**bool_query, "filter": filters}},
        "aggs": {
            SHOWN: {
                "filter": {"bool": {"must_not": [*hidden, *left_out]}},
                "aggs": {**DOCUMENT_COUNTS, **by_words},
            },
            HIDDEN: {
                "filter": {"bool": {"filter": [HIDDEN_CLAUSE], "must_not": left_out}},
                "aggs": DOCUMENT_COUNTS,
            },
        },
    }
