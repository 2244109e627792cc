"""Parse the first year out of a date as catalogues write it."""

import re
from itertools import pairwise

MIN_YEAR, MAX_YEAR = 800, 2100
"""Years outside this range are other calendars or typing errors."""

FIRST_PRINTED_YEAR = 1440
"""No printed book is older."""

ROMAN_NUMERAL = re.compile(r"\bM{0,3}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})\b")
ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
CENTURY_PATTERN = re.compile(
    r"\b(\d{1,2})(?:\.|st|nd|rd|th|e|er|ème|de)?\s*(?:cent|jh|jahrh|si[èe]c|århundre|eeuw)", re.IGNORECASE
)


def first_year(date: str) -> int | None:
    """Return the first year of a date, or None: `[1867?]`, `1867-1869`, `18670501`, `186-`, `MDCCCLXVII`, `19. Jh.`."""
    unbracketed_date = re.sub(r"[\[\](){}<>]", "", date)
    candidate_years = (
        _year_of_century(unbracketed_date),
        _year_of_four_digits(unbracketed_date),
        _year_of_partial_date(unbracketed_date),
        _year_of_roman_numeral(unbracketed_date),
    )
    return next((year for year in candidate_years if year is not None and MIN_YEAR <= year <= MAX_YEAR), None)


def _year_of_century(date: str) -> int | None:
    if re.search(r"\d{4}", date):
        return None
    century_match = CENTURY_PATTERN.search(date)
    return (int(century_match[1]) - 1) * 100 if century_match else None


def _year_of_four_digits(date: str) -> int | None:
    years = [int(year) for year in re.findall(r"(?<!\d)(\d{4})(?!\d)", date)]
    years += [int(year) for year in re.findall(r"(?<!\d)(\d{4})(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)", date)]
    return next((year for year in years if MIN_YEAR <= year <= MAX_YEAR), None)


def _year_of_partial_date(date: str) -> int | None:
    """Return the year of `18uu`, `18--`, `186-`, `186?` or `1860s`, with 0 for unknown digits."""
    match = re.search(r"(?<!\d)(1\d|20)(\d?)[uUxX?.\-–_]{1,2}(?![\dA-Za-z])", date)
    return int(match[1] + (match[2] or "0") + "0") if match else None


def _year_of_roman_numeral(date: str) -> int | None:
    # Printers write both M.DCC.XC and M DCC XC.
    joined_date = re.sub(r"(?<=[MDCLXVI])[.\s]+(?=[MDCLXVI])", "", date.upper())
    for match in ROMAN_NUMERAL.finditer(joined_date):
        values = [ROMAN_DIGITS[letter] for letter in match[0]]
        year = sum(-a if a < b else a for a, b in pairwise([*values, 0]))
        # Lower numbers are initials or words (`MIX`); no printed book is older than 1440.
        if year >= FIRST_PRINTED_YEAR:
            return year
    return None
