"""Counts become bars of equally many years, at most 30 of them, and values of which none that was chosen is missing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.elasticsearch.queries.facets import COLLECTION, EVERYTHING, FACET_VALUES
from api.search.facets import MOST_BARS, STEPS, bars, read, vocabulary
from api.search.request import FACETS, Question

YEARS = st.dictionaries(st.integers(-9999, 9999), st.integers(1, 1000), max_size=60)


def terms(*counts: tuple[str, int], more: int = 0) -> dict[str, Any]:
    return {"buckets": [{"key": key, "doc_count": count} for key, count in counts], "sum_other_doc_count": more}


def counted(**facets: Any) -> dict[str, Any]:
    """An answer's aggregations; what is not given has counted nothing."""
    switches = {
        "has_caption": {"buckets": {"true": {"doc_count": 0}, "false": {"doc_count": 0}}},
        "set_aside": {"buckets": {"true": {"doc_count": 0}}},
    }
    years = {"year": {"buckets": []}, "year unknown": {"doc_count": 0}}
    return {**{facet: terms() for facet in FACETS}, **switches, **years, **facets}


def answered(found: dict[str, Any], whole: dict[str, Any], **own: Any) -> dict[str, Any]:
    return {**found, EVERYTHING: {COLLECTION: {"doc_count": 50, **whole}, **own}}


@pytest.mark.parametrize(
    ("first", "last", "step", "number"),
    [
        (1885, 1885, 1, 1),
        (1871, 1900, 1, 30),
        (1870, 1900, 2, 16),
        (1500, 2020, 20, 27),
        (0, 2020, 100, 21),
        (-9999, 9999, 1000, 20),
    ],
)
def test_a_bar_is_as_wide_as_it_must_be(first: int, last: int, step: int, number: int) -> None:
    made = bars({first: 1, last: 1}, {first: 1, last: 1})
    assert len(made) == number
    assert made[0].year_from is not None
    assert made[0].year_to == made[0].year_from + step - 1


@given(found=YEARS, others=YEARS)
def test_bars_have_no_gaps_and_lose_no_picture(found: dict[int, int], others: dict[int, int]) -> None:
    whole = {year: found.get(year, 0) + others.get(year, 0) for year in {*found, *others}}
    made = bars(found, whole)
    assert len(made) <= MOST_BARS
    assert sum(bar.count for bar in made) == sum(found.values())
    starts = [bar.year_from for bar in made]
    assert not starts or any(starts == list(range(starts[0] or 0, (starts[-1] or 0) + 1, step)) for step in STEPS)


@pytest.mark.parametrize(
    ("year_from", "year_to", "shown"),
    [
        (1850, 1850, (1840, 1860)),
        (1850, 1859, (1840, 1869)),
        (1890, None, (1879, 1900)),
        (None, 1805, (1800, 1815)),
        (2500, 2900, (1800, 1904)),
        (1860, 1840, (1850, 1850)),
    ],
)
def test_around_what_was_chosen_as_much_again_is_shown(
    year_from: int | None, year_to: int | None, shown: tuple[int, int]
) -> None:
    made = bars({}, dict.fromkeys(range(1800, 1901), 1), year_from, year_to)
    assert (made[0].year_from, made[-1].year_to) == shown


def test_without_any_year_there_is_no_bar() -> None:
    assert bars({}, {}, 1800, 1900) == []


def test_a_value_that_is_too_rare_to_have_been_counted_has_no_second_count() -> None:
    found = counted(author=terms(("Moe", 2), ("Lie", 1)))
    whole = counted(author=terms(("Lie", 9), ("Collett", 7), more=40))
    facets = read(answered(found, whole), Question())
    assert [(each.value, each.count, each.all) for each in facets.buckets["author"]] == [
        ("Moe", 2, None),
        ("Lie", 1, 9),
        ("Collett", 0, 7),
    ]
    assert facets.collection == 50


def test_where_results_have_unlisted_values_none_is_said_to_have_no_result() -> None:
    many = [(f"author {number:02}", 1) for number in range(FACET_VALUES)]
    found = counted(author=terms(*many, more=12), **{"author chosen": terms(("rare", 1))})
    whole = counted(author=terms(("frequent elsewhere", 99)), **{"author chosen": terms(("rare", 3))})
    facets = read(answered(found, counted(), author=whole), Question(author=("rare", "none has it")))
    shown = {each.value: (each.count, each.all) for each in facets.buckets["author"]}
    assert "frequent elsewhere" not in shown
    assert (shown["rare"], shown["none has it"]) == ((1, 3), (0, 0))
    assert facets.more == {"author": 11}, "the chosen one is listed, so that it is not among the others"


def test_an_answer_that_counted_nothing_has_no_facets() -> None:
    assert read({}, Question()).buckets == {}


def test_a_page_of_a_vocabulary_leaves_out_those_before_and_what_a_pattern_let_through() -> None:
    answer = {"values": terms(("Aas", 3), ("Ås", 2), ("ÅSEN", 2), ("Æs", 1), more=4)}
    page = vocabulary(answer, "author", "as", start=1)
    assert [(each.value, each.count) for each in page.values] == [("Ås", 2), ("ÅSEN", 2)]
    assert page.more == 4
