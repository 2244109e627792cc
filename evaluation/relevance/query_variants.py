"""What readers make of words that stand in a book: some of them, other endings, today's spelling, letters misread."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

NumpyGenerator: TypeAlias = np.random.Generator
MakeVariant: TypeAlias = Callable[[str, str, NumpyGenerator], str]
"""Words, their book's language and a generator → other words; empty where there is nothing to change."""

MIN_LETTERS, MAX_WORDS = 3, 6
"""Letters of a word that readers type, and words of a question."""
MIN_MISREAD_LETTERS = 6
"""Letters of a word in which the service forgives one: see `api.elasticsearch.queries.word_forms`."""

ENDINGS: Mapping[str, Sequence[tuple[str, str]]] = {
    "no": (("erne", "er"), ("ene", "er"), ("en", ""), ("et", ""), ("er", ""), ("", "en")),
    "en": (("ies", "y"), ("ings", "ing"), ("s", ""), ("", "s")),
    "de": (("en", "e"), ("es", ""), ("e", "en"), ("", "en")),
    "fr": (("s", ""), ("", "s")),
}
"""The first ending that a word has becomes another one."""
SCANDINAVIAN_CODES = ("nob", "nor", "nno", "nb", "no", "nn", "dan", "da")
TWO_LETTER_CODES = {
    **dict.fromkeys(SCANDINAVIAN_CODES, "no"),
    "eng": "en",
    "ger": "de",
    "deu": "de",
    "fre": "fr",
    "fra": "fr",
}

MODERN_SPELLINGS = (("ſ", "s"), ("aa", "å"), ("æ", "ae"), ("ø", "oe"), ("ph", "f"), ("th", "t"), ("ck", "kk"))
"""Spellings of the books → what a keyboard or a school of today makes of them."""

MISREADINGS = (("e", "c"), ("n", "u"), ("u", "n"), ("h", "b"), ("i", "l"), ("t", "r"))
"""Letters that OCR takes for each other."""


def query_words(text: str) -> list[str]:
    """The words that a reader would type: no numbers, no signs, none that is short."""
    words = re.findall(r"[^\W\d_]+", text)
    return [word for word in words if len(word) >= MIN_LETTERS and word.lower() != "fig"]


def pick_words(text: str, _language: str, rng: NumpyGenerator) -> str:
    """Two of three words, in their order."""
    words = query_words(text)[:MAX_WORDS]
    positions = sorted(rng.permutation(len(words))[: max(1, -(-2 * len(words) // 3))])
    return " ".join(words[position] for position in positions).lower()


def inflect_longest_word(text: str, language: str, rng: NumpyGenerator) -> str:
    """Some of the words, the longest with another ending."""
    words = pick_words(text, language, rng).split()
    longest_word = max(words, key=len, default="")
    endings = ENDINGS.get(TWO_LETTER_CODES.get(language, language), ())
    return _join_if_changed(words, [_replace_ending(word, endings) if word == longest_word else word for word in words])


def modernise_spelling(text: str, language: str, rng: NumpyGenerator) -> str:
    """Some of the words as they are spelt today."""
    words = pick_words(text, language, rng).split()
    return _join_if_changed(words, [_modernise_word(word) for word in words])


def misread_letter(text: str, language: str, rng: NumpyGenerator) -> str:
    """Some of the words, one letter wrong in one long one."""
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
    """So many words that stand together, somewhere in it."""
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
    """The first letter stays, and one sign differs."""
    return [
        word[:position] + wrong + word[position + 1 :]
        for position in range(1, len(word))
        for right, wrong in MISREADINGS
        if word[position] == right
    ]
