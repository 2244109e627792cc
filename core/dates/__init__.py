"""Read dates as catalogues write them."""

from core.dates.description import describe_date
from core.dates.parsing import first_year, first_years, is_corrected, parse_years
from core.dates.year_range import MAX_YEAR, MIN_YEAR, YearRange

__all__ = [
    "MAX_YEAR",
    "MIN_YEAR",
    "YearRange",
    "describe_date",
    "first_year",
    "first_years",
    "is_corrected",
    "parse_years",
]
