"""Alternating measurements of two functions, and the table of the results.

Load varies, so each pair is measured in the order A B A B …, and the ratio is the median of the ratios.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROUNDS = 15

WARM_UP_COUNT = 200
"""Searches of each kind that are sent first: until then Java is still compiling the code that answers them."""

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """One row of the table."""

    description: str
    ours: str
    limit: str
    ratio: float | None = None
    tail_ratio: float | None = None
    """The ratio of the 95th percentiles."""


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

    @property
    def tail_ratio(self) -> float:
        """The 95th percentile of one against that of the other."""
        return percentile_95(self.ours) / percentile_95(self.bare)


def time_alternately(
    ours: Callable[[], object],
    bare: Callable[[], object],
    rounds: int = ROUNDS,
    *,
    clock: Clock = time.perf_counter,
) -> TimedPair:
    """Measure both functions alternately, after a warm-up round."""
    times = [(measure_seconds(ours, clock), measure_seconds(bare, clock)) for _ in range(rounds + 1)][1:]
    return TimedPair([our_seconds for our_seconds, _ in times], [bare_seconds for _, bare_seconds in times])


def measure_seconds(function: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    start = clock()
    function()
    return clock() - start


def format_milliseconds(times: Sequence[float]) -> str:
    """Format the median and the 95th percentile."""
    return f"{statistics.median(times) * 1000:.0f} ms (p95 {percentile_95(times) * 1000:.0f})"


def percentile_95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def markdown_table(rows: Sequence[BenchmarkRow]) -> str:
    header = "| measurement | Frontispiece | lower bound (same run) | ratio |\n| --- | --- | --- | --- |\n"
    return header + "".join(markdown_rows(rows))


def markdown_rows(rows: Sequence[BenchmarkRow]) -> list[str]:
    return [f"| {row.description} | {row.ours} | {row.limit} | {_format_ratio(row)} |\n" for row in rows]


def _format_ratio(row: BenchmarkRow) -> str:
    if row.ratio is None:
        return ""
    return f"{row.ratio:.2f}" if row.tail_ratio is None else f"{row.ratio:.2f} (p95 {row.tail_ratio:.2f})"
