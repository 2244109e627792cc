"""The body that counts what other searches would find: one filter for each."""

from collections.abc import Sequence

from api.elasticsearch.queries.clause import Body, Clause
from api.elasticsearch.queries.filters import filter_clauses
from api.elasticsearch.queries.text_query import exclusion_filters, matching_filter
from api.elasticsearch.queries.word_forms import is_fuzzy_candidate
from api.search.other_searches import SearchVariant
from api.search.request import SearchRequest

OTHER_SEARCHES = "other_searches"
"""Name of the aggregation."""


def other_searches_query(variants: Sequence[SearchVariant]) -> Body:
    """Return the query of the number of results of each variant, with misread words too if it has long words."""
    filters: dict[str, Clause] = {}
    for index, variant in enumerate(variants):
        filters[f"{index}"] = _matching_clause(variant.search_request, misreadings=False)
        terms = variant.search_request.query_terms.should_terms
        if any(term.kind == "word" and is_fuzzy_candidate(term.text) for term in terms):
            filters[f"{index} misread"] = _matching_clause(variant.search_request, misreadings=True)
    return {"size": 0, "track_total_hits": False, "aggs": {OTHER_SEARCHES: {"filters": {"filters": filters}}}}


def _matching_clause(search_request: SearchRequest, *, misreadings: bool) -> Clause:
    query_terms = search_request.query_terms
    filters = [*filter_clauses(search_request), *exclusion_filters(query_terms)]
    if query_terms.query_text.strip() and not query_terms:
        return {"match_none": {}}
    if query_terms.should:
        filters.append(matching_filter(query_terms, search_request.match, misreadings=misreadings))
    return {"bool": {"filter": filters}}
