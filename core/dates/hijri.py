"""Years and centuries of the Hijra: `A.H. 1106`, `شعبان ١١٠٦`, `12th century A.H.`."""

import datetime as dt
import re

from core.dates.numerals import roman_value
from core.dates.words import any_word
from core.dates.year_range import CURRENT_YEAR, YearRange

ISLAMIC_EPOCH = 227015
"""Day number of 1 Muharram 1 (19 July 622 in the proleptic Gregorian calendar)."""

MONTHS = (
    r"mu[hḥ]arr?am|[sṣ]afar|rab[iīî][ʿʻ‘'’]?(?:\s+(?:al-\w+|i{1,2}|[12]))?|[jǧ]um[aā]d[aāáà]\w*(?:\s+(?:al-\w+|i{1,2}|[12]))?"
    r"|ra[jǧ]ab|[sš]h?a[ʿʻ‘'’]?b[aā]n|rama[dḍz][h]?[aā]n|shaww?[aā]l|(?:dh|d|ḏ|z)[hū]?[uū]?\s?[aʾʼ'’]?l-?\s?[qḥhk][ʿʻ‘'’]?\w+"
    r"|محرم|صفر|ربيع\s+\S+|جماد[ىي]\s+\S+|رجب|شعبان|رمضان|شوال|ذ[وي]\s+ال\S+"
)
BEFORE = (
    r"a\.?\s?h\.?|(?-i:H)\.?|h\.|anno\s+(?:hegirae|hijrae)|hi[jǧg]r\w*|hicr\w*|hégire|san(?:at|ah?)|sene|سنة|سنه|عام|هـ"
    rf"|{MONTHS}"
)
AFTER = (
    r"/?\s?(?:a\.?\s?h\b|h\b|hi[jǧg]r\w*|hicr[iî]\w*|de\s+l['’]hégire)\.?|senesi|hegir\w*|\[?(?:h\.?\s?)?q\b"
    r"|هـ|ه(?!\w)|للهجرة|هجري\w*|ق(?:مري)?(?!\w)"
)
"""What stands before and after a year of the Hijra; a month needs no other mark."""

JOIN = r"\s?(?:[-–/]|or|and|oder|ou|eller|to)\s?"
LONG_YEAR = r"1[0-4]\d\d|[89]\d\d"

ISLAMIC_YEAR = re.compile(
    rf"(?<!\w)(?:{BEFORE})\s*(?:year\s*)?(?P<after>1[0-4]\d\d|[2-9]\d\d)(?!\d)(?:{JOIN}(?P<last_after>1[0-4]\d\d|\d\d?)(?!\d))?"
    rf"|(?<!\d)(?P<before>{LONG_YEAR}|[2-7]\d\d(?=\s*(?:a\.?\s?h\b|hi[jǧg]r|هـ)))(?:{JOIN}(?P<last_before>{LONG_YEAR}|\d\d?))?\s*(?:{AFTER})",
    re.IGNORECASE,
)

CENTURY_NUMBER = r"(?:(?P<{0}>\d{{1,2}})(?:st|nd|rd|th|e|ème|\.)?|(?P<{1}>(?-i:[IVX]+))(?:e|ème|\.)?)"
ISLAMIC_MARK = r"(?:a\.?\s?h\.?|hi[jǧg]r\w*|de\s+l['’]hégire|هـ)"
ISLAMIC_CENTURY = re.compile(
    rf"(?<!\w)(?:{ISLAMIC_MARK}\s+{CENTURY_NUMBER.format('number_1', 'roman_1')}\s*{any_word('century')}"
    rf"|{CENTURY_NUMBER.format('number_2', 'roman_2')}\s*{any_word('century')}\s*(?:{ISLAMIC_MARK}|(?-i:H)\.?)(?!\w)"
    rf"|(?:القرن|المائة)\s+(?P<number_3>\d{{1,2}})\s*هـ)",
    re.IGNORECASE,
)

PAIRED_CENTURIES = re.compile(
    rf"(?<!\w){CENTURY_NUMBER.format('number', 'roman')}(?:\s?[-–]\s?(?:\d\d?|(?-i:[IVX]+))(?:th|e|ème|\.)?)?\s?/\s?"
    rf"(?=(?:(?P<other_number>\d\d)|(?P<other_roman>(?-i:[IVX]+)))(?:th|e|ème|\.)?"
    rf"(?:\s?[-–]\s?(?:\d\d?|(?-i:[IVX]+))(?:th|e|ème|\.)?)?\s*{any_word('century')})",
    re.IGNORECASE,
)
"""Centuries of the Hijra before the same of our calendar: `XII/XVIII century`."""

CENTURY_DIFFERENCE = 6
FIRST_PAIRED_CENTURY = 3


def islamic_years(year: int) -> YearRange:
    """Return the Gregorian years of a year of the Hijra.

    The tabular calendar of Reingold and Dershowitz, "Calendrical Calculations", chapter 7: 11 of 30 years have 355
    days, the others 354. It differs from observed months by a day or two.
    """
    first_day = _islamic_new_year(year)
    return YearRange(dt.date.fromordinal(first_day).year, dt.date.fromordinal(_islamic_new_year(year + 1) - 1).year)


def read_islamic_years(match: re.Match[str]) -> YearRange | None:
    """Return the years of `A.H. 1106` or `1187-88 A.H.`."""
    first = match["after"] or match["before"]
    last = match["last_after"] or match["last_before"] or first
    # `1187-88` shares the century; `900-1000` does not.
    shared_digits = first[: max(0, len(first) - len(last))]
    years = islamic_years(int(first)).union(islamic_years(int(shared_digits + last)))
    return YearRange.within_limits(years.first, years.last) if years.first <= CURRENT_YEAR else None


def read_islamic_century(match: re.Match[str]) -> YearRange | None:
    """Return the years of `12th century A.H.`."""
    number = next((int(digits) for key in ("number_1", "number_2", "number_3") if (digits := match[key])), None)
    number = number or roman_value(match["roman_1"] or match["roman_2"] or "")
    if not number:
        return None
    first, last = islamic_years(number * 100 - 99), islamic_years(number * 100)
    return YearRange.within_limits(first.first, last.last)


def is_paired_century(match: re.Match[str]) -> bool:
    """Return whether the first of two centuries is the same of the Hijra."""
    number = int(match["number"]) if match["number"] else roman_value(match["roman"]) or 0
    other_number = int(match["other_number"]) if match["other_number"] else roman_value(match["other_roman"]) or 0
    return number >= FIRST_PAIRED_CENTURY and other_number - number == CENTURY_DIFFERENCE


def _islamic_new_year(year: int) -> int:
    return ISLAMIC_EPOCH + (year - 1) * 354 + (3 + 11 * year) // 30
