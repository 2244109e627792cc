"""Years of eras of Japan, China and Korea: `Meiji 20` is 1887."""

import re
import tomllib
from importlib.resources import files

from core.dates.numerals import kanji_value
from core.dates.year_range import YearRange

LETTERS = {"-": r"[\s-]?", "'": "['’ʼ]?", "ō": "[ōo]", "ū": "[ūu]", "ü": "[üu]", "ŏ": "[ŏo]", "ŭ": "[ŭu]"}
"""Letters of names in `eras.toml` that are also written in other ways."""


def _compile_names() -> dict[str, int]:
    """Return the patterns of all names, each with the first year of its era, the longest first."""
    table = tomllib.loads(files("core.dates").joinpath("eras.toml").read_text(encoding="utf-8"))
    names = {name: int(year) for year, names in table.items() for name in names.split()}
    return {_name_pattern(name): names[name] for name in sorted(names, key=len, reverse=True)}


def _name_pattern(name: str) -> str:
    pattern = "".join(LETTERS.get(letter, letter) for letter in name)
    return re.sub(r"n(?=[bp])", "[nm]", pattern)


_STARTS = _compile_names()

ERA_YEAR = re.compile(
    rf"(?<![a-z])(?P<era>{'|'.join(_STARTS)})[\s-]*"
    r"(?P<year>\d{1,2}|[元〇一二三四五六七八九十廿卅]{1,3}|gan-?nen)(?!\d)(?P<decade>\s?年代)?",
    re.IGNORECASE,
)


def era_years(match: re.Match[str]) -> YearRange | None:
    """Return the year, or the ten years of `明治三十年代`."""
    start = next(first for pattern, first in _STARTS.items() if re.fullmatch(pattern, match["era"], re.IGNORECASE))
    year = 1 if match["year"].lower().startswith("gan") else kanji_value(match["year"])
    if not year:
        return None
    first = start + year - 1
    return YearRange.within_limits(first, first + (9 if match["decade"] else 0))
