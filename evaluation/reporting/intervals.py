"""95 % confidence intervals: Wilson's for shares, the bootstrap for means and for counts of whole groups."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

SEED = 42
RESAMPLES = 2000
BATCH_SIZE = 100
"""Resamples computed at once: 100,000 values need 80 MB."""
TABLE_RESAMPLES = 1000

UNKNOWN = (0.0, 1.0)
"""The interval of a figure between 0 and 1 that nothing was measured for."""

FloatArray = npt.NDArray[np.float64]
CountTable = npt.NDArray[np.int64]


def wilson_interval(hits: int, total: int) -> tuple[float, float]:
    """Return Wilson's score interval (1927) of the share `hits / total`, and 0 to 1 if `total` is 0."""
    if total == 0:
        return UNKNOWN
    interval = stats.binomtest(hits, total).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def bootstrap_interval(values: FloatArray, groups: Sequence[str] | None = None) -> tuple[float, float]:
    """Return the percentile bootstrap interval of the mean.

    With `groups`, one name per value, whole groups are resampled, because the values of one group are not independent.
    Without values the interval is 0 to 1.
    """
    if not len(values):
        return UNKNOWN
    group_numbers = np.arange(len(values)) if groups is None else np.unique(np.array(groups), return_inverse=True)[1]
    sums, counts = np.bincount(group_numbers, values), np.bincount(group_numbers).astype(np.float64)
    if len(sums) < 2:
        # scipy refuses a single observation; every resample of it has the same mean.
        mean = float(np.mean(values))
        return mean, mean
    interval = stats.bootstrap(
        (sums, counts),
        _ratio_of_sums,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=BATCH_SIZE,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def share_interval(values: FloatArray, groups: Sequence[str] | None = None) -> tuple[float, float]:
    """Return the bootstrap interval of a mean of shares; Wilson's for as many groups if all values are 0 or all are 1.

    Resamples of equal values are all the same, which would pretend that nothing is uncertain.
    """
    if len(values) and (values.min() == 1 or values.max() == 0):
        total = len(values) if groups is None else len(set(groups))
        return wilson_interval(total if values.min() == 1 else 0, total)
    return bootstrap_interval(values, groups)


def resample_tables(tables: CountTable, seed: int = SEED) -> CountTable:
    """Return sums of resampled count tables, one per resample, for figures that are no mean, such as F1.

    `tables` has one table per group along its first axis; whole groups are resampled. `scipy.stats.bootstrap` is not
    used: it draws one row number per group, which gives other resamples for the same seed (the published intervals
    would move in the third decimal) and gathers all tables again for each resample. Here a multinomial draw says how
    often each group occurs, and a resample is a weighted sum.
    """
    group_count = len(tables)
    probabilities = np.full(group_count, 1 / group_count)
    weights = np.random.default_rng(seed).multinomial(group_count, probabilities, size=TABLE_RESAMPLES)
    totals: CountTable = np.tensordot(weights, tables, axes=1)
    return totals


def percentile_interval(resampled_figures: Sequence[float]) -> tuple[float, float]:
    """Return the central 95 % of figures computed from resamples."""
    low, high = np.percentile(resampled_figures, (2.5, 97.5))
    return float(low), float(high)


def _ratio_of_sums(sums: FloatArray, counts: FloatArray, axis: int = -1) -> Any:
    return sums.sum(axis=axis) / counts.sum(axis=axis)
