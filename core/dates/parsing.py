"""Parse a date as catalogues write it into a range of years."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from core.dates.calendars import convert_calendars
from core.dates.centuries import century_tokens
from core.dates.numerals import plain_numbers
from core.dates.token import Token
from core.dates.words import (
    BEFORE_CHRIST,
    BETWEEN_ABBREVIATED,
    COPYRIGHT,
    CORRECTION,
    DOUBT,
    JOIN_AND,
    JOIN_LOOSE,
    JOIN_OR,
    JOIN_TO,
    MONTH,
    OR_EARLIER,
    OR_LATER,
    bound_before,
    is_join,
)
from core.dates.year_range import YearRange
from core.dates.years import early_year_tokens, year_tokens

OPEN_START = re.compile(r"\s*(?:\.\.|unknown)?\s*/\s*|\s*\.\.\s*")
OPEN_END = re.compile(
    r"(?:-\d\d){0,2}\s*(?:[-–—/→]\s*(?:\.\.|open|unknown|present|heute|9999|u{4})?[\s.]*"
    r"|(?:[-–—]\s*)?(?:(?:to|till?|until)\s+(?:the\s+)?(?:date|present|now|nå|i dag)|bis\s+heute|à nos jours|\+)\s*)"
    r"|\s*\.\.\s*",
    re.IGNORECASE,
)

PLAIN_DATE = re.compile(r"(1[5-9][0-9]{2})(?:-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))?")
"""A year or a day of our calendar, as most records write their dates; other calendars have other years or marks."""

FIRST_COPYRIGHT_YEAR = 1790
"""Before the first copyright act of the United States, `c1750` means circa."""

LOWER_BOUNDS, UPPER_BOUNDS = ("not_before", "after"), ("not_after", "before")


def parse_years(date: str) -> YearRange | None:
    """Return the years that a date stands for, or None if it names none.

    The table in docs/librarians.md shows what is read.
    """
    if plain_date := PLAIN_DATE.fullmatch(date):
        return YearRange(int(plain_date[1]), int(plain_date[1]))
    text = BETWEEN_ABBREVIATED.sub(r"\1\2 and \1\3", plain_numbers(date))
    if BEFORE_CHRIST.search(text):
        return None
    years = _corrected_years(text)
    return replace(years, is_certain=False) if years and DOUBT.search(text) else years


def is_corrected(date: str) -> bool:
    """Return whether a date says that the printed year is wrong: `1785 [i.e. 1758]`."""
    return any(
        _calendar_years(text[match.end() :]) for text in [plain_numbers(date)] for match in CORRECTION.finditer(text)
    )


def first_years(dates: Iterable[str]) -> YearRange | None:
    """Return the years of the first date that names any."""
    return next((years for date in dates if (years := parse_years(date))), None)


def first_year(date: str) -> int | None:
    """Return the first year of a date, or None if it names none."""
    years = parse_years(date)
    return years.first if years else None


def _corrected_years(text: str) -> YearRange | None:
    corrections = list(CORRECTION.finditer(text))
    for correction in reversed(corrections):
        if years := _calendar_years(text[correction.end() :]):
            return years
    return _calendar_years(text)


def _calendar_years(text: str) -> YearRange | None:
    """Return the years of our calendar if the date gives them, otherwise the converted years."""
    converted_text = convert_calendars(text)
    if (years := _gregorian_years(converted_text.gregorian)) or not converted_text.years:
        return years
    return _bounded_years(converted_text.converted, list(year_tokens(converted_text.converted))) or converted_text.years


def _gregorian_years(text: str) -> YearRange | None:
    tokens = list(year_tokens(text)) or century_tokens(text) or list(early_year_tokens(text))
    published_tokens = [token for token in tokens if not COPYRIGHT.search(text, 0, token.start)]
    if not tokens:
        return None
    if years := _bounded_years(text, tokens):
        return years
    years = _joined_years(text, published_tokens or tokens)
    is_circa = not published_tokens and years.last < FIRST_COPYRIGHT_YEAR
    return replace(years, is_certain=False) if is_circa else years


def _bounded_years(text: str, tokens: Sequence[Token]) -> YearRange | None:
    """Return the years of `before 1800`, `1867-` and `not before 1480, not after 1490`."""
    if not tokens:
        return None
    lower, upper = _open_range(tokens[0], text) if len(tokens) == 1 else (None, None)
    for index, token in enumerate(tokens):
        start = tokens[index - 1].end if index else 0
        bound = _bound(text[start : token.start], is_first=not index)
        if bound in LOWER_BOUNDS and lower is None:
            lower = (token.years.last + 1) if bound == "after" else token.years.first
        elif bound in UPPER_BOUNDS:
            upper = (token.years.first - 1) if bound == "before" else token.years.last
    if lower is not None and upper is not None and lower <= upper:
        return YearRange.within_limits(lower, upper, is_certain=False)
    if lower is not None:
        joined_years = _joined_years(text, tokens)
        return joined_years if len(tokens) > 1 and joined_years.last > lower else YearRange.since(lower)
    return YearRange.until(upper) if upper is not None else None


def _open_range(token: Token, text: str) -> tuple[int | None, int | None]:
    """Return the end of the range that the text after its only year leaves open: `1867-`, `1867 or later`."""
    tail = _without_brackets(text[token.end :])
    if OPEN_END.fullmatch(tail) or OR_LATER.fullmatch(tail):
        return token.years.first, None
    return None, token.years.last if OR_EARLIER.fullmatch(tail) else None


def _bound(text: str, *, is_first: bool) -> str:
    """Return the name of the bound that the words before a year express; empty if there is none."""
    if not is_first and any(is_join(pattern, text) for pattern in (JOIN_TO, JOIN_AND, JOIN_OR)):
        return ""
    if is_first and OPEN_START.fullmatch(_without_brackets(text)):
        return "not_after"
    bound = bound_before(text)
    # The year of `before August 1520` is part of the range.
    return {"before": "not_after", "after": "not_before"}.get(bound, bound) if MONTH.search(text) else bound


def _without_brackets(text: str) -> str:
    return re.sub(r"[\[\](){}<>?~%]", "", text)


def _joined_years(text: str, tokens: Sequence[Token]) -> YearRange:
    """Return the years of the first date and of those that are joined to it, as in `1867 to 1869`."""
    years = tokens[0].years
    for left, right in pairwise(tokens):
        between = text[left.end : right.start]
        is_alternative = is_join(JOIN_OR, between)
        is_range = is_join(JOIN_TO, between) or is_join(JOIN_AND, between) or bool(JOIN_LOOSE.fullmatch(between))
        if not (is_alternative or is_range) or right.years.last < years.first:
            break
        is_certain = years.is_certain and right.years.is_certain and not is_alternative
        first = min(years.first, right.years.first) if is_alternative else years.first
        years = YearRange(first, max(years.last, right.years.last), is_certain)
    return years
