"""Sends the searches of a prepared search as one request and reads the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.elasticsearch import queries
from api.elasticsearch.gateway import IndexSearch, SearchGateway
from api.elasticsearch.queries.documents import documents_query, has_documents
from api.elasticsearch.scored_hits import ScoredHit
from api.elasticsearch.scores import read_document_key, read_similarities
from api.elasticsearch.search_results import SearchResults, add_documents, read_search_results
from api.search.filter_counts import Aggregations, FilterCounts, filter_counts_query
from api.search.fusion import Candidate
from api.search.prepared_search import PreparedSearch
from api.search.request import SearchRequest
from api.search.side_searches import SideResults, read_side_results


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedResults:
    """The answers to the searches of one request."""

    results: SearchResults
    filter_counts: Aggregations
    """The counts under the filters alone, which `read_facets` compares with those of the results."""
    side_results: SideResults


class ResultFetcher:
    """Fetches results with their counts, and the counts under the filters alone, which it keeps for a minute."""

    def __init__(self, gateway: SearchGateway) -> None:
        self._gateway, self._filter_counts = gateway, FilterCounts()

    async def fetch(self, search_request: SearchRequest, prepared_search: PreparedSearch) -> FetchedResults:
        """Return the results, the counts, and what the page shows beside them.

        The bodies that rank and count, that of new filters and the side searches are searches of one request.
        """
        index = prepared_search.index
        searches = [IndexSearch(body, index) for body in queries.split_counts(prepared_search.body) if body]
        result_count = len(searches)
        filter_counts = self._filter_counts.find(search_request, index)
        if filter_counts is None:
            searches.append(IndexSearch(filter_counts_query(search_request), index))
        side_searches = prepared_search.side_searches
        responses = await self._gateway.search_side_by_side(
            [
                *searches,
                *(IndexSearch(body, side_searches.index, may_be_missing=True) for body in side_searches.bodies),
            ],
            preference_key=prepared_search.preference_key,
        )
        side_responses = responses[len(searches) :]
        if filter_counts is None:
            filter_counts = responses[result_count]["aggregations"]
            self._filter_counts.keep(search_request, index, filter_counts)
        results = read_search_results(
            responses[0],
            prepared_search.knn_boosts,
            responses[result_count - 1],
            prepared_search.highlighter,
            search_request.collapsed_page,
        )
        return FetchedResults(
            results=results,
            filter_counts=filter_counts,
            side_results=read_side_results(side_searches, side_responses),
        )

    async def add_documents(
        self, results: SearchResults, search_request: SearchRequest, prepared_search: PreparedSearch
    ) -> SearchResults:
        """Return the results with the documents of those that the page shows, if the search did not fetch all."""
        shown = results.hits if results.is_collapsed else results.hits[search_request.page_slice]
        if has_documents(prepared_search.body) or not shown:
            return results
        response = await self._gateway.search(
            documents_query(
                [key for scored_hit in shown for key in scored_hit.keys],
                has_snippets=prepared_search.highlighter is not None,
            ),
            prepared_search.index,
            preference_key=prepared_search.preference_key,
        )
        return add_documents(results, response, prepared_search.knn_boosts, prepared_search.highlighter)

    async def complete_similarities(
        self, scored_hits: Sequence[ScoredHit], prepared_search: PreparedSearch
    ) -> Sequence[ScoredHit]:
        """Return the hits with the similarities to every model, also of pictures that are not among its nearest."""
        models = prepared_search.vectors.keys()
        keys = [
            read_document_key(scored_hit.raw_hit)
            for scored_hit in scored_hits
            if scored_hit.is_picture and models - scored_hit.candidate.similarities.keys()
        ]
        if not keys:
            return scored_hits
        response = await self._gateway.search(
            queries.similarity_query(prepared_search.vectors, keys),
            prepared_search.index,
            preference_key=prepared_search.preference_key,
        )
        similarities = read_similarities(response)
        return [
            replace(scored_hit, candidate=_add_similarities(scored_hit.candidate, similarities[key]))
            if (key := scored_hit.candidate.id) in similarities
            else scored_hit
            for scored_hit in scored_hits
        ]


def _add_similarities(candidate: Candidate, similarities: Mapping[str, float]) -> Candidate:
    return replace(candidate, similarities={**similarities, **candidate.similarities})
