"""Reading facets: bars of years, and values with their two counts."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.elasticsearch.queries.facets import COLLECTION, MAX_LISTED_VALUES
from api.search.facets import BAR_WIDTHS, MAX_BARS, read_facets, read_vocabulary, year_bars
from api.search.filter_values import FilterValues
from api.search.parameters import FACETS
from api.search.request import SearchRequest
from api.search.year_counts import YearCounts

COUNTS_BY_YEAR = st.dictionaries(st.integers(-9999, 9999), st.integers(1, 1000), max_size=60)


def terms_aggregation(*counts: tuple[str, int], other_count: int = 0) -> dict[str, Any]:
    return {"buckets": [{"key": key, "doc_count": count} for key, count in counts], "sum_other_doc_count": other_count}


def single_years(counts: dict[int, int]) -> YearCounts:
    """Return the counts of documents that each have one year."""
    return YearCounts(counts, counts)


def build_aggregations(**facets: Any) -> dict[str, Any]:
    """Return the aggregations of a response; facets that are not given have no values."""
    boolean_facets = {
        "has_caption": {"buckets": {"true": {"doc_count": 0}, "false": {"doc_count": 0}}},
        "hidden": {"buckets": {"true": {"doc_count": 0}}},
        "decoration": {"buckets": {"true": {"doc_count": 0}}},
    }
    year_aggregations = {"year": {"buckets": []}, "last year": {"buckets": []}, "year unknown": {"doc_count": 0}}
    return {**{facet: terms_aggregation() for facet in FACETS}, **boolean_facets, **year_aggregations, **facets}


def build_filter_counts(collection: dict[str, Any], **filtered_facets: Any) -> dict[str, Any]:
    """Return the aggregations of the filters without the query."""
    return {COLLECTION: {"doc_count": 50, **collection}, **filtered_facets}


@pytest.mark.parametrize(
    ("first", "last", "step", "number"),
    [
        (1885, 1885, 1, 1),
        (1871, 1900, 1, 30),
        (1870, 1900, 2, 16),
        (1500, 2020, 20, 27),
        (0, 2020, 100, 21),
        (-9000, 9999, 1000, 19),
    ],
)
def test_bars_are_as_narrow_as_the_maximum_number_allows(first: int, last: int, step: int, number: int) -> None:
    buckets = year_bars(single_years({first: 1, last: 1}), single_years({first: 1, last: 1}))
    assert len(buckets) == number
    assert buckets[0].year_from is not None
    assert buckets[0].year_to == buckets[0].year_from + step - 1


@given(result_counts=COUNTS_BY_YEAR, other_counts=COUNTS_BY_YEAR)
def test_bars_have_no_gaps_and_count_every_picture(result_counts: dict[int, int], other_counts: dict[int, int]) -> None:
    collection_counts = {
        year: result_counts.get(year, 0) + other_counts.get(year, 0) for year in {*result_counts, *other_counts}
    }
    buckets = year_bars(single_years(result_counts), single_years(collection_counts))
    assert len(buckets) <= MAX_BARS
    assert sum(bar.count for bar in buckets) == sum(result_counts.values())
    ends = [(bar.year_from or 0, bar.year_to or 0) for bar in buckets]
    assert all(end + 1 == start for (_, end), (start, _) in pairwise(ends))
    inner_starts = [start for start, _ in ends[1:]]
    assert not inner_starts or any(
        inner_starts == list(range(inner_starts[0], inner_starts[-1] + 1, step)) for step in BAR_WIDTHS
    )


def test_bars_begin_and_end_with_the_years_of_the_results() -> None:
    """A scale that begins at 1842 would promise a book of that year."""
    bars = year_bars(single_years({1843: 2, 1891: 1}), single_years({1842: 1, 1843: 2, 1891: 1}))
    assert (bars[0].year_from, bars[0].year_to, bars[0].count, bars[0].all) == (1843, 1843, 2, 2)
    assert (bars[1].year_from, bars[1].year_to) == (1844, 1845)
    assert (bars[-1].year_from, bars[-1].year_to, bars[-1].value) == (1890, 1891, "1890")


@pytest.mark.parametrize(
    ("year_from", "year_to", "shown"),
    [
        (1850, 1850, (1840, 1860)),
        (1850, 1859, (1840, 1869)),
        (1890, None, (1879, 1900)),
        (None, 1805, (1800, 1815)),
        (2500, 2900, (1800, 1900)),
        (1860, 1840, (1850, 1850)),
    ],
)
def test_bars_show_a_margin_around_the_selected_years(
    year_from: int | None, year_to: int | None, shown: tuple[int, int]
) -> None:
    buckets = year_bars(single_years({}), single_years(dict.fromkeys(range(1800, 1901), 1)), year_from, year_to)
    assert (buckets[0].year_from, buckets[-1].year_to) == shown


def test_no_bars_without_years() -> None:
    assert year_bars(single_years({}), single_years({}), 1800, 1900) == []


@given(st.lists(st.tuples(st.integers(800, 2100), st.integers(0, 120)), min_size=1, max_size=20))
def test_a_range_of_years_counts_once_in_each_bar_that_it_overlaps(starts_and_lengths: list[tuple[int, int]]) -> None:
    ranges = [(first, first + length) for first, length in starts_and_lengths]
    counts = YearCounts(Counter(first for first, _ in ranges), Counter(last for _, last in ranges))
    for bar in year_bars(counts, counts):
        assert bar.year_from is not None
        assert bar.year_to is not None
        assert bar.count == sum(first <= bar.year_to and last >= bar.year_from for first, last in ranges)


def test_a_value_too_rare_to_be_counted_has_no_second_count() -> None:
    aggregations = build_aggregations(author=terms_aggregation(("Moe", 2), ("Lie", 1)))
    collection = build_aggregations(author=terms_aggregation(("Lie", 9), ("Collett", 7), other_count=40))
    facets = read_facets(aggregations, build_filter_counts(collection), SearchRequest())
    assert [(bucket.value, bucket.count, bucket.all) for bucket in facets.buckets["author"]] == [
        ("Moe", 2, None),
        ("Lie", 1, 9),
        ("Collett", 0, 7),
    ]
    assert facets.collection_size == 50


def test_values_without_a_result_are_not_listed_if_results_have_unlisted_values() -> None:
    frequent_authors = [(f"author {number:02}", 1) for number in range(MAX_LISTED_VALUES)]
    aggregations = build_aggregations(
        author=terms_aggregation(*frequent_authors, other_count=12),
        **{"author chosen": {"buckets": {"rare": {"doc_count": 1}, "none has it": {"doc_count": 0}}}},
    )
    author_collection = build_aggregations(
        author=terms_aggregation(("frequent elsewhere", 99)),
        **{"author chosen": {"buckets": {"rare": {"doc_count": 3}}}},
    )
    facets = read_facets(
        aggregations,
        build_filter_counts(build_aggregations(), author=author_collection),
        SearchRequest(filters=FilterValues(author=("rare", "none has it"))),
    )
    counts_by_author = {bucket.value: (bucket.count, bucket.all) for bucket in facets.buckets["author"]}
    assert "frequent elsewhere" not in counts_by_author
    assert (counts_by_author["rare"], counts_by_author["none has it"]) == ((1, 3), (0, 0))
    assert facets.unlisted_counts == {"author": 11}, "the selected value is listed, so it is not counted as unlisted"


def test_no_facets_without_aggregations() -> None:
    assert read_facets({}, {}, SearchRequest()).buckets == {}


def test_a_vocabulary_page_leaves_out_earlier_values() -> None:
    aggregations = {"values": terms_aggregation(("Aas", 3), ("Ås", 2), ("ÅSEN", 2), other_count=4)}
    values_page = read_vocabulary(aggregations, "author", "aas", start=1)
    assert [(facet_value.value, facet_value.count) for facet_value in values_page.values] == [("Ås", 2), ("ÅSEN", 2)]
    assert values_page.more == 4


def test_a_vocabulary_page_leaves_out_what_only_a_cut_pattern_finds() -> None:
    prefix = "as" * 100
    aggregations = {"values": terms_aggregation((prefix, 1), (f"{prefix[:150]}x", 2), other_count=0)}
    assert [value.value for value in read_vocabulary(aggregations, "author", prefix, start=0).values] == [prefix]
