"""How many documents begin, end and overlap in years."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

RunningCounts = tuple[Sequence[int], Sequence[int]]
"""Years in order, and how many documents there are before the first, up to the first, up to the second …"""


@dataclass(frozen=True)
class YearCounts:
    """How many documents begin and how many end in each year."""

    first_years: Mapping[int, int]
    last_years: Mapping[int, int]

    @property
    def span(self) -> tuple[int, int] | None:
        """The first and the last year of all; None if no year is known."""
        return (min(self.first_years), max([*self.first_years, *self.last_years])) if self.first_years else None

    def count_overlapping(self, first: int, last: int) -> int:
        """Return how many documents overlap these years: those that have begun, without those that ended before."""
        return _count_until(last, self._first_year_totals) - _count_until(first - 1, self._last_year_totals)

    @cached_property
    def _first_year_totals(self) -> RunningCounts:
        return _running_counts(self.first_years)

    @cached_property
    def _last_year_totals(self) -> RunningCounts:
        return _running_counts(self.last_years)


def _running_counts(counts: Mapping[int, int]) -> RunningCounts:
    years = sorted(counts)
    return years, [0, *accumulate(counts[year] for year in years)]


def _count_until(year: int, running_counts: RunningCounts) -> int:
    years, counts = running_counts
    return counts[bisect_right(years, year)]
