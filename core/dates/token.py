"""The pieces that a date consists of."""

from dataclasses import dataclass

from core.dates.year_range import YearRange


@dataclass(frozen=True, slots=True)
class Token:
    """A year, decade or century and its place in the text of a date."""

    start: int
    end: int
    years: YearRange
