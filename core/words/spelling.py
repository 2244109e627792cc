"""Keys of a word that its spellings in different centuries share.

`folded_key` joins spellings that are the same word nearly always, in any language; `spelling_keys` are wider, follow
the language and join some different words too, so their matches rank low. Figures: docs/evaluation.md.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from core.text import fold_letters
from core.words.spelling_rules import (
    ENGLISH,
    FRENCH,
    FRENCH_LOST_S,
    GERMAN,
    GERMAN_DOUBTFUL,
    NASAL_BARS,
    NORDIC,
    NORDIC_LAST_DOUBLE,
    Rule,
    build_rules,
)

CACHE_SIZE = 200_000
"""Words; a library's texts repeat most of theirs."""

LIGATURES = str.maketrans(
    {
        "ſ": "s", "ꝛ": "r", "ʒ": "z", "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
        "\u0364": "\u0308", "¬": "", "⸗": "-",
    }
)  # fmt: skip
"""Letters of old print; a small e above a vowel is an umlaut."""

LETTER_PAIRS: Mapping[str, str] = {
    "å": "aa", "ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "œ": "oe", "ü": "ue", "oö": "oo",
    "ck": "k", "ph": "f", "tz": "z", "x": "ks", "v": "u", "vv": "w", "uu": "w", "uv": "w", "vu": "w",
    "qu": "ku", "qv": "ku", "qw": "ku", "q": "k", "ii": "i", "j": "i",
}  # fmt: skip
"""Letters that every language exchanged; those of some languages are in `core.words.spelling_rules`."""

PHRASE_LETTER_PAIRS: Mapping[str, str] = {
    **LETTER_PAIRS, "kk": "k", "th": "t", "ee": "e", "w": "u", "vv": "u", "uu": "u", "uv": "u", "vu": "u",
}  # fmt: skip
"""Phrases ignore the language, so they also exchange what only some languages do."""


def _alternatives(letters: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, letters), key=len, reverse=True)))


_LETTER_PAIRS, _PHRASE_LETTER_PAIRS = _alternatives(LETTER_PAIRS), _alternatives(PHRASE_LETTER_PAIRS)

_FOLDING = build_rules(
    # A hard c is a k: Capelle, Christ, Public.
    (r"c(?=[aouvwåôûclnqrst])|ch(?=[lr])|(?<=[^\W\d_]{2})c\b", "k"),
    # Kjøbenhavn and København, gjerne and gerne.
    (r"(?<=[kg])(?:[ij](?=[æøäö])|j(?=e))", ""),
    (r"(?<=[aeouæøåäö])y", "i"),
    # Old plurals and infinitives: gaae, døe.
    (r"(?<=aa)e\b|(?<=[åøö])e\b", ""),
)


def lower(word: str) -> str:
    """Return the word in small letters, with the ligatures and letters of old print as today's."""
    return unicodedata.normalize("NFC", word.lower().translate(LIGATURES))


@lru_cache(CACHE_SIZE)
def folded_key(word: str) -> str:
    """Return the form that the usual spellings of a word share: `Kjøbenhavn`, `Kiøbenhavn`, `Koebenhavn`."""
    return _replace_letters(word, _LETTER_PAIRS, LETTER_PAIRS)


@lru_cache(CACHE_SIZE)
def phrase_key(word: str) -> str:
    """Return the form of a word in a phrase, the same as that of the analyser `historical` of es-mappings."""
    return _replace_letters(word, _PHRASE_LETTER_PAIRS, PHRASE_LETTER_PAIRS)


def _replace_letters(word: str, pattern: re.Pattern[str], replacements: Mapping[str, str]) -> str:
    return fold_letters(pattern.sub(lambda match: replacements[match[0]], _apply(_FOLDING, lower(word))))


@lru_cache(CACHE_SIZE)
def spelling_keys(word: str, spelling: str) -> tuple[str, ...]:
    """Return the wide keys of a word under the rules of one group of languages."""
    return tuple(dict.fromkeys(_SPELLING_KEYS[spelling](_write_out(lower(word)))))


def _write_out(word: str) -> str:
    """Return the word with the letters that a bar above another stands for."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _apply(NASAL_BARS, unicodedata.normalize("NFD", word)))


def _nordic_keys(word: str) -> Sequence[str]:
    return _apply(NORDIC, word), _apply(NORDIC, _apply(NORDIC_LAST_DOUBLE, word))


def _german_keys(word: str) -> Sequence[str]:
    return _apply(GERMAN, word), _apply(GERMAN, _apply(GERMAN_DOUBTFUL, word))


def _english_keys(word: str) -> Sequence[str]:
    return (_apply(ENGLISH, word),)


def _french_keys(word: str) -> Sequence[str]:
    return _apply(FRENCH, word), _apply(FRENCH, _apply(FRENCH_LOST_S, word))


_SPELLING_KEYS: Mapping[str, Callable[[str], Sequence[str]]] = {
    "nordic": _nordic_keys,
    "german": _german_keys,
    "dutch": _german_keys,
    "english": _english_keys,
    "french": _french_keys,
}


def _apply(rules: Sequence[Rule], word: str) -> str:
    for pattern, replacement in rules:
        word = pattern.sub(replacement, word)
    return word
