"""The bodies that say what is in the collection, and which run of `index` was the last."""

from api.elasticsearch.queries.clause import Body

DOCUMENT_COUNTS = "documents"


def document_counts_query() -> Body:
    """Return a body that counts the documents of each type."""
    return {
        "size": 0,
        "track_total_hits": False,
        "aggs": {DOCUMENT_COUNTS: {"terms": {"field": "document"}}},
    }


def last_run_query(outcome: str = "") -> Body:
    """Return a body that selects the run that started last; with `outcome` the last one that ended so."""
    filters = [{"term": {"document": "run"}}, *([{"term": {"outcome": outcome}}] if outcome else [])]
    return {
        "size": 1,
        "track_total_hits": False,
        "query": {"bool": {"filter": filters}},
        "sort": [{"started": "desc"}],
        "_source": ["started", "ended", "outcome", "counts"],
    }
