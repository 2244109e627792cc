"""Alternating measurements of two functions, and the table of the results.

Load varies, so each pair is measured in the order A B A B …, and the ratio is the median of the ratios.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROUNDS = 15


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """One row of the table."""

    description: str
    ours: str
    limit: str
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class TimedPair:
    """Seconds of two functions that were measured alternately."""

    ours: Sequence[float]
    bare: Sequence[float]

    @property
    def ratio(self) -> float:
        return statistics.median(
            our_seconds / bare_seconds for our_seconds, bare_seconds in zip(self.ours, self.bare, strict=True)
        )


def time_alternately(
    ours: Callable[[], object], bare: Callable[[], object], rounds: int = ROUNDS, *, without_warm_up: bool = False
) -> TimedPair:
    """Measure both functions alternately, after a warm-up round unless cold caches are to be measured."""
    times = [(measure_seconds(ours), measure_seconds(bare)) for _ in range(rounds + 1)][0 if without_warm_up else 1 :]
    return TimedPair([our_seconds for our_seconds, _ in times], [bare_seconds for _, bare_seconds in times])


def measure_seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def format_milliseconds(times: Sequence[float]) -> str:
    """Format the median and the 95th percentile."""
    return f"{statistics.median(times) * 1000:.0f} ms (p95 {statistics.quantiles(times, n=20)[-1] * 1000:.0f})"


def markdown_table(rows: Sequence[BenchmarkRow]) -> str:
    header = "| measurement | Frontispiece | lower bound (same run) | ratio |\n| --- | --- | --- | --- |\n"
    return header + "".join(
        f"| {row.description} | {row.ours} | {row.limit} | {_format_ratio(row)} |\n" for row in rows
    )


def _format_ratio(row: BenchmarkRow) -> str:
    return "" if row.ratio is None else f"{row.ratio:.2f}"
