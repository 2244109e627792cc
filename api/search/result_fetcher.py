"""Sends the searches of a prepared search as one request and reads the answers."""

from dataclasses import replace

from api.elasticsearch import queries
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.queries.documents import documents_query, has_documents
from api.elasticsearch.search_results import SearchResults, add_documents, read_search_results
from api.search.filter_counts import Aggregations, FilterCounts, filter_counts_query
from api.search.prepared_search import PreparedSearch
from api.search.request import SearchRequest


class ResultFetcher:
    """Fetches results with their counts, and the counts under the filters alone, which it keeps for a minute."""

    def __init__(self, gateway: SearchGateway) -> None:
        self._gateway, self._filter_counts = gateway, FilterCounts()

    async def fetch(
        self, search_request: SearchRequest, prepared_search: PreparedSearch
    ) -> tuple[SearchResults, Aggregations]:
        """Return the results, and the counts under the filters alone, which `read_facets` compares with theirs.

        The body that ranks, the body that counts and that of new filters are searches of one request.
        """
        index, preference_key = prepared_search.index, replace(search_request, page=1).query_string()
        bodies = [body for body in queries.split_counts(prepared_search.body) if body]
        filter_counts = self._filter_counts.find(search_request, index)
        if filter_counts is None:
            bodies.append(filter_counts_query(search_request))
        responses = await self._gateway.search_side_by_side(bodies, index, preference_key=preference_key)
        if filter_counts is None:
            filter_counts = responses.pop()["aggregations"]
            self._filter_counts.keep(search_request, index, filter_counts)
        results = read_search_results(
            responses[0],
            prepared_search.knn_boosts,
            responses[-1],
            prepared_search.highlighter,
            search_request.collapsed_page,
        )
        return results, filter_counts

    async def add_documents(
        self, results: SearchResults, search_request: SearchRequest, prepared_search: PreparedSearch
    ) -> SearchResults:
        """Return the results with the documents of those that the page shows, if the search did not fetch all."""
        shown = results.hits if results.is_collapsed else results.hits[search_request.page_slice]
        if has_documents(prepared_search.body) or not shown:
            return results
        ids = list(dict.fromkeys(scored_hit.hit.id for scored_hit in shown))
        response = await self._gateway.search(documents_query(ids), prepared_search.index)
        return add_documents(results, response, prepared_search.highlighter)
