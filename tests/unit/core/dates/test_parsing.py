import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import MAX_YEAR, MIN_YEAR, YearRange, first_years, parse_years
from core.dates.year_range import CURRENT_YEAR

with Path(__file__).with_name("dates.tsv").open(encoding="utf-8", newline="") as dates_file:
    DATES = [(row["date"], row["years"]) for row in csv.DictReader(dates_file, delimiter="\t", quoting=csv.QUOTE_NONE)]

YEARS = st.integers(MIN_YEAR, MAX_YEAR)

date_pieces = st.sampled_from([piece for date, _ in DATES for piece in date.split()])
date_like_texts = st.lists(
    st.one_of(date_pieces, st.from_regex(r"[-–/\[\]().,?]?\d{1,5}"), st.text(max_size=3)), max_size=8
)


@pytest.mark.parametrize(("date", "years"), DATES, ids=[date for date, _ in DATES])
def test_a_date_is_read_as_a_range_of_years(date: str, years: str) -> None:
    parsed_years = parse_years(date)
    assert str(parsed_years or "") == years


def test_an_open_range_does_not_reach_into_the_future() -> None:
    assert parse_years("1994-") == YearRange(1994, CURRENT_YEAR, is_certain=False)


def test_the_first_date_that_names_a_year_is_taken() -> None:
    assert first_years(["s.a.", "[18--?]", "1850"]) == YearRange(1800, 1899, is_certain=False)
    assert first_years(["s.a.", ""]) is None


@given(st.one_of(st.text(), date_like_texts.map(" ".join), date_like_texts.map("".join)))
def test_any_text_gives_an_ordered_range_within_the_limits_or_none(date: str) -> None:
    years = parse_years(date)
    assert years is None or MIN_YEAR <= years.first <= years.last <= MAX_YEAR


@given(one=YEARS, other=YEARS, is_certain=st.booleans())
def test_a_written_range_is_read_as_itself(one: int, other: int, *, is_certain: bool) -> None:
    years = YearRange(min(one, other), max(one, other), is_certain)
    assert parse_years(str(years)) == years


@given(
    first=st.integers(800, 1499),
    last=st.integers(1, 99999),
    mark=st.sampled_from(["A.H. {}-{}", "{}-{} H", "{}/{} هـ"]),
)
def test_years_of_the_hijra_in_any_order_and_length_are_read(first: int, last: int, mark: str) -> None:
    years = parse_years(mark.format(first, last))
    assert years is None or years.first <= years.last


@given(st.dates(min_value=date(1500, 1, 1), max_value=date(1999, 12, 31)))
def test_a_plain_year_or_day_is_read_as_among_other_signs(day: date) -> None:
    year = YearRange(day.year, day.year)
    for written_date in (str(day.year), day.isoformat()):
        assert parse_years(written_date) == parse_years(f" {written_date}") == year
