"""The body of a search: words and pictures in one request."""

from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import MODEL_FIELDS, Body, Clause
from api.elasticsearch.queries.filters import DECORATION_CLAUSE, NO_DECORATION_CLAUSE
from api.elasticsearch.queries.knn import TEXT_SUFFIX, Vectors, increase_k, knn_clauses, share_boost
from api.elasticsearch.queries.suggest import suggest_clause
from api.elasticsearch.queries.text_query import exclusion_filters, text_query
from api.search.boosts import BOOSTS, Boosts
from api.search.choices import Match, Sort
from api.search.query_terms import QueryTerms

MAX_CANDIDATES = 200
"""Documents that are fused or grouped in the API: the neighbours of two models."""

EXCLUDED_FIELDS = (*MODEL_FIELDS, "page_text", "forms", "boxes")
"""Fields that a list of results does not need, and that make up most of a document."""

MAX_HITS_WITH_TEXT = 100
"""Hits that come with the text of their page, for the words around a match; a longer list is a file."""

MAX_BOOKS = 1000
"""Most books whose results are counted when results are grouped."""

DOCUMENT_COUNTS: Clause = {"document": {"terms": {"field": "document"}}}
"""Counts of pictures, pages and books."""

# Titles sort by a keyword field; documents without a value come last in both directions.
SORTS: Mapping[Sort, list[Clause]] = {
    "year": [{"year": {"order": "asc", "missing": "_last"}}],
    "-year": [{"year": {"order": "desc", "missing": "_last"}}],
    "title": [{"title.normalised": {"order": "asc", "missing": "_last"}}],
}


def hybrid_query(
    query_terms: QueryTerms,
    image_vectors: Vectors,
    *,
    size: int,
    offset: int = 0,
    filters: Sequence[Clause] = (),
    text_vectors: Vectors | None = None,
    model_weights: Mapping[str, float] | None = None,
    match: Match = "most",
    balance: float | None = None,
    sort: Sort = "relevance",
    only_negative: bool = False,
    misreadings: bool = False,
    aggregations: Clause | None = None,
    boosts: Boosts = BOOSTS,
) -> Body:
    """Return a body with BM25 and kNN; Elasticsearch adds the scores of its named clauses.

    `image_vectors` maps a model's name to the vector of the pictures, `text_vectors` to that of the words, and
    `model_weights` to its weight. With `only_negative` the pictures reorder what the words find; with `misreadings`
    long words may have one other letter.
    """
    filters = [*filters, *exclusion_filters(query_terms)]
    if not query_terms.should:
        balance = None  # of pictures alone, 0 would make all scores equal
    text_clause = text_query(query_terms, filters, match, boosts, misreadings=misreadings)
    image_boosts = share_boost(_select_weights(image_vectors, model_weights), boosts.knn_boost, boosts.balance, balance)
    text_vectors = text_vectors or {}
    text_boosts = share_boost(
        _select_weights(text_vectors, model_weights), boosts.word_knn_boost, boosts.balance, balance
    )
    neighbour_clauses = [
        *knn_clauses(image_vectors, [text_clause] if only_negative else filters, image_boosts),
        *knn_clauses(text_vectors, filters, text_boosts, TEXT_SUFFIX),
    ]
    body: Body = {
        "size": size,
        "from": offset,
        "track_total_hits": True,
        "_source": {
            "excludes": list(excluded_fields(has_snippets=bool(query_terms.should) and size <= MAX_HITS_WITH_TEXT))
        },
        "aggs": {**DOCUMENT_COUNTS, **(aggregations or {})},
    }
    # Terms that only exclude or demote must not add all other pictures to the nearest.
    if query_terms.should or not neighbour_clauses:
        body["query"] = text_clause
    if suggesters := suggest_clause(query_terms):
        body["suggest"] = suggesters
    if neighbour_clauses:
        body["knn"] = neighbour_clauses
    if sort in SORTS:
        # Within one year the best hit comes first; a sorted search computes scores only with `track_scores`.
        body |= {"sort": [*SORTS[sort], "_score"], "track_scores": True}
    return body


