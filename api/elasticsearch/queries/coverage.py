"""The body that counts the pictures that each model has filled."""

from collections.abc import Collection

from api.elasticsearch.queries.clause import Body


def coverage_query(models: Collection[str]) -> Body:
    """Return a body that counts all pictures, and for each model those with its vector."""
    counts: Body = {"size": 0, "track_total_hits": True}
    if not models:
        return counts
    filters = {model: {"exists": {"field": f"vectors.{model}"}} for model in sorted(models)}
    return {**counts, "aggs": {"models": {"filters": {"filters": filters}}}}
