"""Words of a text: where they begin and end, and which belong together."""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from core.dates.numerals import ROMAN_NUMERAL
from core.text import APOSTROPHES, HYPHENS, ZERO_WIDTH_JOINERS


def _character_class(categories: Iterable[str]) -> str:
    """Return the ranges of all characters whose Unicode category begins so, for a regular expression."""
    ranges: list[list[int]] = []
    prefixes = tuple(categories)
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(prefixes):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in ranges)


MARKS = _character_class(("M",))
"""Combining marks belong to the letter before them: vowel signs of Indic scripts, points of Hebrew and Arabic."""

IDEOGRAPHS = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf"
    r"\uf900-\ufaff\uff66-\uff9f\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
"""Scripts without spaces: each sign is a word."""

_IDEOGRAPH = re.compile(rf"[{IDEOGRAPHS}]")

LETTERS_AS_APOSTROPHES = "ʼʻʽʹ"
"""Apostrophes that Unicode counts as letters."""

JOINERS = f"{HYPHENS}{APOSTROPHES}{ZERO_WIDTH_JOINERS}·"
"""Signs between words that may be printed as one: `sea-serpent`, `O’Brien`, `1’000`, `col·lecció`."""

_SPACES_IN_NUMBERS = " \u00a0\u2009\u202f\u2007\u2008"
_HEAD_OF_NUMBER, _THREE_DIGITS = re.compile(r"\d{1,3}"), re.compile(r"\d{3}")

_WORD = re.compile(
    rf"[{IDEOGRAPHS}][{MARKS}]*|\d+(?:[.,]\d+)*(?![^\W_{IDEOGRAPHS}])|(?:(?![{IDEOGRAPHS}{LETTERS_AS_APOSTROPHES}])[^\W_][{MARKS}]*)+"
)


class TextWord(NamedTuple):
    """A word as printed, and its place in the text."""

    text: str
    start: int
    end: int


def tokenise(text: str) -> Iterator[TextWord]:
    """Yield the words of a text; a number with separators is one word, each ideograph is one."""
    return (TextWord(match[0], match.start(), match.end()) for match in _WORD.finditer(text))


def joined_words(text: str, tokens: Iterable[TextWord]) -> Iterator[TextWord]:
    """Yield neighbours that only a hyphen, an apostrophe or the space of a number parts, as one word.

    `jack-in-the-box` gives each pair and the whole, `1 000 000` the whole.
    """
    chain: list[TextWord] = []
    for token in tokens:
        if chain and _is_joined(text, chain[-1], token):
            chain.append(token)
        else:
            yield from _joins(chain)
            chain = [token]
    yield from _joins(chain)


def _joins(chain: Sequence[TextWord]) -> Iterator[TextWord]:
    if len(chain) < 2:
        return
    is_number = all(token.text.isdecimal() for token in chain)
    for run in [chain] if is_number or len(chain) == 2 else [*pairwise(chain), chain]:
        yield TextWord("".join(token.text for token in run), run[0].start, run[-1].end)


def _is_joined(text: str, left: TextWord, right: TextWord) -> bool:
    if right.start != left.end + 1:
        return False
    sign = text[left.end]
    if sign not in _SPACES_IN_NUMBERS:
        return sign in JOINERS
    is_number = left.text.isdecimal() and right.text.isdecimal()
    return is_number and bool(_HEAD_OF_NUMBER.fullmatch(left.text) and _THREE_DIGITS.fullmatch(right.text))


def is_ideograph(word: str) -> bool:
    """Return whether a word is a sign of a script without spaces."""
    return _IDEOGRAPH.match(word) is not None


def is_roman_numeral(word: str) -> bool:
    """Return whether a word of two letters or more is a numeral such as `XII`; `I` and `D` may be words or initials."""
    return len(word) > 1 and ROMAN_NUMERAL.fullmatch(word.upper()) is not None
