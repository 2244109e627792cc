"""Bodies that look one thing up, or show a little of everything."""

from api.queries.clause import Body


def vectors_of(picture: str) -> Body:
    """A picture's own vectors; `fields` gives them whether or not `_source` keeps them."""
    return {"size": 1, "query": {"ids": {"values": [picture]}}, "_source": False, "fields": ["vectors.*"]}


def picture(picture_id: str) -> Body:
    return {"size": 1, "query": {"ids": {"values": [picture_id]}}, "_source": {"excludes": ["vectors"]}}


def start_page(seed: int, size: int) -> Body:
    """Pictures by chance, the same for the same seed, and what the collection holds."""
    chance = {"random_score": {"seed": seed, "field": "_seq_no"}, "boost_mode": "replace"}
    return {
        "size": size,
        "track_total_hits": True,
        "_source": {"excludes": ["vectors", "page_text"]},
        "query": {"function_score": {"query": {"match_all": {}}, **chance}},
        "aggs": {
            "books": {"cardinality": {"field": "book_id"}},
            "first": {"min": {"field": "year"}},
            "last": {"max": {"field": "year"}},
        },
    }
