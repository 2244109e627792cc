"""What readers make of words that stand in a book: some of them, other endings, today's spelling, letters misread."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

Chance: TypeAlias = np.random.Generator
Alter: TypeAlias = Callable[[str, str, Chance], str]
"""Words, their book's language and a generator → other words; empty where there is nothing to change."""

SHORTEST, MOST = 3, 6
"""Letters of a word that readers type, and words of a question."""
MISREAD_LONG = 6
"""Letters of a word in which the service forgives one: see `api.elasticsearch.queries.forms`."""

ENDINGS: Mapping[str, Sequence[tuple[str, str]]] = {
    "no": (("erne", "er"), ("ene", "er"), ("en", ""), ("et", ""), ("er", ""), ("", "en")),
    "en": (("ies", "y"), ("ings", "ing"), ("s", ""), ("", "s")),
    "de": (("en", "e"), ("es", ""), ("e", "en"), ("", "en")),
    "fr": (("s", ""), ("", "s")),
}
"""The first ending that a word has becomes another one."""
NORTHERN = ("nob", "nor", "nno", "nb", "no", "nn", "dan", "da")
TWO_LETTERS = {**dict.fromkeys(NORTHERN, "no"), "eng": "en", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr"}

MODERN = (("ſ", "s"), ("aa", "å"), ("æ", "ae"), ("ø", "oe"), ("ph", "f"), ("th", "t"), ("ck", "kk"))
"""Spellings of the books → what a keyboard or a school of today makes of them."""

MISREADINGS = (("e", "c"), ("n", "u"), ("u", "n"), ("h", "b"), ("i", "l"), ("t", "r"))
"""Letters that OCR takes for each other."""


def terms(text: str) -> list[str]:
    """The words that a reader would type: no numbers, no signs, none that is short."""
    words = re.findall(r"[^\W\d_]+", text)
    return [word for word in words if len(word) >= SHORTEST and word.lower() != "fig"]


def some(text: str, _language: str, chance: Chance) -> str:
    """Two of three words, in their order."""
    words = terms(text)[:MOST]
    kept = sorted(chance.permutation(len(words))[: max(1, -(-2 * len(words) // 3))])
    return " ".join(words[each] for each in kept).lower()


def inflected(text: str, language: str, chance: Chance) -> str:
    """Some of the words, the longest with another ending."""
    words = some(text, language, chance).split()
    longest = max(words, key=len, default="")
    endings = ENDINGS.get(TWO_LETTERS.get(language, language), ())
    return _changed(words, [_inflected(word, endings) if word == longest else word for word in words])


def respelt(text: str, language: str, chance: Chance) -> str:
    """Some of the words as they are spelt today."""
    words = some(text, language, chance).split()
    return _changed(words, [_replaced(word) for word in words])


def misread(text: str, language: str, chance: Chance) -> str:
    """Some of the words, one letter wrong in one long one."""
    words = some(text, language, chance).split()
    able = [at for at, word in enumerate(words) if len(word) >= MISREAD_LONG and _misreadings(word)]
    if not able:
        return ""
    at = int(chance.choice(able))
    wrong = _misreadings(words[at])
    return " ".join([*words[:at], wrong[int(chance.integers(len(wrong)))], *words[at + 1 :]])


def passage(text: str, chance: Chance, length: int = 8) -> str:
    """So many words that stand together, somewhere in it."""
    words = text.split()
    start = int(chance.integers(max(1, len(words) - length + 1)))
    return " ".join(words[start : start + length])


WORDINGS: Mapping[str, Alter] = {"some": some, "inflected": inflected, "respelt": respelt, "misread": misread}


def _changed(before: Sequence[str], after: Sequence[str]) -> str:
    return " ".join(after) if list(before) != list(after) else ""


def _inflected(word: str, endings: Sequence[tuple[str, str]]) -> str:
    found = ((old, new) for old, new in endings if word.endswith(old) and len(word) - len(old) >= SHORTEST)
    old, new = next(found, ("", ""))
    return word.removesuffix(old) + new


def _replaced(word: str) -> str:
    for old, new in MODERN:
        word = word.replace(old, new)
    return word


def _misreadings(word: str) -> list[str]:
    """The first letter stays, and one sign differs."""
    return [
        word[:at] + wrong + word[at + 1 :]
        for at in range(1, len(word))
        for right, wrong in MISREADINGS
        if word[at] == right
    ]
