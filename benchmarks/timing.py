"""Times two things in turn, and a table of what came out.

Machines are noisy, so every pair is timed A B A B … and the ratio is the median of the ratios.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROUNDS = 15


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    ours: str
    limit: str
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Seconds of two things that were timed in turn."""

    ours: Sequence[float]
    bare: Sequence[float]

    @property
    def ratio(self) -> float:
        return statistics.median(one / other for one, other in zip(self.ours, self.bare, strict=True))


def in_turn(
    ours: Callable[[], object], bare: Callable[[], object], rounds: int = ROUNDS, *, unseen: bool = False
) -> Pair:
    """Both again and again, after one round that does not count unless what was never asked before is the point."""
    times = [(seconds(ours), seconds(bare)) for _ in range(rounds + 1)][0 if unseen else 1 :]
    return Pair([one for one, _ in times], [other for _, other in times])


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def milliseconds(times: Sequence[float]) -> str:
    """The median, and what 95 of 100 stay below."""
    return f"{statistics.median(times) * 1000:.0f} ms (p95 {statistics.quantiles(times, n=20)[-1] * 1000:.0f})"


def table(rows: Sequence[Row]) -> str:
    head = "| what | here | the limit, in the same run | time ÷ limit |\n| --- | --- | --- | --- |\n"
    return head + "".join(f"| {row.what} | {row.ours} | {row.limit} | {_ratio(row)} |\n" for row in rows)


def _ratio(row: Row) -> str:
    return "" if row.ratio is None else f"{row.ratio:.2f}"
