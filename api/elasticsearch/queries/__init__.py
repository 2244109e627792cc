"""Bodies of `_search`, as Kibana's Dev Tools take them: pure functions, no client and no settings."""

from api.elasticsearch.queries.body import CANDIDATES, WINDOW, hybrid_query, with_books
from api.elasticsearch.queries.clause import BY_MODELS, Body, Clause
from api.elasticsearch.queries.facets import facets
from api.elasticsearch.queries.filters import filters
from api.elasticsearch.queries.highlights import HIGHLIGHTED
from api.elasticsearch.queries.lookups import picture, pictures, start_page, vectors_of
from api.elasticsearch.queries.pictures import likenesses

__all__ = [
    "BY_MODELS",
    "CANDIDATES",
    "HIGHLIGHTED",
    "WINDOW",
    "Body",
    "Clause",
    "facets",
    "filters",
    "hybrid_query",
    "likenesses",
    "picture",
    "pictures",
    "start_page",
    "vectors_of",
    "with_books",
]
