"""Cleaning of the query text, so that Elasticsearch accepts any text."""

import re
import unicodedata

from core.text import ZERO_WIDTH_JOINERS, clean_text, unify_width
from core.words.tokens import IDEOGRAPHS

MAX_CHARACTERS = 2000
"""More than the longest titles of catalogues and the addresses of viewers have."""
MAX_RAW_CHARACTERS = 4 * MAX_CHARACTERS
"""Characters that are cleaned: a letter may come as a base letter with three combining marks."""

MAX_WORDS = 20
"""A word becomes up to 71 clauses (`MAX_EXPANDED_WORDS` in `queries.text_query`); the smallest node allows 1,024."""

_WORD_PATTERN = re.compile(rf"[{IDEOGRAPHS}]|[^\W{IDEOGRAPHS}]+|\S")
_UNPRINTABLE_CATEGORIES = {"Cc", "Cs", "Cn", "Co"}
"""Unicode categories of control characters, surrogates, and code points without a character."""


def clean_query_text(query_text: str) -> str:
    """Return the text in NFC, without invisible characters and repeated spaces, cut after 2,000 characters."""
    printable = "".join(map(_printable, query_text[:MAX_RAW_CHARACTERS]))
    cleaned_text = " ".join(clean_text(unify_width(printable)).split())
    if len(cleaned_text) > MAX_CHARACTERS:
        words = cleaned_text[: MAX_CHARACTERS + 1].rpartition(" ")[0]
        cleaned_text = (words or cleaned_text[:MAX_CHARACTERS]).rstrip(ZERO_WIDTH_JOINERS)
    return cleaned_text


def cut_words(text: str, count: int) -> str:
    """Return the first words of a text."""
    word_ends = [match.end() for match in _WORD_PATTERN.finditer(text) if not _is_punctuation(match[0])]
    return text if len(word_ends) <= count else text[: word_ends[count - 1]] if count else ""


def count_words(text: str) -> int:
    """Return the number of words; Elasticsearch counts as many or fewer."""
    return sum(not _is_punctuation(match[0]) for match in _WORD_PATTERN.finditer(text))


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" and character not in ZERO_WIDTH_JOINERS:
        return ""
    return " " if category in _UNPRINTABLE_CATEGORIES else character


def _is_punctuation(word: str) -> bool:
    """Return whether Elasticsearch drops the word, so that it does not count."""
    return all(unicodedata.category(character).startswith("P") for character in word)
