"""Keys of a word that its spellings in different centuries share.

`folded_key` joins spellings that are the same word nearly always, in any language; `spelling_keys` are wider, follow
the language and join some different words too, so their matches rank low. Figures: docs/evaluation.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
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
    apply_rules,
    build_rules,
)

CACHE_SIZE = 50_000
"""Words; a library's texts repeat most of theirs. The forms of as many words take 70 MB."""

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
    "qu": "ku", "qv": "ku", "qw": "ku", "q": "k", "ii": "i", "j": "i", "đ": "di",
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
    (r"c(?=[aouvwåôûclnqrst])|ch(?=[lr])|(?<=[^\W\d_]{2})[cćč]\b", "k"),
    # Kjøbenhavn and København, gjerne and gerne.
    (r"(?<=[kg])(?:[ij](?=[æøäö])|j(?=e))", ""),
    (r"(?<=[aeouæøåäö])y", "i"),
    # Old plurals and infinitives: gaae, døe.
    (r"(?<=aa)e\b|(?<=[åøö])e\b", ""),
)


def lower(word: str) -> str:
    """Return the word in small letters, with the ligatures and letters of old print as today's."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", word.lower().translate(LIGATURES))


_RUSSIAN_ENDINGS = build_rules((r"(?<=\w\w)аго\b", "ого"), (r"(?<=\w\w)яго\b", "его"), (r"(?<=\w\w)ыя\b", "ые"))
"""Of adjectives before 1918: `россійскаго`."""


@lru_cache(CACHE_SIZE)
def folded_key(word: str) -> str:
    """Return the form that the usual spellings of a word share: `Kjøbenhavn`, `Kiøbenhavn`, `Koebenhavn`."""
    return apply_rules(_RUSSIAN_ENDINGS, _replace_letters(word, _LETTER_PAIRS, LETTER_PAIRS))


@lru_cache(CACHE_SIZE)
def phrase_key(word: str) -> str:
    """Return the form of a word in a phrase, the same as that of the analyser `historical` of es-mappings."""
    return _replace_letters(word, _PHRASE_LETTER_PAIRS, PHRASE_LETTER_PAIRS)


def _replace_letters(word: str, pattern: re.Pattern[str], replacements: Mapping[str, str]) -> str:
    return fold_letters(pattern.sub(lambda match: replacements[match[0]], apply_rules(_FOLDING, lower(word))))


@lru_cache(CACHE_SIZE)
def spelling_keys(word: str, spelling: str) -> tuple[str, ...]:
    """Return the wide keys of a word under the rules of one group of languages."""
    rules, doubtful_rules = _SPELLING_RULES[spelling]
    small_word = _write_out(lower(word))
    variants = dict.fromkeys((small_word, apply_rules(doubtful_rules, small_word)))
    return tuple(dict.fromkeys(apply_rules(rules, variant) for variant in variants))


def _write_out(word: str) -> str:
    """Return the word with the letters that a bar above another stands for."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", apply_rules(NASAL_BARS, unicodedata.normalize("NFD", word)))


_SPELLING_RULES: Mapping[str, tuple[Sequence[Rule], Sequence[Rule]]] = {
    "nordic": (NORDIC, NORDIC_LAST_DOUBLE),
    "german": (GERMAN, GERMAN_DOUBTFUL),
    "dutch": (GERMAN, GERMAN_DOUBTFUL),
    "english": (ENGLISH, ()),
    "french": (FRENCH, FRENCH_LOST_S),
}
"""Group of languages → its rules, and doubtful ones that may come before them: a word has a key with and without."""
