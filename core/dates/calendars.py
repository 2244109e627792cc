"""Convert the years of other calendars. One of their years lies in two years of ours."""

import re
from collections.abc import Callable, Iterator
from functools import partial, reduce
from itertools import chain
from typing import NamedTuple

from core.dates.eras import ERA_YEAR, era_years
from core.dates.hijri import (
    ISLAMIC_CENTURY,
    ISLAMIC_YEAR,
    PAIRED_CENTURIES,
    is_paired_century,
    islamic_years,
    read_islamic_century,
    read_islamic_years,
)
from core.dates.numerals import roman_value
from core.dates.year_range import MAX_YEAR, YearRange

GREGORIAN_FROM_REPUBLICAN, LAST_REPUBLICAN_YEAR = 1791, 14
"""Year I of the French Republic began on 22 September 1792; the calendar ended in year XIV."""

YEAR_OFFSETS = tuple(
    (re.compile(rf"(?<!\w)(?:{pattern})(?!\d)", re.IGNORECASE), offsets)
    for pattern, offsets in {
        # Solar Hijri
        r"(?:a\.?\s?s\.?\s?h\.?|s\.?h\.?|a\.?\s?p\.?|solar\s+hijri|shamsi)\s*(1[0-4]\d\d)": (621, 622),
        r"(1[0-4]\d\d)\s*(?:s\.?\s?h\b|a\.?\s?p\b|shamsi|خورش[یي]د[یي])": (621, 622),
        r"(1[0-4]\d\d)\s*(?:هـ?\s?\.?\s?)?ش(?:مس[یي])?(?!\w)": (621, 622),
        # Rumi, the financial year of the Ottoman Empire
        r"(?:rum[iî]|mal[iî]|(?-i:R)\.)\s*(1[23]\d\d)": (584, 585),
        r"(1[23]\d\d)\s*(?:rum[iî]|mal[iî]|(?-i:R)\.)(?!\w)": (584, 585),
        # Coptic
        r"(?:anno\s+martyrum|a\.?\s?mart\.?|era\s+of\s+the\s+martyrs)\s*(1[0-7]\d\d)": (283, 284),
        # Korean
        r"(?:檀紀|단기|tan['’]?gi|dangi)\s*(4[23]\d\d)": (-2333, -2333),
        # Anno Lucis of the Freemasons
        r"(?:anno\s+lucis|a\.?\s?l\.?)\s*(5[5-9]\d\d)": (-4000, -4000),
        # Jewish
        r"(?:(?:anno\s+mundi|a\.?\s?m\.?)\s*)?(?<![\d.])(5[2-7]\d\d)": (-3761, -3760),
        # Byzantine
        r"(?:anno\s+mundi|a\.?\s?m\.?|лет[ао])\s*(7[0-2]\d\d)": (-5509, -5508),
        r"(7[0-2]\d\d)\s*(?:г\S*\s*)?от\s+с": (-5509, -5508),
        # Buddhist
        r"(?:b\.?\s?e\.?|buddhist\s+era|พ\.?\s?ศ\.?)\s*(2[3-6]\d\d)": (-544, -543),
        # Saka and Vikram
        r"(?:[sś][aā]ka|shaka)(?:\s+era)?\s*(1[3-9]\d\d)": (78, 79),
        r"(?:vikram\w*|sa[mṃ]vat\w*|v\.?\s?s\.?|संवत्)\s*(?:samvat\s*)?((?:1[6-9]|20)\d\d)": (-57, -56),
    }.items()
)
"""Year with its mark → what is added for the first and the last year of ours."""

PAIRED_YEARS = re.compile(
    r"(?<!\d)(?P<year>1[0-4]\d\d|[89]\d\d)(?:\s?[-–]\s?(?:1[0-4]\d\d|\d\d?)(?!\d))?"
    r"(?=\D{0,20}[\[(=/,](?:\D{0,20}\d{1,2})?\D{0,20}(?<!\d)(?P<gregorian>1[4-9]\d\d|20\d\d)(?!\d))"
    r"|[\[(](?P<bracketed>1[0-4]\d\d)[\])](?=\s*(?P<following>1[4-9]\d\d|20\d\d)(?!\d))"
)
"""A year, and the same year of our calendar in brackets: `1314 [1896]`, `1106/29 Oct. 1694`."""

CALENDAR_DIFFERENCES = frozenset((551, 552, 583, 584, 585, 590, 591, 593, 594, 621, 622, 638, 639))
"""Years between our calendar and the Armenian (551), Rumi (584), Fasli (590), Bengali (593), solar Hijri (621) and
Burmese (638) year."""

REPUBLICAN_WORDS = (
    *(
        r"un|premier|i(?=er\b)",
        r"deux(?:i[èe]me)?|second",
        r"trois(?:i[èe]me)?",
        r"quatre|quatri[èe]me",
        r"cinq(?:ui[èe]me)?",
    ),
    *(r"six(?:i[èe]me)?", r"sept(?:i[èe]me)?", r"huit(?:i[èe]me)?", r"neuf|neuvi[èe]me", r"dix(?:i[èe]me)?"),
    *(r"onze|onzi[èe]me", r"douze|douzi[èe]me", r"treize|treizi[èe]me", r"quatorze|quatorzi[èe]me"),
)
"""The years I to XIV in words."""

