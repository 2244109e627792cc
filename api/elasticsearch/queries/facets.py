"""Counts beside the results."""

from collections.abc import Iterable, Mapping

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.filters import (
    CAPTION_CLAUSE,
    FILTER_FIELDS,
    HIDDEN_CLAUSE,
    NO_CAPTION_CLAUSE,
    clauses_by_filter,
)
from api.search.request import FACETS, SearchRequest

MAX_LISTED_VALUES = 20
"""Values listed of what was found."""

MAX_COLLECTION_VALUES = 100
"""Values counted under the filters alone: more than are listed, for those found may be rare in the whole."""

SHARD_SIZE = 1000
"""Pictures, pages and books are a shard each, and a value must be among the first of each to be counted in all."""

FILTER_COUNTS, COLLECTION, SELECTED_SUFFIX, YEAR_UNKNOWN = "everything", "collection", " chosen", "year unknown"
"""Names of aggregations: `EVERYTHING` holds the answer to `collection`, `CHOSEN` ends the one that counts a facet's
chosen values, however rare they are."""

COUNTED_FACETS = (*FACETS, "year", "has_caption", "hidden")
"""What is counted beside results."""


def facet_aggregations(search_request: SearchRequest) -> Clause:
    """Counts over all that was found, the nearest pictures included."""
    return _combine_aggregations(COUNTED_FACETS, search_request, MAX_LISTED_VALUES)


def collection_aggregations(search_request: SearchRequest) -> Clause:
    """Counts that no words and no picture change, only filters.

    A facet's own filter is left out of its counts, so that a chosen facet still shows what else could be chosen.
    """
    filter_clauses = clauses_by_filter(search_request)
    unfiltered_facets = [name for name in COUNTED_FACETS if name not in filter_clauses]
    filtered_facets = {
        name: {
            "filter": _conjunction(clauses_by_filter(search_request, except_filter=name)),
            "aggs": _combine_aggregations([name], search_request, MAX_COLLECTION_VALUES),
        }
        for name in COUNTED_FACETS
        if name in filter_clauses
    }
    return {
        COLLECTION: {
            "filter": _conjunction(filter_clauses),
            "aggs": _combine_aggregations(unfiltered_facets, search_request, MAX_COLLECTION_VALUES),
        },
        **filtered_facets,
    }


def _conjunction(clauses: Mapping[str, Clause]) -> Clause:
    return {"bool": {"filter": list(clauses.values())}} if clauses else {"match_all": {}}


def _combine_aggregations(names: Iterable[str], search_request: SearchRequest, size: int) -> Clause:
    return {
        aggregation_name: aggregation
        for name in names
        for aggregation_name, aggregation in _aggregations_of_facet(name, search_request, size).items()
    }


def _aggregations_of_facet(name: str, search_request: SearchRequest, size: int) -> Clause:
    """One facet's aggregations."""
    if name == "year":
        # The steps in which years are shown depend on the answer, so they are counted one by one.
        histogram = {"histogram": {"field": "year", "interval": 1, "min_doc_count": 1}}
        return {"year": histogram, YEAR_UNKNOWN: {"missing": {"field": "year"}}}
    if name == "has_caption":
        return {name: {"filters": {"filters": {"true": CAPTION_CLAUSE, "false": NO_CAPTION_CLAUSE}}}}
    if name == "hidden":
        return {name: {"filters": {"filters": {"true": HIDDEN_CLAUSE}}}}
    field, selected_values = FILTER_FIELDS[name], getattr(search_request, name)
    aggregations: Clause = {name: {"terms": {"field": field, "size": size, "shard_size": SHARD_SIZE}}}
    if selected_values:
        include = list(dict.fromkeys(selected_values))
        aggregations[f"{name}{SELECTED_SUFFIX}"] = {"terms": {"field": field, "include": include, "size": len(include)}}
    return aggregations
