"""Show a date to readers: as the catalogue writes it, with its years where they do not stand in it."""

from core.dates.year_range import YearRange


def describe_date(date: str, years: YearRange | None) -> str:
    """Return `[1867?]`, `[18--?] (1800–1899)`, or only the years if the record has no date in words."""
    if years is None:
        return date
    if not date:
        return str(years)
    is_repeated = str(years.first) in date and str(years.last) in date
    return date if is_repeated else f"{date} ({str(years).rstrip('?')})"
