"""The counts of each facet in the collection under the filters, cached for a minute."""

from collections.abc import Mapping
from typing import Any

from cachetools import TTLCache

from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.queries.facets import collection_aggregations
from api.search.request import SearchRequest

MAX_CACHED, CACHE_SECONDS = 256, 60.0
"""Number of filter sets, about 50 kB each at most, and for how long they are kept."""


class FilterCounts:
    """A cache of the second count of each facet, which depends on the filters but not on the query."""

    def __init__(self, gateway: SearchGateway) -> None:
        self._gateway = gateway
        self._cache: TTLCache[tuple[str, str], Mapping[str, Any]] = TTLCache(MAX_CACHED, CACHE_SECONDS)

    async def fetch_counts(self, search_request: SearchRequest, index: str) -> Mapping[str, Any]:
        """Return the counts in `index` under the filters alone, as `api.search.facets.read_facets` takes them."""
        filter_request = search_request.only_filters()
        key = index, filter_request.query_string()
        if (aggregations := self._cache.get(key)) is None:
            body = {"size": 0, "track_total_hits": False, "aggs": collection_aggregations(filter_request)}
            aggregations = self._cache[key] = (await self._gateway.search(body, index))["aggregations"]
        return aggregations
