"""The words of dates, from words.toml, as regular expressions."""

import re
import tomllib
from functools import cache
from importlib.resources import files

DASH = r"[-–—‒―−/]"


@cache
def _word_lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("core.dates").joinpath("words.toml").read_text(encoding="utf-8"))


def any_word(*meanings: str) -> str:
    """Return a regular expression of the words with these meanings, in all languages, as whole words."""
    words = {word for meaning in meanings for words in _word_lists()[meaning].values() for word in words}
    alternatives = "|".join(_word_pattern(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return rf"(?:(?<![^\W\d_])(?:{alternatives})(?![^\W\d_]))"


def _word_pattern(word: str) -> str:
    replacements = {r"\*": r"\w*", r"\ ": r"\s*", "'": "['’]"}
    pattern = re.escape(word)
    for sign, replacement in replacements.items():
        pattern = pattern.replace(sign, replacement)
    return pattern


def compile_words(pattern: str) -> re.Pattern[str]:
    """Return a compiled pattern that ignores case."""
    return re.compile(pattern, re.IGNORECASE)


CIRCA = r"(?:\bc\.?\s+(?=\[?\d)|\b[co]\.\s?(?=\[?\d)|(?<=\d{4})\s+c\.)"
"""`c. 1750`; `c1750` is a copyright date."""

FILLER = compile_words(
    rf"(?>{CIRCA}|{any_word('approximately', 'article', 'month')}|[ld]['’]|\d{{1,2}}(?!\d)|[\s\[(,:.])*+"
)
"""What may stand between such a word, or a dash, and the year: `before the 1st of May 1480`.

Nothing of it is tried in another way: `ca.` is also `ca` and a full stop, which takes for ever if it is repeated.
"""

DOUBT = compile_words(
    rf"(?:\d|(?-i:\b[IVX]+(?:e|th|\b))).*[?~%]|[?~]\[?\d|{CIRCA}|{any_word('approximately')}(?![,;:])|{any_word('doubtful')}"
)
"""A question mark after a word doubts the place: `[London?], 1726`."""
CORRECTION = compile_words(rf"{any_word('correction')}|=|(?<=[\[(])(?:ersch\.|erschienen)")
"""What follows is the true date: `1785 [i.e. 1758]`."""
COPYRIGHT = compile_words(rf"\b[cp]\[?$|{any_word('copyright')}\s*\W{{0,2}}$")
MONTH = compile_words(any_word("month"))
DECADE = compile_words(rf"{any_word('decade')}\s*$")

BOUNDS = {bound: compile_words(any_word(bound)) for bound in ("not_before", "not_after", "before", "after")}
"""Words before a year. The order matters: `not before` also ends with `before`."""
OR_LATER = compile_words(rf"\W*{any_word('or_later')}\W*")
OR_EARLIER = compile_words(rf"\W*{any_word('or_earlier')}\W*")

BETWEEN_ABBREVIATED = compile_words(
    rf"{any_word('between')}\s+(?:{any_word('approximately')}\W+)?(\d\d)(\d\d)\s+{any_word('and')}\s+(\d\d)(?!\w)"
)
"""`between 1860 and 70`."""

_SIGNS = r"[\s\[\](){}?.]*"
JOIN_OR = compile_words(rf"{_SIGNS}{any_word('or')}{_SIGNS}")
JOIN_AND = compile_words(rf"[\s{{}}?]*(?:{any_word('and')}|[&,;])[\s{{}}?]*")
JOIN_TO = compile_words(rf"{_SIGNS}(?:{any_word('to')}|{DASH}+|\.\.){_SIGNS}")
JOIN_LOOSE = compile_words(
    rf"[)\]\s]*(?!.*\d{{3}})(?!.*(?:print|repr|issue|ed\.|édit|aufl|nachdr|druck|copy|cop\.))[^\[\](){{}}©]{{0,40}}?"
    rf"(?:(?<![^\W\d_]){DASH}|{DASH}(?![^\W\d_])|{any_word('to')})[^\[\](){{}}©]{{0,40}}[(\[]?[^\[\](){{}}©]{{0,12}}"
)
"""Days and months between two years: `24 Dec. 1867 – 3 Jan. 1868`."""

BEFORE_CHRIST = re.compile(r"\b(?:B\.?\s?C\.?(?:\s?E\.?)?|v\.\s?Chr|av\.\s?J|f\.?\s?Kr|př\.\s?n|a\.\s?C\.|до н)(?!\w)")


def is_join(join: re.Pattern[str], between: str) -> bool:
    """Return whether the text between two years joins them: the word or sign, then only articles, months and days."""
    match = join.match(between)
    return match is not None and FILLER.fullmatch(between, match.end()) is not None


def bound_before(text: str) -> str:
    """Return which of `BOUNDS` the end of a text expresses; empty if none."""
    for bound, pattern in BOUNDS.items():
        if any(FILLER.fullmatch(text, match.end()) for match in pattern.finditer(text)):
            return bound
    return ""
