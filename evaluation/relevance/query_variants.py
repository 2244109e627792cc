"""Variants of a text as readers type it: some of its words, other endings, modern spelling, a misread letter."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

NumpyGenerator: TypeAlias = np.random.Generator
MakeVariant: TypeAlias = Callable[[str, str, NumpyGenerator], str]
"""(text, language of the book, generator) → query text; empty if the variant does not apply."""

MIN_LETTERS, MAX_WORDS = 3, 6
"""Shorter words are left out of queries, and queries have at most so many words."""
MIN_MISREAD_LETTERS = 6
"""Shorter words are not matched with a misread letter, see `api.elasticsearch.queries.word_forms`."""

SCANDINAVIAN_ENDINGS = (("erne", "er"), ("ene", "er"), ("en", ""), ("et", ""), ("er", ""), ("", "en"))
ENDINGS: Mapping[str, Sequence[tuple[str, str]]] = {
    **dict.fromkeys(("no", "nb", "nn", "da"), SCANDINAVIAN_ENDINGS),
    "en": (("ies", "y"), ("ings", "ing"), ("s", ""), ("", "s")),
    "de": (("en", "e"), ("es", ""), ("e", "en"), ("", "en")),
    "fr": (("s", ""), ("", "s")),
}
"""Language as the index has it → (ending, replacement); the first ending that fits is replaced."""

MODERN_SPELLINGS = (("ſ", "s"), ("aa", "å"), ("æ", "ae"), ("ø", "oe"), ("ph", "f"), ("th", "t"), ("ck", "kk"))
"""(historical spelling, modern spelling or transliteration)."""

MISREADINGS = (("e", "c"), ("n", "u"), ("u", "n"), ("h", "b"), ("i", "l"), ("t", "r"))
"""(letter, letter that OCR reads instead)."""


def query_words(text: str) -> list[str]:
    """Return the words of a text without numbers, punctuation and short words."""
    words = re.findall(r"[^\W\d_]+", text)
    return [word for word in words if len(word) >= MIN_LETTERS and word.lower() != "fig"]


def pick_words(text: str, _language: str, rng: NumpyGenerator) -> str:
    """Return two thirds of the words, in their order."""
    words = query_words(text)[:MAX_WORDS]
    positions = sorted(rng.permutation(len(words))[: max(1, -(-2 * len(words) // 3))])
    return " ".join(words[position] for position in positions).lower()


def inflect_longest_word(text: str, language: str, rng: NumpyGenerator) -> str:
    """Return some of the words, the longest one with another ending."""
    words = pick_words(text, language, rng).split()
    longest_word = max(words, key=len, default="")
    endings = ENDINGS.get(language, ())
    return _join_if_changed(words, [_replace_ending(word, endings) if word == longest_word else word for word in words])


def modernise_spelling(text: str, language: str, rng: NumpyGenerator) -> str:
    """Return some of the words in modern spelling."""
    words = pick_words(text, language, rng).split()
    return _join_if_changed(words, [_modernise_word(word) for word in words])


def misread_letter(text: str, language: str, rng: NumpyGenerator) -> str:
    """Return some of the words, one of the long ones with a misread letter."""
    words = pick_words(text, language, rng).split()
    long_word_positions = [
        index for index, word in enumerate(words) if len(word) >= MIN_MISREAD_LETTERS and _misreadings(word)
    ]
    if not long_word_positions:
        return ""
    position = int(rng.choice(long_word_positions))
    misreadings = _misreadings(words[position])
    return " ".join([*words[:position], misreadings[int(rng.integers(len(misreadings)))], *words[position + 1 :]])


def pick_passage(text: str, rng: NumpyGenerator, length: int = 8) -> str:
    """Return `length` consecutive words from a random position."""
    words = text.split()
    start = int(rng.integers(max(1, len(words) - length + 1)))
    return " ".join(words[start : start + length])


QUERY_VARIANTS: Mapping[str, MakeVariant] = {
    "some": pick_words,
    "inflected": inflect_longest_word,
    "respelt": modernise_spelling,
    "misread": misread_letter,
}


def _join_if_changed(before: Sequence[str], after: Sequence[str]) -> str:
    return " ".join(after) if list(before) != list(after) else ""


def _replace_ending(word: str, endings: Sequence[tuple[str, str]]) -> str:
    matching_endings = (
        (old, new) for old, new in endings if word.endswith(old) and len(word) - len(old) >= MIN_LETTERS
    )
    old, new = next(matching_endings, ("", ""))
    return word.removesuffix(old) + new


def _modernise_word(word: str) -> str:
    for old, new in MODERN_SPELLINGS:
        word = word.replace(old, new)
    return word


def _misreadings(word: str) -> list[str]:
    """Return the word with one letter misread, never the first one."""
    return [
        word[:position] + wrong + word[position + 1 :]
        for position in range(1, len(word))
        for right, wrong in MISREADINGS
        if word[position] == right
    ]
