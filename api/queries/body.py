"""The body of a search: both halves in one request."""

from collections.abc import Mapping, Sequence

from api.queries.clause import Body, Clause
from api.queries.facets import facets
from api.queries.highlights import highlight
from api.queries.pictures import KNN_BOOST, WORD_KNN_BOOST, WORDS_SUFFIX, knn
from api.queries.words import text_clauses

WINDOW = 10_000
"""Elasticsearch's `index.max_result_window`: nothing behind it can be paged to."""


def hybrid_query(
    words: str,
    vectors: Mapping[str, Sequence[float]],
    *,
    size: int,
    offset: int = 0,
    filters: Sequence[Clause] = (),
    word_vectors: Mapping[str, Sequence[float]] | None = None,
    knn_boost: float = KNN_BOOST,
    word_knn_boost: float = WORD_KNN_BOOST,
) -> Body:
    """BM25 and kNN in one request; Elasticsearch adds the scores of its named clauses.

    `vectors` maps a model's name to the picture's vector in that model's space, `word_vectors` to that of the words.
    """
    nearest = knn(vectors, filters, knn_boost, "") + knn(word_vectors or {}, filters, word_knn_boost, WORDS_SUFFIX)
    body: Body = {
        "size": size,
        "from": offset,
        "track_total_hits": True,
        "_source": {"excludes": ["vectors", "page_text"]},
        "aggs": facets(),
    }
    if words:
        body["query"] = {"bool": text_clauses(words, filters)}
        body["highlight"] = highlight()
    elif not nearest:
        body["query"] = {"bool": {"must": [{"match_all": {}}], "filter": list(filters)}}
    if nearest:
        body["knn"] = nearest
    return body
