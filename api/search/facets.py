"""Reading the facets of a response: the values to choose from, each with two counts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.elasticsearch.queries.facets import (
    COLLECTION,
    COUNTED_FACETS,
    LAST_YEAR,
    MAX_LISTED_VALUES,
    SELECTED_SUFFIX,
    SWITCH_CLAUSES,
    YEAR_UNKNOWN,
)
from api.elasticsearch.queries.vocabulary import is_pattern_cut
from api.search.parameters import FACETS
from api.search.request import SearchRequest
from api.search.year_counts import YearCounts
from core.text import fold_letters

BAR_WIDTHS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
"""How many years one bar may stand for."""
MAX_BARS = 30
"""As many as fit in 15 rem with bars that are wide enough to click."""
MARGIN_YEARS = 10
"""Years shown on either side of a selected range; more if the range is longer."""

Aggregations = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One value of a facet. In `year`, a range of years; the empty value counts documents of unknown year."""

    value: str
    count: int
    """How many results have it."""
    all: int | None
    """How many documents of the collection have it under the other filters; None: too rare to have been counted."""
    year_from: int | None = None
    """`year_from` and `year_to` are the filter that selects a bar."""
    year_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value that a filter can take."""

    value: str
    count: int
    """How many documents have it under the other filters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """One page of the values of a facet."""

    facet: str
    values: list[FacetValue]
    more: int
    """How many documents have a value of a later page; 0 on the last page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """The facets of a result page."""

    buckets: dict[str, list[Bucket]] = field(default_factory=dict)
    unlisted_counts: dict[str, int] = field(default_factory=dict)
    """Per facet, how many results have values that are not listed; absent if all are listed."""
    collection_size: int = 0
    """How many documents match the filters."""


def read_facets(aggregations: Aggregations, filter_aggregations: Aggregations, search_request: SearchRequest) -> Facets:
    """Return the facets of a page of results; empty if `filter_aggregations` are.

    `aggregations` count the results (`queries.facet_aggregations`), `filter_aggregations` count the collection under
    the filters (`queries.facets.collection_aggregations`).
    """
    if not filter_aggregations:
        return Facets()
    collection_aggregations = {
        name: filter_aggregations.get(name, filter_aggregations[COLLECTION]) for name in COUNTED_FACETS
    }
    buckets = {
        name: _value_buckets(name, aggregations, collection_aggregations[name], search_request.values(name))
        for name in FACETS
    }
    buckets["year"] = _year_buckets(aggregations, collection_aggregations["year"], search_request)
    for name in ("has_caption", *SWITCH_CLAUSES):
        buckets[name] = _boolean_buckets(aggregations[name], collection_aggregations[name][name])
    unlisted_counts = {name: _unlisted_count(name, aggregations) for name in FACETS}
    return Facets(
        buckets=buckets,
        unlisted_counts={name: count for name, count in unlisted_counts.items() if count},
        collection_size=int(filter_aggregations[COLLECTION]["doc_count"]),
    )


def read_vocabulary(aggregations: Aggregations, facet: str, prefix: str, start: int) -> Vocabulary:
    """Read the response to `queries.vocabulary`, without the first `start` values."""
    buckets = aggregations["values"]["buckets"][start:]
    if is_pattern_cut(prefix):
        begins_a_word = re.compile(rf"(?:^|\W){re.escape(fold_letters(prefix))}")
        buckets = [bucket for bucket in buckets if begins_a_word.search(fold_letters(str(bucket["key"])))]
    return Vocabulary(
        facet=facet,
        values=[FacetValue(value=str(bucket["key"]), count=int(bucket["doc_count"])) for bucket in buckets],
        more=int(aggregations["values"]["sum_other_doc_count"]),
    )


def _value_buckets(
    name: str, aggregations: Aggregations, collection_aggregations: Aggregations, selected_values: tuple[str, ...]
) -> list[Bucket]:
    """Return the values by count.

    Selected values are always listed. Values without a result are listed only if all values of the results are.
    """
    counts, collection_counts = _value_counts(name, aggregations), _value_counts(name, collection_aggregations)
    counted_values = [*counts, *collection_counts] if not aggregations[name]["sum_other_doc_count"] else [*counts]
    buckets = [
        Bucket(
            value=value,
            count=counts.get(value, 0),
            all=collection_counts.get(value, 0 if value in selected_values else None),
        )
        for value in dict.fromkeys([*selected_values, *counted_values])
    ]
    buckets.sort(key=lambda bucket: (-bucket.count, -(bucket.all or 0), bucket.value))
    return [
        bucket for index, bucket in enumerate(buckets) if index < MAX_LISTED_VALUES or bucket.value in selected_values
    ]


def _value_counts(name: str, aggregations: Aggregations) -> dict[str, int]:
    """Return how many documents have each value; selected values that no document has are left out."""
    counts = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in aggregations[name]["buckets"]}
    return {**counts, **_selected_counts(name, aggregations)}


def _selected_counts(name: str, aggregations: Aggregations) -> dict[str, int]:
    buckets = aggregations.get(f"{name}{SELECTED_SUFFIX}", {"buckets": {}})["buckets"]
    return {value: int(bucket["doc_count"]) for value, bucket in buckets.items() if bucket["doc_count"]}


def _unlisted_count(name: str, aggregations: Aggregations) -> int:
    listed_values = {bucket["key"] for bucket in aggregations[name]["buckets"]}
    unlisted_selected_count = sum(
        count for value, count in _selected_counts(name, aggregations).items() if value not in listed_values
    )
    return max(0, int(aggregations[name]["sum_other_doc_count"]) - unlisted_selected_count)


def _boolean_buckets(aggregation: Aggregations, collection_aggregation: Aggregations) -> list[Bucket]:
    counts = {value: int(bucket["doc_count"]) for value, bucket in aggregation["buckets"].items()}
    return [
        Bucket(value=value, count=count, all=int(collection_aggregation["buckets"][value]["doc_count"]))
        for value, count in counts.items()
    ]


def _year_buckets(
    aggregations: Aggregations, collection_aggregations: Aggregations, search_request: SearchRequest
) -> list[Bucket]:
    counts, collection_counts = _year_counts(aggregations), _year_counts(collection_aggregations)
    buckets = year_bars(counts, collection_counts, search_request.year_from, search_request.year_to)
    unknown_counts = (
        int(aggregations[YEAR_UNKNOWN]["doc_count"]),
        int(collection_aggregations[YEAR_UNKNOWN]["doc_count"]),
    )
    return (
        [*buckets, Bucket(value="", count=unknown_counts[0], all=unknown_counts[1])] if any(unknown_counts) else buckets
    )


def _year_counts(aggregations: Aggregations) -> YearCounts:
    first_years, last_years = (
        {int(bucket["key"]): int(bucket["doc_count"]) for bucket in aggregations[name]["buckets"]}
        for name in ("year", LAST_YEAR)
    )
    return YearCounts(first_years, last_years)


def year_bars(
    counts: YearCounts, collection_counts: YearCounts, year_from: int | None = None, year_to: int | None = None
) -> list[Bucket]:
    """Return at most 30 bars of equal width, without gaps, over the results or the selected years with a margin.

    The first and the last bar have no years before or after these.
    """
    if collection_counts.span is None:
        return []
    first, last = _year_span(counts.span, collection_counts.span, year_from, year_to)
    step = next(step for step in BAR_WIDTHS if last // step - first // step < MAX_BARS)
    bars = [(max(year, first), min(year + step - 1, last)) for year in range(first // step * step, last + 1, step)]
    return [
        Bucket(
            value=str(start),
            count=counts.count_overlapping(start, end),
            all=collection_counts.count_overlapping(start, end),
            year_from=start,
            year_to=end,
        )
        for start, end in bars
    ]


def _year_span(
    span: tuple[int, int] | None, collection_span: tuple[int, int], year_from: int | None, year_to: int | None
) -> tuple[int, int]:
    if year_from is None and year_to is None:
        return span or collection_span
    first, last = collection_span
    start, end = first if year_from is None else year_from, last if year_to is None else year_to
    margin = max(end - start + 1, MARGIN_YEARS)
    window = max(first, start - margin), min(last, end + margin)
    return window if window[0] <= window[1] else collection_span
