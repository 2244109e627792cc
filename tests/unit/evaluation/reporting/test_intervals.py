"""Confidence intervals, compared with published values and with draws made by hand."""

import numpy as np
import pytest

from evaluation.reporting.intervals import (
    SEED,
    TABLE_RESAMPLES,
    bootstrap_interval,
    percentile_interval,
    resample_tables,
    share_interval,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_matches_newcombe(hits: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(hits, total) == pytest.approx((low, high), abs=5e-5)


def test_interval_without_observations_is_zero_to_one() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert bootstrap_interval(np.array([])) == (0.0, 1.0)


def test_interval_of_one_observation_is_its_value() -> None:
    assert bootstrap_interval(np.array([0.25])) == (0.25, 0.25)
    assert bootstrap_interval(np.array([0.0, 1.0]), ["a", "a"]) == (0.5, 0.5)


def test_bootstrap_interval_has_the_width_of_the_standard_error() -> None:
    """The half-width of the mean of 400 numbers is 1.96 standard deviations divided by 20."""
    values = np.random.default_rng(1).normal(0.5, 0.2, 400)
    low, high = bootstrap_interval(values)
    assert (high - low) / 2 == pytest.approx(1.96 * values.std() / 20, rel=0.1)
    assert low < values.mean() < high
    assert bootstrap_interval(values) == (low, high)


def test_bootstrap_draws_stay_those_of_the_published_figures() -> None:
    """Another version of scipy must draw the same resamples, or every published interval changes."""
    values = np.random.default_rng(1).normal(0.5, 0.2, 50)
    draws = np.random.default_rng(SEED).integers(50, size=(2000, 50))
    assert bootstrap_interval(values) == pytest.approx(tuple(np.percentile(values[draws].mean(axis=1), (2.5, 97.5))))


def test_values_of_one_group_are_resampled_together() -> None:
    """Ten equal values in two groups have the interval of two values."""
    interval_of_two = bootstrap_interval(np.array([0.0, 1.0]), ["a", "b"])
    assert bootstrap_interval(np.array([0.0] * 5 + [1.0] * 5), ["a"] * 5 + ["b"] * 5) == interval_of_two
    low, high = bootstrap_interval(np.arange(10) / 9, list("abcdefghij"))
    assert interval_of_two[0] < low < high < interval_of_two[1]


def test_resampled_tables_contain_whole_groups() -> None:
    tables = np.array([[[1, 0], [0, 0]], [[0, 0], [0, 1]]], dtype=np.int64)
    totals = resample_tables(tables)
    assert totals.shape == (TABLE_RESAMPLES, 2, 2)
    assert set(totals.sum(axis=(1, 2)).tolist()) == {2}


def test_percentile_interval_is_the_central_95_percent() -> None:
    assert percentile_interval(list(range(1001))) == (25.0, 975.0)


def test_share_that_is_the_same_everywhere_is_still_uncertain() -> None:
    assert share_interval(np.ones(21)) == wilson_interval(21, 21)
    assert share_interval(np.zeros(6), ["a", "a", "a", "b", "b", "b"]) == wilson_interval(0, 2)
    mixed = np.array([0.0, 1.0, 1.0, 0.5])
    assert share_interval(mixed) == bootstrap_interval(mixed)
    assert share_interval(np.empty(0)) == (0.0, 1.0)
