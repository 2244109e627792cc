"""Years, decades and incomplete years: `1867`, `1867-69`, `1860s`, `186-`, `18uu`."""

import re
from collections.abc import Iterator

from core.dates.centuries import part_token
from core.dates.token import Token
from core.dates.words import DASH, DECADE, any_word
from core.dates.year_range import YearRange

MONTHS = range(1, 13)
SEASONS = range(21, 42)
"""EDTF writes seasons as months 21 to 41."""
MAX_ABBREVIATED_YEARS = 20
"""`1898/02` is 1898 to 1902."""

YEAR_TOKEN = re.compile(
    rf"""(?<![\d])(?:
      (?P<round>\d{{3}}0)(?:\s?['’]?s\b|['’]s\b|['’-]?er(?:nes?)?(?:[\s-]jahren?)?\b|[\s-]?tal\w*|[\s-]?årenes?\b|[\s-]?åras?\b
        |['’-]anes?\b
        |-?(?:е|ые|х|ых|гг)\b|\s?те\b|-?(?:luku|luvu)\w*|-[lt]\.|['’]?l[ae]r\b|-?[ae]s\s+évek\w*|\s?年代|년대)
      |(?P<year>\d{{4}}|[89]\d\d(?=–\d{{4}}(?!\d)))
        (?:\s?(?P<link>{DASH}|{any_word("or")})[\s\[(<]{{0,2}}(?P<short>\d{{1,2}})(?!\d|--|[uUxX]|\.?\s?[^\W\d]*\.?\s?\d{{4}}))?(?!\d)
      |(?P<decade>1\d\d|20\d)[-–—_uUxX?.*](?![\dA-Za-z])
      |(?P<century>1\d|20)(?:--|––|——|__|[uU]{{2}}|[xX]{{2}}|\?\?|\.\.|\*\*|-\?)(?![\dA-Za-z])
    )""",
    re.VERBOSE | re.IGNORECASE,
)

EARLY_YEAR = re.compile(r"(?<![\d.,])[89]\d\d(?![\d]|[.,]\d)")


def early_year_tokens(text: str) -> Iterator[Token]:
    """Yield the years 800 to 999; only manuscripts are so old, so nothing else may be a year in the text."""
    if re.search(r"\d", EARLY_YEAR.sub("", text)):
        return
    for match in EARLY_YEAR.finditer(text):
        yield Token(match.start(), match.end(), YearRange(int(match[0]), int(match[0])))


def year_tokens(text: str) -> Iterator[Token]:
    """Yield the years and decades of a text, in its order."""
    for match in YEAR_TOKEN.finditer(text):
        years = _years_of(match, text)
        if years is None:
            continue
        if years.last - years.first >= 9 and not match["short"]:
            yield part_token(years, text, match.start(), match.end())
        else:
            yield Token(match.start(), match.end(), years)


def _years_of(match: re.Match[str], text: str) -> YearRange | None:
    if match["round"]:
        return _round_years(int(match["round"]))
    if match["decade"]:
        return YearRange.within_limits(int(match["decade"]) * 10, int(match["decade"]) * 10 + 9)
    if match["century"]:
        return YearRange.within_limits(int(match["century"]) * 100, int(match["century"]) * 100 + 99)
    year = int(match["year"])
    if year % 10 == 0 and DECADE.search(text, 0, match.start()):
        return YearRange.within_limits(year, year + 9)
    last = _abbreviated_year(match, text) if match["short"] else year
    return YearRange.within_limits(year, last, is_certain=last == year or re.fullmatch(DASH, match["link"]) is not None)


def _round_years(year: int) -> YearRange | None:
    """Return the decade, or the hundred years of `1800s` and `1800-tallet`."""
    return YearRange.within_limits(year, year + (99 if year % 100 == 0 else 9))


def _abbreviated_year(match: re.Match[str], text: str) -> int:
    """Return the last year of `1867-69`, `1867/8` and `1899-00`; the first if the second number is a month or day."""
    year, digits = int(match["year"]), match["short"]
    unit = int(f"1{'0' * len(digits)}")
    last = year // unit * unit + int(digits)
    is_part_of_a_day = re.match(r"[-./:]\d", text[match.end() :])
    is_month = int(digits) in MONTHS or (int(digits) in SEASONS and last <= year)
    if is_part_of_a_day or (match["link"] == "-" and len(digits) == 2 and is_month):
        return year
    if last <= year and len(digits) == 2 and last + unit - year <= MAX_ABBREVIATED_YEARS:
        last += unit
    return max(last, year)
