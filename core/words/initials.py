"""Whether a text may have a word with certain forms, told from first letters before the forms of its words are made."""

import re
import sys
from collections.abc import Mapping
from functools import cache, lru_cache

from core.text import fold_letters
from core.words.pairs import KEY_PREFIX, forms_of_pairs
from core.words.spelling import lower
from core.words.tokens import IDEOGRAPHS, LETTERS_AS_APOSTROPHES, is_ideograph

OTHER_INITIALS: Mapping[str, str] = {
    "a": "eo", "c": "ksz", "d": "t", "f": "v", "h": "v", "i": "e", "j": "i", "o": "eu", "p": "f", "q": "k",
    "t": "sz", "u": "aefvwy", "v": "afuw", "w": "uv", "x": "ck", "y": "i", "z": "s",
}  # fmt: skip
"""First letter of a word → what its forms may begin with instead: `Christ` is also `krist`."""

PREFIX_INITIAL = "g"
"""Stems of Dutch words lose `ge`, so the forms of such a word may begin with anything."""


@lru_cache(maxsize=1000)
def form_initials(forms: frozenset[str]) -> frozenset[str]:
    """Return the first letters of forms in plain letters; for the key of a pair, those of both words."""
    return frozenset(plain[:1] for form in forms for plain in plain_forms(form))


def plain_forms(form: str) -> list[str]:
    """Return a form in plain letters; for the key of pairs, the forms of their words."""
    if form.startswith(KEY_PREFIX):
        return list(forms_of_pairs(form))
    return [fold_letters(form.partition(":")[2] if form.startswith("~") else form)]


def may_begin_form(word: str, initials: frozenset[str]) -> bool:
    """Return the same as `may_have_form` for one word, as soon for the first time as later."""
    initial = _plain_initial(word[0])
    if initial in ("", PREFIX_INITIAL) or not initials.isdisjoint(initial + OTHER_INITIALS.get(initial, "")):
        return True
    return not all(map(str.isalpha, initials))


@lru_cache(maxsize=10_000)
def _plain_initial(letter: str) -> str:
    return fold_letters(lower(letter))[:1]


def may_have_form(text: str, initials: frozenset[str]) -> bool:
    """Return whether a word of the text, or one of its `joined_words`, may have a form that begins so.

    `initials` are those of `form_initials`.
    """
    pattern = _first_letters(initials)
    return pattern is None or pattern.search(text) is not None


@lru_cache(maxsize=1000)
def _first_letters(initials: frozenset[str]) -> re.Pattern[str] | None:
    """Return a pattern of the first letter of a word; None if the initials do not tell enough."""
    if initials and all(map(str.isdecimal, initials)):
        return re.compile(r"\d")
    if not initials or not all(initial.isalpha() and not is_ideograph(initial) for initial in initials):
        return None
    letters = (
        letters
        for initial, letters in _letters_by_initial().items()
        if initial in ("", PREFIX_INITIAL) or not initials.isdisjoint(initial + OTHER_INITIALS.get(initial, ""))
    )
    return re.compile(rf"[{''.join(letters)}](?<![^\W_{IDEOGRAPHS}{LETTERS_AS_APOSTROPHES}].)")


@cache
def _letters_by_initial() -> Mapping[str, str]:
    """Return plain letter → all letters that fold to it at the beginning of a word."""
    letters: dict[str, list[str]] = {}
    for character in map(chr, range(sys.maxunicode + 1)):
        if character.isalpha() and not is_ideograph(character):
            letters.setdefault(fold_letters(lower(character))[:1], []).append(character)
    return {initial: "".join(characters) for initial, characters in letters.items()}
