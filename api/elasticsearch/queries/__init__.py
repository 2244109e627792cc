"""Bodies of `_search`, as Kibana's Dev Tools take them: pure functions, no client and no settings."""

from api.elasticsearch.queries.body import MAX_CANDIDATES, add_book_counts, exclude_pictures, hybrid_query, split_counts
from api.elasticsearch.queries.clause import MODEL_FIELDS, Body, Clause
from api.elasticsearch.queries.documents import similarity_query
from api.elasticsearch.queries.facets import facet_aggregations
from api.elasticsearch.queries.filters import filter_clauses
from api.elasticsearch.queries.lookups import named_pictures_query, picture_query
from api.elasticsearch.queries.meaning import add_meaning, has_neighbours

__all__ = [
    "MAX_CANDIDATES",
    "MODEL_FIELDS",
    "Body",
    "Clause",
    "add_book_counts",
    "add_meaning",
    "exclude_pictures",
    "facet_aggregations",
    "filter_clauses",
    "has_neighbours",
    "hybrid_query",
    "named_pictures_query",
    "picture_query",
    "similarity_query",
    "split_counts",
]
