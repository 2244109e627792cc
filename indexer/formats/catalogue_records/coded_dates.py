"""Whether the printed or the coded date of a record gives the year of the book."""

import re

from core.dates import first_year, is_corrected

LUNAR_DIFFERENCE = range(540, 661)
"""Years between a Hijri, Bengali, Armenian or solar Hijri year and the same year of our calendar."""

OTHER_CALENDAR = re.compile(
    r"\ba\.?\s?h\b|hi[jǧ]r|hégir|heg[iy]r|hicr|sa[mṃ]vat|\bv\.?\s?s\.|vikram|[śs]aka\b|shaka",
    re.IGNORECASE,
)


def prefers_code(printed: str, coded_date: str) -> bool:
    """Return whether the coded date gives the year, because the printed one has none or is of another calendar."""
    coded_year, printed_year = first_year(coded_date), first_year(printed)
    if coded_year is None or coded_year == printed_year:
        return False
    if printed_year is not None and (is_corrected(printed) or printed_year - coded_year in LUNAR_DIFFERENCE):
        # Some fields 008 repeat the printed year although it is wrong or of another calendar.
        return False
    if printed_year is None or not re.search(r"\d{4}", printed):
        return True
    printed_numbers = re.findall(r"\d{4}", printed)
    is_converted = str(printed_year) not in printed_numbers
    is_printed = str(coded_year) in printed_numbers
    return (
        is_printed
        or is_converted
        or coded_year - printed_year in LUNAR_DIFFERENCE
        or bool(OTHER_CALENDAR.search(printed))
    )
