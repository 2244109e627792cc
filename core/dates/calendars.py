"""Convert the years of other calendars. One of their years lies in two years of ours."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import partial, reduce
from itertools import chain

from core.dates.numerals import kanji_value, roman_value
from core.dates.year_range import MAX_YEAR, YearRange

ISLAMIC_EPOCH = 227015
"""Day number of 1 Muharram 1 (19 July 622 in the proleptic Gregorian calendar)."""

GREGORIAN_FROM_REPUBLICAN, LAST_REPUBLICAN_YEAR = 1791, 14
"""Year I of the French Republic began on 22 September 1792; the calendar ended in year XIV."""

YEAR_OFFSETS = tuple(
    (re.compile(rf"(?<!\w)(?:{pattern})(?!\d)", re.IGNORECASE), offsets)
    for pattern, offsets in {
        # Solar Hijri
        r"(?:a\.?\s?s\.?\s?h\.?|solar\s+hijri|shamsi)\s*(1[0-4]\d\d)": (621, 622),
        r"(1[0-4]\d\d)\s*(?:s\.?\s?h\b|shamsi|هـ?\s?\.?\s?ش)": (621, 622),
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

ISLAMIC_YEAR = re.compile(
    r"\b(?:a\.?\s?h\.?|h\.|anno\s+hegirae|hi[jǧg]r\w*|hicr\w*|hégire|sanat|sene|سنة|سنه)\s*(?:year\s*)?(?P<after>1[0-4]\d\d|[89]\d\d)(?!\d)"
    r"(?:\s?(?:[-–/]|or|and)\s?(?P<last>1[0-4]\d\d|\d\d?)(?!\d))?"
    r"|(?<!\d)(?P<before>1[0-4]\d\d|[89]\d\d)\s*(?:/?\s?(?:a\.?\s?h\b|h\b|hi[jǧg]r\w*|hicr\w*)\.?|هـ|ه(?!\w)|للهجرة|هجري\w*)",
    re.IGNORECASE,
)

PAIRED_YEARS = re.compile(
    r"(?<!\d)(1[0-4]\d\d|[89]\d\d)(?:\s?[-–]\s?1[0-4]\d\d)?(?=\D{0,20}[\[(=/](?:\D{0,20}\d{1,2})?\D{0,20}(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d))"
)
"""A year, and the year of our calendar in brackets: `1314 [1896]`, `1106/29 Oct. 1694`."""

REPUBLICAN_YEAR = re.compile(
    r"(?:\b(?:an|an(?:no|née)|year|jahr)\s+(?P<after>[ivx]{1,4}|\d{1,2})(?:er|e|re)?(?![\w'’])(?!\s*e\.?\s?f)"
    r"|\b(?P<before>\d{1,2})\s?e\s+année)",
    re.IGNORECASE,
)

HEBREW_LETTERS = dict(
    zip("אבגדהוזחטיכלמנסעפצקרשת", chain(range(1, 10), range(10, 100, 10), range(100, 500, 100)), strict=True)
)
HEBREW_LETTERS |= dict(zip("ךםןףץ", (20, 40, 50, 80, 90), strict=True))
FIRST_HEBREW_YEAR = 5200
"""Year 1439/1440: no printed book is older."""
HEBREW_YEAR = re.compile(r"(?<!\w)(?!לפ.ק)(?:ה['׳])?([א-ת]{1,5})[\"״”']([א-ת])(?!\w)")
"""The thousands are left out: `תקנ״ה` is (5)555."""

ERAS = {
    1596: "慶長 Keichō",
    1615: "元和 Genna",
    1624: "寛永 Kan'ei",
    1644: "正保 Shōhō",
    1648: "慶安 Keian",
    1652: "承応 Jōō",
    1655: "明暦 Meireki",
    1658: "万治 Manji",
    1661: "寛文 Kanbun",
    1673: "延宝 Enpō",
    1681: "天和 Tenna",
    1684: "貞享 Jōkyō",
    1688: "元禄 Genroku",
    1704: "宝永 Hōei",
    1711: "正徳 Shōtoku",
    1716: "享保 Kyōhō",
    1741: "寛保 Kanpō",
    1744: "延享 Enkyō",
    1748: "寛延 Kan'en",
    1751: "宝暦 Hōreki",
    1764: "明和 Meiwa",
    1772: "安永 An'ei",
    1781: "天明 Tenmei",
    1789: "寛政 Kansei",
    1801: "享和 Kyōwa",
    1804: "文化 Bunka",
    1818: "文政 Bunsei",
    1830: "天保 Tenpō",
    1844: "弘化 Kōka",
    1848: "嘉永 Kaei",
    1854: "安政 Ansei",
    1860: "万延 Man'en",
    1861: "文久 Bunkyū",
    1864: "元治 Genji",
    1865: "慶応 Keiō",
    1868: "明治 Meiji",
    1912: "大正 Taishō 民國 民国 Minguo",
    1926: "昭和 Shōwa",
    1989: "平成 Heisei",
    2019: "令和 Reiwa",
    1662: "康熙 Kangxi",
    1723: "雍正 Yongzheng",
    1736: "乾隆 Qianlong 元文 Genbun",
    1796: "嘉慶 Jiaqing",
    1821: "道光 Daoguang",
    1851: "咸豐 Xianfeng",
    1862: "同治 Tongzhi",
    1875: "光緒 光绪 Guangxu",
    1909: "宣統 Xuantong",
}
"""First year of eras of Japan and China."""

ERA_STARTS = {name.lower(): first for first, names in ERAS.items() for name in names.split()}
ERA_STARTS |= {name.translate(str.maketrans("ōū", "ou", "'")): first for name, first in ERA_STARTS.items()}
ERA_STARTS |= {re.sub("n(?=[bp])", "m", name): first for name, first in ERA_STARTS.items()}
ERA_YEAR = re.compile(
    rf"(?<![a-z])({'|'.join(sorted(ERA_STARTS, key=len, reverse=True))})\s*"
    r"(\d{1,2}|[元〇一二三四五六七八九十]{1,3})(?!\d)",
    re.IGNORECASE,
)

Reader = Callable[[re.Match[str]], YearRange | None]

CONVERTED = "\x00"
"""Stands for the years that are converted, so that no word before them refers to a year after them."""


def convert_calendars(text: str) -> tuple[str, YearRange | None]:
    """Return a text without the years of other calendars, and these years in our calendar."""
    ranges: list[YearRange] = []
    for pattern, read_years in _readers():
        for match in reversed(list(pattern.finditer(text))):
            if years := read_years(match):
                ranges.append(years)
                text = text[: match.start()] + CONVERTED + text[match.end() :]
    for match in reversed(list(PAIRED_YEARS.finditer(text))):
        if _is_same_year(int(match[1]), int(match[2])):
            text = text[: match.start()] + CONVERTED + text[match.end() :]
    return text, reduce(YearRange.union, ranges) if ranges else None


def _readers() -> Iterator[tuple[re.Pattern[str], Reader]]:
    for pattern, offsets in YEAR_OFFSETS:
        yield pattern, partial(_offset_years, offsets)
    yield ISLAMIC_YEAR, _islamic_years
    yield REPUBLICAN_YEAR, _republican_years
    yield ERA_YEAR, _era_years
    yield HEBREW_YEAR, _hebrew_years


def islamic_years(year: int) -> YearRange:
    """Return the Gregorian years of a year of the Hijra.

    The tabular calendar of Reingold and Dershowitz, "Calendrical Calculations", chapter 7: 11 of 30 years have 355
    days, the others 354. It differs from observed months by a day or two.
    """
    first_day = _islamic_new_year(year)
    return YearRange(dt.date.fromordinal(first_day).year, dt.date.fromordinal(_islamic_new_year(year + 1) - 1).year)


def _islamic_years(match: re.Match[str]) -> YearRange:
    """Return the years of `A.H. 1106` or `A.H. 1187-88`."""
    first = match["after"] or match["before"]
    last = match["last"] or first
    # `1187-88` shares the century; `900-1000` does not.
    shared_digits = first[: max(0, len(first) - len(last))]
    return islamic_years(int(first)).union(islamic_years(int(shared_digits + last)))


def _islamic_new_year(year: int) -> int:
    return ISLAMIC_EPOCH + (year - 1) * 354 + (3 + 11 * year) // 30


def _offset_years(offsets: tuple[int, int], match: re.Match[str]) -> YearRange | None:
    year = int(match[1])
    return YearRange.within_limits(year + offsets[0], year + offsets[1])


def _republican_years(match: re.Match[str]) -> YearRange | None:
    numeral = match["after"] or match["before"]
    year = int(numeral) if numeral.isdecimal() else roman_value(numeral) or 0
    first = GREGORIAN_FROM_REPUBLICAN + year
    return YearRange(first, first + 1) if 1 <= year <= LAST_REPUBLICAN_YEAR else None


def _era_years(match: re.Match[str]) -> YearRange | None:
    start = ERA_STARTS[match[1].lower()]
    year = kanji_value(match[2])
    return YearRange.within_limits(start + year - 1, start + year - 1) if year else None


def _hebrew_years(match: re.Match[str]) -> YearRange | None:
    year = 5000 + sum(HEBREW_LETTERS[letter] for letter in match[1] + match[2])
    years = YearRange.within_limits(year - 3761, year - 3760)
    return years if years and year >= FIRST_HEBREW_YEAR and years.last <= MAX_YEAR else None


def _is_same_year(year: int, gregorian_year: int) -> bool:
    lunar = islamic_years(year)
    return lunar.first - 1 <= gregorian_year <= lunar.last + 1 or gregorian_year - year in (621, 622)