REPUBLICAN_YEAR = re.compile(
    r"(?:\b(?:ans?|an(?:no|née)|year|jahr)\s+(?:(?P<after>[ivx]{1,4}|\d{1,2})(?:er|e|re)?"
    rf"|(?P<word>{'|'.join(REPUBLICAN_WORDS)}))(?![\w'’])(?!\s*e\.?\s?f)"
    r"|\b(?P<before>\d{1,2})\s?e\s+année)",
    re.IGNORECASE,
)

HEBREW_LETTERS = dict(
    zip("אבגדהוזחטיכלמנסעפצקרשת", chain(range(1, 10), range(10, 100, 10), range(100, 500, 100)), strict=True)
)
HEBREW_LETTERS |= dict(zip("ךםןףץ", (20, 40, 50, 80, 90), strict=True))
FIRST_HEBREW_YEAR = 5200
"""Year 1439/1440: no printed book is older."""
HEBREW_YEAR = re.compile(r"(?<!\w)(?!לפ.ק)(?:ה['׳\"]?(?=[ק-ת]))?([א-ת]{1,5})[\"״”'׳]{1,2}([א-ת])(?!\w)")
"""The thousands are left out: `תקנ״ה` is (5)555."""

Reader = Callable[[re.Match[str]], YearRange | None]

REMOVED = "\x00"
FIRST_PLACEHOLDER, PLACEHOLDER = 0xE000, re.compile("[\ue000-\uf8ff]")
"""These characters stand for the years that are converted, so that no word before them refers to a year after them."""


class ConvertedText(NamedTuple):
    gregorian: str
    """The text without the years of other calendars."""
    converted: str
    """The text with the same years in our calendar."""
    years: YearRange | None
    """All converted years together."""


def convert_calendars(text: str) -> ConvertedText:
    """Return a text without the years of other calendars, and with these years in our calendar."""
    text, ranges = PLACEHOLDER.sub(REMOVED, text), list[YearRange]()
    for pattern, read_years in _readers():
        for match in reversed(list(pattern.finditer(text))):
            if years := read_years(match):
                text = text[: match.start()] + chr(FIRST_PLACEHOLDER + len(ranges)) + text[match.end() :]
                ranges.append(years)
    for match in reversed(list(PAIRED_CENTURIES.finditer(text))):
        if is_paired_century(match):
            text = text[: match.start()] + REMOVED + text[match.end() :]
    for match in reversed(list(PAIRED_YEARS.finditer(text))):
        year, gregorian_year = match["year"] or match["bracketed"], match["gregorian"] or match["following"]
        if _is_same_year(int(year), int(gregorian_year)):
            text = text[: match.start()] + REMOVED + text[match.end() :]
    converted = PLACEHOLDER.sub(lambda match: f" {ranges[ord(match[0]) - FIRST_PLACEHOLDER]} ", text)
    return ConvertedText(text, converted, reduce(YearRange.union, ranges) if ranges else None)


def _readers() -> Iterator[tuple[re.Pattern[str], Reader]]:
    for pattern, offsets in YEAR_OFFSETS:
        yield pattern, partial(_offset_years, offsets)
    yield ISLAMIC_CENTURY, read_islamic_century
    yield ISLAMIC_YEAR, read_islamic_years
    yield REPUBLICAN_YEAR, _republican_years
    yield ERA_YEAR, era_years
    yield HEBREW_YEAR, _hebrew_years


def _offset_years(offsets: tuple[int, int], match: re.Match[str]) -> YearRange | None:
    year = int(match[1])
    return YearRange.within_limits(year + offsets[0], year + offsets[1])


def _republican_years(match: re.Match[str]) -> YearRange | None:
    year = _republican_number(match["word"] or match["after"] or match["before"])
    first = GREGORIAN_FROM_REPUBLICAN + year
    return YearRange(first, first + 1) if 1 <= year <= LAST_REPUBLICAN_YEAR else None


def _republican_number(numeral: str) -> int:
    words = enumerate(REPUBLICAN_WORDS, start=1)
    number = next((number for number, word in words if re.fullmatch(word, numeral, re.IGNORECASE)), 0)
    return number or (int(numeral) if numeral.isdecimal() else roman_value(numeral) or 0)


def _hebrew_years(match: re.Match[str]) -> YearRange | None:
    year = 5000 + sum(HEBREW_LETTERS[letter] for letter in match[1] + match[2])
    years = YearRange.within_limits(year - 3761, year - 3760)
    return years if years and year >= FIRST_HEBREW_YEAR and years.last <= MAX_YEAR else None


def _is_same_year(year: int, gregorian_year: int) -> bool:
    lunar = islamic_years(year)
    return lunar.first - 1 <= gregorian_year <= lunar.last + 1 or gregorian_year - year in CALENDAR_DIFFERENCES
