"""The counts of each facet in the collection under the filters, cached for a minute."""

from collections.abc import Mapping
from typing import Any

from cachetools import TTLCache

from api.elasticsearch.queries.clause import Body
from api.elasticsearch.queries.facets import collection_aggregations
from api.monitoring.instruments import count_lookup
from api.search.request import SearchRequest

Aggregations = Mapping[str, Any]

MAX_CACHED, CACHE_SECONDS = 256, 60.0
"""Number of filter sets, about 50 kB each at most, and for how long they are kept."""


class FilterCounts:
    """A cache of the second count of each facet, which depends on the filters but not on the query."""

    def __init__(self) -> None:
        self._cache: TTLCache[tuple[str, str], Aggregations] = TTLCache(MAX_CACHED, CACHE_SECONDS)

    def find(self, search_request: SearchRequest, index: str) -> Aggregations | None:
        """Return the counts in `index` under the filters alone, as `api.search.facets.read_facets` takes them."""
        aggregations = self._cache.get(_key(search_request, index))
        count_lookup("filter_counts", is_hit=aggregations is not None)
        return aggregations

    def keep(self, search_request: SearchRequest, index: str, aggregations: Aggregations) -> None:
        self._cache[_key(search_request, index)] = aggregations


def filter_counts_query(search_request: SearchRequest) -> Body:
    """Return the query of the counts under the filters of a request."""
    return {"size": 0, "track_total_hits": False, "aggs": collection_aggregations(search_request.only_filters())}


def _key(search_request: SearchRequest, index: str) -> tuple[str, str]:
    return index, search_request.only_filters().query_string()
