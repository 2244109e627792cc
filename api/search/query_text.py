"""What a reader typed → words that can be asked, whatever it was; nothing typed is an error."""

import re
import unicodedata

MAX_CHARACTERS = 500
MAX_WORDS = 20
"""A word is up to 71 clauses (`LONG` in `queries.words`), and the smallest Elasticsearch node allows a query 1,024."""

# Scripts without spaces, where Elasticsearch's standard tokenizer makes a word of each sign.
_UNSPACED_SCRIPTS = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf"
    r"\uf900-\ufaff\uff66-\uff9f\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
_WORD_PATTERN = re.compile(rf"[{_UNSPACED_SCRIPTS}]|[^\W{_UNSPACED_SCRIPTS}]+|\S")
_UNPRINTABLE_CATEGORIES = {"Cc", "Cs", "Cn", "Co"}
"""Unicode's control characters, halves of pairs, and code points without a character."""


def clean_query_text(query_text: str) -> str:
    """Without control characters and doubled spaces, cut after 500 characters and 20 words."""
    printable = "".join(
        " " if unicodedata.category(character) in _UNPRINTABLE_CATEGORIES else character
        for character in query_text[:MAX_CHARACTERS]
    )
    cleaned_text = " ".join(printable.split())
    word_ends = [match.end() for match in _WORD_PATTERN.finditer(cleaned_text) if not _is_punctuation(match[0])]
    return cleaned_text[: word_ends[MAX_WORDS - 1]] if len(word_ends) > MAX_WORDS else cleaned_text


def count_words(text: str) -> int:
    """Words as Elasticsearch counts them, at most."""
    return sum(not _is_punctuation(match[0]) for match in _WORD_PATTERN.finditer(text))


def _is_punctuation(word: str) -> bool:
    """Elasticsearch drops it, so it takes no reader's word away."""
    return all(unicodedata.category(character).startswith("P") for character in word)
