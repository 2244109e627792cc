"""Bodies that look up pictures, counts and random selections."""

from collections.abc import Sequence

from api.elasticsearch.queries.body import EXCLUDED_FIELDS
from api.elasticsearch.queries.book import IN_PAGE_ORDER
from api.elasticsearch.queries.clause import MODEL_FIELDS, Body, Clause
from api.elasticsearch.queries.filters import DECORATION_CLAUSE, HIDDEN_CLAUSE

LIST_OPTIONS = {"track_total_hits": True, "_source": {"excludes": list(EXCLUDED_FIELDS)}}


def picture_query(picture_id: str) -> Body:
    """Return the query of one picture with its whole document, without vectors."""
    return {
        "size": 1,
        "query": {"ids": {"values": [picture_id]}},
        "_source": {"excludes": [*MODEL_FIELDS, "forms"]},
    }


def named_pictures_query(picture_ids: Sequence[str]) -> Body:
    """Return the query of pictures with their vectors; `fields` has these whether or not `_source` keeps them."""
    return {
        "size": len(picture_ids),
        "_source": LIST_OPTIONS["_source"],
        "fields": ["vectors.*"],
        "query": {"ids": {"values": list(picture_ids)}},
    }


def start_page_query(seed: int, size: int) -> Body:
    """Return the query of random pictures and of the size of the collection."""
    return {
        **random_query(seed, [{"bool": {"must_not": [HIDDEN_CLAUSE, DECORATION_CLAUSE]}}], size=size),
        "aggs": {
            "books": {"cardinality": {"field": "book_id"}},
            "first": {"min": {"field": "year"}},
            "last": {"max": {"field": "last_year"}},
        },
    }


def random_query(seed: int, filters: Sequence[Clause], *, size: int) -> Body:
    """Return the query of random pictures; a seed gives the same ones until documents are indexed again."""
    random_score = {"random_score": {"seed": seed, "field": "_seq_no"}, "boost_mode": "replace"}
    return {
        "size": size,
        **LIST_OPTIONS,
        "query": {"function_score": {"query": {"bool": {"filter": list(filters)}}, **random_score}},
    }


def page_order_query(filters: Sequence[Clause], *, size: int, offset: int = 0) -> Body:
    """Return the query of a book's pictures in page order, on each page from top to bottom."""
    return {
        "size": size,
        "from": offset,
        **LIST_OPTIONS,
        "query": {"bool": {"filter": list(filters)}},
        "sort": IN_PAGE_ORDER,
    }


def document_counts_query(book_id: str) -> Body:
    """Return the query that counts the pages, the pictures and the hidden pictures of a book."""
    return {
        "size": 0,
        "query": {"term": {"book_id": book_id}},
        "aggs": {"document": {"terms": {"field": "document"}}, "hidden": {"filter": HIDDEN_CLAUSE}},
    }


def neighbours_query(picture_id: str, book_id: str, page: int, *, size: int) -> Body:
    """Return the query of the other pictures of a page and of the pages next to it, in page order."""
    nearby_pages: list[Clause] = [
        {"term": {"book_id": book_id}},
        {"range": {"page": {"gte": page - 1, "lte": page + 1}}},
    ]
    same_picture: Clause = {"ids": {"values": [picture_id]}}
    return {
        "size": size,
        **LIST_OPTIONS,
        "query": {"bool": {"filter": nearby_pages, "must_not": [same_picture, HIDDEN_CLAUSE]}},
        "sort": IN_PAGE_ORDER,
    }


def copies_query(family_id: str, *, size: int, offset: int = 0) -> Body:
    """Return the query of a family, the oldest first; unknown years come last."""
    sort: list[Clause] = [{"year": {"order": "asc", "missing": "_last"}}, {"book_id": "asc"}, *IN_PAGE_ORDER]
    return {
        "size": size,
        "from": offset,
        **LIST_OPTIONS,
        "query": {"bool": {"filter": [{"term": {"family.id": family_id}}]}},
        "sort": sort,
    }