def add_book_counts(body: Body) -> Body:
    """Return the body with counts of the documents of each type per book."""
    book_aggregation: Clause = {"terms": {"field": "book_id", "size": MAX_BOOKS}, "aggs": DOCUMENT_COUNTS}
    return {**body, "aggs": {**body["aggs"], "books": book_aggregation}}


def exclude_pictures(body: Body, picture_ids: Sequence[str]) -> Body:
    """Return the body without these pictures among its results, as a search by a picture does not find itself.

    They leave after the nearest are chosen, so each clause looks for one more per picture. In the filter of kNN, ids
    that differ with each search would be compared with the whole collection, as Elasticsearch keeps only filters that
    recur.
    """
    if not picture_ids:
        return body
    excluded = {"post_filter": {"bool": {"must_not": [{"ids": {"values": list(picture_ids)}}]}}}
    return body | excluded | ({"knn": increase_k(body["knn"], len(picture_ids))} if "knn" in body else {})


RESULTS, DECORATIONS = "results", "decorations"
"""Aggregations of what matches: the results, and what is left out of them."""

COUNTING_KEYS = ("query", "knn", "aggs", "suggest")


def split_counts(body: Body) -> tuple[Body, Body | None]:
    """Return the body that ranks and the body that counts; None if one body does both as fast.

    Without a count Lucene passes over documents that cannot reach the page; the counts of a search stay the same on
    all its pages, so Elasticsearch keeps them. Pictures alone match the nearest only, which are counted in passing.
    """
    excluded: list[Clause] = body["post_filter"]["bool"]["must_not"] if "post_filter" in body else []
    if "query" not in body:
        return body | {"aggs": _count_results(body["aggs"], excluded)}, None
    filters = _required_clauses(body["query"])
    aggregations = _count_results(body["aggs"], excluded)
    if NO_DECORATION_CLAUSE in filters["filter"]:
        filters["filter"] = [clause for clause in filters["filter"] if clause != NO_DECORATION_CLAUSE]
        aggregations = _count_results(body["aggs"], [DECORATION_CLAUSE, *excluded])
        aggregations[DECORATIONS] = {"filter": {"bool": {"filter": [DECORATION_CLAUSE], "must_not": excluded}}}
    counts = {key: body[key] for key in COUNTING_KEYS if key in body} | {
        "query": {"bool": filters},
        "aggs": aggregations,
        "size": 0,
        "track_total_hits": RESULTS not in aggregations,
    }
    ranking = {key: value for key, value in body.items() if key not in ("aggs", "suggest")}
    return ranking | {"track_total_hits": False}, counts


def left_out_clauses(counts: Body) -> list[Clause]:
    """Return the clauses of what a body that counts finds and does not count as a result."""
    aggregations: Clause = counts["aggs"]
    return aggregations[RESULTS]["filter"]["bool"]["must_not"] if RESULTS in aggregations else []


def _count_results(aggregations: Clause, left_out: Sequence[Clause]) -> Clause:
    if not left_out:
        return aggregations
    return {RESULTS: {"filter": {"bool": {"must_not": list(left_out)}}, "aggs": aggregations}}


def _required_clauses(query: Clause) -> Clause:
    """Return what a document must have to match the query of a search; its other clauses only rank."""
    bool_query = query["boosting"]["positive"]["bool"] if "boosting" in query else query["bool"]
    return {key: clauses for key, clauses in bool_query.items() if key != "should"}


def excluded_fields(*, has_snippets: bool) -> tuple[str, ...]:
    """Return the fields of a document that hits come without; snippets need the text of the page."""
    return tuple(field for field in EXCLUDED_FIELDS if not (has_snippets and field == "page_text"))


def _select_weights(vectors: Vectors, model_weights: Mapping[str, float] | None) -> dict[str, float]:
    return {name: (model_weights or {}).get(name, 1.0) for name in vectors}
