"""Cleaning of the query text, so that Elasticsearch accepts any text."""

import re
import unicodedata

from core.text import clean_text

MAX_CHARACTERS = 500
MAX_RAW_CHARACTERS = 4 * MAX_CHARACTERS
"""Characters that are cleaned: a letter may come as a base letter with three combining marks."""

MAX_WORDS = 20
"""A word becomes up to 71 clauses (`MAX_EXPANDED_WORDS` in `queries.text_query`); the smallest node allows 1,024."""

# Scripts without spaces: the standard tokenizer of Elasticsearch makes a word of each character.
_UNSPACED_SCRIPTS = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf"
    r"\uf900-\ufaff\uff66-\uff9f\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
_WORD_PATTERN = re.compile(rf"[{_UNSPACED_SCRIPTS}]|[^\W{_UNSPACED_SCRIPTS}]+|\S")
_UNPRINTABLE_CATEGORIES = {"Cc", "Cs", "Cn", "Co"}
"""Unicode categories of control characters, surrogates, and code points without a character."""


def clean_query_text(query_text: str) -> str:
    """Return the text in NFC, without control characters and repeated spaces, cut after 500 characters and 20 words."""
    printable = "".join(
        " " if unicodedata.category(character) in _UNPRINTABLE_CATEGORIES else character
        for character in query_text[:MAX_RAW_CHARACTERS]
    )
    cleaned_text = " ".join(clean_text(printable)[:MAX_CHARACTERS].split())
    word_ends = [match.end() for match in _WORD_PATTERN.finditer(cleaned_text) if not _is_punctuation(match[0])]
    return cleaned_text[: word_ends[MAX_WORDS - 1]] if len(word_ends) > MAX_WORDS else cleaned_text


def count_words(text: str) -> int:
    """Return the number of words; Elasticsearch counts as many or fewer."""
    return sum(not _is_punctuation(match[0]) for match in _WORD_PATTERN.finditer(text))


def _is_punctuation(word: str) -> bool:
    """Return whether Elasticsearch drops the word, so that it does not count."""
    return all(unicodedata.category(character).startswith("P") for character in word)
