"""Bodies that look one thing up, or show a little of everything."""

from collections.abc import Sequence

from api.elasticsearch.queries.body import EXCLUDED_FIELDS
from api.elasticsearch.queries.book import IN_PAGE_ORDER
from api.elasticsearch.queries.clause import MODEL_FIELDS, Body, Clause
from api.elasticsearch.queries.filters import HIDDEN_CLAUSE

LIST_OPTIONS = {"track_total_hits": True, "_source": {"excludes": list(EXCLUDED_FIELDS)}}


def picture_query(picture_id: str) -> Body:
    return {
        "size": 1,
        "query": {"ids": {"values": [picture_id]}},
        "_source": {"excludes": [*MODEL_FIELDS, "stems"]},
    }


def named_pictures_query(picture_ids: Sequence[str]) -> Body:
    """Pictures by their ids, with their vectors; `fields` returns these whether or not `_source` keeps them."""
    return {
        "size": len(picture_ids),
        "_source": LIST_OPTIONS["_source"],
        "fields": ["vectors.*"],
        "query": {"ids": {"values": list(picture_ids)}},
    }


def start_page_query(seed: int, size: int) -> Body:
    """Pictures by chance, the same for the same seed, and what the collection holds."""
    return {
        **random_query(seed, [{"bool": {"must_not": [HIDDEN_CLAUSE]}}], size=size),
        "aggs": {
            "books": {"cardinality": {"field": "book_id"}},
            "first": {"min": {"field": "year"}},
            "last": {"max": {"field": "year"}},
        },
    }


def random_query(seed: int, filters: Sequence[Clause], *, size: int) -> Body:
    """What the filters leave, by chance: the same for the same seed, until documents are indexed anew."""
    random_score = {"random_score": {"seed": seed, "field": "_seq_no"}, "boost_mode": "replace"}
    return {
        "size": size,
        **LIST_OPTIONS,
        "query": {"function_score": {"query": {"bool": {"filter": list(filters)}}, **random_score}},
    }


def page_order_query(filters: Sequence[Clause], *, size: int, offset: int = 0) -> Body:
    """A book's pictures: page after page, on each from top to bottom."""
    return {
        "size": size,
        "from": offset,
        **LIST_OPTIONS,
        "query": {"bool": {"filter": list(filters)}},
        "sort": IN_PAGE_ORDER,
    }


def document_counts_query(book_id: str) -> Body:
    """How many pages and pictures a book has, and how many of these are set aside."""
    return {
        "size": 0,
        "query": {"term": {"book_id": book_id}},
        "aggs": {"document": {"terms": {"field": "document"}}, "hidden": {"filter": HIDDEN_CLAUSE}},
    }


def neighbours_query(picture_id: str, book_id: str, page: int, *, size: int) -> Body:
    """The other pictures of a page and of the pages before and after it, in page order."""
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
    """A family of copies through time; those of unknown year come last."""
    sort: list[Clause] = [{"year": {"order": "asc", "missing": "_last"}}, {"book_id": "asc"}, *IN_PAGE_ORDER]
    return {
        "size": size,
        "from": offset,
        **LIST_OPTIONS,
        "query": {"bool": {"filter": [{"term": {"family.id": family_id}}]}},
        "sort": sort,
    }
