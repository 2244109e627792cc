"""Bodies of `_search`, as Kibana's Dev Tools take them: pure functions, no client and no settings."""

from api.queries.body import WINDOW, hybrid_query
from api.queries.clause import Body, Clause
from api.queries.filters import filters
from api.queries.highlights import HIGHLIGHTED
from api.queries.lookups import picture, start_page, vectors_of
from api.queries.pictures import KNN_BOOST, WORD_KNN_BOOST
from api.queries.words import CLAUSES, IDENTIFIERS, IDENTIFIERS_ASKED, RECORD, every_field

__all__ = [
    "CLAUSES",
    "HIGHLIGHTED",
    "IDENTIFIERS",
    "IDENTIFIERS_ASKED",
    "KNN_BOOST",
    "RECORD",
    "WINDOW",
    "WORD_KNN_BOOST",
    "Body",
    "Clause",
    "every_field",
    "filters",
    "hybrid_query",
    "picture",
    "start_page",
    "vectors_of",
]
