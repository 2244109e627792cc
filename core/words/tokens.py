"""Words of a text: where they begin and end, and which belong together."""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


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

JOINERS = "-‐‑'’‘ʼ`´"
"""Hyphens and apostrophes: the words around them may be printed as one."""

_WORD = re.compile(
    rf"[{IDEOGRAPHS}][{MARKS}]*|\d+(?:[.,]\d+)*(?![^\W_{IDEOGRAPHS}])|(?:(?![{IDEOGRAPHS}])[^\W_][{MARKS}]*)+"
)


@dataclass(frozen=True, slots=True)
class TextWord:
    """A word as printed, and its place in the text."""

    text: str
    start: int
    end: int


def tokenise(text: str) -> Iterator[TextWord]:
    """Yield the words of a text; a number with separators is one word, each ideograph is one."""
    return (TextWord(match[0], match.start(), match.end()) for match in _WORD.finditer(text))


def joined_words(text: str, tokens: Iterable[TextWord]) -> Iterator[tuple[TextWord, TextWord]]:
    """Yield neighbours that only a hyphen or an apostrophe parts: `sea-serpent`, `O’Brien`."""
    previous: TextWord | None = None
    for token in tokens:
        if previous and token.start == previous.end + 1 and text[previous.end] in JOINERS:
            yield previous, token
        previous = token


def is_ideograph(word: str) -> bool:
    """Return whether a word is a sign of a script without spaces."""
    return re.match(rf"[{IDEOGRAPHS}]", word) is not None
