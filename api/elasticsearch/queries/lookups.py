"""Bodies that look one thing up, or show a little of everything."""

from collections.abc import Sequence

from api.elasticsearch.queries.body import UNSEEN
from api.elasticsearch.queries.book import IN_PAGE_ORDER
from api.elasticsearch.queries.clause import BY_MODELS, Body, Clause
from api.elasticsearch.queries.filters import SET_ASIDE

LIST = {"track_total_hits": True, "_source": {"excludes": list(UNSEEN)}}


def vectors_of(picture: str) -> Body:
    """A picture's own vectors; `fields` gives them whether or not `_source` keeps them."""
    return {"size": 1, "query": {"ids": {"values": [picture]}}, "_source": False, "fields": ["vectors.*"]}


def picture(picture_id: str) -> Body:
    return {
        "size": 1,
        "query": {"ids": {"values": [picture_id]}},
        "_source": {"excludes": [*BY_MODELS, "stems"]},
    }


def pictures(ids: Sequence[str]) -> Body:
    return {"size": len(ids), **LIST, "query": {"ids": {"values": list(ids)}}}


def start_page(seed: int, size: int) -> Body:
    """Pictures by chance, the same for the same seed, and what the collection holds."""
    return {
        **random(seed, [{"bool": {"must_not": [SET_ASIDE]}}], size=size),
        "aggs": {
            "books": {"cardinality": {"field": "book_id"}},
            "first": {"min": {"field": "year"}},
            "last": {"max": {"field": "year"}},
        },
    }


def random(seed: int, filters: Sequence[Clause], *, size: int) -> Body:
    """What the filters leave, by chance: the same for the same seed, until documents are indexed anew."""
    chance = {"random_score": {"seed": seed, "field": "_seq_no"}, "boost_mode": "replace"}
    return {
        "size": size,
        **LIST,
        "query": {"function_score": {"query": {"bool": {"filter": list(filters)}}, **chance}},
    }


def in_page_order(filters: Sequence[Clause], *, size: int, offset: int = 0) -> Body:
    """A book's pictures: page after page, on each from top to bottom."""
    return {"size": size, "from": offset, **LIST, "query": {"bool": {"filter": list(filters)}}, "sort": IN_PAGE_ORDER}


def kinds(book_id: str) -> Body:
    """How many pages and pictures a book has, and how many of these are set aside."""
    return {
        "size": 0,
        "query": {"term": {"book_id": book_id}},
        "aggs": {"document": {"terms": {"field": "document"}}, "set_aside": {"filter": SET_ASIDE}},
    }


def neighbours(picture_id: str, book_id: str, page: int, *, size: int) -> Body:
    """The other pictures of a page and of the pages before and after it, in page order."""
    near: list[Clause] = [{"term": {"book_id": book_id}}, {"range": {"page": {"gte": page - 1, "lte": page + 1}}}]
    itself: Clause = {"ids": {"values": [picture_id]}}
    return {
        "size": size,
        **LIST,
        "query": {"bool": {"filter": near, "must_not": [itself, SET_ASIDE]}},
        "sort": IN_PAGE_ORDER,
    }


def copies(family: str, *, size: int, offset: int = 0) -> Body:
    """A family of copies through time; those of unknown year come last."""
    through_time: list[Clause] = [{"year": {"order": "asc", "missing": "_last"}}, {"book_id": "asc"}, *IN_PAGE_ORDER]
    return {
        "size": size,
        "from": offset,
        **LIST,
        "query": {"bool": {"filter": [{"term": {"family.id": family}}]}},
        "sort": through_time,
    }
