"""Intervals against published values."""

import numpy as np
import pytest

from evaluation.reporting.intervals import bootstrap_interval, wilson_interval


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_newcombes(hits: int, of: int, low: float, high: float) -> None:
    assert wilson_interval(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_nothing_asked_is_nothing_known() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert bootstrap_interval(np.array([])) == (0.0, 1.0)


def test_the_bootstrap_finds_the_means_own_error_and_is_the_same_each_time() -> None:
    """Of 400 numbers the mean is known to 1.96 of its deviations divided by 20."""
    values = np.random.default_rng(1).normal(0.5, 0.2, 400)
    low, high = bootstrap_interval(values)
    assert (high - low) / 2 == pytest.approx(1.96 * values.std() / 20, rel=0.1)
    assert low < values.mean() < high
    assert bootstrap_interval(values) == (low, high)
