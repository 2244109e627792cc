"""Bodies of the start page: the size of the collection, tiles with a picture each, a reprinted print, random plates.

All count what a search without words finds, so a tile's number is that of its search.
"""

from collections.abc import Sequence

from api.elasticsearch.queries.clause import Body, Clause
from api.elasticsearch.queries.filters import filter_clauses, years_clauses
from api.elasticsearch.queries.lookups import LIST_OPTIONS, random_query
from api.elasticsearch.queries.word_forms import word_clause
from api.search.boosts import BOOSTS
from api.search.parameters import VALUE_FILTERS
from api.search.request import SearchRequest
from core.words.tokens import typed_words

TILE_FACETS = {"subject": 12, "label": 8, "place": 8}
"""Facet → values that may become tiles."""
YEARS = "years"
BOOKS, PAGES = "books", "pages"
"""Aggregations of a value that tell whether another has the same pictures: their books, and the sum of their pages."""
MAX_BOOKS_COMPARED = 20
PICTURES = "pictures"
"""Aggregation of a tile's pictures, the best first."""
PICTURES_OF_TILE = 5
"""More than one, so that no two tiles need the same picture."""

MIN_SUBJECT_WORD, MAX_SUBJECT_WORDS = 3, 6
"""Letters of the shortest word of a subject that is looked for beside its pictures, and how many are."""

MIN_GOOD_SIDE = 300
"""Pixels of the shorter side of a picture that shows well on a tile."""
MAX_REPRINTS = 20
"""Prints with the most books, of which the page shows one."""


_LARGE: Clause = {
    "bool": {"filter": [{"range": {f"box.{side}": {"gte": MIN_GOOD_SIDE}}} for side in ("width", "height")]}
}


def collection_query(seed: int, size: int) -> Body:
    """Return the query of random pictures and of the size of the collection."""
    return {
        **random_query(seed, filter_clauses(SearchRequest()), size=size),
        "aggs": {
            "books": {"cardinality": {"field": "book_id"}},
            "first": {"min": {"field": "year"}},
            "last": {"max": {"field": "last_year"}},
        },
    }


def reprints_query() -> Body:
    """Return the query of one picture of each of the prints that most books have."""
    reprinted: Clause = {"range": {"family.books": {"gte": 2}}}
    return {
        "size": MAX_REPRINTS,
        **LIST_OPTIONS,
        "query": {"bool": {"filter": [*filter_clauses(SearchRequest()), reprinted]}},
        "collapse": {"field": "family.id"},
        "sort": [{"family.books": "desc"}, {"family.id": "asc"}],
    }


def tiles_query(seed: int, year_ranges: Sequence[tuple[int, int]]) -> Body:
    """Return the query of the most frequent values and of the years, each with its number and a few good pictures."""
    pictures: Clause = {PICTURES: {"top_hits": {"size": PICTURES_OF_TILE, "_source": LIST_OPTIONS["_source"]}}}
    contents: Clause = {
        BOOKS: {"terms": {"field": "book_id", "size": MAX_BOOKS_COMPARED}},
        PAGES: {"sum": {"field": "page"}},
    }
    aggregations: Clause = {
        facet: {"terms": {"field": VALUE_FILTERS[facet].facet_field, "size": size}, "aggs": {**pictures, **contents}}
        for facet, size in TILE_FACETS.items()
    }
    if year_ranges:
        filters = {str(first): {"bool": {"filter": years_clauses(first, last)}} for first, last in year_ranges}
        aggregations[YEARS] = {"filters": {"filters": filters}, "aggs": pictures}
    return {"size": 0, "query": _good_pictures_first(seed), "aggs": aggregations}


def subject_pictures_query(subject: str) -> Body:
    """Return the query of the pictures of a subject that have a word of it in the caption or around them."""
    words = [word for word in typed_words(subject) if len(word) >= MIN_SUBJECT_WORD][:MAX_SUBJECT_WORDS]
    clauses = [
        word_clause(word, fields, BOOSTS.forms) for word in words for fields in (("caption",), ("before", "after"))
    ]
    return {
        "size": PICTURES_OF_TILE,
        **LIST_OPTIONS,
        "query": {
            "bool": {
                "filter": filter_clauses(SearchRequest().with_changes(subject=(subject,))),
                "must": [{"bool": {"should": clauses}} if clauses else {"match_none": {}}],
                "should": [{"constant_score": {"filter": _LARGE}}],
            }
        },
    }


def plates_query(seed: int, size: int) -> Body:
    """Return the query of random plates; a seed gives the same ones until documents are indexed again."""
    return {"size": size, **LIST_OPTIONS, "query": _good_pictures_first(seed)}


def _good_pictures_first(seed: int) -> Clause:
    """Return a query that shuffles the pictures: first those that are large enough, those with a caption before all."""
    functions: list[Clause] = [
        {"random_score": {"seed": seed, "field": "_seq_no"}},
        {"filter": _LARGE, "weight": 2},
        {"filter": {"exists": {"field": "caption.text"}}, "weight": 0.5},
    ]
    return {
        "function_score": {
            "query": {"bool": {"filter": filter_clauses(SearchRequest())}},
            "functions": functions,
            "score_mode": "sum",
            "boost_mode": "replace",
        }
    }
