"""The aggregations that count the values of each facet."""

from collections.abc import Iterable, Mapping

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.filters import (
    CAPTION_CLAUSE,
    DECORATION_CLAUSE,
    HIDDEN_CLAUSE,
    NO_CAPTION_CLAUSE,
    clauses_by_filter,
    value_clause,
)
from api.search.parameter import Parameter
from api.search.parameters import FACETS, VALUE_FILTERS
from api.search.request import SearchRequest

MAX_LISTED_VALUES = 20
"""Values that are listed of one facet."""

MAX_COLLECTION_VALUES = 100
"""Values counted in the collection: more than are listed, as a value of the results may be rare there."""

SHARD_SIZE = 1000
"""Values that each shard returns; pictures, pages and books are on different shards, which count differently."""

COLLECTION = "collection"
"""Aggregation of the facets that have no filter set."""

SELECTED_SUFFIX = " chosen"
"""End of the name of the aggregation that counts a facet's selected values, however rare they are."""

LAST_YEAR = "last year"
YEAR_UNKNOWN = "year unknown"

COUNTED_FACETS = (*FACETS, "year", "has_caption", "hidden", "decoration")

SWITCH_CLAUSES: Mapping[str, Clause] = {"hidden": HIDDEN_CLAUSE, "decoration": DECORATION_CLAUSE}
"""Facets with one value, which is excluded by default → what has it."""


def facet_aggregations(search_request: SearchRequest) -> Clause:
    """Return the aggregations that count all results, the nearest pictures included."""
    return _combine_aggregations(COUNTED_FACETS, search_request, MAX_LISTED_VALUES)


def collection_aggregations(search_request: SearchRequest) -> Clause:
    """Return the aggregations that count the collection under the filters, without the query.

    A facet's own filter does not apply to its counts: a facet with a selected value still shows the other values.
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
    if name == "year":
        # The width of the bars depends on the years in the response, so each first and each last year is counted.
        histograms: Clause = {
            name: {"histogram": {"field": field, "interval": 1, "min_doc_count": 1}}
            for name, field in {"year": "year", LAST_YEAR: "last_year"}.items()
        }
        return {**histograms, YEAR_UNKNOWN: {"missing": {"field": "year"}}}
    if name == "has_caption":
        return {name: {"filters": {"filters": {"true": CAPTION_CLAUSE, "false": NO_CAPTION_CLAUSE}}}}
    if name in SWITCH_CLAUSES:
        return {name: {"filters": {"filters": {"true": SWITCH_CLAUSES[name]}}}}
    parameter = VALUE_FILTERS[name]
    aggregations: Clause = {name: {"terms": {"field": parameter.facet_field, "size": size, "shard_size": SHARD_SIZE}}}
    if selected_values := list(dict.fromkeys(search_request.values(name))):
        # A selected value may be another name, which the field of the facet does not have.
        clauses = {value: _selected_clause(parameter, value) for value in selected_values}
        aggregations[f"{name}{SELECTED_SUFFIX}"] = {"filters": {"filters": clauses}}
    return aggregations


def _selected_clause(parameter: Parameter, value: str) -> Clause:
    is_single = parameter.alternatives(value) == (value,)
    return {"term": {parameter.field: value}} if is_single else value_clause(parameter, [value])
