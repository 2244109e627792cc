"""The years that a date stands for."""

import datetime as dt
from dataclasses import dataclass
from typing import Self

MIN_YEAR, MAX_YEAR = 800, 2100
"""Years outside this range are other calendars or typing errors."""

OPEN_RANGE_YEARS = 100
"""Length of a range of which the catalogue gives only one end, such as `before 1800`."""

CURRENT_YEAR = dt.datetime.now(tz=dt.UTC).year
"""A range without an end does not reach into the future."""


@dataclass(frozen=True, slots=True)
class YearRange:
    """Years of the Gregorian calendar from `first` to `last`, both included."""

    first: int
    last: int
    is_certain: bool = True
    """False if the catalogue marks the date as doubtful or approximate, or gives only one end of the range."""

    @classmethod
    def within_limits(cls, first: int, last: int, *, is_certain: bool = True) -> Self | None:
        """Return the part of the range that is from `MIN_YEAR` to `MAX_YEAR`, or None if there is none."""
        first, last = max(first, MIN_YEAR), min(last, MAX_YEAR)
        return cls(first, last, is_certain) if first <= last else None

    @classmethod
    def until(cls, last: int) -> Self | None:
        """Return the hundred years up to `last`."""
        return cls.within_limits(last - OPEN_RANGE_YEARS + 1, last, is_certain=False)

    @classmethod
    def since(cls, first: int) -> Self | None:
        """Return the hundred years from `first`, but none after the current year."""
        return cls.within_limits(first, max(first, min(first + OPEN_RANGE_YEARS - 1, CURRENT_YEAR)), is_certain=False)

    @property
    def is_one_year(self) -> bool:
        return self.first == self.last

    def union(self, other: "YearRange") -> "YearRange":
        """Return the range from the first to the last year of both."""
        return YearRange(min(self.first, other.first), max(self.last, other.last), self.is_certain and other.is_certain)

    def __str__(self) -> str:
        """Return `1867` or `1860–1869`, with a question mark if it is uncertain; `parse_years` reads it again."""
        years = f"{self.first}" if self.is_one_year else f"{self.first}–{self.last}"
        return years if self.is_certain else f"{years}?"
