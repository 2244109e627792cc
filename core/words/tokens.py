"""Words of a text: where they begin and end, and which belong together."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from core.dates.numerals import ROMAN_NUMERAL
from core.text import APOSTROPHES, HYPHENS, ZERO_WIDTH_JOINERS


def _ranges(codes: Iterable[int]) -> str:
    """Return ascending codes as ranges of characters, for a regular expression."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in ranges)


_PLANES_WITH_MARKS = (*range(0x20000), *range(0xE0000, 0xE0200))

MARKS = _ranges(code for code in _PLANES_WITH_MARKS if unicodedata.category(chr(code))[0] == "M")
"""Combining marks belong to the letter before them: vowel signs of Indic scripts, points of Hebrew and Arabic."""

_SCRIPTS_WITHOUT_SPACES = (
    *(range(0xE00, 0xF00), range(0x1000, 0x10A0), range(0x1780, 0x1800), range(0x2E80, 0xA4D0)),
    *(range(0xF900, 0xFB00), range(0xFF66, 0xFFA0), range(0x1AFF0, 0x1B300), range(0x20000, 0x40000)),
)

IDEOGRAPHS = _ranges(
    code for codes in _SCRIPTS_WITHOUT_SPACES for code in codes if unicodedata.category(chr(code))[0] not in "PZ"
)
"""Letters and numbers of scripts without spaces: each sign is a word."""

_IDEOGRAPH = re.compile(rf"[{IDEOGRAPHS}]")

LETTERS_AS_APOSTROPHES = "ʼʻʽʹ"
"""Apostrophes that Unicode counts as letters."""

JOINERS = f'{HYPHENS}{APOSTROPHES}{ZERO_WIDTH_JOINERS}·\u05f3\u05f4"'
"""Signs between words that may be printed as one: `sea-serpent`, `O’Brien`, `1’000`, `col·lecció`, `צה״ל`."""

_SPACES_IN_NUMBERS = " \u00a0\u2009\u202f\u2007\u2008"
_HEAD_OF_NUMBER, _THREE_DIGITS = re.compile(r"\d{1,3}"), re.compile(r"\d{3}")
_NUMBER_IN_GROUPS = re.compile(rf"\d{{1,3}}(?:[{_SPACES_IN_NUMBERS}{APOSTROPHES}]\d{{3}})+")

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


def typed_words(text: str) -> list[str]:
    """Return the words of a term of a query; `1 000` and `1’000` are one, as `1,000` is."""
    if _NUMBER_IN_GROUPS.fullmatch(text):
        return ["".join(filter(str.isdecimal, text))]
    return [token.text for token in tokenise(text)]


_ELIDED = re.compile(
    rf"(?:(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|dell|all|nell|sull|un)[{APOSTROPHES}](?=[^\W\d_]{{2}}))?(?P<word>.+?)"
    rf"(?:(?<=[^\W\d_]{{2}})[{APOSTROPHES}]s)?",
    re.IGNORECASE | re.DOTALL,
)


def without_elision(text: str) -> str:
    """Return a typed word without its article or ending: `église` of `l'église`, `Robinson` of `Robinson's`."""
    match = _ELIDED.fullmatch(text)
    return match["word"] if match else text


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
