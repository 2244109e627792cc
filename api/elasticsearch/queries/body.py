"""The body of a search: words and pictures in one request."""

from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import BY_MODELS, Body, Clause
from api.elasticsearch.queries.highlights import highlight
from api.elasticsearch.queries.pictures import WORDS_SUFFIX, Vectors, knn, share
from api.elasticsearch.queries.suggest import suggest
from api.elasticsearch.queries.words import text_clauses, without
from api.search.boosts import BOOSTS, Boosts
from api.search.query_syntax import WordQuery
from api.search.request import Match, Sort

WINDOW = 10_000
"""Elasticsearch's `index.max_result_window`: nothing behind it can be paged to."""

CANDIDATES = 200
"""Documents that are fused or grouped in the API: two models' neighbours."""

UNSEEN = (*BY_MODELS, "page_text", "stems", "boxes")
"""What a list of results has no use for, and what is most of a document."""

BOOKS = 1000
"""Books whose results are counted when results are grouped."""

KINDS: Clause = {"document": {"terms": {"field": "document"}}}
"""Pictures, pages and books are counted apart."""

# A text has no order of its own; what is missing comes last, whichever way round.
SORTS: Mapping[Sort, list[Clause]] = {
    "year": [{"year": {"order": "asc", "missing": "_last"}}],
    "-year": [{"year": {"order": "desc", "missing": "_last"}}],
    "title": [{"title.normalised": {"order": "asc", "missing": "_last"}}],
}


def hybrid_query(
    words: WordQuery,
    vectors: Vectors,
    *,
    size: int,
    offset: int = 0,
    filters: Sequence[Clause] = (),
    word_vectors: Vectors | None = None,
    models: Mapping[str, float] | None = None,
    match: Match = "most",
    balance: float | None = None,
    sort: Sort = "relevance",
    only_less: bool = False,
    counts: Clause | None = None,
    boosts: Boosts = BOOSTS,
) -> Body:
    """BM25 and kNN in one request; Elasticsearch adds the scores of its named clauses.

    `vectors` maps a model's name to the pictures' vector in that model's space, `word_vectors` to that of the words,
    `models` to its weight; `counts` are the facets' aggregations. A question for less of a picture alone
    (`only_less`) reorders what the words find.
    """
    filters = [*filters, *without(words)]
    text = text_clauses(words, filters, match, boosts)
    weights = share(_weights(vectors, models), boosts.knn_boost, boosts.balance, balance)
    nearest = knn(vectors, [text] if only_less else filters, weights)
    if word_vectors:
        weights = share(_weights(word_vectors, models), boosts.word_knn_boost, boosts.balance, balance)
        nearest += knn(word_vectors, filters, weights, WORDS_SUFFIX)
    body: Body = {
        "size": size,
        "from": offset,
        "track_total_hits": True,
        "_source": {"excludes": list(UNSEEN)},
        "aggs": {**KINDS, **(counts or {})},
    }
    # Words that only exclude or demote are no reason for all other pictures to stand beside the nearest.
    if words.wanted or not nearest:
        body["query"] = text
    if words.wanted:
        body["highlight"] = highlight(words)
        if near := suggest(words):
            body["suggest"] = near
    if nearest:
        body["knn"] = nearest
    if sort in SORTS:
        # Within one year the best first; with another order scores are only computed where that is asked for.
        body |= {"sort": [*SORTS[sort], "_score"], "track_scores": True}
    return body


def with_books(body: Body) -> Body:
    """The same, counting the documents of each kind per book."""
    books: Clause = {"terms": {"field": "book_id", "size": BOOKS}, "aggs": KINDS}
    return {**body, "aggs": {**body["aggs"], "books": books}}


def _weights(vectors: Vectors, models: Mapping[str, float] | None) -> dict[str, float]:
    return {name: (models or {}).get(name, 1.0) for name in vectors}
