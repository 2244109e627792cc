"""The body that finds books whose title, or whose author's name, has all words of a search."""

from collections.abc import Sequence
from dataclasses import replace

from api.elasticsearch.queries.clause import Body, Clause
from api.elasticsearch.queries.lookups import LIST_OPTIONS
from api.elasticsearch.queries.text_query import matching_filter
from api.search.query_terms import QueryTerms

MAX_TITLES, MAX_AUTHORS = 10, 5
"""Books and authors that are read of those that match."""

AUTHORS = "authors"
"""Name of the aggregation."""


def catalogue_query(query_terms: QueryTerms, filters: Sequence[Clause] = ()) -> Body:
    """Return the query of books by title and, as an aggregation, of authors with the number of their books."""
    by_title, by_author = (_all_words_in(query_terms, field) for field in ("title", "author"))
    return {
        "size": MAX_TITLES,
        **LIST_OPTIONS,
        "query": {"bool": {"filter": list(filters), "should": [by_title, by_author], "minimum_should_match": 1}},
        "sort": [{"year": {"order": "asc", "missing": "_last"}}],
        "aggs": {
            AUTHORS: {
                "filter": by_author,
                "aggs": {"names": {"terms": {"field": "authors.exact", "size": MAX_AUTHORS}}},
            }
        },
    }


def _all_words_in(query_terms: QueryTerms, field: str) -> Clause:
    groups = tuple(tuple(replace(term, field=field) for term in group) for group in query_terms.should)
    return matching_filter(replace(query_terms, should=groups), "all")
