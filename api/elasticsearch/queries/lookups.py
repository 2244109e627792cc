"""Bodies that look up pictures, counts and random selections."""

from collections.abc import Sequence

from api.elasticsearch.queries.body import EXCLUDED_FIELDS
from api.elasticsearch.queries.book import IN_PAGE_ORDER, MAX_LEAVES
from api.elasticsearch.queries.clause import MODEL_FIELDS, Body, Clause
from api.elasticsearch.queries.filters import DECORATION_CLAUSE, HIDDEN_CLAUSE

BOOKS, DECORATIONS = "books", "decorations"
"""Aggregations of pictures by book, and of the ornaments and the like among them."""

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


def selected_pictures_query(picture_ids: Sequence[str]) -> Body:
    """Return the query of these pictures, in no order."""
    return {"size": len(picture_ids), **LIST_OPTIONS, "query": {"ids": {"values": list(picture_ids)}}}


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
    """Return the query that counts the pages and pictures of a book, the hidden ones and ornaments apart."""
    shown_decoration: Clause = {"bool": {"filter": [DECORATION_CLAUSE], "must_not": [HIDDEN_CLAUSE]}}
    return {
        "size": 0,
        "query": {"term": {"book_id": book_id}},
        "aggs": {
            "document": {"terms": {"field": "document"}},
            "hidden": {"filter": HIDDEN_CLAUSE},
            DECORATIONS: {"filter": shown_decoration},
            "last_page": {"max": {"field": "page"}},
        },
    }


def picture_counts_query(book_ids: Sequence[str]) -> Body:
    """Return the query that counts the visible pictures of each of these books, ornaments and the like apart."""
    decorations: Clause = {DECORATIONS: {"filter": DECORATION_CLAUSE}}
    return {
        "size": 0,
        "query": {"bool": {"filter": [{"terms": {"book_id": list(book_ids)}}], "must_not": [HIDDEN_CLAUSE]}},
        "aggs": {BOOKS: {"terms": {"field": "book_id", "size": len(book_ids)}, "aggs": decorations}},
    }


def picture_places_query(filters: Sequence[Clause]) -> Body:
    """Return the query of all pictures of a book in page order, with what a mark on the strip of its pages needs."""
    return {
        "size": MAX_LEAVES,
        "_source": ["book_id", "page", "page_label", "block_type", "box", "caption", "title", "image", "fingerprint"],
        "query": {"bool": {"filter": list(filters)}},
        "sort": IN_PAGE_ORDER,
    }


def scans_query(page_ids: Sequence[str]) -> Body:
    """Return the query of the scans of these pages, in no order."""
    return {
        "size": len(page_ids),
        "_source": ["page", "page_label", "scan", "image"],
        "query": {"ids": {"values": list(page_ids)}},
    }


def first_pictures_query(book_ids: Sequence[str]) -> Body:
    """Return the query of the first picture of each of these books."""
    return {
        "size": len(book_ids),
        "_source": LIST_OPTIONS["_source"],
        "query": {
            "bool": {
                "filter": [{"terms": {"book_id": list(book_ids)}}],
                "must_not": [HIDDEN_CLAUSE, DECORATION_CLAUSE],
            }
        },
        "collapse": {"field": "book_id"},
        "sort": IN_PAGE_ORDER,
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


def following_query(
    book_id: str, page: int, box: Sequence[int], *, size: int, backwards: bool = False, decoration: bool = False
) -> Body:
    """Return the query of the pictures that follow a place in a book, in page order, or of those before it.

    Before it, the nearest comes first. The total is that of the book's visible pictures; with `decoration` its
    ornaments and the like are among them.
    """
    order = "desc" if backwards else "asc"
    left_out = [HIDDEN_CLAUSE] if decoration else [HIDDEN_CLAUSE, DECORATION_CLAUSE]
    fields = {"page": page, "box.y": box[1], "box.x": box[0]}
    return {
        "size": size,
        **LIST_OPTIONS,
        "query": {"bool": {"filter": [{"term": {"book_id": book_id}}], "must_not": left_out}},
        "sort": [{field: order} for field in fields],
        "search_after": list(fields.values()),
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
